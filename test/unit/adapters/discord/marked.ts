import type { Format, FormattedText } from "../../../../src/markdown/formatted-text.ts";

/** `marked("a [b] c", {type: "bold"})`: the brackets say where each format is, in order of their opening. */
export function marked(pattern: string, ...formats: readonly Format[]): FormattedText {
  const ranges: { start: number; end: number; format: Format }[] = [];
  const open: (typeof ranges)[number][] = [];
  let text = "";
  for (const character of pattern) {
    if (character === "⟨") {
      const range = { start: text.length, end: -1, format: formats[ranges.length] ?? { type: "bold" as const } };
      ranges.push(range);
      open.push(range);
    } else if (character === "⟩") {
      const range = open.pop();
      if (range) range.end = text.length;
    } else text += character;
  }
  return { text, ranges };
}

export const bold: Format = { type: "bold" };
export const italic: Format = { type: "italic" };
export const underline: Format = { type: "underline" };
export const strikethrough: Format = { type: "strikethrough" };
export const code: Format = { type: "code" };
export const link = (url: string): Format => ({ type: "link", url });
