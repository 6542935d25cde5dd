import type { Token } from "marked";
import { concat, emptyText, type FormattedText } from "./formatted-text.ts";
import { lexBlocks } from "./grammar.ts";
import { heal, openEnd } from "./heal.ts";
import { renderBlock, separatorAfter } from "./render-block.ts";
import { undecidedCodeLength, undecidedLength } from "./undecided-tail.ts";

/**
 * A markdown text that grows at its end, rendered as it grows. While text is appended, only the last three blocks can
 * still change (a line turns into a table, a paragraph falls apart into three blocks and is one again), so everything
 * before them is rendered once and kept; the cost of a look does not grow with the length of the answer.
 */
export class MarkdownStream {
  /** The text as it was written, and what of it is not settled, with line feeds for line breaks. */
  #written = "";
  #pending = "";
  #settled: FormattedText = emptyText;
  #blocks: readonly Block[] | undefined;

  /** Takes the whole text as it is now; cheap when it is the former text with more at its end. */
  write(text: string): void {
    if (text === this.#written) return;
    if (text.startsWith(this.#written)) {
      const added = text.slice(this.#written.length);
      const isSecondHalf = this.#written.endsWith("\r") && added.startsWith("\n");
      this.#pending += withLineFeeds(isSecondHalf ? added.slice(1) : added);
    } else {
      this.#settled = emptyText;
      this.#pending = withLineFeeds(text);
    }
    this.#written = text;
    this.#blocks = undefined;
  }

  /** The whole text, formatted, as it is when nothing more comes. */
  read(): FormattedText {
    return this.#with(this.#unsettled());
  }

  /**
   * The text as it is best shown while more of it is to come: markup that is open at its end is taken as closed. The
   * last `heldBack` code units, usually {@link undecidedTail}, are left out.
   */
  readGrowing(heldBack = 0): FormattedText {
    const blocks = this.#unsettled();
    const last = blocks.at(-1);
    if (!last) return this.#with(blocks);
    return this.#with([...blocks.slice(0, -1), ...growing(last, heldBack)]);
  }

  /**
   * How many UTF-16 code units at the end of the text have no meaning yet (`**`, half a link, the head of a table), at
   * most {@link longestTail}. Shown at once, they would change when more comes.
   */
  undecidedTail(): number {
    const last = this.#unsettled().at(-1);
    const lines = this.#pending.slice(-lookBack);
    if (!last) return undecidedLength({ lines, inline: undefined, isTable: false });
    const fence = openFence(last.token);
    if (fence !== undefined) return undecidedCodeLength(lines, fence);
    const isTable = last.token.type === "table" && !lines.endsWith("\n\n");
    return undecidedLength({ lines, inline: openEnd(last.source, last.token), isTable });
  }

  /** The blocks that can still change. What stands before them is settled. */
  #unsettled(): readonly Block[] {
    if (this.#blocks) return this.#blocks;
    const blocks = blocksOf(this.#pending.replace(loneSurrogates, "\ufffd"));
    const settling = blocks.slice(0, -unsettledBlocks);
    this.#settled = concat(this.#settled, rendered(settling));
    this.#pending = this.#pending.slice(settling.reduce((length, { source }) => length + source.length, 0));
    this.#blocks = blocks.slice(settling.length);
    return this.#blocks;
  }

  #with(blocks: readonly Block[]): FormattedText {
    const whole = concat(this.#settled, rendered(blocks));
    const separator = blocks.at(-1)?.separator ?? "";
    return { text: whole.text.slice(0, whole.text.length - separator.length), ranges: whole.ranges };
  }
}

const unsettledBlocks = 3;
const lookBack = 200;
/** Half an emoji, which no platform takes. */
const loneSurrogates = /\p{Surrogate}/gu;

interface Block {
  readonly token: Token;
  /** Line breaks between this block and the next. */
  readonly separator: string;
  /** Its markdown, with the white space around it. */
  readonly source: string;
}

function withLineFeeds(text: string): string {
  return text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text;
}

function blocksOf(source: string): Block[] {
  const blocks: { token: Token; source: string }[] = [];
  let leading = "";
  for (const token of lexBlocks(source)) {
    const last = blocks.at(-1);
    if (token.type !== "space") {
      blocks.push({ token, source: leading + token.raw });
      leading = "";
    } else if (last) last.source += token.raw;
    else leading += token.raw;
  }
  const last = blocks.at(-1);
  // Marked leaves out blanks at the end of a list.
  if (last) last.source += source.slice(blocks.reduce((length, block) => length + block.source.length, 0));
  return blocks.map((block) => ({ ...block, separator: separatorAfter(block.source) }));
}

/** The last block without its last `heldBack` code units, and with what is open at its end closed. */
function growing(last: Block, heldBack: number): readonly Block[] {
  const shown = heldBack === 0 ? [last] : blocksOf(last.source.slice(0, -heldBack));
  const end = shown.at(-1);
  if (!end) return [];
  const healed = heal(end.source, end.token);
  return healed === end.source ? shown : [...shown.slice(0, -1), ...blocksOf(healed)];
}

function rendered(blocks: readonly Block[]): FormattedText {
  return blocks.reduce(
    (text, { token, separator }) => concat(text, concat(renderBlock(token), { text: separator, ranges: [] })),
    emptyText,
  );
}

/** The fence of a code block that has no end yet. */
function openFence({ type, raw }: Token): string | undefined {
  if (type !== "code") return undefined;
  const fence = /^ {0,3}(`{3,}(?!`)|~{3,}(?!~))[^\n]*\n/.exec(raw)?.[1];
  const end = raw.slice(raw.trimEnd().lastIndexOf("\n") + 1).trim();
  const isClosed = fence !== undefined && end.startsWith(fence) && /^[`~]+$/.test(end) && raw.trim().includes("\n");
  return isClosed ? undefined : fence;
}
