import { toTheLetter } from "../markdown/to-the-letter.ts";

export const reasoningStyles = ["hidden", "quote", "spoiler"] as const;

/** How people see what the model thought before it answered: not at all, folded up, or covered. */
export type ReasoningStyle = (typeof reasoningStyles)[number];

/**
 * What stands above an answer as markdown, with the blank line after it; nothing when nothing is to be seen. It reads to
 * the letter: no markdown, link or picture in it takes effect. Of reasoning that grows only the end of the shown text
 * changes.
 */
export function shownReasoning(reasoning: string, style: ReasoningStyle): string {
  const thought = style === "hidden" ? "" : bounded(tidied(reasoning.trimStart().slice(0, mostRead)));
  if (thought === "") return "";
  const literal = `💭 ${indented(toTheLetter(thought))}`;
  // A spoiler ends with its paragraph, so its blank lines are line breaks.
  if (style === "spoiler") return `||${literal.replaceAll("\n\n", "<br><br>")}||\n\n`;
  return `<blockquote expandable>\n${literal}\n</blockquote>\n\n`;
}

/** In characters: half of the shortest message there is, so that the answer begins in the first one. */
const longest = 1000;

/** In UTF-16 code units. Reasoning can be very long, and is looked at again with every word that it grows by. */
const mostRead = 4 * longest;

function bounded(text: string): string {
  const characters = [...text];
  return characters.length <= longest ? text : `${characters.slice(0, longest).join("").trimEnd()}…`;
}

/** Without white space at the ends of lines, where it means something to markdown and nothing to people. */
function tidied(text: string): string {
  return text
    .replace(/\r\n?/g, "\n")
    .replace(/[^\S\n]+$/gm, "")
    .trim();
}

/** With the white space that lines begin with as character references, so that it makes no code of them. */
function indented(text: string): string {
  return text.replace(/^[^\S\n]+/gm, (blanks) => Array.from(blanks, (blank) => `&#${blank.codePointAt(0)};`).join(""));
}
