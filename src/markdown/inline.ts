import type { Token, Tokens } from "marked";
import { decodeEntities } from "./entities.ts";
import type { FormattedTextWriter } from "./formatted-text.ts";
import { writeElement, writeLoneTag } from "./inline-html.ts";
import { elementsOf, tagAt } from "./inline-tags.ts";
import { writeImage, writeLink } from "./links.ts";
import { type FormulaToken, writeFormula } from "./math.ts";
import { type Surroundings, TextFlow } from "./text-flow.ts";

/** Writes inline tokens: emphasis, code, links, formulas, HTML; whatever has no counterpart stays as its source text. */
export function writeInline(
  tokens: readonly Token[],
  out: FormattedTextWriter,
  surroundings: Surroundings = "block",
): void {
  writeTokens(tokens, new TextFlow(out, surroundings));
}

function writeTokens(tokens: readonly Token[], flow: TextFlow): void {
  const elements = elementsOf(tokens);
  const writeRange = (start: number, end: number, to: TextFlow): void => {
    let i = start;
    while (i < end) {
      const element = elements.get(i);
      if (element) {
        const first = i + 1;
        const content = tokens.slice(first, element.end);
        const isAlone = i === 0 && element.next === tokens.length;
        const write = (inner = to) => writeRange(first, element.end, inner);
        writeElement({ tag: element.tag, content, isAlone, write }, to);
      } else writeToken(tokens, i, to);
      i = element?.next ?? i + 1;
    }
  };
  writeRange(0, tokens.length, flow);
}

function writeToken(tokens: readonly Token[], index: number, flow: TextFlow): void {
  const token = tokens[index];
  if (!token) return;
  const inside = () => writeTokens((token as Tokens.Generic).tokens ?? [], flow);
  switch (token.type) {
    case "strong":
    case "mark":
      return flow.within({ type: "bold" }, inside);
    case "em":
      return flow.within({ type: "italic" }, inside);
    case "del":
      return flow.within({ type: "strikethrough" }, inside);
    case "spoiler":
      return flow.within({ type: "spoiler" }, inside);
    case "codespan":
      return flow.within({ type: "code" }, () => flow.writeVerbatim((token as Tokens.Codespan).text));
    case "math":
      return writeFormula(token as FormulaToken, flow);
    case "link":
      return writeLink(token as Tokens.Link, flow, inside);
    case "image":
      return writeImage(token as Tokens.Image, flow);
    case "checkbox":
      return flow.write((token as Tokens.Checkbox).checked ? "☑ " : "☐ ");
    case "br":
      return flow.lineBreak();
    case "escape":
      return flow.write((token as Tokens.Escape).text);
    case "text":
      return "tokens" in token && token.tokens ? inside() : flow.write(decodeEntities(token.raw));
    case "html":
      return writeLoneTag(token.raw, tagAt(tokens, index), flow);
    default:
      return flow.write(token.raw);
  }
}
