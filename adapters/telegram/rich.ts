import type { InputRichMessageWithoutUpload } from "grammy/types";
import type { FormatRange, FormattedText, TableRow } from "../../src/markdown/formatted-text.ts";
import { isVerbatim, withSafeLinks } from "./links.ts";
import { codePoints } from "./render.ts";
import { withSpacesForTabs } from "./tabs.ts";

export type Block = NonNullable<InputRichMessageWithoutUpload["blocks"]>[number];
type RichText = Extract<Block, { type: "paragraph" }>["text"];
type Cell = Extract<Block, { type: "table" }>["cells"][number][number];

/** The longest text of a rich message, in Unicode code points (Bot API 10.3, as all limits here). */
export const MAX_RICH_LENGTH = 32_768;
const MAX_BLOCKS = 500;
const MAX_COLUMNS = 20;

/** A range with what lies inside it. */
interface Node extends FormatRange {
  readonly children: Node[];
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** True when a rich message shows more of the text than entities can: tables and formulas. */
export function gainsByRich({ ranges }: FormattedText): boolean {
  return ranges.some(({ format }) => tableOf(format) !== undefined || (format.type === "math" && format.source));
}

/**
 * The text as the blocks of a rich message. Blocks and not Telegram's Markdown, which would read into the text what it
 * does not say: a formula into `$400 to $600`.
 */
export function toBlocks(source: FormattedText): Block[] {
  const { text, ranges } = withSafeLinks(withSpacesForTabs(source));
  return blocksWithin(text, { start: 0, end: text.length }, treeOf(ranges));
}

/** As Telegram counts a rich message, or a little more. A text of too many blocks measures too long. */
export function measureRich(source: FormattedText): number {
  const { text, ranges } = withSafeLinks(withSpacesForTabs(source));
  let length = codePoints(text.trim());
  for (const { start, end, format } of ranges) {
    if (format.type !== "math" || format.source === undefined) continue;
    length += Math.max(0, codePoints(format.source) - codePoints(text, { start, end }));
  }
  // Every block has a line or a format of its own, so most texts need no counting.
  if (text.split("\n").length + ranges.length <= MAX_BLOCKS) return length;
  const excess = countBlocks(toBlocks(source)) - MAX_BLOCKS;
  return Math.max(length, excess > 0 ? MAX_RICH_LENGTH + excess : 0);
}

function countBlocks(blocks: readonly Block[]): number {
  return blocks.reduce((sum, block) => {
    if (block.type === "table") return sum + 1 + block.cells.length;
    return sum + 1 + (block.type === "blockquote" ? countBlocks(block.blocks) : 0);
  }, 0);
}

function treeOf(ranges: readonly FormatRange[]): Node[] {
  const roots: Node[] = [];
  const open: Node[] = [];
  for (const range of ranges) {
    while (open.length > 0 && range.start >= (open.at(-1)?.end ?? 0)) open.pop();
    const node: Node = { ...range, children: [] };
    (open.at(-1)?.children ?? roots).push(node);
    open.push(node);
  }
  return roots;
}

/** What has a block of its own becomes one, and what stands between them becomes paragraphs. */
function blocksWithin(text: string, span: Span, nodes: readonly Node[]): Block[] {
  const blocks: Block[] = [];
  let between: Node[] = [];
  let start = span.start;
  for (const node of nodes) {
    const block = blockOf(text, node);
    if (block === undefined) {
      between.push(node);
      continue;
    }
    blocks.push(...paragraphs(text, { start, end: node.start }, between), block);
    between = [];
    start = node.end;
  }
  return [...blocks, ...paragraphs(text, { start, end: span.end }, between)];
}

function blockOf(text: string, node: Node): Block | undefined {
  const { start, end, format, children } = node;
  const inside = () => inline(text, node, children);
  switch (format.type) {
    case "pre":
      return { type: "pre", text: text.slice(start, end), ...(format.language && { language: format.language }) };
    case "table": {
      const rows = tableOf(format);
      if (rows !== undefined) return { type: "table", cells: rows.map(cellsOf), is_bordered: true };
      return format.isRecords ? undefined : { type: "pre", text: text.slice(start, end) };
    }
    case "math":
      return format.isBlock && format.source
        ? { type: "mathematical_expression", expression: format.source }
        : undefined;
    case "heading":
      return { type: "heading", text: inside(), size: format.level };
    case "subtext":
      return { type: "footer", text: inside() };
    case "quote":
      return format.collapsed
        ? { type: "expandable_blockquote", text: inside() }
        : { type: "blockquote", blocks: blocksWithin(text, node, children) };
    default:
      return undefined;
  }
}

/** The rows of a table that Telegram can show as one. */
function tableOf(format: FormatRange["format"]): readonly TableRow[] | undefined {
  if (format.type !== "table" || format.rows === undefined) return undefined;
  return format.rows.every((row) => row.length <= MAX_COLUMNS) ? format.rows : undefined;
}

function cellsOf(row: TableRow, index: number): Cell[] {
  return row.map(({ content, align }): Cell => {
    const { text, ranges } = withSafeLinks(content);
    const shown = inline(text, { start: 0, end: text.length }, treeOf(ranges));
    return { text: shown, align, valign: "top", ...(index === 0 && { is_header: true as const }) };
  });
}

/** One for each stretch between blank lines; a blank line inside a format ends none. */
function paragraphs(text: string, { start, end }: Span, nodes: readonly Node[]): Block[] {
  const blocks: Block[] = [];
  let from = start;
  const add = (to: number) => {
    const span = withoutLineBreaks(text, { start: from, end: to });
    if (text.slice(span.start, span.end).trim() === "") return;
    blocks.push({ type: "paragraph", text: inline(text, span, nodes) });
  };
  for (const match of text.slice(start, end).matchAll(/\n(?:[^\S\n]*\n)+/g)) {
    const at = start + match.index;
    if (nodes.some((node) => node.start < at && node.end > at)) continue;
    add(at);
    from = at + match[0].length;
  }
  add(end);
  return blocks;
}

function withoutLineBreaks(text: string, span: Span): Span {
  let { start, end } = span;
  while (start < end && text.charAt(start) === "\n") start += 1;
  while (start < end && /\s/.test(text.charAt(end - 1))) end -= 1;
  return { start, end };
}

function inline(text: string, span: Span, nodes: readonly Node[]): RichText {
  const parts: RichText[] = [];
  let at = span.start;
  for (const node of nodes) {
    const start = Math.max(node.start, at);
    const end = Math.min(node.end, span.end);
    if (start >= end) continue;
    if (start > at) parts.push(text.slice(at, start));
    parts.push(formatted(text, { ...node, start, end }));
    at = end;
  }
  if (at < span.end) parts.push(text.slice(at, span.end));
  return parts.length === 1 ? (parts[0] ?? "") : parts.length === 0 ? "" : parts;
}

function formatted(text: string, node: Node): RichText {
  const { start, end, format, children } = node;
  if (format.type === "math" && format.source) return { type: "mathematical_expression", expression: format.source };
  if (isVerbatim(format, text.slice(start, end))) return { type: "code", text: text.slice(start, end) };
  const inside = inline(text, node, children);
  switch (format.type) {
    case "bold":
    case "italic":
    case "underline":
    case "strikethrough":
    case "spoiler":
      return { type: format.type, text: inside };
    case "link":
      return { type: "url", text: inside, url: format.url };
    default:
      return inside;
  }
}
