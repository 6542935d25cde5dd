import type { WriteStream } from "node:tty";
import { type Paint, withColours, withoutColours } from "./paint.ts";
import { plainTextOf, type StyledText } from "./styled-text.ts";
import { textWidth } from "./text-width.ts";

/** What of a terminal's output is used here. */
export type TerminalOutput = Pick<WriteStream, "write" | "columns" | "rows" | "hasColors">;

/**
 * A terminal whose last lines are alive: they are redrawn in place, while everything above them stays and scrolls as
 * usual. Of more live lines than the terminal is high, the last ones are shown. No line may be wider than `width`.
 */
export class Screen {
  readonly #terminal: TerminalOutput;
  readonly #paint: Paint;
  #live: readonly StyledText[] = [];
  /** Columns that each drawn line takes: how many rows it has depends on the terminal's width by now. */
  #drawn: readonly number[] = [];
  #cursorColumn: number | undefined;

  constructor(terminal: TerminalOutput) {
    this.#terminal = terminal;
    this.#paint = terminal.hasColors() ? withColours : withoutColours;
  }

  /** Columns that a line may take; the terminal's last one stays free, where some of them wrap too early. */
  get width(): number {
    return Math.max(20, (this.#terminal.columns || 80) - 1);
  }

  get height(): number {
    return Math.max(4, this.#terminal.rows || 24);
  }

  /** Replaces the live lines. The cursor stands in the last one at `cursorColumn`, or is hidden. */
  show(lines: readonly StyledText[], cursorColumn?: number): void {
    this.#live = lines;
    this.#cursorColumn = cursorColumn;
    this.#write(this.#erased() + this.#drawing());
  }

  /** Writes lines that stay, above the live ones. */
  print(lines: readonly StyledText[]): void {
    const fixed = lines.map((line) => `${this.#paint(line)}\r\n`).join("");
    this.#write(this.#erased() + fixed + this.#drawing());
  }

  /** Writes the lines that were alive as lines that stay, in full. */
  keep(lines: readonly StyledText[]): void {
    this.#live = [];
    this.print(lines);
  }

  /** Takes the live lines away and gives the cursor back. */
  close(): void {
    this.#live = [];
    this.#cursorColumn = 0;
    this.#write(this.#erased() + showCursor);
  }

  #drawing(): string {
    const lines = this.#live.slice(-(this.height - 1));
    this.#drawn = lines.map((line) => textWidth(plainTextOf(line)));
    const cursor = this.#cursorColumn === undefined ? hideCursor : `\r${right(this.#cursorColumn)}${showCursor}`;
    return lines.map(this.#paint).join("\r\n") + cursor;
  }

  #erased(): string {
    const columns = this.#terminal.columns || 80;
    const rows = this.#drawn.reduce((sum, width) => sum + Math.max(1, Math.ceil(width / columns)), 0);
    this.#drawn = [];
    return `\r${rows > 1 ? `\x1b[${rows - 1}A` : ""}${eraseBelow}`;
  }

  /** As one update, so that terminals that know how never show half of it. */
  #write(text: string): void {
    this.#terminal.write(`\x1b[?2026h${text}\x1b[?2026l`);
  }
}

const eraseBelow = "\x1b[J";
const hideCursor = "\x1b[?25l";
const showCursor = "\x1b[?25h";

function right(columns: number): string {
  return columns > 0 ? `\x1b[${columns}C` : "";
}
