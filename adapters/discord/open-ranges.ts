import type { FormatRange } from "../../src/markdown/formatted-text.ts";

/** Goes through the ranges of a text once, line by line. */
export class OpenRanges {
  readonly #ranges: readonly FormatRange[];
  #next = 0;
  #open: FormatRange[] = [];

  /** `ranges` are sorted by their start. */
  constructor(ranges: readonly FormatRange[]) {
    this.#ranges = ranges;
  }

  /** The ranges that reach into the line, outer first. Each line must lie behind the one asked for before. */
  at(lineStart: number, lineEnd: number): readonly FormatRange[] {
    if (this.#open.length > 0) this.#open = this.#open.filter((range) => range.end > lineStart);
    for (let range = this.#ranges[this.#next]; range; range = this.#ranges[this.#next]) {
      // An empty line belongs to a range that begins with it.
      if (range.start >= lineEnd && range.start !== lineStart) break;
      this.#next += 1;
      if (range.end > lineStart) this.#open.push(range);
    }
    return this.#open;
  }
}
