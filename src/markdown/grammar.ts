import { Hooks, Lexer, type Token, type TokenizerThis, type Tokens } from "marked";
import { easeClosing, easeOpening } from "./emphasis.ts";
import { readHtmlBlock } from "./html-blocks.ts";
import { coverFormulas, nextInline, readInline } from "./inline-syntax.ts";
import { isInvisible } from "./invisible.ts";
import { blockFormula, blockFormulaStart } from "./math-syntax.ts";
import { ShallowTokenizer } from "./nesting.ts";
import { withAllCells } from "./table-cells.ts";

/**
 * The block tokens of a markdown text. Their `raw` texts follow each other in the source and are as long as their parts
 * of it. A block that shows nothing, such as a comment, is white space.
 */
export function lexBlocks(source: string): Token[] {
  try {
    const tokens = new GrowingTextLexer().lex(source);
    return tokens.map((token) => (isInvisible(token) ? { type: "space", raw: blank(token.raw) } : token));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    // Quotes or lists thousands of levels deep exhaust the stack.
    return [{ type: "text", raw: source, text: source, escaped: false }];
  }
}

function blank(raw: string): string {
  return raw.replace(/\S/g, " ");
}

class GrowingTextLexer extends Lexer {
  /** The inline text that is being read, unmasked. */
  inlineSource = "";

  constructor() {
    super({ gfm: true, tokenizer: new GrowingTextTokenizer(), hooks: new DelimiterMask(), extensions });
  }

  override inlineTokens(source: string, tokens: Token[] = []): Token[] {
    this.inlineSource = source;
    return super.inlineTokens(source, tokens);
  }
}

/** Shapes the text in which marked looks for delimiters of emphasis. */
class DelimiterMask extends Hooks {
  override emStrongMask(masked: string): string {
    const { lexer } = this as unknown as { lexer: GrowingTextLexer };
    return easeClosing(coverFormulas(masked, lexer.inlineSource));
  }
}

const extensions = {
  block: [readBlock],
  startBlock: [nextBlock],
  inline: [readInline],
  startInline: [nextInline],
  renderers: {},
  childTokens: {},
};

/** Blocks beyond GitHub's: formulas, and small print as Discord writes it. */
function readBlock(this: TokenizerThis, source: string): Tokens.Generic | undefined {
  const [raw, text = ""] = /^-# +(\S[^\n]*)/.exec(source) ?? [];
  if (raw !== undefined) return { type: "subtext", raw, tokens: this.lexer.inline(text) };
  const formula = blockFormula(source);
  return formula && { type: "math", ...formula };
}

/** Where the next of them interrupts a paragraph, or -1. */
function nextBlock(source: string): number {
  const paragraph = source.slice(0, /\n[ \t]*\n/.exec(source)?.index);
  const starts = [paragraph.search(/\n-# +\S/), paragraph.search(blockFormulaStart)].filter((place) => place >= 0);
  return starts.length > 0 ? Math.min(...starts) + 1 : -1;
}

/** GitHub's markdown without what would change the look of a text that people have read already. */
class GrowingTextTokenizer extends ShallowTokenizer {
  /** How many blocks of HTML the reader is in. */
  #elements = 0;

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

  override html(source: string): Tokens.HTML | undefined {
    if (this.#elements >= deepestElements) return undefined;
    this.#elements += 1;
    const block = readHtmlBlock(source, this.lexer as Lexer) as Tokens.HTML | undefined;
    this.#elements -= 1;
    return block;
  }

  override table(source: string): Tokens.Table | undefined {
    const table = super.table(source);
    return table && withAllCells(table, (text) => this.lexer.inline(text));
  }

  override emStrong(source: string, masked: string, before = ""): Tokens.Em | Tokens.Strong | undefined {
    return super.emStrong(source, masked, easeOpening(source, before));
  }

  /** Ends an address where Chinese punctuation or a marker of bold text begins. */
  override url(source: string): Tokens.Link | undefined {
    const [address = ""] =
      /^(?:[^\s*\u3000-\u303f\uff00-\uffef“”‘’…—]|\*(?!\*))*/.exec(source.slice(0, longestAddress)) ?? [];
    return address === "" ? undefined : super.url(address);
  }
}

/** Blocks of HTML inside each other; tags of deeper ones are parts of paragraphs. */
const deepestElements = 20;

/** Characters; longer ones are not addresses that anybody opens. */
const longestAddress = 4000;
