import type { Token, Tokens } from "marked";
import { lexBlocks } from "../markdown/grammar.ts";
import { parseTag } from "../markdown/html.ts";
import { openInline } from "../markdown/open-inline.ts";

/**
 * A stretch of a markdown text that is never parted: a line of a paragraph, an item of a list, or any other block. Files
 * are sent between passages. Offsets are UTF-16 code units; passages follow each other without gaps.
 */
export interface Passage {
  readonly start: number;
  readonly end: number;
  readonly kind: "line" | "item" | "block";
  /** Where the block begins that it is a part of. */
  readonly blockStart: number;
  /** Block tokens, but for a line, which has inline ones. */
  readonly tokens: readonly Token[];
}

export function passagesOf(source: string): Passage[] {
  let start = 0;
  return lexBlocks(source).flatMap((token) => {
    const block = { token, start };
    start += token.raw.length;
    if (token.type === "paragraph") return lines(block);
    return token.type === "list" ? items(block) : [whole(block)];
  });
}

/** Whether no text that is still to come changes the passage at `index` of a growing `source`. */
export function isOver(source: string, passages: readonly Passage[], index: number): boolean {
  const passage = passages[index];
  const next = passages.slice(index + 1).find(({ tokens: [first] }) => first?.type !== "space");
  if (!passage) return false;
  const below = source.slice(source.indexOf("\n", passage.end - 1) + 1 || source.length);
  const isFollowed = next !== undefined && next.blockStart !== passage.blockStart;
  if (/^[ \t]*\n/.test(below) && (passage.kind === "line" || isFollowed)) return true;
  if (passage.kind === "item" && next?.kind === "item") return /\S\s+\S/.test(source.slice(next.start));
  const isParted = isFollowed || (passage.kind === "line" && isClosed(source.slice(inlineStart(passage), passage.end)));
  return isParted && below.trimStart().includes("\n");
}

/** Where markup can have begun that reaches into a passage: a line shares it with those above. */
export function inlineStart({ kind, start, blockStart }: Passage): number {
  return kind === "line" ? blockStart : start;
}

function isClosed(inline: string): boolean {
  const { emphasis, code, link, half, run } = openInline(inline);
  return emphasis.length === 0 && (code ?? link ?? half ?? run) === undefined;
}

/** The lines of inline tokens, each with the line break that ends it. */
export function linesOf(tokens: readonly Token[]): Token[][] {
  const found: Token[][] = [[]];
  for (const token of tokens) {
    for (const piece of piecesOf(token)) {
      found.at(-1)?.push(piece);
      if (piece.raw.endsWith("\n") && isText(piece)) found.push([]);
    }
  }
  return found.filter((line) => line.length > 0);
}

/** The name of the element whose content is code, when a token is its opening tag. */
export function codeOpenedBy({ type, raw }: Token): string | undefined {
  const tag = type === "html" ? parseTag(raw) : undefined;
  return tag && !tag.isClosing && !tag.isVoid && codeLike.has(tag.name) ? tag.name : undefined;
}

const codeLike: ReadonlySet<string> = new Set(["code", "kbd", "samp", "tt", "pre", "script", "style"]);

interface Block {
  readonly token: Token;
  readonly start: number;
}

function whole({ token, start }: Block): Passage {
  return { start, end: start + token.raw.length, kind: "block", blockStart: start, tokens: [token] };
}

/** A block whose parts don't cover it to the letter stays whole, and so does one with an element of code. */
function lines(block: Block): Passage[] {
  const { raw, tokens = [] } = block.token as Tokens.Paragraph;
  if (tokens.some((token) => codeOpenedBy(token) !== undefined)) return [whole(block)];
  const parts = linesOf(tokens).map((line) => ({ raw: rawOf(line), tokens: line }));
  return parted(block, "line", raw.trimStart().startsWith(rawOf(tokens).trim()) ? parts : []);
}

function items(block: Block): Passage[] {
  const parts = (block.token as Tokens.List).items.map((item) => ({ raw: item.raw, tokens: item.tokens }));
  return parted(block, "item", parts);
}

function parted(
  block: Block,
  kind: Passage["kind"],
  parts: readonly { readonly raw: string; readonly tokens: readonly Token[] }[],
): Passage[] {
  const { raw } = block.token;
  const lead = raw.indexOf(parts[0]?.raw ?? "");
  if (parts.length === 0 || !raw.slice(lead).startsWith(rawOf(parts))) return [whole(block)];
  let end = block.start + lead;
  return parts.map((part, i) => {
    const start = i === 0 ? block.start : end;
    end += part.raw.length;
    const isLast = i === parts.length - 1;
    const { length } = raw;
    return { start, end: isLast ? block.start + length : end, kind, blockStart: block.start, tokens: part.tokens };
  });
}

function rawOf(parts: readonly { readonly raw: string }[]): string {
  return parts.map(({ raw }) => raw).join("");
}

function piecesOf(token: Token): Token[] {
  if (!isText(token) || !token.raw.includes("\n")) return [token];
  return token.raw.split(/(?<=\n)/).map((raw) => ({ type: "text", raw, text: raw }));
}

function isText({ type }: Token): boolean {
  return type === "text" || type === "br";
}
