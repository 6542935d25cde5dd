import { openInline } from "../markdown/open-inline.ts";
import { mediaAt } from "./find-media.ts";
import { inlineStart, type Passage } from "./passages.ts";

/**
 * Where the last link of a growing text begins, as long as it may become one to a file, else the end of the text: shown
 * as text it would vanish a moment later.
 */
export function growingLink(source: string, passages: readonly Passage[]): number {
  const last = passages.at(-1);
  if (!last || literal.has(last.tokens[0]?.type ?? "")) return source.length;
  const textStart = Math.max(inlineStart(last), source.length - longestLink);
  const text = source.slice(textStart);
  const { code, link, half } = openInline(text);
  if (code) return source.length;
  const picture = [link?.at, half].find((at) => at !== undefined && /^!\[[^\n]*$/.test(text.slice(at)));
  const begun = [...beginnings.map((beginning) => text.search(beginning)), picture ?? -1].filter((at) => at >= 0);
  const media = mediaAt(source, passages, passages.length - 1, true).links;
  const bare = media.filter(({ form, isComplete }) => form === "bare" && !isComplete).map(({ start }) => start);
  const start = Math.min(source.length, ...begun.map((at) => textStart + at), ...bare);
  return media.some(({ isComplete, end }) => isComplete && end > start) ? source.length : start;
}

/** Whether a line ends in a link that is still being written, or in what may be the first letters of one. */
export function endsInLink(line: string): boolean {
  return beginnings.some((beginning) => beginning.test(line));
}

const literal: ReadonlySet<string> = new Set(["code", "verbatim", "math", "space"]);

/** Characters. */
const longestLink = 4000;

/** An address, its first letters, and a picture in HTML, each at the end of a text. */
const beginnings = [
  /https?:\/\/[^\s<>\u3000-\u303f\uff00-\uffef]*$/i,
  /(?<!\w)h(?:t(?:t(?:p(?:s?:?\/?)?)?)?)?$/i,
  /<(?:i(?:m(?:g(?:\s[^<>\n]*)?)?)?)?$/i,
];
