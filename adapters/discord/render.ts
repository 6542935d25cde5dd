import type { Format, FormatRange, FormattedText } from "../../src/markdown/formatted-text.ts";
import { type LineRange, renderLine } from "./inline.ts";
import { zeroWidthSpace } from "./literal.ts";
import { OpenLists } from "./open-lists.ts";
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
  const lists = new OpenLists();
  let markdown = "";
  let start = 0;
  while (start <= text.length) {
    const lineBreak = text.indexOf("\n", start);
    const end = lineBreak === -1 ? text.length : lineBreak;
    const line = { text: text.slice(start, end), start, end };
    if (start > 0) markdown += "\n";
    const formats = formatsOf(line, open.at(start, end), text);
    markdown += renderBlockLine(line, formats, lists);
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
  readonly inline: LineRange[];
  isQuoted: boolean;
  isSubtext: boolean;
  code: FormatRange | undefined;
  heading: Extract<Format, { type: "heading" }>["level"] | undefined;
}

/** One line, with the fences that belong before and after it. */
function renderBlockLine(line: Line, formats: LineFormats, lists: OpenLists): string {
  const { inline, isQuoted, isSubtext, code, heading } = formats;
  const prefix = isQuoted ? "> " : "";
  if (code || isSubtext || heading !== undefined) lists.end();
  if (code) return prefix + codeLine(line, code, prefix);
  if (heading !== undefined) return prefix + headingLine(line.text, inline, heading);
  if (isSubtext) return line.text.trim() === "" ? prefix : `${prefix}-# ${renderLine(line.text, inline)}`;
  const { markdown, length } = lists.beginning(line.text, isQuoted, inline[0]?.start ?? line.text.length);
  return prefix + markdown + renderLine(line.text.slice(length), length > 0 ? rangesFrom(length, inline) : inline);
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
    // Discord folds nothing up, so what is beside the point is at least small.
    if (format.type === "quote") formats[format.collapsed ? "isSubtext" : "isQuoted"] = true;
    else if (format.type === "subtext") formats.isSubtext = true;
    else if (format.type === "heading") formats.heading = format.level;
    else if (isCodeBlock(range, whole)) formats.code ??= range;
    else formats.inline.push(withinLine(range, line, whole));
  }
  return formats;
}

/** Aligned lines want a monospace font, and a formula in LaTeX is not to be read as markdown. */
function isCodeBlock(range: FormatRange, whole: string): boolean {
  const { start, end, format } = range;
  if (format.type === "pre") return true;
  if (format.type === "table") return !format.isRecords;
  if (format.type !== "math" || !format.isBlock || !isLatex(range, whole)) return false;
  return (start === 0 || whole[start - 1] === "\n") && (end === whole.length || whole[end] === "\n");
}

/** A formula without a readable form shows its LaTeX; a simple one reads the same in both. */
function isLatex({ start, end, format }: FormatRange, whole: string): boolean {
  if (format.type !== "math") return false;
  const text = whole.slice(start, end);
  return format.source === text && /[\\{}^_]/.test(text);
}

function withinLine(range: FormatRange, line: Line, whole: string): LineRange {
  return {
    start: Math.max(range.start, line.start) - line.start,
    end: Math.min(range.end, line.end) - line.start,
    format: isLatex(range, whole) ? { type: "code" } : range.format,
    goesOn: range.end > line.end && whole.slice(line.end, range.end).trim() !== "",
  };
}

/** The ranges of a line in what is left of it from `offset` on. */
function rangesFrom(offset: number, ranges: readonly LineRange[]): LineRange[] {
  const moved: LineRange[] = [];
  for (const range of ranges) {
    const end = range.end - offset;
    if (end > 0) moved.push({ ...range, start: Math.max(0, range.start - offset), end });
  }
  return moved;
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

function headingLine(text: string, inline: readonly LineRange[], level: number): string {
  // Discord has three levels of headings.
  if (level > 3) return renderLine(text, [{ start: 0, end: text.length, format: { type: "bold" } }, ...inline]);
  const content = renderLine(text, inline);
  // It drops the `#` at the end of a heading, and takes none at its beginning.
  const beginning = content.startsWith("#") ? "\\" : "";
  return `${"#".repeat(level)} ${beginning}${content}${/#\s*$/.test(content) ? zeroWidthSpace : ""}`;
}
