import { type FormattedText, slice } from "./formatted-text.ts";
import { atCodePoint, atGrapheme } from "./text.ts";

/** Where a message ends and where the next one begins; the white space between the two is shown in neither. */
export interface Cut {
  readonly end: number;
  readonly next: number;
}

/**
 * The best place to end a message that must measure at most `limit`, or `undefined` when all of `text` fits. Blocks are
 * preferred to lines, lines to sentences, sentences to words, words to graphemes, as long as the message stays at
 * least half full.
 */
export function cutToFit(
  text: FormattedText,
  limit: number,
  measure: (text: FormattedText) => number,
): Cut | undefined {
  if (measure(text) <= limit) return undefined;
  const furthest = longestFit(text, limit, measure);
  for (const find of [blockEnd, lineEnd, sentenceEnd, wordEnd]) {
    const end = find(text, furthest);
    if (end >= furthest / 2) return cutAt(text, end);
  }
  return cutAt(text, atGrapheme(text.text, furthest));
}

/** The largest offset up to which the text fits. Always at least one code point, so that cutting goes forward. */
function longestFit(text: FormattedText, limit: number, measure: (text: FormattedText) => number): number {
  const fits = (end: number) => measure(slice(text, 0, atCodePoint(text.text, end))) <= limit;
  let low = 1;
  // Most text renders to about its own length: this guess saves measuring prefixes of a text many times the limit.
  let high = Math.min(text.text.length, limit * 2 + 1);
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle - 1;
  }
  // A longer prefix can measure less (a format that closes); going down keeps the promise in every case.
  while (low > 1 && !fits(low)) low -= 1;
  return atCodePoint(text.text, low) || 2;
}

function blockEnd(text: FormattedText, furthest: number): number {
  for (let at = text.text.lastIndexOf("\n\n", furthest); at > 0; at = text.text.lastIndexOf("\n\n", at - 1)) {
    if (!isInside(text, at, "pre")) return at;
  }
  return 0;
}

function lineEnd(text: FormattedText, furthest: number): number {
  return Math.max(0, text.text.lastIndexOf("\n", furthest));
}

const sentenceEnds = /(?:[.!?…]["'”’)\]]*(?=\s)|[。！？；][”’」』）]*)/gu;

function sentenceEnd(text: FormattedText, furthest: number): number {
  const from = Math.floor(furthest / 2);
  let end = 0;
  for (const match of text.text.slice(from, furthest + 1).matchAll(sentenceEnds)) {
    const at = from + match.index + match[0].length;
    if (at <= furthest && !isInside(text, at, "link", "code")) end = at;
  }
  return end;
}

function wordEnd(text: FormattedText, furthest: number): number {
  for (let at = furthest; at > furthest / 2; at -= 1) {
    if (/\s/.test(text.text.charAt(at)) && !isInside(text, at, "link", "code")) return at;
  }
  return 0;
}

/** Inside a code block exactly one line break falls away, for the indentation of the next line is part of the code. */
function cutAt(text: FormattedText, end: number): Cut {
  if (isInside(text, end, "pre")) return { end, next: text.text.charAt(end) === "\n" ? end + 1 : end };
  const white = /^\s*?(?=\S|$)/u.exec(text.text.slice(end))?.[0] ?? "";
  const kept = white.includes("\n") ? white.lastIndexOf("\n") + 1 : white.length;
  return { end, next: end + kept };
}

function isInside(text: FormattedText, offset: number, ...types: readonly string[]): boolean {
  for (const range of text.ranges) {
    if (range.start >= offset) return false;
    if (range.end > offset && types.includes(range.format.type)) return true;
  }
  return false;
}
