import type { Token, Tokens } from "marked";
import { type OpenInline, openInline } from "./open-inline.ts";

/**
 * The source of a block that is still being written, as if all that is open at its end were closed: `**bo` becomes
 * `**bo**`, and half a link its label. A marker with nothing behind it yet is left out.
 */
export function heal(source: string, token: Token): string {
  const inline = openEnd(source, token)?.trimEnd();
  if (inline === undefined) return source;
  const body = source.trimEnd();
  const line = lastLine(inline);
  return body.slice(0, body.length - line.length) + healedLine(inline, line) + source.slice(body.length);
}

/** The inline markup at the end of a block, as long as it can go on. */
export function openEnd(source: string, token: Token): string | undefined {
  const inline = lastInline(token);
  const body = source.trimEnd();
  const isOver = inline === undefined || source.slice(body.length).includes("\n\n");
  return isOver || !body.endsWith(lastLine(inline.trimEnd())) ? undefined : inline;
}

/** The inline source that a block ends with, or `undefined` for code and the like. */
function lastInline(token: Token): string | undefined {
  switch (token.type) {
    case "paragraph":
    case "heading":
      return (token as Tokens.Paragraph).text;
    case "text":
      return (token as Tokens.Text).text;
    case "blockquote":
    case "list_item":
      return lastOf((token as Tokens.Blockquote).tokens);
    case "list":
      return lastOf((token as Tokens.List).items);
    case "table":
      return lastLine(token.raw.trimEnd()).replace(/^.*\|/, "").trimStart();
    default:
      return undefined;
  }
}

function lastOf(tokens: readonly Token[]): string | undefined {
  const last = tokens.findLast(({ type }) => type !== "space");
  return last && lastInline(last);
}

function lastLine(text: string): string {
  return text.slice(text.lastIndexOf("\n") + 1);
}

/** More markers than that, one inside the other, are no emphasis. */
const deepestEmphasis = 6;

function healedLine(inline: string, line: string): string {
  const open = openInline(inline);
  const shift = inline.length - line.length;
  const kept = withoutRun(withoutLink(line, shift, open), inline, open);
  if (kept.trim() === "" && shift === 0) return "";
  if (open.emphasis.length > deepestEmphasis) return line;
  const closing = open.emphasis.toReversed().map(({ marker }) => marker);
  const body = kept.trimEnd();
  return body + (open.code ? open.code.marker : "") + closing.join("") + kept.slice(body.length);
}

function withoutLink(line: string, shift: number, { link }: OpenInline): string {
  if (!link || link.at < shift) return line;
  return line.slice(0, link.at - shift) + line.slice(link.label - shift, link.labelEnd && link.labelEnd - shift);
}

function withoutRun(line: string, inline: string, { run, code }: OpenInline): string {
  if (code) return withoutTicks(line);
  return run === undefined ? line : line.slice(0, line.length - (inline.length - run));
}

/** Backticks at the end of code that is open are the first of those that close it. */
function withoutTicks(line: string): string {
  let end = line.length;
  while (line.charAt(end - 1) === "`") end -= 1;
  return line.slice(0, end);
}
