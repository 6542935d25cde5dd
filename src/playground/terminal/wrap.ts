import { type Run, type Style, type StyledText, styled } from "./styled-text.ts";
import { graphemes, graphemeWidth } from "./text-width.ts";

/** One grapheme on the screen. */
interface Cell {
  readonly text: string;
  readonly width: number;
  readonly styles: readonly Style[];
}

/** Breaks a text into lines of at most `width` columns: at blanks and between Chinese characters, else anywhere. */
export function wrap(text: StyledText, width: number): StyledText[] {
  return paragraphsOf(text).flatMap((cells) => wrapCells(cells, Math.max(2, width)).map(toRuns));
}

/** A block of text to the right of its label. */
export function withLabel(label: readonly [text: string, ...styles: Style[]], text: StyledText, width: number) {
  const [name, ...styles] = label;
  const lines = wrap(text, width - name.length);
  return lines.map((line, index) => [index === 0 ? styled(name, ...styles) : styled(" ".repeat(name.length)), ...line]);
}

function paragraphsOf(text: StyledText): Cell[][] {
  const paragraphs: Cell[][] = [[]];
  for (const { text: content, styles } of text) {
    for (const grapheme of graphemes(content.replaceAll("\t", "  "))) {
      if (grapheme === "\n" || grapheme === "\r\n") paragraphs.push([]);
      else paragraphs.at(-1)?.push({ text: grapheme, width: graphemeWidth(grapheme), styles });
    }
  }
  return paragraphs;
}

function wrapCells(cells: readonly Cell[], width: number): Cell[][] {
  const lines: Cell[][] = [];
  let rest = cells;
  do {
    const end = lineEnd(rest, width);
    lines.push(rest.slice(0, end));
    // A blank at the end of a full line needs no place.
    rest = rest.slice(rest[end]?.text === " " ? end + 1 : end);
  } while (rest.length > 0);
  return lines;
}

function lineEnd(cells: readonly Cell[], width: number): number {
  const indentation = cells.findIndex(({ text }) => text !== " ");
  let used = 0;
  let breakAt = 0;
  for (const [index, cell] of cells.entries()) {
    used += cell.width;
    if (used > width) return cell.text === " " ? index : breakAt || Math.max(1, index);
    if (index >= indentation && isBreakable(cell, cells[index + 1])) breakAt = cell.text === " " ? index : index + 1;
  }
  return cells.length;
}

function isBreakable(cell: Cell, next: Cell | undefined): boolean {
  if (next === undefined || next.text === " " || closing.test(next.text) || opening.test(cell.text)) return false;
  return cell.text === " " || cell.width === 2 || next.width === 2;
}

/** No line begins, or ends, with these. */
const closing = /^[，。、；：？！）」』》”’…,.;:?!)\]]/u;
const opening = /[（「『《“‘([]$/u;

function toRuns(cells: readonly Cell[]): StyledText {
  const runs: { text: string; styles: Run["styles"] }[] = [];
  for (const { text, styles } of cells) {
    const last = runs.at(-1);
    if (last?.styles === styles) last.text += text;
    else runs.push({ text, styles });
  }
  return runs;
}
