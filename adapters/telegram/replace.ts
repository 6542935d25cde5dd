import type { FormattedText } from "../../src/markdown/formatted-text.ts";

/** What stands in the place of a part of a text; an empty part only adds. */
export interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The text with its parts replaced, which are sorted and apart. A format that ends with a part ends with what replaces it. */
export function replaceParts({ text, ranges }: FormattedText, parts: readonly Replacement[]): FormattedText {
  let replaced = "";
  let at = 0;
  const shifts = parts.map((part) => {
    replaced += text.slice(at, part.start) + part.text;
    at = part.end;
    return replaced.length - at;
  });
  const moved = (offset: number) => offset + (shifts[countUpTo(offset, parts) - 1] ?? 0);
  return {
    text: replaced + text.slice(at),
    ranges: ranges.map(({ start, end, format }) => ({ start: moved(start), end: moved(end), format })),
  };
}

/** How many parts end at or before `offset`. A text has many of both, so the search halves. */
function countUpTo(offset: number, parts: readonly Replacement[]): number {
  let low = 0;
  let high = parts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((parts[middle]?.end ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
