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
  /** Whole lines of a quotation; nested quotations are one range. */
  | { readonly type: "quote" };

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
    ranges.push({
      start: Math.max(range.start, start) - start,
      end: Math.min(range.end, end) - start,
      format: range.format,
    });
  }
  return { text: whole.text.slice(start, end), ranges };
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
  if (b === undefined || a.start !== b.start || a.end !== b.end || a.format.type !== b.format.type) return false;
  if (a.format.type === "link") return b.format.type === "link" && a.format.url === b.format.url;
  if (a.format.type === "pre") return b.format.type === "pre" && a.format.language === b.format.language;
  if (a.format.type === "heading") return b.format.type === "heading" && a.format.level === b.format.level;
  return true;
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
