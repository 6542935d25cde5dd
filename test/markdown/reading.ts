import type { FormattedText } from "../../src/markdown/formatted-text.ts";

/**
 * What people read, reduced to what tells it from something else: without white space and invisible characters, and
 * with addresses as they are when nothing in them is percent-encoded.
 */
export function reading(shown: string): string {
  return shown
    .replaceAll(/%[0-7][\da-f]/gi, (encoded) => decodeURIComponent(encoded))
    .replaceAll(/[\s\u200b\p{Cc}]/gu, "");
}

/**
 * Matches the {@link reading} of a text that shows all that is meant, in order, once, and nothing else. Only behind a
 * link may stand its address in brackets, for platforms that can't make it one.
 */
export function meaning({ text, ranges }: FormattedText): RegExp {
  let pattern = "";
  let at = 0;
  const links = ranges.flatMap(({ end, format }) => (format.type === "link" ? [{ end, url: format.url }] : []));
  for (const { end, url } of links.toSorted((a, b) => a.end - b.end)) {
    const address = url.replace(/^(mailto|tel):/i, "");
    const notes = [url, address].map((note) => literal(`(${note})`));
    pattern += `${literal(text.slice(at, end))}(?:${notes.join("|")})?`;
    at = end;
  }
  return new RegExp(`^${pattern}${literal(text.slice(at))}$`, "u");
}

function literal(text: string): string {
  return reading(text).replaceAll(/[\^$\\.*+?()[\]{}|/]/g, "\\$&");
}
