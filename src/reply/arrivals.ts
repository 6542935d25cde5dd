/** Remembers roughly when the text at each place arrived, for as long as that matters. */
export class Arrivals {
  readonly #memoryMs: number;
  #marks: { readonly length: number; readonly at: number }[] = [];

  constructor(memoryMs: number) {
    this.#memoryMs = memoryMs;
  }

  /** Text is arriving behind the first `length` characters. */
  note(length: number, now: number): void {
    const last = this.#marks.at(-1);
    if (last && now - last.at < this.#memoryMs / resolution) return;
    this.#marks.push({ length, at: now });
    if (this.#marks.length > 2 * resolution) this.#marks = this.#marks.slice(-resolution - 1);
  }

  /** No later than when the character at `offset` arrived, or `undefined` when that is long past. */
  at(offset: number, now: number): number | undefined {
    const mark = this.#marks.findLast(({ length }) => length <= offset);
    return mark && now - mark.at < this.#memoryMs ? mark.at : undefined;
  }
}

/** Marks in the span of the memory. */
const resolution = 10;
