import { functions } from "./latex-symbols.ts";

/** A formula in a markdown text. */
export interface Formula {
  /** As it is written, with its delimiters. */
  readonly raw: string;
  /** LaTeX without delimiters. */
  readonly source: string;
  readonly isBlock: boolean;
}

/** A formula that stands at the beginning of a block; `isOpen` when the text ends before the formula does. */
export interface BlockFormula extends Formula {
  readonly isOpen: boolean;
}

/** Where a line begins with a formula's delimiter. */
export const blockFormulaStart = /\n {0,3}(?=\$\$(?!\$)|\\\[|\\begin\{)/;

const blockOpening = /^ {0,3}(\$\$(?!\$)|\\\[|\\begin\{([a-zA-Z]+\*?)\})/;
/** A line that begins another block, as long as nobody knows that it is a part of a formula. */
const blockStart = /\n {0,3}(?:[-*+>#~`|<]|={3}|\d{1,9}[.)])/;
const blankLine = /\n[ \t]*(?=\n)/;

/**
 * A formula with lines of its own. It ends with its line: one that text follows is part of a sentence. A blank line ends
 * the search, so that a stray delimiter takes no more than its paragraph. While the text is still growing the lines below
 * an opening delimiter belong to it, so that `- b` in a formula never is a list.
 */
export function blockFormula(source: string): BlockFormula | undefined {
  const [opening, delimiter = "", environment] = blockOpening.exec(source) ?? [];
  if (opening === undefined) return undefined;
  const blank = blankLine.exec(source)?.index;
  const paragraph = source.slice(opening.length, blank);
  const closing = closingOf(delimiter, environment);
  const end = paragraph.indexOf(closing);
  if (end === -1) {
    const isOpen = blank === undefined && /^[ \t]*(?:\n|$)/.test(paragraph);
    if (!isOpen) return undefined;
    const latex = environment === undefined ? paragraph.trim() : source.trim();
    return { raw: source.slice(0, opening.length + paragraph.trimEnd().length), source: latex, isBlock: true, isOpen };
  }
  const [rest, mark = ""] = /^[ \t]*([.,;，。；]?)[ \t]*(?=\n|$)/.exec(paragraph.slice(end + closing.length)) ?? [];
  if (rest === undefined) return undefined;
  const raw = source.slice(0, opening.length + end + closing.length + rest.length);
  const content = paragraph.slice(0, end);
  const isOnLinesOfItsOwn = /^[ \t]*\n/.test(content);
  if (content.trim() === "" || !(isOnLinesOfItsOwn || (isFormula(content, closing) && !blockStart.test(content)))) {
    return undefined;
  }
  const latex = environment === undefined ? content.trim() : raw.trim().slice(0, -mark.length || undefined);
  return { raw, source: latex, isBlock: true, isOpen: false };
}

function closingOf(delimiter: string, environment: string | undefined): string {
  if (environment !== undefined) return `\\end{${environment}}`;
  return delimiter === "$$" ? "$$" : "\\]";
}

/**
 * A formula at the beginning of `source`, inside a line. `before` is the character in front of it. Dollars follow the
 * rule of pandoc, no space inside and no digit behind, and hold what looks like mathematics: most dollars are prices.
 */
export function inlineFormula(source: string, before: string): Formula | undefined {
  if (source.startsWith("\\(")) return delimited(source, "\\)", false);
  if (source.startsWith("\\[")) return delimited(source, "\\]", true);
  if (!source.startsWith("$") || /[\p{Script=Latin}\p{N}$\\]/u.test(before)) return undefined;
  if (source.startsWith("$$")) return source.startsWith("$$$") ? undefined : delimited(source, "$$", true);
  const end = source.indexOf("$", 1);
  if (end < 2 || end > longest) return undefined;
  const content = source.slice(1, end);
  if (/^\s|\s$|\\$|\n\s*\n/.test(content) || /[\d$]/.test(source.charAt(end + 1))) return undefined;
  return isMathematics(content) ? { raw: source.slice(0, end + 1), source: content, isBlock: false } : undefined;
}

/** Characters that a formula inside a line may have. */
const longest = 2000;

function delimited(source: string, closing: string, isBlock: boolean): Formula | undefined {
  const end = source.slice(0, longest).indexOf(closing, 2);
  if (end === -1) return undefined;
  const content = source.slice(2, end);
  const raw = source.slice(0, end + 2);
  if (/\n\s*\n/.test(content) || !isFormula(content, closing)) return undefined;
  // `\[x\](y)` is how brackets are written that shall be no link.
  if (closing === "\\]" && (/^[([:]/.test(source.slice(raw.length)) || /^[ xX]?$/.test(content))) return undefined;
  return { raw, source: content.trim(), isBlock };
}

/** Who writes `\(` and `\[` means a formula, unless the brackets hold words alone. */
function isFormula(content: string, closing: string): boolean {
  return isMathematics(content) || (closing !== "$$" && /[=+^_<>\\]/.test(content));
}

/** Whether `content` reads as mathematics and not as words or prices. */
function isMathematics(content: string): boolean {
  if (/^[A-Z]{3,}_[A-Z]/.test(content)) return false;
  if (/\\[a-zA-Z]/.test(content)) return true;
  const bare = content.replace(/[_^]\{[^{}]*\}/g, "_x");
  if (/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u.test(bare)) return false;
  const words = bare.match(/\p{L}{3,}/gu) ?? [];
  if (words.some((word) => !functions.has(word) && !/^[A-Z]{3,4}$/.test(word))) return false;
  if (/^[-+]?\d[\d.,]*\s?%?$/.test(bare)) return true;
  if (/^\p{L}{1,4}['′]*$/u.test(bare)) return true;
  return /[=<>+\-*/^_|!≤≥≠≈±×÷∈→∞√∑()[\]{}:,]/.test(bare) && !/\p{L}{2,}\s+\p{L}{2,}/u.test(bare) && bare.length <= 200;
}
