import type { Style, StyledText } from "./styled-text.ts";

/** Turns a line into what is written to the terminal. */
export type Paint = (line: StyledText) => string;

/** Select Graphic Rendition parameters (ECMA-48). */
const parameters: Readonly<Record<Style, string>> = {
  bold: "1",
  dim: "2",
  italic: "3",
  underlined: "4",
  struck: "9",
  code: "36",
  person: "33",
  telegram: "94",
  discord: "95",
  good: "32",
  bad: "31",
};

export const withColours: Paint = (line) =>
  line
    .map(({ text, styles }) => {
      if (styles.length === 0) return text;
      return `\x1b[${styles.map((style) => parameters[style]).join(";")}m${text}\x1b[0m`;
    })
    .join("");

export const withoutColours: Paint = (line) => line.map(({ text }) => text).join("");
