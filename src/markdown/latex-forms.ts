import { toSubscript, toSuperscript } from "./scripts.ts";

/** `text` above the line, after `^` where Unicode has no such characters. */
export function raised(text: string): string {
  const solid = text.replaceAll(" ", "");
  if (solid === "°" || solid === "∗" || solid === "*" || solid === "†" || /^[′]+$/.test(solid)) return solid;
  return toSuperscript(solid) ?? `^${[...solid].length === 1 ? solid : `(${solid})`}`;
}

/** `text` below the line, after `_` where Unicode has no such characters. */
export function lowered(text: string): string {
  const solid = text.replaceAll(" ", "");
  return toSubscript(solid) ?? `_${[...solid].length === 1 ? solid : `(${solid})`}`;
}

/** `text` with single spaces, and none inside brackets or before punctuation. */
export function tidy(text: string): string {
  const single = text.replace(/[ \t]+/g, " ").replace(/ ?\n ?/g, "\n");
  return single
    .replace(/([([{⟨]) /g, "$1")
    .replace(/ ([)\]}⟩,;])/g, "$1")
    .trim();
}

/** `text`, with a space behind it where the next word would touch a letter or a number. */
export function spaced(text: string): string {
  return /[\p{L}\p{N})]/u.test(text.slice(-1)) ? `${text} ` : text;
}

/** Whether `+` or `-` behind `text` stands between two things, and is no sign. */
export function isOperand(text: string): boolean {
  return /[^([{,;:=<>≤≥≈≠+\-×·÷±∓→⇒∈|/^]/u.test(text.trimEnd().slice(-1));
}

/** A fraction in one line. */
export function fraction(above: string, below: string): string {
  const common = commonFractions.get(`${above}/${below}`);
  return common ?? `${isProduct(above) ? above : `(${above})`}/${isAtom(below) ? below : `(${below})`}`;
}

export function root(degree: string | undefined, content: string): string {
  const sign = degree === undefined ? "√" : (roots.get(degree) ?? `${raised(degree)}√`);
  return sign + (isAtom(content) ? content : `(${content})`);
}

/** Whether `text` can stand above the line of a fraction without parentheses. */
function isProduct(text: string): boolean {
  return /^-?[^\s+\-−=<>/]+$/u.test(text.replace(/\([^()]*\)/g, "()"));
}

/** Whether `text` can stand below the line of a fraction or behind a root without parentheses. */
function isAtom(text: string): boolean {
  if (isBracketed(text)) return true;
  return /^(?:\d[\d.,]*|\p{L}{3,}|[d∂]?\p{L}[\p{M}\p{Lm}′₀-₉⁰-⁹₊₋⁺⁻¹²³]*)$/u.test(text);
}

function isBracketed(text: string): boolean {
  return /^\([^()]*\)$/.test(text);
}

/** The content of a command for text, as text. */
export function upright(literal: string): string {
  return literal.replace(/\\([\s{}$%&#_])/g, "$1").replace(/\$/g, "");
}

/** A chemical formula: figures behind letters are lowered, charges raised. */
export function chemistry(literal: string): string {
  return literal
    .replace(/\s*<?->\s*/g, (arrow) => (arrow.includes("<") ? " ⇌ " : " → "))
    .replace(/\^\{?(\d*[+-])\}?/g, (_, charge: string) => toSuperscript(charge) ?? charge)
    .replace(/(?<=[A-Za-z)\]])\d+/g, (digits) => toSubscript(digits) ?? digits);
}

const roots: ReadonlyMap<string, string> = new Map([
  ["2", "√"],
  ["3", "∛"],
  ["4", "∜"],
]);

const commonFractions: ReadonlyMap<string, string> = new Map(
  [..."½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅐⅛⅜⅝⅞⅑⅒"].map((fraction) => [fraction.normalize("NFKD").replace("⁄", "/"), fraction]),
);
