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
