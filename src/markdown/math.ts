import type { Tokens } from "marked";
import { latexToUnicode } from "./latex.ts";
import type { Formula } from "./math-syntax.ts";
import type { TextFlow } from "./text-flow.ts";

/** A formula as marked's extension has read it. */
export type FormulaToken = Tokens.Generic & Formula & { readonly type: "math" };

/** A formula inside a line, or on lines of its own where there can be some. */
export function writeFormula({ raw, source, isBlock }: FormulaToken, flow: TextFlow): void {
  if (source === "") return flow.write(raw);
  const ownLines = isBlock && flow.holdsBlocks;
  if (ownLines) flow.startLine();
  flow.within({ type: "math", isBlock: ownLines, source }, () => flow.write(formulaText(source, ownLines)));
  if (ownLines) flow.startLine();
}

/** Readable Unicode, or the source where there is no such form. */
export function formulaText(source: string, isBlock: boolean): string {
  return latexToUnicode(source, isBlock) ?? source;
}
