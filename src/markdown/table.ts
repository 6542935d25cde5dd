import type { Token, Tokens } from "marked";
import { displayWidth, pad } from "./display-width.ts";
import { type FormattedText, FormattedTextWriter, type TableCell, type TableRow } from "./formatted-text.ts";
import { writeInline } from "./inline.ts";

/**
 * Columns of a monospace font that a phone held upright shows in one line of a code block at the usual text size: about
 * 36 on small phones, 44 on large ones. Both platforms wrap longer lines, which tears a table apart.
 */
const widestTable = 40;

const columnSeparator = " │ ";

/** A table as aligned lines, or as one record a row where these would be too wide or lose a link or a spoiler. */
export function writeTable(table: Tokens.Table, out: FormattedTextWriter): void {
  const rows = [table.header, ...table.rows].map((row) => row.map(cellOf));
  const lines = rows.map((row) => row.map(({ content }) => content.text.replace(/\s*\n\s*/g, " ")));
  const widths = columnWidths(lines);
  const width = widths.reduce((sum, column) => sum + column, columnSeparator.length * (widths.length - 1));
  const isRecords = width > widestTable || rows.some((row) => row.some(needsFormats));
  out.within({ type: "table", isRecords, rows }, () => {
    if (isRecords) writeRecords(rows, out);
    else out.write(aligned(rows, lines, widths));
  });
}

function cellOf({ tokens, align }: { tokens: Token[]; align: TableCell["align"] | null }): TableCell {
  const out = new FormattedTextWriter();
  writeInline(tokens, out, "cell");
  return { content: out.finish(), align: align ?? "left" };
}

/** Aligned lines have no formats: an address would be lost in them, and what is hidden shown. */
function needsFormats({ content }: TableCell): boolean {
  return content.ranges.some(({ format }) => format.type === "link" || format.type === "spoiler");
}

function columnWidths(lines: readonly (readonly string[])[]): number[] {
  const widths = (lines[0] ?? []).map(() => 1);
  for (const line of lines) {
    for (const [i, text] of line.entries()) widths[i] = Math.max(widths[i] ?? 1, displayWidth(text));
  }
  return widths;
}

function aligned(rows: readonly TableRow[], lines: readonly (readonly string[])[], widths: readonly number[]): string {
  const [heading = "", ...body] = lines.map((line, i) =>
    line
      .map((text, column) => pad(text, widths[column] ?? 0, rows[i]?.[column]?.align ?? "left"))
      .join(columnSeparator)
      .trimEnd(),
  );
  const rule = widths.map((width) => "─".repeat(width)).join("─┼─");
  return [heading, rule, ...body.filter((line) => /[^\s│]/.test(line))].join("\n");
}

/** One record a row: a line for each cell, named by its heading, the first one in bold. */
function writeRecords([headings = [], ...rows]: readonly TableRow[], out: FormattedTextWriter): void {
  if (rows.length === 0 || headings.length === 1) return writeList([headings, ...rows], out);
  let separator = "";
  for (const [title, ...values] of rows) {
    const named = values.flatMap((cell, i) => (isEmpty(cell) ? [] : [{ name: headings[i + 1], cell }]));
    const hasTitle = title !== undefined && !isEmpty(title);
    if (!hasTitle && named.length === 0) continue;
    out.write(separator);
    separator = "\n\n";
    if (hasTitle) out.within({ type: "bold" }, () => writeNamed(headings[0], title, out));
    for (const [i, { name, cell }] of named.entries()) {
      if (hasTitle || i > 0) out.write("\n");
      writeNamed(name, cell, out);
    }
  }
}

function writeNamed(name: TableCell | undefined, cell: TableCell, out: FormattedTextWriter): void {
  if (name && !isEmpty(name)) {
    append(name.content, out);
    out.write(/\p{Script=Han}$/u.test(name.content.text) ? "：" : ": ");
  }
  append(cell.content, out);
}

/** A table of one column, or of headings alone. */
function writeList([headings = [], ...rows]: readonly TableRow[], out: FormattedTextWriter): void {
  out.within({ type: "bold" }, () => {
    for (const [i, { content }] of headings.entries()) {
      if (i > 0) out.write(" · ");
      append(content, out);
    }
  });
  for (const [cell] of rows) {
    if (!cell || isEmpty(cell)) continue;
    out.write("\n");
    append(cell.content, out);
  }
}

function isEmpty({ content }: TableCell): boolean {
  return content.text.trim() === "";
}

/** Writes `content` with its formats. */
function append(content: FormattedText, out: FormattedTextWriter): void {
  let next = 0;
  const writeUpTo = (at: number, end: number): void => {
    let start = at;
    for (let range = content.ranges[next]; range && range.start < end; range = content.ranges[next]) {
      const { format, start: inner, end: innerEnd } = range;
      next += 1;
      out.write(content.text.slice(start, inner));
      out.within(format, () => writeUpTo(inner, innerEnd));
      start = innerEnd;
    }
    out.write(content.text.slice(start, end));
  };
  writeUpTo(0, content.text.length);
}
