import type { MediaLink } from "./find-media.ts";
import type { Passage } from "./passages.ts";

/**
 * The text of a passage without `links`: words of links stay, pictures and bare addresses go, and so does a line that
 * holds nothing else.
 */
export function withoutLinks(source: string, passage: Passage, links: readonly MediaLink[]): string {
  let text = "";
  let at = passage.start;
  for (const link of links) {
    text += source.slice(at, link.start) + standIn(source, link);
    at = link.end;
  }
  text += source.slice(at, passage.end);
  if (!text.includes(gap)) return text;
  return passage.tokens[0]?.type === "table" ? text.replaceAll(gap, "") : withoutEmptyLines(text.split("\n"));
}

/** Marks where something was taken out. A noncharacter of Unicode, which no text holds. */
const gap = "\uffff";

/** The picture that a link to a page shows leaves its alternative text to the link. */
function standIn(source: string, { form, label, start, end }: MediaLink): string {
  const isInLink = source.charAt(start - 1) === "[" && source.charAt(end) === "]";
  const words = form === "link" || isInLink ? label.trim() : "";
  return words === "" ? gap : words;
}

/** A mark of a list, a quotation or a heading in front of nothing, and markers of emphasis around nothing. */
const marksAlone = /^([\s>]*(?:[-+*]|\d{1,9}[.)])?[ \t]*)(?:\[[ xX]\])?[*_~|#\s]*$/;
const listMark = /^[\s>]*(?:[-+*]|\d{1,9}[.)])(?:\s|$)/;

function withoutEmptyLines([...lines]: string[]): string {
  const kept: string[] = [];
  for (const [i, line] of lines.entries()) {
    const left = line.replace(leadingGap, "$1").replace(innerGaps, "");
    const marks = left === line ? undefined : marksAlone.exec(left)?.[1];
    const next = lines[i + 1];
    if (marks === undefined) kept.push(left);
    else if (next !== undefined && listMark.test(left) && next.trim() !== "" && !listMark.test(next)) {
      lines[i + 1] = `${marks.trimEnd()} ${next.trimStart()}`;
    }
  }
  return kept.join("\n");
}

const leadingGap = new RegExp(`^(\\s*)${gap}[ \\t]*`);
const innerGaps = new RegExp(`[ \\t]?${gap}`, "g");
