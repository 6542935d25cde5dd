import { type FormatRange, type FormattedText, slice } from "./formatted-text.ts";
import { atCodePoint, atGrapheme } from "./text.ts";

/** Where a message ends and where the next one begins; the white space between the two is shown in neither. */
export interface Cut {
  readonly end: number;
  readonly next: number;
}

/**
 * The best place to end a message that must measure at most `limit`, or `undefined` when all of `text` fits. Blocks are
 * preferred to lines, lines to sentences, sentences to words, words to graphemes, as long as the message is well
 * filled. No heading stands last, and no link, formula, code span, line of code or row of a table is cut that could
 * stand in one message. Where it can, the message does not end before `floor`, up to which people have read it already.
 */
export function cutToFit(
  text: FormattedText,
  limit: number,
  measure: (text: FormattedText) => number,
  floor = 0,
): Cut | undefined {
  if (measure(text) <= limit) return undefined;
  const furthest = longestFit(text, limit, measure);
  const page: OverfullPage = { text, furthest, wholes: wholesOf(text, furthest) };
  return cutAt(
    text,
    bestEnd(page, floor) ?? bestEnd(page, 0) ?? endBeforeWhole(page) ?? atGrapheme(text.text, furthest),
  );
}

interface OverfullPage {
  readonly text: FormattedText;
  /** The largest offset at which the page may end. */
  readonly furthest: number;
  readonly wholes: readonly Span[];
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * A page that is less filled looks torn, and the answer needs more messages. A block shorter than the rest of a page,
 * which is most of them, always moves as a whole.
 */
const leastFilled = 0.6;

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

/** What is not cut, in the order of the text, unless it is longer than a page. */
function wholesOf(text: FormattedText, furthest: number): Span[] {
  const wholes: Span[] = [];
  for (const range of text.ranges) {
    if (range.start >= furthest) break;
    if (isWhole(range)) wholes.push(range);
    else if (isLineByLine(range)) wholes.push(...linesOf(text.text, range));
  }
  return wholes.filter(({ start, end }) => end - start <= furthest);
}

function isWhole({ format: { type } }: FormatRange): boolean {
  return type === "link" || type === "code" || type === "math" || type === "heading";
}

/** True for code blocks, and for tables whose rows are lines. */
function isLineByLine({ format }: FormatRange): boolean {
  return format.type === "pre" || (format.type === "table" && !format.isRecords);
}

function* linesOf(text: string, { start, end }: Span): Iterable<Span> {
  for (let from = start; from < end; ) {
    const lineBreak = text.indexOf("\n", from);
    const to = lineBreak < 0 ? end : Math.min(lineBreak, end);
    yield { start: from, end: to };
    from = to + 1;
  }
}

/** The best end that is not before `floor` and leaves the page well filled. */
function bestEnd(page: OverfullPage, floor: number): number | undefined {
  const least = Math.max(floor, page.furthest * leastFilled);
  for (const ends of [blockEnds, lineEnds, sentenceEnds, wordEnds]) {
    for (const end of ends(page)) {
      if (end < least) break;
      if (isGoodEnd(page, end)) return end;
    }
  }
  return undefined;
}

function isGoodEnd({ text, wholes }: OverfullPage, end: number): boolean {
  return !wholes.some((whole) => whole.start < end && end < whole.end) && !isBehindHeading(text, end);
}

function isBehindHeading(text: FormattedText, end: number): boolean {
  const shown = text.text.slice(0, end).trimEnd().length;
  return text.ranges.some((range) => range.format.type === "heading" && range.start > 0 && range.end === shown);
}

function* blockEnds({ text, furthest }: OverfullPage): Iterable<number> {
  for (const at of backwards(text.text, "\n\n", furthest)) if (!isInside(text, at, "pre")) yield at;
}

function* lineEnds({ text, furthest }: OverfullPage): Iterable<number> {
  yield* backwards(text.text, "\n", furthest);
}

function* backwards(text: string, searched: string, from: number): Iterable<number> {
  for (let at = text.lastIndexOf(searched, from); at > 0; at = text.lastIndexOf(searched, at - 1)) yield at;
}

const sentenceEnd = /(?:[.!?…؟]["'”’)\]]*(?=\s)|[。！？；।][”’」』）]*)/gu;

function sentenceEnds({ text, furthest }: OverfullPage): Iterable<number> {
  const found = Array.from(
    text.text.slice(0, furthest + 1).matchAll(sentenceEnd),
    (match) => match.index + match[0].length,
  );
  return found.filter((end) => end <= furthest).reverse();
}

function* wordEnds({ text, furthest }: OverfullPage): Iterable<number> {
  for (let at = furthest; at > 0; at -= 1) {
    if (/\s/.test(text.text.charAt(at)) || /[，、：]/.test(text.text.charAt(at - 1))) yield at;
  }
}

/** Before what is not to be cut and does not fit any more, however little of the page is filled then. */
function endBeforeWhole({ text, furthest, wholes }: OverfullPage): number | undefined {
  let end = furthest;
  for (const whole of wholes.toReversed()) if (whole.start < end && end < whole.end) end = whole.start;
  if (end === furthest) return undefined;
  const heading = text.ranges.findLast((range) => range.format.type === "heading" && range.end <= end);
  if (heading && isBehindHeading(text, end)) end = heading.start;
  return text.text.slice(0, end).trimEnd().length || undefined;
}

/** Inside code and tables exactly one line break falls away: the blanks of the next line belong to it. */
function cutAt(text: FormattedText, end: number): Cut {
  if (isMonospace(text, end)) return { end, next: text.text.charAt(end) === "\n" ? end + 1 : end };
  const white = /^\s*?(?=\S|$)/u.exec(text.text.slice(end))?.[0] ?? "";
  const kept = white.includes("\n") ? white.lastIndexOf("\n") + 1 : white.length;
  return { end, next: end + kept };
}

function isMonospace(text: FormattedText, offset: number): boolean {
  return text.ranges.some(
    ({ start, end, format }) =>
      start < offset && end > offset && (format.type === "pre" || (format.type === "table" && !format.isRecords)),
  );
}

function isInside(text: FormattedText, offset: number, ...types: readonly string[]): boolean {
  for (const range of text.ranges) {
    if (range.start >= offset) return false;
    if (range.end > offset && types.includes(range.format.type)) return true;
  }
  return false;
}
