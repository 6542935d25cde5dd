import type { Lexer, TokenizerThis, Tokens } from "marked";
import { inlineFormula } from "./math-syntax.ts";

/** Inline markup beyond GitHub's: `$x$`, `||spoiler||`, `==mark==`. */
export function readInline(this: TokenizerThis, source: string, before: readonly { raw: string }[]): Token | undefined {
  switch (source.charCodeAt(0)) {
    case dollar:
    case backslash:
      return formula(source, before.at(-1)?.raw.at(-1) ?? "");
    case bar:
      return paired(source, spoiler, "spoiler", { lexer: this.lexer, before });
    case equals:
      return paired(source, mark, "mark", { lexer: this.lexer, before });
    default:
      return undefined;
  }
}

/** Where the next of them can begin, or -1. A backslash is not looked for: marked stops at each by itself. */
export function nextInline(source: string): number {
  const places = [source.indexOf("$"), source.indexOf("||"), source.indexOf("==")].filter((place) => place >= 0);
  return places.length > 0 ? Math.min(...places) : -1;
}

/** `source` with every formula covered up, at the same length, so that no `*` or `_` in one is taken for emphasis. */
export function coverFormulas(masked: string, source: string): string {
  if (!/\$|\\[([]/.test(source)) return masked;
  let covered = "";
  let at = 0;
  const starts = /(`+)(?!`)|\\[^([]|\$+|\\[([]/g;
  for (let start = starts.exec(source); start; start = starts.exec(source)) {
    const ticks = start[1];
    if (ticks !== undefined) {
      const close = source.indexOf(ticks, starts.lastIndex);
      if (close >= 0) starts.lastIndex = close + ticks.length;
      continue;
    }
    const found = inlineFormula(source.slice(start.index), source.charAt(start.index - 1));
    if (!found) continue;
    covered += masked.slice(at, start.index) + "a".repeat(found.raw.length);
    at = start.index + found.raw.length;
    starts.lastIndex = at;
  }
  return covered + masked.slice(at);
}

type Token = Tokens.Generic;

const [dollar, backslash, bar, equals] = [36, 92, 124, 61];
const spoiler = /^\|\|(?![\s|])((?:[^|\n]|\|(?!\|)|\n(?!\s*\n))+?)(?<!\s)\|\|(?![\p{Script=Latin}\p{N}_|])/u;
const mark = /^==(?![\s=])((?:[^=\n]|=(?!=))+?)(?<!\s)==(?![\p{Script=Latin}\p{N}_=])/u;

function formula(source: string, before: string): Token | undefined {
  const found = inlineFormula(source, before);
  return found && { type: "math", ...found };
}

interface Place {
  readonly lexer: Lexer;
  readonly before: readonly { raw: string }[];
}

function paired(source: string, pattern: RegExp, type: string, { lexer, before }: Place): Token | undefined {
  if (/[\p{Script=Latin}\p{N}_)\]]$/u.test(before.at(-1)?.raw.at(-1) ?? "")) return undefined;
  const [raw, content = ""] = pattern.exec(source) ?? [];
  return raw === undefined ? undefined : { type, raw, tokens: lexer.inlineTokens(content) };
}
