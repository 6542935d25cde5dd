import { isDeepStrictEqual } from "node:util";
import { describe, expect, it } from "vitest";
import { render } from "../../adapters/telegram/render.ts";
import { MarkdownStream } from "../../src/markdown/blocks.ts";
import type { FormattedText } from "../../src/markdown/formatted-text.ts";
import { corpus as traps } from "../unit/markdown/corpus.ts";
import { flaws } from "../unit/markdown/formatted.ts";
import { corpus } from "./corpus.ts";
import { entityFlaws } from "./entity-flaws.ts";
import { discord, type Platform, partsOf, platforms, telegram } from "./platforms.ts";
import { meaning, reading } from "./reading.ts";
import { forAnswers, timeLimitMs } from "./runs.ts";

/** Each property holds for typical answers, for short texts with a trap, and for what a generator makes of both. */
function holdsForAll(holds: (source: string) => void): void {
  it.each(Object.entries({ ...traps, ...corpus }))("%s", (_, source) => holds(source));
  it("generated answers", () => forAnswers(holds), timeLimitMs);
}

function streamOf(source: string): MarkdownStream {
  const stream = new MarkdownStream();
  stream.write(source);
  return stream;
}

/** Where to look at a growing text: everywhere in a short one, at some twenty places of different kinds in a long one. */
function prefixesOf(source: string): string[] {
  const step = Math.max(1, Math.floor(source.length / 24) - 1);
  const ends = Array.from({ length: Math.floor(source.length / step) }, (_, index) => index * step);
  return [...ends, source.length].map((end) => source.slice(0, end));
}

/** The shapes in which a text is shown while it grows. */
function looksAt(stream: MarkdownStream): FormattedText[] {
  const tail = stream.undecidedTail();
  expect(tail).toBeGreaterThanOrEqual(0);
  expect(tail).toBeLessThanOrEqual(40);
  return [stream.read(), stream.readGrowing(), stream.readGrowing(tail)];
}

describe("a growing answer looks at every moment like one that came at once", () =>
  holdsForAll((source) => {
    const growing = new MarkdownStream();
    for (const prefix of prefixesOf(source)) {
      growing.write(prefix);
      const atOnce = looksAt(streamOf(prefix));
      const grown = looksAt(growing);
      if (!isDeepStrictEqual(grown, atOnce)) expect(grown, JSON.stringify(prefix)).toEqual(atOnce);
    }
  }));

describe("every look at a growing answer is well formed on both platforms", () =>
  holdsForAll((source) => {
    const growing = new MarkdownStream();
    for (const prefix of prefixesOf(source)) {
      growing.write(prefix);
      for (const look of looksAt(growing)) {
        expect(flaws(look)).toEqual([]);
        expect(entityFlaws(render(look))).toEqual([]);
        discord.sent(look);
      }
    }
  }));

describe.each(platforms)("on $name", (platform) => {
  describe("every part is within the limit", () =>
    holdsForAll((source) => {
      for (const { text } of partsOf(streamOf(source).read(), platform)) {
        expect([...platform.sent(text)].length, text.text).toBeLessThanOrEqual(platform.limit);
      }
    }));

  describe("the parts are the whole, cut at white space only", () =>
    holdsForAll((source) => {
      const whole = streamOf(source).read();
      const parts = partsOf(whole, platform);
      let end = 0;
      for (const part of parts) {
        expectGap(whole, end, part.start);
        expect(part.text.text).toBe(whole.text.slice(part.start, part.end));
        end = part.end;
      }
      expectGap(whole, end, whole.text.length);
    }));

  describe("people read the whole answer, once, and nothing else", () =>
    holdsForAll((source) => {
      const whole = streamOf(source).read();
      expectRead(platform, whole);
      for (const { text } of partsOf(whole, platform)) expectRead(platform, text);
    }));
});

describe("every part on Telegram follows the rules for entities", () =>
  holdsForAll((source) => {
    for (const { text } of partsOf(streamOf(source).read(), telegram)) {
      const rendered = render(text);
      expect(entityFlaws(rendered)).toEqual([]);
      expect(rendered.entities.length).toBeLessThanOrEqual(100);
    }
  }));

/** In code the white space of the next line is a part of the text. */
function expectGap({ text, ranges }: FormattedText, start: number, end: number): void {
  const gap = text.slice(start, end);
  expect(gap.trim(), JSON.stringify(text)).toBe("");
  const isCode = ranges.some(({ format, ...range }) => format.type === "pre" && range.start < start && end < range.end);
  if (isCode) expect(gap.replace(/^\s*\n/, "")).toBe("");
}

function expectRead(platform: Platform, text: FormattedText): void {
  const shown = platform.shown(text);
  expect(shown).not.toContain("⟦mention⟧");
  const read = reading(shown);
  if (!meaning(text).test(read)) expect(read, JSON.stringify({ ...text, shown })).toBe(reading(text.text));
}
