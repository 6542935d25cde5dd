import type { Lexer, Token, Tokens } from "marked";
import { attribute } from "./html.ts";

/** A block of HTML that holds markdown: `<blockquote>` and `<details>`. */
export interface QuotationToken extends Tokens.Generic {
  readonly type: "quotation";
  readonly isCollapsed: boolean;
  readonly tokens: Token[];
}

/** A block of HTML that holds text to the letter: `<pre>`, and code that a page would run. */
export interface VerbatimToken extends Tokens.Generic {
  readonly type: "verbatim";
  /** HTML source between the tags. */
  readonly content: string;
  readonly language: string | undefined;
}

/**
 * The HTML that is a block of its own. Any other tag is a part of the paragraph that it stands in, so that markdown
 * between two tags is markdown. What is not closed yet goes to the end of the text, as a fence does.
 */
export function readHtmlBlock(source: string, lexer: Lexer): Token | undefined {
  if (!/^ {0,3}</.test(source)) return undefined;
  return readComment(source) ?? readVerbatim(source) ?? readQuotation(source, lexer);
}

function readComment(source: string): Token | undefined {
  const [raw] = /^ {0,3}(?:<!--(?:-?>|[\s\S]*?(?:-->|$))|<!doctype[^<>]*>)/i.exec(source) ?? [];
  return raw === undefined ? undefined : { type: "html", block: true, raw, text: raw, pre: false };
}

function readVerbatim(source: string): VerbatimToken | undefined {
  const [raw, name, content = ""] =
    /^ {0,3}<(pre|script|style|textarea)(?=[\s>])[^<>]*>([\s\S]*?)(?:<\/\1\s*>|$)/i.exec(source) ?? [];
  if (raw === undefined || name === undefined) return undefined;
  return { type: "verbatim", raw, content, language: languages.get(name.toLowerCase()) ?? languageOf(content) };
}

const languages: ReadonlyMap<string, string> = new Map([
  ["script", "javascript"],
  ["style", "css"],
]);

function languageOf(content: string): string | undefined {
  const opening = /^\s*(<code\b[^<>]*>)/i.exec(content)?.[1];
  return opening && /(?:^|\s)lang(?:uage)?-([\w+#.-]+)/.exec(attribute(opening, "class") ?? "")?.[1];
}

function readQuotation(source: string, lexer: Lexer): QuotationToken | undefined {
  const [opening, name = "", attributes = ""] = /^ {0,3}<(blockquote|details)((?:\s[^<>]*)?)>/i.exec(source) ?? [];
  if (opening === undefined) return undefined;
  const end = endOfElement(source, name);
  const content = source.slice(opening.length, end.start);
  const isTop = lexer.state.top;
  lexer.state.top = true;
  const tokens = lexer.blockTokens(withoutIndent(content), []);
  lexer.state.top = isTop;
  const isCollapsed = name.toLowerCase() === "details" || attribute(`<a${attributes}>`, "expandable") !== undefined;
  return { type: "quotation", raw: source.slice(0, end.end), isCollapsed, tokens };
}

/** Where the closing tag of the element begins and ends that `source` begins with. */
function endOfElement(source: string, name: string): { readonly start: number; readonly end: number } {
  let level = 0;
  for (const tag of source.matchAll(new RegExp(`<(/?)${name}(?:\\s[^<>]*)?>`, "gi"))) {
    level += tag[1] ? -1 : 1;
    if (level === 0) return { start: tag.index, end: tag.index + tag[0].length };
  }
  return { start: source.length, end: source.length };
}

/** The indentation of HTML shows its nesting, and is no code as it would be in markdown. */
function withoutIndent(content: string): string {
  const lines = content.split("\n");
  const indents = lines
    .slice(1)
    .filter((line) => line.trim() !== "")
    .map((line) => line.search(/\S/));
  const common = indents.length > 0 ? Math.min(...indents.slice(0, 1000)) : 0;
  return lines
    .map((line, i) => (i > 0 ? line.slice(Math.min(common, line.search(/\S|$/))) : line.trimStart()))
    .join("\n");
}
