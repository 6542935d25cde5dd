import type { Token, Tokens } from "marked";
import { type Format, type FormattedText, FormattedTextWriter } from "./formatted-text.ts";
import { textOfHtml } from "./html.ts";
import type { QuotationToken, VerbatimToken } from "./html-blocks.ts";
import { writeInline } from "./inline.ts";
import { isInvisible } from "./invisible.ts";
import { bullet } from "./list-markers.ts";
import { type FormulaToken, formulaText } from "./math.ts";
import { writeTable } from "./table.ts";

/** Turns one block token of marked into formatted text, without line breaks at its end. */
export function renderBlock(token: Token): FormattedText {
  const out = new FormattedTextWriter();
  writeBlock(token, out, outermost);
  return out.finish();
}

/** The line breaks between a block and the next: a blank line where the source has one. */
export function separatorAfter(raw: string): string {
  const breaks = raw.length - raw.trimEnd().length;
  return breaks > 0 && raw.slice(-breaks).split("\n").length > 2 ? "\n\n" : "\n";
}

/** Where a block lies among lists. */
interface Place {
  /** White space before its lines. */
  readonly indent: string;
  /** How many lists it lies in. */
  readonly level: number;
}

const outermost: Place = { indent: "", level: 0 };

function writeBlock(token: Token, out: FormattedTextWriter, place: Place): void {
  switch (token.type) {
    case "heading":
      return writeHeading(token as Tokens.Heading, out);
    case "code":
      return writeCode(token as Tokens.Code, out, place);
    case "verbatim":
      return writeVerbatim(token as VerbatimToken, out);
    case "list":
      return writeList(token as Tokens.List, out, place);
    case "blockquote":
      return out.within({ type: "quote" }, () => writeBlocks((token as Tokens.Blockquote).tokens, out, outermost));
    case "quotation":
      return writeQuotation(token as QuotationToken, out);
    case "table":
      return writeTable(token as Tokens.Table, out);
    case "math":
      return writeFormula(token as FormulaToken, out, place);
    case "subtext":
      return out.within({ type: "subtext" }, () => writeInline((token as Tokens.Generic).tokens ?? [], out, "heading"));
    case "hr":
      return out.write("———");
    case "checkbox":
      return out.write((token as Tokens.Checkbox).checked ? "☑ " : "☐ ");
    case "paragraph":
    case "text":
      return writeText(token as Tokens.Paragraph | Tokens.Text, out);
    default:
      return isInvisible(token) ? undefined : out.write(token.raw.trim());
  }
}

function writeBlocks(tokens: readonly Token[], out: FormattedTextWriter, place: Place): void {
  let separator = "";
  for (const token of tokens) {
    if (isInvisible(token)) {
      if (token.type === "space" || separatorAfter(token.raw) === "\n\n") separator &&= "\n\n";
      continue;
    }
    if (holdsWholeLines(token)) out.write(separator || lineBreak(out));
    else out.write(separator && separator + place.indent);
    writeBlock(token, out, place);
    separator = token.type === "checkbox" ? "" : separatorAfter(token.raw);
  }
}

function holdsWholeLines({ type }: Token): boolean {
  return wholeLines.has(type);
}

const wholeLines: ReadonlySet<string> = new Set(["code", "verbatim", "table", "blockquote", "quotation", "subtext"]);

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
  out.within({ type: "heading", level }, () => writeInline(heading.tokens, out, "heading"));
}

function writeCode(code: Tokens.Code, out: FormattedTextWriter, place: Place): void {
  const language = code.lang?.trim().split(/\s/)[0];
  if (language === "math" && code.text.trim() !== "") {
    return writeFormula({ type: "math", raw: code.raw, source: code.text.trim(), isBlock: true }, out, place);
  }
  out.within(language ? { type: "pre", language } : { type: "pre" }, () => out.write(code.text));
}

function writeVerbatim({ content, language }: VerbatimToken, out: FormattedTextWriter): void {
  const text = (language === "css" || language === "javascript" ? content : textOfHtml(content)).replace(
    /^\s*\n|\s+$/g,
    "",
  );
  out.within(language ? { type: "pre", language } : { type: "pre" }, () => out.write(text));
}

function writeQuotation({ tokens, isCollapsed }: QuotationToken, out: FormattedTextWriter): void {
  const quote: Format = isCollapsed ? { type: "quote", collapsed: true } : { type: "quote" };
  out.within(quote, () => writeBlocks(tokens, out, outermost));
}

function writeFormula({ raw, source }: FormulaToken, out: FormattedTextWriter, { indent }: Place): void {
  if (source === "") return out.write(raw.trim());
  const text = formulaText(source, true);
  out.within({ type: "math", isBlock: true, source }, () => out.write(text.replaceAll("\n", `\n${indent}`)));
}

function writeList(list: Tokens.List, out: FormattedTextWriter, { indent, level }: Place): void {
  const first = typeof list.start === "number" ? list.start : 1;
  for (const [i, item] of list.items.entries()) {
    if (i > 0) out.write(`\n${indent}`);
    if (list.ordered) out.write(`${first + i}. `);
    else if (!beginsWithCheckbox(item)) out.write(`${bullet(level)} `);
    writeBlocks(item.tokens, out, { indent: `${indent}  `, level: level + 1 });
  }
}

/** A task has its box in place of a bullet. */
function beginsWithCheckbox({ tokens: [first] }: Tokens.ListItem): boolean {
  const inner = first && "tokens" in first ? first.tokens?.[0] : undefined;
  return first?.type === "checkbox" || inner?.type === "checkbox";
}
