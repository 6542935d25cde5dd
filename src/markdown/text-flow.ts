import type { Format, FormattedTextWriter } from "./formatted-text.ts";

/** What a text stands in. A heading is one line; a cell has lines, but no blocks such as quotations. */
export type Surroundings = "block" | "cell" | "heading";

/**
 * Writes the inside of one block. Line breaks wait until text follows, so that none stands at the end, and what asks for
 * a line of its own gets one break however many ask for it.
 */
export class TextFlow {
  readonly #surroundings: Surroundings;
  readonly #out: FormattedTextWriter;
  #breaks = 0;
  /** Nothing is here yet that a line break could follow. */
  #isFresh = true;
  /** How many inline formats are open. */
  #formats = 0;

  constructor(out: FormattedTextWriter, surroundings: Surroundings) {
    this.#out = out;
    this.#surroundings = surroundings;
  }

  /** Whether blocks can stand here: no platform has a quotation or a code block inside a cell or inside bold text. */
  get holdsBlocks(): boolean {
    return this.#surroundings === "block" && this.#formats === 0;
  }

  write(text: string): void {
    const white = this.#breaks > 0 ? /^[ \t\n]+/ : /^[ \t]*\n[ \t\n]*/;
    const begun = this.#breaks > 0 || this.#isFresh ? text.replace(white, "") : text;
    const content = withoutLastBreaks(begun);
    if (content !== "") {
      this.#flush();
      this.#out.write(this.#surroundings === "heading" ? content.replace(/\s*\n\s*/g, " ") : content);
    }
    if (content.length < begun.length) this.#breaks = Math.max(this.#breaks, 1);
  }

  /** `text` as it is, with all its white space. */
  writeVerbatim(text: string): void {
    this.#flush();
    this.#out.write(text);
  }

  /** The mark of an item at the beginning of a line. */
  writeMarker(marker: string): void {
    this.startWholeLine();
    this.writeVerbatim(marker);
    this.#isFresh = true;
  }

  /** What parts two cells of a row, whatever white space is between them. */
  writeSeparator(separator: string): void {
    this.#breaks = 0;
    this.writeVerbatim(separator);
  }

  /** One more line break; two in a row make a blank line. */
  lineBreak(): void {
    this.#breaks = Math.min(this.#breaks + 1, 2);
  }

  /** What comes next stands `breaks` lines below what is there; nothing happens where nothing is. */
  startLine(breaks: 1 | 2 = 1): void {
    if (!this.#isFresh) this.#breaks = Math.max(this.#breaks, breaks);
  }

  /** What comes next begins a line, whatever stands before this text. */
  startWholeLine(): void {
    if (!this.#isFresh || this.#surroundings === "heading") return this.startLine();
    const { text } = this.#out;
    if (text !== "" && !text.endsWith("\n")) this.#out.write("\n");
  }

  /** Gives an inline format to what `content` writes. */
  within(format: Format, content: () => void): void {
    if (this.#breaks > 0) this.#flush();
    this.#formats += 1;
    this.#out.within(format, content);
    this.#formats -= 1;
  }

  /** Gives the format of a block to what `content` writes, on lines of its own. */
  withinLines(format: Format, content: () => void): void {
    this.startWholeLine();
    if (this.#breaks > 0) this.#flush();
    const start = this.#out.text.length;
    this.#isFresh = true;
    this.#out.within(format, content);
    this.#isFresh = this.#out.text.length === start;
    this.startLine();
  }

  /** Gives `format` to a heading, whose text takes one line. */
  withinLine(format: Format, content: (line: TextFlow) => void): void {
    this.withinLines(format, () => content(new TextFlow(this.#out, "heading")));
  }

  #flush(): void {
    const lineBreak = this.#surroundings === "heading" ? " " : "\n".repeat(this.#breaks);
    if (this.#breaks > 0 && !this.#isFresh) this.#out.write(lineBreak);
    this.#breaks = 0;
    this.#isFresh = false;
  }
}

function withoutLastBreaks(text: string): string {
  const kept = text.trimEnd();
  const white = text.slice(kept.length);
  return white.includes("\n") ? kept + white.slice(0, white.search(/[ \t]*\n[ \t\n]*$/)) : text;
}
