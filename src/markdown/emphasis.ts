/**
 * CommonMark lets no `**` close between punctuation and a letter, which in Chinese, Japanese and Korean, where no spaces
 * part words, is where it nearly always stands: `**重点：**后面`. These are the two places where it helps along.
 */

const cjk = "\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}";
const openingPunctuation = "\\p{Ps}\\p{Pi}";

/** Punctuation that ends marked text: `：**后`, and in any script right before a letter: `Note:**text`. */
const beforeCloser = new RegExp(
  `(?![*_~${openingPunctuation}])[\\p{P}\\p{S}](?=\\*{1,3}[${cjk}]|\\*\\*[\\p{L}\\p{N}])`,
  "gu",
);
/** Punctuation that begins marked text: `是**“重`. */
const behindOpener = new RegExp(`(?<=[${cjk}]\\*{1,3})(?![*_~])[\\p{P}\\p{S}]`, "gu");

/** `masked`, the text in which delimiters are looked for, with letters for punctuation that would keep them from closing. */
export function easeClosing(masked: string): string {
  if (!masked.includes("*")) return masked;
  const letters = (punctuation: string) => "a".repeat(punctuation.length);
  return masked.replace(beforeCloser, letters).replace(behindOpener, letters);
}

/** The character before an opening delimiter, or nothing when it should not keep it from opening. */
export function easeOpening(source: string, before: string): string {
  if (!source.startsWith("*") || !cjkCharacter.test(before)) return before;
  return opensAtPunctuation.test(source) ? "" : before;
}

const cjkCharacter = new RegExp(`[${cjk}]`, "u");
const opensAtPunctuation = /^\*{1,3}(?!\*)[\p{P}\p{S}]/u;
