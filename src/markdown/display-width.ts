/**
 * The columns that a text takes in a monospace font: East Asian wide and fullwidth characters and emoji take two,
 * combining marks and joiners none. Follows Unicode Standard Annex 11.
 */
export function displayWidth(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  if (!joining.test(text)) return widthOfCodePoints(text);
  let width = 0;
  for (const { segment } of graphemes.segment(text)) width += isEmoji(segment) ? 2 : widthOfCodePoints(segment);
  return width;
}

/** `text` with spaces on both sides, as `align` asks for, so that it takes `width` columns. */
export function pad(text: string, width: number, align: "left" | "center" | "right"): string {
  const missing = Math.max(0, width - displayWidth(text));
  if (align === "left") return text + " ".repeat(missing);
  if (align === "right") return " ".repeat(missing) + text;
  const before = Math.floor(missing / 2);
  return " ".repeat(before) + text + " ".repeat(missing - before);
}

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** What several code points can be joined by, and emoji of one. */
const joining = /\p{M}|\p{Cf}|\p{Extended_Pictographic}|\p{Regional_Indicator}/u;

/** Flags, keycaps, sequences, and single characters that are pictures by themselves or by a variation selector. */
const emoji =
  /^\p{Regional_Indicator}{2}|^\p{Emoji_Presentation}|^\p{Emoji}[\p{M}\p{Cf}\p{Emoji_Modifier}]*[\ufe0f\u20e3]/u;

function isEmoji(grapheme: string): boolean {
  return emoji.test(grapheme);
}

function widthOfCodePoints(text: string): number {
  let width = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    width += code < 0x300 ? 1 : isWide(code) ? 2 : zeroWidth.test(character) ? 0 : 1;
  }
  return width;
}

/** Marks, joiners, and the vowels and finals of Korean syllables written letter by letter. */
const zeroWidth = /[\p{Mn}\p{Me}\p{Cf}\u1160-\u11ff]/u;

/** First and last of the blocks that are wide, in order. */
const wideBlocks: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18dff],
  [0x1aff0, 0x1b2ff],
  [0x1f200, 0x1f2ff],
  [0x20000, 0x3fffd],
];

function isWide(code: number): boolean {
  return wideBlocks.some(([first, last]) => code >= first && code <= last);
}
