import type { FormatRange } from "../../src/markdown/formatted-text.ts";
import { addressNote, isWholeAddress, linkMarkers } from "./links.ts";
import { blockOpener, literalText, webAddress, zeroWidthSpace } from "./literal.ts";

/** A range cut to a line. `goesOn` tells that the next lines hold more of it than white space. */
export interface LineRange extends FormatRange {
  readonly goesOn?: boolean;
}

interface Place {
  readonly start: number;
  end: number;
}

/** A format of a line that is written as a marker before and one after. */
interface Mark extends Place {
  readonly open: string;
  readonly close: string;
}

/** The address of a link that Discord makes none of, written where the link ends. */
interface Note extends Place {
  readonly written: string;
}

/** A stretch of a line with the same formats throughout. */
interface Run {
  text: string;
  /** Outer first. */
  marks: readonly Mark[];
  /** What the text is: written as it is, an inline code, one whole web address, or markdown that is not in the line. */
  readonly kind: "text" | "code" | "url" | "note";
}

/** What the ranges of a line make of it. */
interface Layout {
  readonly marks: readonly Mark[];
  readonly codes: readonly Place[];
  readonly urls: readonly Place[];
  readonly notes: readonly Note[];
  /** Where anything begins or ends, in order. */
  readonly edges: readonly number[];
}

const styleMarkers: Readonly<Partial<Record<FormatRange["format"]["type"], string>>> = {
  bold: "**",
  italic: "*",
  underline: "__",
  strikethrough: "~~",
  spoiler: "||",
};

const noMarks: readonly Mark[] = [];

/** One line of text in Discord's markdown. Offsets of `ranges` are those of `line` and lie inside it. */
export function renderLine(line: string, ranges: readonly LineRange[]): string {
  const opener = blockOpener(line);
  if (ranges.length === 0) return literalText(line, { opener, first: true, last: true, styled: false });
  const runs = runsOf(line, ranges);
  let written = "";
  let at = 0;
  let open = noMarks;
  for (let index = 0; index < runs.length; index += 1) {
    const { text, marks, kind } = runs[index] as Run;
    written += transition(open, marks);
    open = marks;
    if (kind === "note") {
      written += text;
      continue;
    }
    const styled = marks.length > 0;
    const last = index === runs.length - 1 && !styled;
    if (kind === "code") written += codeSpan(text);
    else if (kind === "url") written += webAddress(text, last, styled);
    else written += literalText(text, { opener: opener - at, first: index === 0 && !styled, last, styled });
    at += text.length;
  }
  return written + transition(open, noMarks);
}

function runsOf(line: string, ranges: readonly LineRange[]): Run[] {
  const layout = layoutOf(line, ranges);
  const runs: Run[] = [];
  let start = 0;
  for (const end of layout.edges) {
    if (end === start) continue;
    addRuns(runs, line, { start, end }, layout);
    for (const note of layout.notes) {
      if (note.end === end) runs.push({ text: note.written, marks: marksAround(note, layout.marks), kind: "note" });
    }
    start = end;
  }
  return joinedRuns(runs);
}

function layoutOf(line: string, ranges: readonly LineRange[]): Layout {
  const marks: Mark[] = [];
  const codes: Place[] = [];
  const urls: Place[] = [];
  const notes: Note[] = [];
  for (const { start, end, format, goesOn } of ranges) {
    const marker = styleMarkers[format.type];
    if (marker !== undefined) marks.push({ start, end, open: marker, close: marker });
    else if (format.type === "code") addJoined(codes, { start, end });
    if (format.type !== "link") continue;
    const label = line.slice(start, end);
    const markers = linkMarkers(label, format.url);
    const note = goesOn ? undefined : addressNote(label, format.url);
    if (isWholeAddress(label, format.url)) urls.push({ start, end });
    else if (markers) marks.push({ start, end, ...markers });
    else if (note !== undefined) notes.push({ start, end, written: note });
  }
  const edges = [line.length];
  for (const places of [marks, codes, urls, notes]) for (const { start, end } of places) edges.push(start, end);
  return { marks, codes, urls, notes, edges: edges.sort((a, b) => a - b) };
}

/** Places that touch are one. */
function addJoined(places: Place[], place: Place): void {
  const last = places.at(-1);
  if (last && place.start <= last.end) last.end = Math.max(last.end, place.end);
  else places.push(place);
}

function addRuns(runs: Run[], line: string, { start, end }: Place, { marks, codes, urls }: Layout): void {
  const text = line.slice(start, end);
  const around = marksAt(start, marks);
  if (placeAt(start, urls)) {
    runs.push({ text, marks: around, kind: "url" });
    return;
  }
  const code = placeAt(start, codes);
  if (!code) return addSpaced(runs, text, around);
  // Discord looks for the end of a style inside code too.
  const content = line.slice(code.start, code.end);
  runs.push({ text, marks: around.filter(({ open }) => !content.includes(open)), kind: "code" });
}

function placeAt(offset: number, places: readonly Place[]): Place | undefined {
  for (const place of places) if (place.start <= offset && offset < place.end) return place;
  return undefined;
}

function marksAt(offset: number, marks: readonly Mark[]): readonly Mark[] {
  return marksAround({ start: offset, end: offset + 1 }, marks);
}

/** The same style twice is one. */
function marksAround({ start, end }: Place, marks: readonly Mark[]): readonly Mark[] {
  let around: Mark[] | undefined;
  for (const mark of marks) {
    if (mark.start > start || end > mark.end) continue;
    if (!around) around = [mark];
    else if (!around.some((other) => isSameMark(other, mark))) around.push(mark);
  }
  return around ?? noMarks;
}

/** White space at the edges apart from the rest. */
function addSpaced(runs: Run[], text: string, marks: readonly Mark[]): void {
  const from = text.length - text.trimStart().length;
  const to = Math.max(from, text.trimEnd().length);
  if (from > 0) runs.push({ text: text.slice(0, from), marks, kind: "text" });
  if (to > from) runs.push({ text: text.slice(from, to), marks, kind: "text" });
  if (to < text.length) runs.push({ text: text.slice(to), marks, kind: "text" });
}

/**
 * Neighbours with the same formats as one. Discord reads no marker with white space on its inner side, so white space
 * has only the formats of both its sides.
 */
function joinedRuns(runs: readonly Run[]): Run[] {
  const joined: Run[] = [];
  let before = noMarks;
  for (const [index, run] of runs.entries()) {
    if (isVisible(run)) before = run.marks;
    else run.marks = before.slice(0, sharedCount(before, nextVisible(runs, index)?.marks ?? noMarks));
    const last = joined.at(-1);
    if (last && last.kind === run.kind && isSameMarks(last.marks, run.marks)) last.text += run.text;
    else joined.push(run);
  }
  return joined;
}

function nextVisible(runs: readonly Run[], index: number): Run | undefined {
  let next = index + 1;
  while (next < runs.length && !isVisible(runs[next])) next += 1;
  return runs[next];
}

function isVisible(run: Run | undefined): boolean {
  return run !== undefined && (run.kind !== "text" || run.text.trim() !== "");
}

function isSameMarks(some: readonly Mark[], others: readonly Mark[]): boolean {
  return some === others || (some.length === others.length && sharedCount(some, others) === some.length);
}

/** How many marks two runs have in common, from the outside in. */
function sharedCount(some: readonly Mark[], others: readonly Mark[]): number {
  let count = 0;
  for (const mark of some) {
    if (!isSameMark(mark, others[count])) break;
    count += 1;
  }
  return count;
}

function isSameMark(mark: Mark, other: Mark | undefined): boolean {
  return mark === other || (mark.open === other?.open && mark.close === other.close);
}

/** The markers that stand between two runs. */
function transition(from: readonly Mark[], to: readonly Mark[]): string {
  if (from === to) return "";
  const shared = sharedCount(from, to);
  let ends = "";
  for (let index = from.length - 1; index >= shared; index -= 1) ends += from[index]?.close ?? "";
  // Discord takes `~~` followed by an underscore for no end of a strikethrough.
  if (ends.length > 2) ends = ends.replaceAll("~~_", `~~${zeroWidthSpace}_`);
  let beginnings = "";
  for (let index = shared; index < to.length; index += 1) beginnings += to[index]?.open ?? "";
  return ends && beginnings ? ends + zeroWidthSpace + beginnings : ends + beginnings;
}

/** `code`, or ``co`de`` with two backticks; three would be a block. */
function codeSpan(code: string): string {
  if (!code.includes("`")) return `\`${code}\``;
  const content = code.replaceAll(/`(?=`)/g, `\`${zeroWidthSpace}`);
  const left = content.startsWith("`") ? " " : "";
  const right = content.endsWith("`") ? " " : "";
  return `\`\`${left}${content}${right}\`\``;
}
