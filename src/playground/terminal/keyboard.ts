import { createInterface, type Interface } from "node:readline";
import type { Readable } from "node:stream";

/** The line being typed, edited as in any shell, but drawn by someone else. */
export class Keyboard {
  readonly #lines: Interface;
  readonly #input: Readable;

  /** `onInterrupt`: Ctrl-C, or the terminal is gone. Nothing that is typed is echoed any more. */
  constructor(input: Readable, onInterrupt: () => void) {
    this.#input = input;
    this.#lines = createInterface({ input, terminal: true, historySize: 100 });
    this.#lines.on("SIGINT", onInterrupt);
    this.#lines.on("error", onInterrupt);
  }

  get text(): string {
    return this.#lines.line;
  }

  /** The text before the cursor. */
  get textBeforeCursor(): string {
    return this.#lines.line.slice(0, this.#lines.cursor);
  }

  /** Drops what was typed so far and tells from now on: `onChange` after every key, `onEnd` at Ctrl-D. */
  listen(listener: {
    readonly onLine: (line: string) => void;
    readonly onChange: () => void;
    readonly onEnd: () => void;
  }): void {
    this.#lines.write(null, { ctrl: true, name: "e" });
    this.#lines.write(null, { ctrl: true, name: "u" });
    this.#lines.on("line", listener.onLine);
    this.#lines.on("close", listener.onEnd);
    this.#input.on("keypress", listener.onChange);
  }

  close(): void {
    this.#input.removeAllListeners("keypress");
    this.#lines.removeAllListeners("close");
    this.#lines.close();
  }
}
