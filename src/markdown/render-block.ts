import type { Token, Tokens } from "marked";
import { type FormattedText, FormattedTextWriter } from "./formatted-text.ts";
import { writeInline } from "./inline.ts";

/** Turns one block token of marked into formatted text, without line breaks at its end. */
export function renderBlock(token: Token): FormattedText {
  const out = new FormattedTextWriter();
  writeBlock(token, out, "");
  return out.finish();
}

/** The line breaks between a block and the next: a blank line where the source has one. */
export function separatorAfter(raw: string): string {
  const breaks = raw.length - raw.trimEnd().length;
  return breaks > 0 && raw.slice(-breaks).split("\n").length > 2 ? "\n\n" : "\n";
}

function writeBlock(token: Token, out: FormattedTextWriter, indent: string): void {
  switch (token.type) {
    case "heading":
      return writeHeading(token as Tokens.Heading, out);
    case "code":
      return writeCode(token as Tokens.Code, out);
    case "list":
      return writeList(token as Tokens.List, out, indent);
    case "blockquote":
      return out.within({ type: "quote" }, () => writeBlocks((token as Tokens.Blockquote).tokens, out, ""));
    case "table":
      return out.within({ type: "pre" }, () => out.write(token.raw.trim()));
    case "hr":
      return out.write("———");
    case "checkbox":
      return writeInline([token], out);
    case "paragraph":
    case "text":
      return writeText(token as Tokens.Paragraph | Tokens.Text, out);
    default:
      return out.write(token.raw.trim());
  }
}

function writeBlocks(tokens: readonly Token[], out: FormattedTextWriter, indent: string): void {
  let separator = "";
  for (const token of tokens) {
    if (token.type === "space") {
      separator = separator && "\n\n";
      continue;
    }
    if (holdsWholeLines(token)) out.write(separator || lineBreak(out));
    else out.write(separator && separator + indent);
    writeBlock(token, out, indent);
    separator = token.type === "checkbox" ? "" : separatorAfter(token.raw);
  }
}

function holdsWholeLines({ type }: Token): boolean {
  return type === "code" || type === "table" || type === "blockquote";
}

/** What is missing to be at the beginning of a line: a code block can come right behind the marker of a list. */
function lineBreak({ text }: FormattedTextWriter): string {
  return text === "" || text.endsWith("\n") ? "" : "\n";
}

function writeText(token: Tokens.Paragraph | Tokens.Text, out: FormattedTextWriter): void {
  if (token.tokens) writeInline(token.tokens, out);
  else out.write(token.text);
}

function writeHeading(heading: Tokens.Heading, out: FormattedTextWriter): void {
  const level = Math.min(Math.max(heading.depth, 1), 6) as 1 | 2 | 3 | 4 | 5 | 6;
  out.within({ type: "heading", level }, () => writeInline(heading.tokens, out));
}

function writeCode(code: Tokens.Code, out: FormattedTextWriter): void {
  const language = code.lang?.trim().split(/\s/)[0];
  out.within(language ? { type: "pre", language } : { type: "pre" }, () => out.write(code.text));
}

function writeList(list: Tokens.List, out: FormattedTextWriter, indent: string): void {
  const first = typeof list.start === "number" ? list.start : 1;
  for (const [i, item] of list.items.entries()) {
    if (i > 0) out.write(`\n${indent}`);
    const marker = list.ordered ? `${first + i}. ` : "• ";
    out.write(marker);
    writeBlocks(item.tokens, out, `${indent}  `);
  }
}
