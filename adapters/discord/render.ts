import type { Format, FormatRange, FormattedText } from "../../src/markdown/formatted-text.ts";
import { renderLine } from "./inline.ts";
import { zeroWidthSpace } from "./literal.ts";
import { OpenRanges } from "./open-ranges.ts";

/** What a text was rendered to: the core measures a text several times before it sends it. */
const rendered = new WeakMap<FormattedText, string>();

/**
 * A formatted text in Discord's own markdown. Discord has no other form of formatting, so every character of the text
 * that would be read as markdown is escaped, and every format closes at the end of its line, where Discord's blocks end.
 * https://support.discord.com/hc/en-us/articles/210298617
 */
export function renderMarkdown(source: FormattedText): string {
  let markdown = rendered.get(source);
  if (markdown === undefined) {
    markdown = renderLines(source);
    rendered.set(source, markdown);
  }
  return markdown;
}

/** The length of a text as Discord counts it: code points of the rendered markdown. */
export function measureMarkdown(source: FormattedText): number {
  const markdown = renderMarkdown(source);
  let length = markdown.length;
  for (let at = 0; at < markdown.length; at += 1) {
    const isPair = (markdown.codePointAt(at) ?? 0) > 0xffff;
    if (isPair) length -= 1;
  }
  return length;
}

function renderLines({ text, ranges }: FormattedText): string {
  const open = new OpenRanges(ranges);
  let markdown = "";
  let start = 0;
  while (start <= text.length) {
    const lineBreak = text.indexOf("\n", start);
    const end = lineBreak === -1 ? text.length : lineBreak;
    const line = { text: text.slice(start, end), start, end };
    if (start > 0) markdown += "\n";
    markdown += renderBlockLine(line, open.at(start, end), text);
    start = end + 1;
  }
  // Discord cuts white space at both ends, and with it the indentation of a list that goes on from the message before.
  return /^[^\S\n]+\S/.test(markdown) ? zeroWidthSpace + markdown : markdown;
}

interface Line {
  readonly text: string;
  /** Offsets in the whole text. */
  readonly start: number;
  readonly end: number;
}

/** What the ranges that reach into a line make of it. */
interface LineFormats {
  readonly inline: FormatRange[];
  isQuoted: boolean;
  isSubtext: boolean;
  code: FormatRange | undefined;
  heading: Extract<Format, { type: "heading" }>["level"] | undefined;
}

/** One line, with the fences that belong before and after it. */
function renderBlockLine(line: Line, ranges: readonly FormatRange[], whole: string): string {
  if (ranges.length === 0) return renderLine(line.text, ranges);
  const formats = formatsOf(line, ranges, whole);
  const prefix = formats.isQuoted ? "> " : "";
  return prefix + (formats.code ? codeLine(line, formats.code, prefix) : formattedLine(line, formats));
}

function formatsOf(line: Line, ranges: readonly FormatRange[], whole: string): LineFormats {
  const formats: LineFormats = {
    inline: [],
    isQuoted: false,
    isSubtext: false,
    code: undefined,
    heading: undefined,
  };
  for (const range of ranges) {
    const { format } = range;
    if (format.type === "quote") formats.isQuoted = true;
    else if (format.type === "subtext") formats.isSubtext = true;
    else if (format.type === "heading") formats.heading = format.level;
    else if (isCodeBlock(range, whole)) formats.code ??= range;
    else formats.inline.push(withinLine(range, line, whole));
  }
  return formats;
}

/** Aligned lines want a monospace font, and a formula in LaTeX is not to be read as markdown. */
function isCodeBlock({ start, end, format }: FormatRange, whole: string): boolean {
  if (format.type === "pre") return true;
  if (format.type === "table") return !format.isRecords;
  if (format.type !== "math" || !format.isBlock || format.source !== whole.slice(start, end)) return false;
  return (start === 0 || whole[start - 1] === "\n") && (end === whole.length || whole[end] === "\n");
}

/** A formula without a readable form shows its LaTeX, as code. */
function withinLine(range: FormatRange, line: Line, whole: string): FormatRange {
  const { start, end, format } = range;
  const isSource = format.type === "math" && format.source === whole.slice(start, end);
  return {
    start: Math.max(start, line.start) - line.start,
    end: Math.min(end, line.end) - line.start,
    format: isSource ? { type: "code" } : format,
  };
}

function codeLine(line: Line, { start, end, format }: FormatRange, prefix: string): string {
  const language = format.type === "pre" && format.language ? format.language : "";
  const isFirst = start >= line.start;
  // Discord knows fences of three backticks only, and drops empty lines at the beginning of a block.
  const text = line.text.includes("``") ? line.text.replaceAll(/``(?=`)/g, `\`\`${zeroWidthSpace}`) : line.text;
  const opening = isFirst ? `\`\`\`${/^[\w+\-.#]+$/.test(language) ? language : ""}\n${prefix}` : "";
  const closing = end <= line.end + 1 ? `\n${prefix}\`\`\`` : "";
  return opening + (isFirst && text === "" ? zeroWidthSpace : text) + closing;
}

function formattedLine(line: Line, { inline, isSubtext, heading }: LineFormats): string {
  if (heading === undefined) return isSubtext ? `-# ${renderLine(line.text, inline)}` : renderLine(line.text, inline);
  // Discord has three levels of headings.
  if (heading > 3) {
    return renderLine(line.text, [{ start: 0, end: line.text.length, format: { type: "bold" } }, ...inline]);
  }
  const content = renderLine(line.text, inline);
  // It drops the `#` at the end of a heading, and takes none at its beginning.
  const beginning = content.startsWith("#") ? "\\" : "";
  return `${"#".repeat(heading)} ${beginning}${content}${/#\s*$/.test(content) ? zeroWidthSpace : ""}`;
}
