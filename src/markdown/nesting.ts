import { Tokenizer, type Tokens } from "marked";

/** Quotations and lists inside each other, as deep as anyone can follow; what is deeper is text. */
const deepestNesting = 20;

/** Reads markdown without ever going so deep that the stack, or the time for it, ends. */
export class ShallowTokenizer extends Tokenizer {
  #depth = 0;

  override blockquote(source: string): Tokens.Blockquote | undefined {
    return this.#within(() => super.blockquote(source));
  }

  override list(source: string): Tokens.List | undefined {
    return this.#within(() => super.list(source));
  }

  #within<T>(read: () => T): T | undefined {
    if (this.#depth >= deepestNesting) return undefined;
    this.#depth += 1;
    try {
      return read();
    } finally {
      this.#depth -= 1;
    }
  }
}
