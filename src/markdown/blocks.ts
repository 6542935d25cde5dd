import type { Token } from "marked";
import { concat, emptyText, type FormattedText } from "./formatted-text.ts";
import { lexBlocks } from "./grammar.ts";
import { renderBlock, separatorAfter } from "./render-block.ts";

/**
 * A markdown text that grows at its end, rendered as it grows. While text is appended, only the last two blocks can
 * still change (a paragraph can turn into a heading, a line into a table), so everything before them is rendered once
 * and kept; the cost of a look does not grow with the length of the answer.
 */
export class MarkdownStream {
  #settled: FormattedText = emptyText;
  #pending = "";
  #source = "";

  /** Takes the whole text as it is now; cheap when it is the former text with more at its end. */
  write(text: string): void {
    const source = text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text;
    if (source.startsWith(this.#source)) {
      this.#pending += source.slice(this.#source.length);
    } else {
      this.#settled = emptyText;
      this.#pending = source;
    }
    this.#source = source;
  }

  /** The whole text, formatted. */
  read(): FormattedText {
    const blocks = blocksOf(this.#pending.replace(loneSurrogates, "\ufffd"));
    const settling = blocks.slice(0, -unsettledBlocks);
    for (const block of settling) {
      this.#settled = concat(this.#settled, concat(renderBlock(block.token), { text: block.separator, ranges: [] }));
      this.#pending = this.#pending.slice(block.length);
    }
    let tail = emptyText;
    for (const block of blocks.slice(settling.length)) {
      tail = concat(tail, concat(renderBlock(block.token), { text: block.separator, ranges: [] }));
    }
    const whole = concat(this.#settled, tail);
    const last = blocks.at(-1);
    return last ? dropEnd(whole, last.separator.length) : whole;
  }
}

const unsettledBlocks = 2;

/** Half an emoji, which no platform takes. */
const loneSurrogates = /\p{Surrogate}/gu;

interface Block {
  readonly token: Token;
  /** Line breaks between this block and the next. */
  readonly separator: string;
  /** Length in the source, with the white space around it. */
  readonly length: number;
}

function blocksOf(source: string): Block[] {
  const blocks: { token: Token; raw: string }[] = [];
  let leading = "";
  for (const token of lexBlocks(source)) {
    const last = blocks.at(-1);
    if (token.type !== "space") {
      blocks.push({ token, raw: leading + token.raw });
      leading = "";
    } else if (last) last.raw += token.raw;
    else leading += token.raw;
  }
  return blocks.map(({ token, raw }) => ({ token, separator: separatorAfter(raw), length: raw.length }));
}

function dropEnd(whole: FormattedText, length: number): FormattedText {
  return { text: whole.text.slice(0, whole.text.length - length), ranges: whole.ranges };
}
