import type { Token, Tokens } from "marked";
import { isAmbiguous, parseTag } from "./html.ts";
import type { QuotationToken, VerbatimToken } from "./html-blocks.ts";

/** Whether a block shows nothing: a comment, or a paragraph of tags alone. */
export function isInvisible(token: Token): boolean {
  switch (token.type) {
    case "space":
      return true;
    case "html":
      return isMarkup(token.raw);
    case "verbatim":
      return (token as VerbatimToken).content.trim() === "";
    case "quotation":
      return (token as QuotationToken).tokens.every(isInvisible);
    case "paragraph":
    case "text":
      return (token as Tokens.Paragraph).tokens?.every(isInvisibleInline) ?? false;
    default:
      return false;
  }
}

function isInvisibleInline(token: Token): boolean {
  if (token.type === "html") return isMarkup(token.raw);
  return token.type === "br" || (token.type === "text" && token.raw.trim() === "");
}

function isMarkup(raw: string): boolean {
  const trimmed = raw.trim();
  if (/^<!--[\s\S]*-->$|^<!doctype/i.test(trimmed)) return true;
  const tag = parseTag(trimmed);
  return tag !== undefined && !visible.has(tag.name) && !isAmbiguous(tag);
}

/** Elements that show something without any content. */
const visible: ReadonlySet<string> = new Set(["img", "hr"]);
