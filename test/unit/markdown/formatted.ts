import { MarkdownStream } from "../../../src/markdown/blocks.ts";
import type { Format, FormattedText } from "../../../src/markdown/formatted-text.ts";

/** A whole markdown text, formatted in one go. */
export function rendered(source: string): FormattedText {
  const stream = new MarkdownStream();
  stream.write(source);
  return stream.read();
}

/** What each format covers, outer before inner, in the order of the text: `["bold: words", "link https://x.y: label"]`. */
export function described({ text, ranges }: FormattedText): string[] {
  return ranges.map(({ start, end, format }) => `${name(format)}: ${text.slice(start, end)}`);
}

function name(format: Format): string {
  if (format.type === "link") return `link ${format.url}`;
  if (format.type === "pre") return `pre ${format.language ?? ""}`.trim();
  if (format.type === "heading") return `heading ${format.level}`;
  if (format.type === "quote" && format.collapsed) return "collapsed quote";
  if (format.type === "table" && format.isRecords) return "records";
  return format.type;
}

/** Everything that is wrong with the ranges, by the rules that `FormattedText` states. */
export function flaws({ text, ranges }: FormattedText): string[] {
  const found: string[] = [];
  const open: { readonly end: number }[] = [];
  let last = 0;
  for (const { start, end, format } of ranges) {
    const place = `${format.type} ${start} to ${end} of ${JSON.stringify(text)}`;
    if (start < 0 || end > text.length) found.push(`out of bounds: ${place}`);
    if (start >= end) found.push(`empty: ${place}`);
    if (start < last) found.push(`out of order: ${place}`);
    last = start;
    while (open.length > 0 && (open.at(-1)?.end ?? 0) <= start) open.pop();
    if (end > (open.at(-1)?.end ?? end)) found.push(`crossing: ${place}`);
    open.push({ end });
    if (isInsidePair(text, start) || isInsidePair(text, end)) found.push(`inside a surrogate pair: ${place}`);
    if (format.type === "heading" && text.slice(start, end).includes("\n")) found.push(`several lines: ${place}`);
    if (wholeLines.includes(format.type) && !isWholeLines(text, start, end)) found.push(`not whole lines: ${place}`);
  }
  return found;
}

const wholeLines: readonly Format["type"][] = ["pre", "quote", "table", "subtext"];

function isWholeLines(text: string, start: number, end: number): boolean {
  return (start === 0 || text[start - 1] === "\n") && (end === text.length || text[end] === "\n");
}

function isInsidePair(text: string, offset: number): boolean {
  return /^[\ud800-\udbff][\udc00-\udfff]$/.test(text.slice(offset - 1, offset + 1));
}
