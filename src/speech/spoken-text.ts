import { MarkdownStream } from "../markdown/blocks.ts";
import type { FormatRange, FormattedText } from "../markdown/formatted-text.ts";
import { splitMedia } from "../media/split-media.ts";

/**
 * What of an answer is said aloud: its words, a sentence to a line at the least. What only makes sense to the eye (code,
 * tables, formulas, addresses, files, emoji) is left out, and so is what is hidden or struck through. Empty when nothing
 * is left.
 */
export function spokenText(markdown: string): string {
  const stream = new MarkdownStream();
  stream.write(withoutFiles(markdown));
  return legible
    .reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), audible(stream.read()))
    .split("\n")
    .filter((line) => /[\p{L}\p{N}]/u.test(line.replace(/^\d+: /, "")))
    .map(sentence)
    .join("\n");
}

function withoutFiles(markdown: string): string {
  return splitMedia(markdown)
    .flatMap((part) => (part.type === "text" ? part.markdown : []))
    .join("\n\n");
}

function audible({ text, ranges }: FormattedText): string {
  let said = "";
  let at = 0;
  for (const range of ranges) {
    if (range.start < at || !isSilent(range, text)) continue;
    said += `${text.slice(at, range.start)} `;
    at = range.end;
  }
  return said + text.slice(at);
}

function isSilent({ start, end, format }: FormatRange, text: string): boolean {
  switch (format.type) {
    case "pre":
    case "table":
    case "spoiler":
    case "strikethrough":
      return true;
    case "quote":
      return format.collapsed ?? false;
    case "math":
      // Without a form in Unicode, what stands there is LaTeX.
      return format.isBlock || text.slice(start, end).includes("\\");
    default:
      return false;
  }
}

/** Everything that would be read out as a sign, in the order in which it goes. */
const legible: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  // Addresses, without the punctuation behind them.
  [/\b(?:https?:\/\/|www\.)[^\s<>，。；！？、]*[^\s<>，。；！？、.,:;!?)）】」』"”]/giu, ""],
  // Emoji with all that belongs to them, but not signs such as ©.
  [/(?:(?![©®™])\p{Extended_Pictographic}|\p{Regional_Indicator})(?:\p{Emoji_Modifier}|\p{Cf}|\ufe0f)*/gu, " "],
  [/\ufe0f?\u20e3/g, ""],
  [/["“”„«»「」『』]/g, ""],
  [/[([（【]\s*[)\]）】]/g, ""],
  [/[^\S\n]+/g, " "],
  // A line that was broken inside a sentence.
  [/ ?\n(?=\p{Ll})/gu, " "],
  // Marks of lists. With its dot a number would be a sentence.
  [/^ ?[•◦▪☐] ?/gm, ""],
  [/^ ?(\d+)\. /gm, "$1: "],
  // Where something was taken out, one mark is enough.
  [/[,;:，；：、]{0,3} ?(?=[,.;:!?](?:\s|$)|[，。；：！？、)）])/gm, ""],
];

/** Ends a line with a stop where no other pause ends it: headings and items of lists would run into the next line. */
function sentence(line: string): string {
  const words = line.trim();
  if (/[\p{Terminal_Punctuation}…—–][\p{Close_Punctuation}\p{Final_Punctuation}]*$/u.test(words)) return words;
  const isEastAsian = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}][^\p{L}\p{N}]*$/u.test(words);
  return words + (isEastAsian ? "。" : ".");
}
