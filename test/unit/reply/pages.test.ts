import { describe, expect, it } from "vitest";
import { measureMarkdown } from "../../../adapters/discord/render.ts";
import { measure as measureTelegram } from "../../../adapters/telegram/render.ts";
import type { Capabilities } from "../../../src/adapter.ts";
import { type Page, Pages } from "../../../src/reply/pages.ts";
import { longAnswer } from "../markdown/corpus.ts";
import { described, rendered } from "../markdown/formatted.ts";
import { type Chance, createChance } from "../random.ts";

const unlimited = {
  typingLastsMs: 1,
  botRate: [],
  finish: "edit",
  maxUploadBytes: 0,
  mostInAlbum: 0,
  sharesAlbum: () => false,
} as const;
const telegram: Capabilities = { ...unlimited, maxLength: 4096, measure: measureTelegram };
const discord: Capabilities = { ...unlimited, maxLength: 2000, measure: measureMarkdown };
const platforms = [
  ["Telegram", telegram],
  ["Discord", discord],
] as const;
const tiny: Capabilities = { ...unlimited, maxLength: 20, measure: ({ text }) => [...text].length };

const solid = (text: string) => text.replace(/\s+/g, "");

/** Pages as a reply uses them: each is sealed as soon as it is full, and the open one comes last. */
class Reader {
  readonly sealed: Page[] = [];
  readonly #pages: Pages;

  constructor(pages: Pages) {
    this.#pages = pages;
  }

  read(): Page {
    for (;;) {
      const page = this.#pages.open();
      if (!page.full) return page;
      this.sealed.push(page);
      this.#pages.seal(page);
    }
  }
}

/** Writes an answer in pieces and looks at it after some of them; the last look is at the whole. */
function stream(pages: Pages, source: string, chance: Chance): { readonly texts: string[]; readonly pages: Page[] } {
  const reader = new Reader(pages);
  let end = 0;
  while (end < source.length) {
    end = Math.min(source.length, end + 1 + chance.below(chance.pick([5, 60, 400])));
    pages.write(source.slice(0, end));
    if (chance.below(3) === 0) reader.read();
  }
  const all = [...reader.sealed];
  const last = reader.read();
  all.push(...reader.sealed.slice(all.length), last);
  return { texts: all.map((page) => page.text.text), pages: all };
}

describe.each(platforms)("an answer of 12,000 characters, streamed to %s", (_, capabilities) => {
  it.each([1, 2, 3, 4, 5, 6])("is shown whole, in order, once, within the limit (seed %i)", (seed) => {
    const chance = createChance(seed);
    const source = longAnswer(chance, 12_000);
    const { texts, pages } = stream(new Pages(capabilities), source, chance);
    expect(solid(texts.join(""))).toBe(solid(rendered(source).text));
    for (const { text } of pages) expect(capabilities.measure(text)).toBeLessThanOrEqual(capabilities.maxLength);
    expect(texts.length).toBeGreaterThan(12_000 / capabilities.maxLength);
    for (const text of texts) expect(text).toBe(text.trimEnd());
  });

  it("that arrives in one piece is laid out the same as when it is written at once", () => {
    const source = longAnswer(createChance(9), 12_000);
    const pages = new Pages(capabilities);
    pages.write(source);
    const reader = new Reader(pages);
    const last = reader.read();
    const texts = [...reader.sealed, last].map((page) => page.text.text);
    expect(solid(texts.join(""))).toBe(solid(rendered(source).text));
    for (const { text } of reader.sealed)
      expect(capabilities.measure(text)).toBeLessThanOrEqual(capabilities.maxLength);
  });

  it("goes on with its code block, in the language, on every page", () => {
    const code = Array.from({ length: 800 }, (_, n) => `  call_${n}(a * b, \`c\`);`).join("\n");
    const { pages } = stream(new Pages(capabilities), `Look:\n\n\`\`\`ts\n${code}\n\`\`\``, createChance(1));
    expect(pages.length).toBeGreaterThan(3);
    for (const { text } of pages) expect(described(text)[0]).toMatch(/^pre ts: /);
    const shown = pages.map(({ text }) => text.text).join("\n");
    expect(shown.slice(shown.indexOf("  call_0"))).toBe(code);
  });
});

describe("a page", () => {
  function pagesOf(source: string): Pages {
    const pages = new Pages(tiny);
    pages.write(source);
    return pages;
  }

  it("is open as long as the text fits, and its white space at the end is left out", () => {
    expect(pagesOf("one two \n\n").open()).toMatchObject({ text: { text: "one two" }, full: false });
  });

  it("is full when more text follows, and the next one begins behind the white space", () => {
    const pages = pagesOf("one two three\n\nfour five six");
    const first = pages.open();
    expect(first).toEqual({ text: { text: "one two three", ranges: [] }, full: true, end: 15 });
    expect(pages.open()).toEqual(first);
    pages.seal(first);
    expect(pages.open()).toEqual({ text: { text: "four five six", ranges: [] }, full: false, end: 28 });
  });

  it("begins where an earlier process left off", () => {
    const pages = new Pages(tiny, 15);
    pages.write("one two three\n\nfour");
    expect(pages.open().text.text).toBe("four");
  });

  it("goes on at the right place when a marker before it is completed later", () => {
    const pages = pagesOf("one **two three four five six");
    const first = pages.open();
    expect(first.text.text).toBe("one two three four");
    pages.seal(first);
    pages.write("one **two three four five six** seven");
    expect(pages.open().text).toMatchObject({ text: "five six seven" });
    expect(described(pages.open().text)).toEqual(["bold: five six"]);
  });

  it("goes on where the texts part when the whole answer is rewritten", () => {
    const pages = pagesOf("The same words. Then these words, which go");
    pages.seal(pages.open());
    pages.write("Completely other: 123456789");
    const reader = new Reader(pages);
    const last = reader.read();
    expect([...reader.sealed, last].map(({ text }) => text.text).join(" ")).toBe("Completely other: 123456789");
  });

  it("shows nothing more when the answer turns out shorter than what is sealed", () => {
    const pages = pagesOf("one two three four five six seven");
    pages.seal(pages.open());
    pages.write("one two three");
    expect(pages.open()).toMatchObject({ text: { text: "" }, full: false });
  });

  it("keeps a greater distance to the limit after a refusal, for good", () => {
    const pages = pagesOf("one two three four five six seven eight");
    expect(pages.open().text.text).toBe("one two three four");
    pages.tighten();
    expect(pages.open().text.text).toBe("one two three four");
    pages.tighten();
    expect(pages.open().text.text).toBe("one two three");
    pages.seal(pages.open());
    expect(pages.open().text.text).toBe("four five six");
  });
});

describe("words of the bridge's own", () => {
  const note = "⏹ *Stopped* [x](https://x.y)";

  it("stand below the answer and are never read as markdown", () => {
    const pages = new Pages(telegram);
    pages.write("**a** b\n");
    pages.annotate(note);
    expect(pages.open().text).toEqual({
      text: `a b\n\n${note}`,
      ranges: [{ start: 0, end: 1, format: { type: "bold" } }],
    });
  });

  it("stand alone while there is no answer, and go when they are taken away", () => {
    const pages = new Pages(telegram);
    pages.annotate(note);
    expect(pages.open().text.text).toBe(note);
    pages.annotate("");
    expect(pages.open().text.text).toBe("");
    pages.write("a");
    expect(pages.open().text.text).toBe("a");
  });

  it("go into a further message when the last one is full", () => {
    const pages = new Pages(tiny);
    pages.write("one two three four");
    pages.annotate("Stopped.");
    const reader = new Reader(pages);
    const last = reader.read();
    expect([...reader.sealed, last].map(({ text }) => text.text)).toEqual(["one two three four", "Stopped."]);
  });
});

describe("a page without its formatting", () => {
  it.each(platforms)(
    "holds the same words within the limit of %s, and only that page does without",
    (_, capabilities) => {
      const source = `\`\`\`js\n${"a_b * `c` ** [d]\n".repeat(400)}\`\`\``;
      const pages = new Pages(capabilities);
      pages.write(source);
      pages.simplify();
      expect(pages.isPlain).toBe(true);
      const first = pages.open();
      expect(first.text.ranges).toEqual([]);
      expect(capabilities.measure(first.text)).toBeLessThanOrEqual(capabilities.maxLength);
      expect(first.full).toBe(true);
      pages.seal(first);
      expect(pages.isPlain).toBe(false);
      expect(described(pages.open().text)[0]).toMatch(/^pre js: /);
    },
  );
});
