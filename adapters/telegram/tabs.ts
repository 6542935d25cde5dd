import { displayWidth } from "../../src/markdown/display-width.ts";
import type { FormattedText } from "../../src/markdown/formatted-text.ts";
import { type Replacement, replaceParts } from "./replace.ts";

const tabWidth = 4;

/**
 * The same text with spaces up to the next tab stop for the tabs in its code blocks. Telegram makes one space of each
 * tab (TDLib 1.8, clean_input_string), so code would lose its indentation.
 */
export function withSpacesForTabs(source: FormattedText): FormattedText {
  if (!source.text.includes("\t")) return source;
  const parts = source.ranges.flatMap(({ start, end, format }) =>
    format.type === "pre" ? tabsOf(source.text.slice(start, end), start) : [],
  );
  return parts.length === 0 ? source : replaceParts(source, parts);
}

/** A code block begins with a line, so the columns of its lines are counted in it alone. */
function tabsOf(code: string, offset: number): Replacement[] {
  const parts: Replacement[] = [];
  let line = 0;
  for (const text of code.split("\n")) {
    let column = 0;
    let at = 0;
    for (const { index, 0: tabs } of text.matchAll(/\t+/g)) {
      column += displayWidth(text.slice(at, index));
      at = index + tabs.length;
      const width = tabs.length * tabWidth - (column % tabWidth);
      parts.push({ start: offset + line + index, end: offset + line + at, text: " ".repeat(width) });
      column += width;
    }
    line += text.length + 1;
  }
  return parts;
}
