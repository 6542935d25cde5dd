import type { TerminalOutput } from "../../../src/playground/terminal/screen.ts";
import { graphemes, graphemeWidth } from "../../../src/playground/terminal/text-width.ts";

const esc = "\x1b";
const sequence = new RegExp(`^${esc}\\[([?\\d;]*)([A-Za-z])$`);
const pieces = new RegExp(`${esc}\\[[?\\d;]*[A-Za-z]|[\r\n]|[^${esc}\r\n]+`, "g");

/** A terminal as far as a screen uses one: rows that scroll, a cursor, and the few sequences that move and erase. */
export class TerminalModel implements TerminalOutput {
  columns: number;
  rows: number;
  isCursorShown = true;
  column = 0;
  #row = 0;
  #lines: string[] = [""];

  constructor(columns: number, rows: number) {
    this.columns = columns;
    this.rows = rows;
  }

  hasColors(): boolean {
    return false;
  }

  write(text: string | Uint8Array): boolean {
    for (const piece of String(text).match(pieces) ?? []) this.#take(piece);
    return true;
  }

  /** Everything that was written and still stands, what has scrolled away included. */
  get all(): readonly string[] {
    return this.#lines;
  }

  get visible(): readonly string[] {
    return this.#lines.slice(-this.rows);
  }

  #take(piece: string): void {
    const [, count = "", command] = sequence.exec(piece) ?? [];
    if (piece === "\r") this.column = 0;
    else if (piece === "\n") this.#newLine();
    else if (command === "A") this.#up(Number(count));
    else if (command === "C") this.column += Number(count);
    else if (command === "J") this.#eraseBelow();
    else if (command === "h" || command === "l") this.#switch(count, command === "h");
    else for (const grapheme of graphemes(piece)) this.#put(grapheme);
  }

  #put(grapheme: string): void {
    const width = graphemeWidth(grapheme);
    if (this.column + width > this.columns) {
      this.column = 0;
      this.#newLine();
    }
    this.#lines[this.#row] += grapheme;
    this.column += width;
  }

  #newLine(): void {
    this.#row += 1;
    if (this.#row === this.#lines.length) this.#lines.push("");
  }

  /** What has scrolled away is out of reach. */
  #up(count: number): void {
    this.#row = Math.max(0, this.#lines.length - this.rows, this.#row - count);
  }

  #eraseBelow(): void {
    this.#lines = [...this.#lines.slice(0, this.#row), ""];
  }

  #switch(mode: string, on: boolean): void {
    if (mode === "?25") this.isCursorShown = on;
  }
}
