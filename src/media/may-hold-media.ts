import { endsInLink } from "./growing-link.ts";
import { fileExtensions } from "./media-url.ts";

/**
 * Whether an answer may have files in it, which to find out for sure costs a look at all of its markdown. False for most
 * answers. With `isGrowing` more text is to come.
 */
export function mayHoldMedia(markdown: string, isGrowing: boolean): boolean {
  const hasAddress = markdown.includes("://");
  if (hasAddress && hints.test(markdown)) return true;
  if (!isGrowing) return false;
  const line = markdown.slice(markdown.lastIndexOf("\n") + 1);
  return hasAddress ? endsInLink(line) : line.includes("![");
}

/** A picture, an extension (which can be written with an entity), a server of Coze's files. */
const hints = new RegExp(
  `!\\[|<img|\\.(?:${[...fileExtensions].join("|")})(?![a-z0-9])|&(?:#|period)|byteimg|coze\\.c|oceancloudapi`,
  "i",
);
