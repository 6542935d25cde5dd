import { formatEnvironment, type Row } from "./latex-environments.ts";
import { chemistry, fraction, isOperand, lowered, raised, root, spaced, tidy, upright } from "./latex-forms.ts";
import {
  accents,
  dropped,
  functions,
  ignored,
  inAlphabet,
  largeOperators,
  operators,
  shortCommands,
  signs,
  strokes,
  transparent,
  uprights,
} from "./latex-symbols.ts";

/**
 * A formula as Unicode text that reads well without typesetting: `\frac{a}{b^2}` is `a/b²`. `undefined` where LaTeX
 * says something that has no such form. A block may take several lines, any other formula takes one.
 */
export function latexToUnicode(source: string, isBlock: boolean): string | undefined {
  if (source.length > longest) return undefined;
  try {
    const text = new LatexReader(source, isBlock).readAll();
    return text === "" ? undefined : text;
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
    throw error;
  }
}

class Unreadable extends Error {}

/** Characters of a formula that somebody may want to read as text. */
const longest = 4000;

/** Brackets inside brackets; deeper ones are nobody's formula. */
const deepest = 40;

/** Reads LaTeX from left to right and writes as it goes. Every `read` method returns what it read as Unicode. */
class LatexReader {
  readonly #source: string;
  readonly #isBlock: boolean;
  #at = 0;
  #depth = 0;

  constructor(source: string, isBlock: boolean) {
    this.#source = source;
    this.#isBlock = isBlock;
  }

  readAll(): string {
    const text = this.#readUntil(() => false);
    if (this.#at < this.#source.length) throw new Unreadable();
    return text;
  }

  /** Up to what ends it, which is not taken, or to a closing brace that opens nowhere. */
  #readUntil(isEnd: () => boolean): string {
    this.#depth += 1;
    if (this.#depth > deepest) throw new Unreadable();
    let text = "";
    while (this.#at < this.#source.length && this.#source[this.#at] !== "}" && !isEnd()) text = this.#readNext(text);
    this.#depth -= 1;
    return tidy(text);
  }

  /** `text` with the next thing behind it. */
  #readNext(text: string): string {
    const character = String.fromCodePoint(this.#source.codePointAt(this.#at) ?? 0);
    if (character === "\\") return this.#readCommand(text);
    this.#at += character.length;
    switch (character) {
      case "{":
        return text + this.#readGroupRest();
      case "^":
        return text.trimEnd() + raised(this.#readArgument());
      case "_":
        return text.trimEnd() + lowered(this.#readArgument());
      case "'":
        return `${text}′`;
      case "&":
      case "\n":
      case "~":
        return `${text} `;
      case "=":
      case "<":
      case ">":
        return `${text} ${character} `;
      case "+":
      case "-":
        return isOperand(text) ? `${text} ${character} ` : text + character;
      default:
        return text + character;
    }
  }

  #readGroupRest(): string {
    const text = this.#readUntil(() => false);
    if (this.#source[this.#at] !== "}") throw new Unreadable();
    this.#at += 1;
    return text;
  }

  /** A group in braces, a command with its own arguments, or one character. */
  #readArgument(): string {
    this.#skipSpace();
    const character = this.#source[this.#at];
    if (character === undefined || character === "}") throw new Unreadable();
    this.#depth += 1;
    if (this.#depth > deepest) throw new Unreadable();
    const text = character === "+" || character === "-" ? character : "";
    if (text) this.#at += 1;
    const argument = text || tidy(this.#readNext(""));
    this.#depth -= 1;
    return argument;
  }

  /** What stands in braces, to the letter. */
  #readLiteral(): string {
    this.#skipSpace();
    if (this.#source[this.#at] !== "{") throw new Unreadable();
    let level = 0;
    for (let end = this.#at; end < this.#source.length; end += 1) {
      if (this.#source[end] === "\\") end += 1;
      else if (this.#source[end] === "{") level += 1;
      else if (this.#source[end] === "}") level -= 1;
      if (level > 0) continue;
      const literal = this.#source.slice(this.#at + 1, end);
      this.#at = end + 1;
      return literal;
    }
    throw new Unreadable();
  }

  #readOptional(): string | undefined {
    if (this.#source[this.#at] !== "[") return undefined;
    this.#at += 1;
    const text = this.#readUntil(() => this.#source[this.#at] === "]");
    if (this.#source[this.#at] !== "]") throw new Unreadable();
    this.#at += 1;
    return text;
  }

  #skipSpace(): void {
    while (/\s/.test(this.#source.charAt(this.#at))) this.#at += 1;
  }

  #readCommand(text: string): string {
    const [raw = "", name = ""] = /^\\([a-zA-Z]+\*?|[\s\S]?)/.exec(this.#source.slice(this.#at, this.#at + 40)) ?? [];
    this.#at += raw.length;
    const punctuation = shortCommands.get(name);
    if (punctuation !== undefined) return text + punctuation;
    if (name === "\\") {
      this.#readOptional();
      return `${text}${this.#isBlock ? "\n" : "; "}`;
    }
    const operator = operators.get(name);
    if (operator !== undefined) return `${text} ${operator} `;
    const sign = signs.get(name);
    if (sign !== undefined) {
      this.#skipSpace();
      return text + sign;
    }
    const large = largeOperators.get(name);
    if (large !== undefined) return `${spaced(text)}${large}${this.#readLimits()} `;
    if (functions.has(name)) return `${spaced(text)}${name}${this.#readLimits()}${this.#isAtOperand() ? " " : ""}`;
    return text + this.#readConstruct(name, text);
  }

  #readLimits(): string {
    let limits = "";
    for (;;) {
      const [raw = "", mark] =
        /^\s*(?:\\(?:no)?limits\s*)?([_^])/.exec(this.#source.slice(this.#at, this.#at + 30)) ?? [];
      if (mark === undefined) break;
      this.#at += raw.length;
      limits += mark === "_" ? lowered(this.#readArgument()) : raised(this.#readArgument());
    }
    return limits;
  }

  /** Whether a letter, a digit or a command follows, which must not touch the name of a function. */
  #isAtOperand(): boolean {
    return /^\s*[\p{L}\p{N}\\]/u.test(this.#source.slice(this.#at, this.#at + 10));
  }

  #readConstruct(name: string, before: string): string {
    switch (name) {
      case "frac":
      case "dfrac":
      case "tfrac":
      case "cfrac":
        return this.#readFraction(before);
      case "binom":
      case "dbinom":
      case "tbinom":
        return `C(${this.#readArgument()}, ${this.#readArgument()})`;
      case "sqrt":
        return this.#readRoot();
      case "begin":
        return this.#readEnvironment(this.#readLiteral());
      case "left":
      case "right":
      case "middle":
        return this.#readDelimiter();
      case "not":
        return `${tidy(this.#readNext(""))}\u0338`.normalize();
      case "pmod":
        return ` (mod ${this.#readArgument()})`;
      case "overset":
      case "stackrel":
        return this.#readScripted(raised);
      case "underset":
        return this.#readScripted(lowered);
      case "xrightarrow":
      case "xleftarrow":
        return ` ${name === "xrightarrow" ? "→" : "←"}${raised(this.#readArgument())} `;
      case "ce":
        return chemistry(this.#readLiteral());
      case "tag":
        return ` (${this.#readLiteral()})`;
      case "textcolor":
        this.#readLiteral();
        return this.#readArgument();
      default:
        return this.#readStyled(name);
    }
  }

  #readStyled(name: string): string {
    const accent = accents.get(name);
    if (accent !== undefined) return (this.#readArgument() + accent).normalize();
    const stroke = strokes.get(name);
    if (stroke !== undefined) return Array.from(this.#readArgument(), (character) => character + stroke).join("");
    if (uprights.has(name)) return upright(this.#readLiteral());
    if (name === "operatorname" || name === "operatorname*") {
      return `${this.#readArgument()}${this.#readLimits()}${this.#isAtOperand() ? " " : ""}`;
    }
    if (name.startsWith("math") || transparent.has(name)) return inAlphabet(name, this.#readArgument());
    if (ignored.has(name)) return "";
    if (!dropped.has(name)) throw new Unreadable();
    this.#readLiteral();
    return "";
  }

  /** What stands above or below comes first in LaTeX and last in a line. */
  #readScripted(place: (text: string) => string): string {
    const script = place(this.#readArgument());
    return this.#readArgument() + script;
  }

  #readFraction(before: string): string {
    const above = this.#readArgument();
    const below = this.#readArgument();
    const text = fraction(above, below);
    const isTouched = text.includes("/") && (spaced(before) !== before || this.#isBeforeFactor());
    return isTouched ? `(${text})` : text;
  }

  /** Whether what follows would read as a part of the denominator. */
  #isBeforeFactor(): boolean {
    const rest = this.#source.slice(this.#at, this.#at + 40).trimStart();
    const [, command] = /^\\([a-zA-Z]+)/.exec(rest) ?? [];
    if (command === undefined) return /^[\p{L}\p{N}({^[]/u.test(rest);
    return signs.has(command) || ["left", "frac", "sqrt", "mathbf", "vec"].includes(command);
  }

  #readRoot(): string {
    const degree = this.#readOptional();
    return root(degree, this.#readArgument());
  }

  #readDelimiter(): string {
    this.#skipSpace();
    const character = this.#source[this.#at];
    if (character === undefined) throw new Unreadable();
    if (character === "\\") return this.#readCommand("").trim();
    this.#at += 1;
    return character === "." ? "" : character;
  }

  #readEnvironment(name: string): string {
    if (name === "array" || name.startsWith("alignat")) this.#readLiteral();
    this.#readOptional();
    const rows = this.#readRows();
    if (this.#readLiteral() !== name) throw new Unreadable();
    const text = formatEnvironment(name, rows, this.#isBlock && this.#isLastEnvironment() ? "lines" : "line");
    if (text === undefined) throw new Unreadable();
    return text;
  }

  /** Lines can't stand beside each other: one of two matrices, or one that more follows, is written in one line. */
  #isLastEnvironment(): boolean {
    const isOnly = this.#source.indexOf("\\begin", this.#source.indexOf("\\begin") + 1) === -1;
    return isOnly && /^[\s.,;]*$/.test(this.#source.slice(this.#at));
  }

  /** Up to and with `\end`. */
  #readRows(): Row[] {
    const rows: Row[] = [];
    let cells: string[] = [];
    for (;;) {
      cells.push(
        this.#readUntil(() => /^(?:&|\\\\|\\end(?![a-zA-Z]))/.test(this.#source.slice(this.#at, this.#at + 5))),
      );
      const isNextCell = this.#source[this.#at] === "&";
      if (isNextCell) {
        this.#at += 1;
        continue;
      }
      rows.push(cells);
      cells = [];
      if (this.#source.startsWith("\\end", this.#at)) break;
      if (!this.#source.startsWith("\\\\", this.#at)) throw new Unreadable();
      this.#at += 2;
      this.#readOptional();
    }
    this.#at += "\\end".length;
    return rows.filter((row) => row.some((cell) => cell !== ""));
  }
}
