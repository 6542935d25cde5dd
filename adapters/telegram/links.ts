import type { Format, FormatRange, FormattedText } from "../../src/markdown/formatted-text.ts";
import { replaceParts } from "./replace.ts";

/**
 * The same text with links that Telegram shows as they are meant: one that it would drop or take for something else has
 * its address behind its label, and a `@name` leads to its profile by a link of ours. Telegram's own link, which it
 * makes of every `@name` in a text, notifies the person.
 */
export function withSafeLinks(source: FormattedText): FormattedText {
  return withNeutralMentions(withVisibleAddresses(source));
}

/** True for what Telegram sets in monospace, where nothing else is formatted and no link found. */
export function isVerbatim(format: Format, text: string): boolean {
  if (format.type === "table") return !format.isRecords;
  // A formula without a readable form shows its source, which is code where it looks like LaTeX and not like `x = 1`.
  if (format.type === "math") return format.source === text && /[\\{}^_]/.test(text);
  return format.type === "pre" || format.type === "code";
}

function withVisibleAddresses(source: FormattedText): FormattedText {
  const lost = source.ranges.filter(({ format }) => format.type === "link" && !isKept(format.url));
  if (lost.length === 0) return source;
  const notes = lost.map((range) => ({ start: range.end, end: range.end, text: addressNote(range, source.text) }));
  return replaceParts({ text: source.text, ranges: source.ranges.filter((range) => !lost.includes(range)) }, notes);
}

function addressNote({ start, end, format }: FormatRange, text: string): string {
  const address = format.type === "link" ? format.url.replace(/^(?:mailto|tel):/i, "") : "";
  return text.slice(start, end) === address ? "" : ` (${address})`;
}

/**
 * Whether Telegram keeps a link as it is (TDLib 1.8, LinkManager::get_checked_link): hosts without a dot and numbers to
 * dial are dropped, an e-mail address becomes one of the web, and a link to a person's id notifies that person.
 */
function isKept(url: string): boolean {
  if (/^tg:/i.test(url)) return !/^tg:\/*user\b/i.test(url);
  const host = /^https?:\/\/(?:[^/?#]*@)?([^/?#]*)/i.exec(url)?.[1] ?? "";
  return host.startsWith("[") || host.includes(".");
}

/**
 * As Telegram finds them (TDLib 1.8, match_mentions), but for those that begin with no letter: nobody has such a name
 * (is_valid_username). A name of fewer letters belongs to a bot.
 */
const mention = /(?<![\p{L}\p{N}_])@([A-Za-z][A-Za-z0-9_]{3,31})(?![\p{L}\p{N}_])/gu;

function withNeutralMentions(source: FormattedText): FormattedText {
  if (!source.text.includes("@")) return source;
  const links = [...source.text.matchAll(mention)].flatMap((match) => mentionLink(match, source));
  if (links.length === 0) return source;
  const ranges = [...source.ranges, ...links].sort((a, b) => a.start - b.start || b.end - a.end);
  return { text: source.text, ranges };
}

/** Nothing where Telegram looks for no mention. A link that ends where a format does still keeps it from finding one. */
function mentionLink(match: RegExpExecArray, { text, ranges }: FormattedText): FormatRange[] {
  const start = match.index;
  let end = start + match[0].length;
  if (isInsideAddress(text, start)) return [];
  for (const range of ranges) {
    if (range.start >= end) break;
    if (range.end <= start) continue;
    const { format } = range;
    const isOccupied = format.type === "link" || isVerbatim(format, text.slice(range.start, range.end));
    if (isOccupied && range.start <= start) return [];
    if (range.start > start) end = range.start;
    else if (range.end < end) end = range.end;
  }
  return [{ start, end, format: { type: "link", url: `https://t.me/${match[1]}` } }];
}

/** `https://medium.com/@name`: a link of ours on a part of it would keep Telegram from finding the whole. */
function isInsideAddress(text: string, at: number): boolean {
  const word = Math.max(text.lastIndexOf(" ", at), text.lastIndexOf("\n", at)) + 1;
  return /:\/\/|[\p{L}\p{N}]\.[\p{L}\p{N}]/u.test(text.slice(word, at));
}
