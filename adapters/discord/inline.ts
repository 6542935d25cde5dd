import type { FormatRange } from "../../src/markdown/formatted-text.ts";
import { blockOpeners, literalText, percentEncoded, webAddress, withoutMarkers, zeroWidthSpace } from "./literal.ts";

/** A format of a line that is written as a marker before and one after. */
interface Mark {
  readonly start: number;
  readonly end: number;
  readonly open: string;
  readonly close: string;
}

/** A stretch of a line with the same formats throughout. */
interface Run {
  text: string;
  /** Outer first. */
  readonly marks: readonly Mark[];
  /** What the text is: written as it is, an inline code, or one whole web address. */
  readonly kind: "text" | "code" | "url";
}

const styleMarkers: Readonly<Partial<Record<FormatRange["format"]["type"], string>>> = {
  bold: "**",
  italic: "*",
  underline: "__",
  strikethrough: "~~",
  spoiler: "||",
};

/** One line of text in Discord's markdown. Offsets of `ranges` are those of `line` and lie inside it. */
export function renderLine(line: string, ranges: readonly FormatRange[]): string {
  const runs = runsOf(line, ranges);
  const openers = blockOpeners(line);
  let written = "";
  let at = 0;
  let open: readonly Mark[] = [];
  runs.forEach((run, index) => {
    written += transition(open, run.marks);
    written += renderRun(run, {
      blockOpeners: new Set([...openers].map((offset) => offset - at)),
      first: index === 0 && run.marks.length === 0,
      last: index === runs.length - 1 && run.marks.length === 0,
      styled: run.marks.length > 0,
    });
    open = run.marks;
    at += run.text.length;
  });
  return written + transition(open, []);
}

function renderRun(run: Run, neighbours: Parameters<typeof literalText>[1]): string {
  if (run.kind === "code") return codeSpan(run.text);
  if (run.kind === "url") return webAddress(run.text, neighbours.last, neighbours.styled);
  return literalText(run.text, neighbours);
}

function runsOf(line: string, ranges: readonly FormatRange[]): Run[] {
  const marks = ranges.flatMap((range) => markOf(line, range));
  const codes = joined(ranges.filter(({ format }) => format.type === "code"));
  const urls = ranges.filter((range) => isWholeAddress(line, range));
  const edges = [...marks, ...codes, ...urls].flatMap(({ start, end }) => [start, end]);
  const cuts = [...new Set([0, ...edges, line.length])].sort((a, b) => a - b);
  const runs = cuts.slice(0, -1).flatMap((start, index): Run[] => {
    const text = line.slice(start, cuts[index + 1]);
    const covers = (range: { start: number; end: number }) => range.start <= start && start < range.end;
    const around = withoutRepeats(marks.filter(covers));
    if (urls.some(covers)) return [{ text, marks: around, kind: "url" }];
    const code = codes.find(covers);
    if (!code) return spaced(text).map((part) => ({ text: part, marks: around, kind: "text" }));
    // Discord looks for the end of a style inside code too.
    const content = line.slice(code.start, code.end);
    return [{ text, marks: around.filter(({ open }) => open === "" || !content.includes(open)), kind: "code" }];
  });
  return merged(withPlainEdges(runs));
}

/** Ranges that touch as one. */
function joined(ranges: readonly FormatRange[]): { start: number; end: number }[] {
  const places: { start: number; end: number }[] = [];
  for (const { start, end } of ranges) {
    const last = places.at(-1);
    if (last && start <= last.end) last.end = Math.max(last.end, end);
    else places.push({ start, end });
  }
  return places;
}

/** White space at the edges apart from the rest. */
function spaced(text: string): string[] {
  return text.split(/(^\s+|\s+$)/).filter((part) => part !== "");
}

/** Discord reads no marker with white space on its inner side, so that white space has only what both its sides have. */
function withPlainEdges(runs: readonly Run[]): Run[] {
  return runs.map((run, index) => {
    if (run.kind !== "text" || run.text.trim() !== "") return run;
    const before = runs.slice(0, index).findLast(isVisible)?.marks ?? [];
    const after = runs.slice(index + 1).find(isVisible)?.marks ?? [];
    return { ...run, marks: before.slice(0, sharedCount(before, after)) };
  });
}

function isVisible(run: Run): boolean {
  return run.kind !== "text" || run.text.trim() !== "";
}

function merged(runs: readonly Run[]): Run[] {
  const result: Run[] = [];
  for (const run of runs) {
    const last = result.at(-1);
    const isSame = last?.kind === run.kind && last.marks.length === run.marks.length;
    if (isSame && sharedCount(last.marks, run.marks) === run.marks.length) last.text += run.text;
    else result.push({ ...run });
  }
  return result;
}

function markOf(line: string, { start, end, format }: FormatRange): Mark[] {
  if (format.type === "link") return linkMark(line.slice(start, end), format.url, { start, end });
  const marker = styleMarkers[format.type];
  return marker === undefined ? [] : [{ start, end, open: marker, close: marker }];
}

/**
 * `[label](url)` where Discord makes a link of it: web addresses only, no brackets in the label, and nothing in it that
 * looks like another address. Elsewhere the address stands behind the label, unless the label says it already.
 */
function linkMark(label: string, url: string, place: { start: number; end: number }): Mark[] {
  if (label === url || encodeURI(label) === url || url.replace(/^(mailto|tel):/, "") === label) return [];
  const isWeb = /^https?:/i.test(url);
  if (isWeb && !/[[\]]|:\/\//.test(label)) return [{ ...place, open: "[", close: `](${linkTarget(url)})` }];
  const behind = isWeb ? webAddress(withoutSpaces(url), false, true) : url.replaceAll(/[\\*_`<[~|]/g, "\\$&");
  return [{ ...place, open: "", close: ` (${behind})` }];
}

function isWholeAddress(line: string, { start, end, format }: FormatRange): boolean {
  if (format.type !== "link") return false;
  const label = line.slice(start, end);
  return (
    /^https?:/i.test(format.url) && !/[\s<>]/.test(label) && (label === format.url || encodeURI(label) === format.url)
  );
}

function linkTarget(url: string): string {
  return withoutMarkers(url.replaceAll(/[\s()<>\\"[\]]/g, percentEncoded));
}

function withoutSpaces(url: string): string {
  return url.replaceAll(/[\s<>]/g, percentEncoded);
}

function withoutRepeats(marks: readonly Mark[]): Mark[] {
  return marks.filter((mark, index) => marks.findIndex((other) => isSameMark(other, mark)) === index);
}

/** How many marks two runs have in common, from the outside in. */
function sharedCount(some: readonly Mark[], others: readonly Mark[]): number {
  const differing = some.findIndex((mark, index) => !isSameMark(mark, others[index]));
  return differing === -1 ? some.length : differing;
}

function isSameMark(mark: Mark, other: Mark | undefined): boolean {
  return mark.open === other?.open && mark.close === other.close;
}

/** The markers that stand between two runs. */
function transition(from: readonly Mark[], to: readonly Mark[]): string {
  const shared = sharedCount(from, to);
  const closing = from.slice(shared).reverse();
  // Discord takes `~~` followed by an underscore for no end of a strikethrough.
  const ends = closing
    .map(({ close }) => close)
    .join("")
    .replaceAll("~~_", `~~${zeroWidthSpace}_`);
  const beginnings = to
    .slice(shared)
    .map(({ open }) => open)
    .join("");
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
