import { measureMarkdown, renderMarkdown } from "../../adapters/discord/render.ts";
import { measure, render } from "../../adapters/telegram/render.ts";
import { type FormattedText, slice, trimEnd } from "../../src/markdown/formatted-text.ts";
import { cutToFit } from "../../src/markdown/split.ts";
import { shownText } from "../unit/adapters/discord/markdown-reader.ts";

/** A platform, from the formatted text to what its people read. */
export interface Platform {
  readonly name: "Telegram" | "Discord";
  /** Unicode code points in a message, as the platform's documentation says. */
  readonly limit: number;
  readonly measure: (text: FormattedText) => number;
  /** What counts towards the limit. */
  readonly sent: (text: FormattedText) => string;
  readonly shown: (text: FormattedText) => string;
}

export const telegram: Platform = {
  name: "Telegram",
  limit: 4096,
  measure,
  sent: (text) => render(text).text,
  shown: (text) => render(text).text,
};

export const discord: Platform = {
  name: "Discord",
  limit: 2000,
  measure: measureMarkdown,
  sent: renderMarkdown,
  shown: (text) => shownText(renderMarkdown(text)),
};

export const platforms = [telegram, discord] as const;

/** A part of a text, which goes into one message. */
export interface Part {
  readonly text: FormattedText;
  readonly start: number;
  readonly end: number;
}

/** The messages that a text makes. */
export function partsOf(whole: FormattedText, { limit, measure: measured }: Platform): Part[] {
  const parts: Part[] = [];
  for (let start = 0; ; ) {
    const rest = slice(whole, start);
    const cut = cutToFit(rest, limit, measured);
    const text = trimEnd(cut ? slice(rest, 0, cut.end) : rest);
    parts.push({ text, start, end: start + text.text.length });
    if (!cut) return parts;
    if (cut.next <= 0) throw new Error(`No part of ${JSON.stringify(rest.text)} fits.`);
    start += cut.next;
  }
}
