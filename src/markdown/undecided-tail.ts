import { openInline } from "./open-inline.ts";

/** The most UTF-16 code units that are held back at the end of a growing text. */
export const longestTail = 40;

/** The end of a growing markdown text. */
export interface GrowingEnd {
  /** The last lines of the source. */
  readonly lines: string;
  /** The inline markup that the source ends with. */
  readonly inline: string | undefined;
  /** Whether the last line belongs to a table. */
  readonly isTable: boolean;
}

/** How many UTF-16 code units at the end have no meaning yet, because it depends on what is to come. */
export function undecidedLength({ lines, inline, isTable }: GrowingEnd): number {
  const white = lines.length - lines.trimEnd().length;
  const lengths = [
    blockLength(lines),
    isTable ? rowLength(lines) : headerLength(lines),
    ...(inline === undefined ? [] : inlineLengths(inline.trimEnd()).map((length) => length + white)),
    characterLength(lines),
  ];
  return longest(lengths);
}

/** The same inside a code block between fences, where only a line that may be the closing fence is undecided. */
export function undecidedCodeLength(lines: string, fence: string): number {
  const line = lastLine(lines);
  const isFence = line.trim() !== "" && line.trim() === fence.charAt(0).repeat(line.trim().length);
  return longest([isFence ? line.length : 0, characterLength(lines)]);
}

function longest(lengths: readonly number[]): number {
  return Math.max(0, ...lengths.filter((length) => length <= longestTail));
}

function lastLine(lines: string): string {
  return lines.slice(lines.lastIndexOf("\n") + 1);
}

/** Marks of quotations and lists, one inside the other, and the blanks before the line's own text. */
const containers = /^(?:[ \t]*(?:>|[-+*][ \t]|\d{1,9}[.)][ \t]))*[ \t]*/;

/** What can become the mark of a heading, list, task, code block or rule, or the underline of a heading. */
const unfinishedMark =
  /^(?:#{1,6}|[-+*]|\d{1,9}[.)]?|\[[ xX]?\]?|`{1,2}|`{3,}[^`]*|~{1,2}|~{3,}.*|=+|-[-\s]*|\*[*\s]*|_[_\s]*)[ \t]*$/;

/** A line that is nothing but marks of blocks. */
function blockLength(lines: string): number {
  const line = lastLine(lines);
  const container = containers.exec(line)?.[0] ?? "";
  const own = line.slice(container.length);
  const isUndecided = own === "" ? container.trim() !== "" : unfinishedMark.test(own);
  return isUndecided ? line.length : 0;
}

/** A row of a table that has not ended: each cell more can make all columns wider. */
function rowLength(lines: string): number {
  const line = lastLine(lines);
  return line.includes("|") ? line.length : 0;
}

/** A row that is the head of a table if a delimiter row follows, with what there is of that row. */
function headerLength(lines: string): number {
  const [above = "", line = ""] = lines.split("\n").slice(-2);
  const isDelimiter = /^[ \t>]*[|:-][ \t|:-]*$/.test(line);
  if (isHeader(above) && (line.trim() === "" || isDelimiter)) {
    const whole = above.length + 1 + line.length;
    return whole <= longestTail ? whole : line.length;
  }
  return isHeader(line) ? line.length : 0;
}

function isHeader(line: string): boolean {
  return /^[ \t>]*\|/.test(line);
}

function inlineLengths(inline: string): number[] {
  const { link, half, run } = openInline(inline);
  return [link?.at, half, run].filter((start) => start !== undefined).map((start) => inline.length - start);
}

/** Half a surrogate pair, half a flag, or what joins the next character to the last. */
function characterLength(lines: string): number {
  const end = lines.slice(-longestTail);
  if (/[\ud800-\udbff\u200d]$/.test(end)) return 1;
  const flags = /\p{Regional_Indicator}+$/u.exec(end)?.[0].length ?? 0;
  return flags % 4 === 2 ? 2 : 0;
}
