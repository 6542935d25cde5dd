import type { Format, FormattedText } from "../../../../src/markdown/formatted-text.ts";

/** Formats given by the part of the text that they cover. */
export function formatted(text: string, ...formats: [string, Format][]): FormattedText {
  const ranges = formats.map(([part, format]) => {
    const start = text.indexOf(part);
    return { start, end: start + part.length, format };
  });
  return { text, ranges };
}
