import { Lexer, type Token, Tokenizer, type Tokens } from "marked";

/** The block tokens of a markdown text. Their `raw` texts follow each other in the source. */
export function lexBlocks(source: string): Token[] {
  try {
    return new Lexer({ gfm: true, tokenizer: new GrowingTextTokenizer() }).lex(source);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    // Quotes or lists thousands of levels deep exhaust the stack.
    return [{ type: "text", raw: source, text: source, escaped: false }];
  }
}

/** GitHub's markdown without what would change the look of a text that people have read already. */
class GrowingTextTokenizer extends Tokenizer {
  /** A definition comes long after the text that refers to it; it stays as it is written. */
  override def(): undefined {
    return undefined;
  }

  /**
   * Dashes below a line are the beginning of a list or a rule that ends a section, far more often than the mark of a
   * heading, and would turn text into one that has long been read.
   */
  override lheading(source: string): Tokens.Heading | undefined {
    return /^.+\n {0,3}={3,}[ \t]*(?:\n|$)/.test(source) ? super.lheading(source) : undefined;
  }
}
