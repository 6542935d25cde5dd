import type { Token, Tokens } from "marked";
import { decodeEntities } from "../markdown/entities.ts";
import { attribute, parseTag } from "../markdown/html.ts";
import { isCozeFile, isNamedFile, webAddress } from "./media-url.ts";

/** A link or picture among the inline tokens of a text. */
export interface InlineLink {
  /** `undefined` for an address that is never opened. */
  readonly url: string | undefined;
  /** The alternative text of a picture or the words of a link; `""` for a bare address. */
  readonly label: string;
  readonly form: "image" | "link" | "bare";
  /** As it is written. */
  readonly raw: string;
}

/** The link that a token is, if it is one. */
export function linkOf(token: Token): InlineLink | undefined {
  const { raw } = token;
  switch (token.type) {
    case "image":
      return { url: addressOf((token as Tokens.Image).href), label: (token as Tokens.Image).text, form: "image", raw };
    case "link": {
      const { href, text } = token as Tokens.Link;
      const isBare = !raw.startsWith("[") || text === href;
      return { url: addressOf(href), label: isBare ? "" : text, form: isBare ? "bare" : "link", raw };
    }
    case "html":
      if (parseTag(raw)?.name !== "img") return undefined;
      return { url: webAddress(attribute(raw, "src") ?? ""), label: attribute(raw, "alt") ?? "", form: "image", raw };
    default:
      return undefined;
  }
}

/**
 * Whether a link leads to a file to be sent and not to a page to be read: a picture by its syntax, any other link by the
 * extension of its path, and a bare address that has its line for itself also as one of Coze's files.
 */
export function isMedia({ url, form }: InlineLink, isAlone: boolean): boolean {
  if (url === undefined) return false;
  return form === "image" || isNamedFile(url) || (form === "bare" && isAlone && isCozeFile(url));
}

function addressOf(href: string): string | undefined {
  return webAddress(decodeEntities(href));
}
