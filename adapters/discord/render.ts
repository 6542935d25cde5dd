import type { FormatRange, FormattedText } from "../../src/markdown/formatted-text.ts";
import { renderLine } from "./inline.ts";
import { zeroWidthSpace } from "./literal.ts";

/**
 * A formatted text in Discord's own markdown. Discord has no other form of formatting, so every character of the text
 * that would be read as markdown is escaped, and every format closes at the end of its line, where Discord's blocks end.
 * https://support.discord.com/hc/en-us/articles/210298617
 */
export function renderMarkdown({ text, ranges }: FormattedText): string {
  const lines: string[] = [];
  let start = 0;
  for (const line of text.split("\n")) {
    lines.push(...renderBlockLine({ text: line, start, end: start + line.length }, ranges));
    start += line.length + 1;
  }
  return lines.join("\n");
}

/** The length of a text as Discord counts it: code points of the rendered markdown. */
export function measureMarkdown(text: FormattedText): number {
  let length = 0;
  for (const _ of renderMarkdown(text)) length += 1;
  return length;
}

interface Line {
  readonly text: string;
  /** Offsets in the whole text. */
  readonly start: number;
  readonly end: number;
}

/** One line, with the fences that belong before and after it. */
function renderBlockLine(line: Line, ranges: readonly FormatRange[]): string[] {
  const within = ranges.filter((range) => holds(range, line));
  const prefix = within.some(({ format }) => format.type === "quote") ? "> " : "";
  const code = within.find(({ format }) => format.type === "pre");
  const written = code ? codeLine(line, code) : [formattedLine(line, within)];
  return written.map((text) => prefix + text);
}

function holds(range: FormatRange, line: Line): boolean {
  return range.start < line.end ? range.end > line.start : range.start === line.start && range.end > line.end;
}

function codeLine(line: Line, { start, end, format }: FormatRange): string[] {
  const language = format.type === "pre" ? (format.language ?? "") : "";
  const opening = start >= line.start ? [`\`\`\`${/^[\w+\-.#]+$/.test(language) ? language : ""}`] : [];
  const closing = end <= line.end + 1 ? ["```"] : [];
  // Discord knows fences of three backticks only, and drops empty lines at the beginning of a block.
  const text = line.text.replaceAll(/``(?=`)/g, `\`\`${zeroWidthSpace}`);
  return [...opening, opening.length > 0 && text === "" ? zeroWidthSpace : text, ...closing];
}

function formattedLine(line: Line, ranges: readonly FormatRange[]): string {
  const heading = ranges.map(({ format }) => format).find((format) => format.type === "heading");
  const inline = ranges.map((range) => ({
    ...range,
    start: Math.max(range.start, line.start) - line.start,
    end: Math.min(range.end, line.end) - line.start,
  }));
  if (!heading) return renderLine(line.text, inline);
  // Discord has three levels of headings.
  if (heading.level > 3) {
    return renderLine(line.text, [{ start: 0, end: line.text.length, format: { type: "bold" } }, ...inline]);
  }
  const content = renderLine(line.text, inline);
  // It drops the `#` at the end of a heading.
  return `${"#".repeat(heading.level)} ${content}${/#\s*$/.test(content) ? zeroWidthSpace : ""}`;
}
