import { textWidth } from "./text-width.ts";

export type Style = "bold" | "dim" | "italic" | "struck" | "underlined" | Colour;
export type Colour = "code" | "person" | "telegram" | "discord" | "good" | "bad";

/** A stretch of text with the same styles throughout. */
export interface Run {
  readonly text: string;
  readonly styles: readonly Style[];
}

export type StyledText = readonly Run[];

export function styled(text: string, ...styles: Style[]): Run {
  return { text, styles };
}

export function plainTextOf(text: StyledText): string {
  return text.map((run) => run.text).join("");
}

/** Fills a line up with blanks. */
export function padded(line: StyledText, width: number): StyledText {
  return [...line, styled(" ".repeat(Math.max(0, width - textWidth(plainTextOf(line)))))];
}

/** Styles by place: `start` and `end` are UTF-16 offsets, and ranges may overlap. */
export interface StyleRange {
  readonly start: number;
  readonly end: number;
  readonly style: Style;
}

export function withRanges(text: string, ranges: readonly StyleRange[]): StyledText {
  const edges = ranges.flatMap(({ start, end }) => [start, end]).filter((edge) => edge > 0 && edge < text.length);
  const cuts = [...new Set([0, ...edges, text.length])].sort((a, b) => a - b);
  return cuts.slice(0, -1).map((start, index) => ({
    text: text.slice(start, cuts[index + 1]),
    styles: ranges.filter((range) => range.start <= start && start < range.end).map(({ style }) => style),
  }));
}
