/**
 * Text with its formatting beside it, the one form in which an answer travels from the core to an adapter.
 *
 * Formatting is kept as ranges and not as markers inside the text, so a long answer can be cut at any place and both
 * halves stay well formed: a code block that is cut is closed in one message and reopened, with its language, in the
 * next, because the range is simply present in both.
 */
export interface FormattedText {
  readonly text: string;
  /** Sorted by `start`, outer before inner. Ranges nest or are apart; they never cross, and none is empty. */
  readonly ranges: readonly FormatRange[];
}

/** Offsets are UTF-16 code units of `text` and never fall inside a surrogate pair. */
export interface FormatRange {
  readonly start: number;
  readonly end: number;
  readonly format: Format;
}

export type Format =
  | { readonly type: "bold" | "italic" | "underline" | "strikethrough" | "spoiler" | "code" }
  /** A code block. It holds whole lines: a line break stands before and after it wherever there is other text. */
  | { readonly type: "pre"; readonly language?: string }
  /** `url` is absolute, with the scheme http, https, mailto, tel or tg. */
  | { readonly type: "link"; readonly url: string }
  /** A heading's line without its line break. */
  | { readonly type: "heading"; readonly level: 1 | 2 | 3 | 4 | 5 | 6 }
  /** Whole lines of small print, each without its line break. */
  | { readonly type: "subtext" }
  /** Whole lines of a quotation; nested quotations are one range. `collapsed` ones show their beginning until opened. */
  | { readonly type: "quote"; readonly collapsed?: boolean }
  /**
   * A table. Its text is the table as aligned monospace lines, or as one record a row where that would be too wide, so
   * it reads well where a platform has no tables; it holds whole lines as `pre` does. `isRecords` tells the two apart:
   * aligned lines want a monospace font, records don't. A platform with tables of its own uses `rows` instead. A part
   * of a table, as {@link slice} makes it, has no `rows`.
   */
  | { readonly type: "table"; readonly isRecords: boolean; readonly rows?: readonly TableRow[] }
  /**
   * A formula. Its text is the formula in readable Unicode, or its source where there is no such form. A platform that
   * sets mathematics uses `source`, LaTeX without its delimiters; a part of a formula has none.
   */
  | { readonly type: "math"; readonly isBlock: boolean; readonly source?: string };

/** The first row holds the headings. */
export type TableRow = readonly TableCell[];

export interface TableCell {
  readonly content: FormattedText;
  readonly align: "left" | "center" | "right";
}

export const emptyText: FormattedText = { text: "", ranges: [] };

/** `text` with no formatting: what it says is shown to the letter. */
export function plainText(text: string): FormattedText {
  return { text, ranges: [] };
}

/** The part between two offsets, with the formats that reach into it. */
export function slice(whole: FormattedText, start: number, end: number = whole.text.length): FormattedText {
  const ranges: FormatRange[] = [];
  for (const range of whole.ranges) {
    if (range.start >= end) break;
    if (range.end <= start) continue;
    const isWhole = range.start >= start && range.end <= end;
    ranges.push({
      start: Math.max(range.start, start) - start,
      end: Math.min(range.end, end) - start,
      format: isWhole ? range.format : partOf(range.format),
    });
  }
  return { text: whole.text.slice(start, end), ranges };
}

/** What only the whole has is not in a part of it. */
function partOf(format: Format): Format {
  if (format.type === "table") return { type: "table", isRecords: format.isRecords };
  if (format.type === "math") return { type: "math", isBlock: format.isBlock };
  return format;
}

export function concat(first: FormattedText, second: FormattedText): FormattedText {
  const shift = first.text.length;
  if (shift === 0) return second;
  const moved = second.ranges.map((r) => ({ start: r.start + shift, end: r.end + shift, format: r.format }));
  return { text: first.text + second.text, ranges: [...first.ranges, ...moved] };
}

/** Without white space at the end. */
export function trimEnd(whole: FormattedText): FormattedText {
  const text = whole.text.trimEnd();
  return text.length === whole.text.length ? whole : slice(whole, 0, text.length);
}

export function sameText(a: FormattedText, b: FormattedText): boolean {
  if (a.text !== b.text || a.ranges.length !== b.ranges.length) return false;
  return a.ranges.every((range, i) => sameRange(range, b.ranges[i]));
}

function sameRange(a: FormatRange, b: FormatRange | undefined): boolean {
  return b !== undefined && a.start === b.start && a.end === b.end && sameFormat(a.format, b.format);
}

function sameFormat(a: Format, b: Format): boolean {
  if (a === b) return true;
  switch (a.type) {
    case "pre":
      return b.type === "pre" && a.language === b.language;
    case "link":
      return b.type === "link" && a.url === b.url;
    case "heading":
      return b.type === "heading" && a.level === b.level;
    case "quote":
      return b.type === "quote" && (a.collapsed ?? false) === (b.collapsed ?? false);
    case "table":
      return b.type === "table" && a.isRecords === b.isRecords && sameRows(a.rows, b.rows);
    case "math":
      return b.type === "math" && a.isBlock === b.isBlock && a.source === b.source;
    default:
      return a.type === b.type;
  }
}

/** A part of a table has no rows: it says what its text says, like the whole table that it was a moment ago. */
function sameRows(a: readonly TableRow[] = [], b: readonly TableRow[] = []): boolean {
  if (a.length === 0 || b.length === 0) return true;
  return sameList(a, b, (row, other) => sameList(row, other, sameCell));
}

function sameCell(a: TableCell, b: TableCell): boolean {
  return a.align === b.align && sameText(a.content, b.content);
}

function sameList<T>(a: readonly T[], b: readonly T[], same: (one: T, other: T) => boolean): boolean {
  return a.length === b.length && a.every((one, i) => same(one, b[i] as T));
}

/** Writes a {@link FormattedText} from left to right. */
export class FormattedTextWriter {
  #text = "";
  readonly #ranges: FormatRange[] = [];
  readonly #open: { readonly type: Format["type"] }[] = [];

  get text(): string {
    return this.#text;
  }

  write(text: string): void {
    this.#text += text;
  }

  /** Everything that `content` writes gets `format`; a format inside the same format is not repeated. */
  within(format: Format, content: () => void): void {
    if (this.#open.some((outer) => outer.type === format.type)) return content();
    const start = this.#text.length;
    const place = this.#ranges.length;
    this.#open.push(format);
    content();
    this.#open.pop();
    if (this.#text.length > start) this.#ranges.splice(place, 0, { start, end: this.#text.length, format });
  }

  finish(): FormattedText {
    return { text: this.#text, ranges: this.#ranges };
  }
}
