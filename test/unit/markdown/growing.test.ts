import { describe, expect, it } from "vitest";
import { MarkdownStream } from "../../../src/markdown/blocks.ts";
import { createChance } from "../random.ts";
import { corpus, longAnswer, muddle } from "./corpus.ts";
import { described, flaws, rendered } from "./formatted.ts";

function growing(source: string) {
  const stream = new MarkdownStream();
  stream.write(source);
  return stream.readGrowing();
}

describe("a text that is still being written", () => {
  it.each<[string, string, string[]]>([
    ["Hello **bo", "Hello bo", ["bold: bo"]],
    ["Hello **bo*", "Hello bo", ["bold: bo"]],
    ["Hello *it", "Hello it", ["italic: it"]],
    ["Hello __bo", "Hello bo", ["bold: bo"]],
    ["***both", "both", ["italic: both", "bold: both"]],
    ["**bold *both", "bold both", ["bold: bold both", "italic: both"]],
    ["**bold** and *it", "bold and it", ["bold: bold", "italic: it"]],
    ["~~go", "go", ["strikethrough: go"]],
    ["~~go~", "go", ["strikethrough: go"]],
    ["a `co", "a co", ["code: co"]],
    ["a ``co`", "a co", ["code: co"]],
    ["**a `co", "a co", ["bold: a co", "code: co"]],
    ["see [lab", "see lab", []],
    ["see [label](http://exa", "see label", []],
    ["see [**label**](http://exa", "see label", ["bold: label"]],
    ["see ![alt](http://exa", "see alt", []],
    ["**see [label](http://exa", "see label", ["bold: see label"]],
    ["```js\nx", "x", ["pre js: x"]],
    ["## A **b", "A b", ["heading 2: A b", "bold: b"]],
    ["- one\n- **tw", "• one\n• tw", ["bold: tw"]],
    ["- one\n  - `tw", "• one\n  ◦ tw", ["code: tw"]],
    ["> a **b", "a b", ["quote: a b", "bold: b"]],
    ["> a **b\n> c", "a b\nc", ["quote: a b\nc", "bold: b\nc"]],
  ])("%j shows what is open as closed", (source, text, formats) => {
    const read = growing(source);
    expect(read.text.trimEnd()).toBe(text);
    expect(described(read)).toEqual(formats);
  });

  it.each(["**", "*", "a **", "a `", "a ~~", "**bold** *", "- a\n- **", "**a `"])(
    "%j does not show the marker with nothing behind it",
    (source) => expect(growing(source).text).not.toMatch(/[*`~]/),
  );

  it.each([
    "2 * 3",
    "2*3",
    "a ** b",
    "snake_case",
    "a ` b",
    "~5 minutes",
    "`**a`",
    "```\n**a",
    "    **a",
    "**over\n\nnext",
    "<https://x.y/_a",
    "____ fill in",
  ])("%j has nothing to close", (source) => expect(growing(source)).toEqual(rendered(source)));

  it("leaves out as much at the end as is held back", () => {
    const stream = new MarkdownStream();
    stream.write("one\n\ntwo **three** [fo");
    expect(stream.readGrowing(stream.undecidedTail())).toEqual(rendered("one\n\ntwo **three** "));
    expect(stream.read()).toEqual(rendered("one\n\ntwo **three** [fo"));
  });

  it("has sound ranges at every prefix, and is the written text once nothing is open", () => {
    const chance = createChance(11);
    const muddles = Array.from({ length: 300 }, () => muddle(chance));
    for (const source of [...Object.values(corpus), ...muddles]) {
      const stream = new MarkdownStream();
      for (let end = 1; end <= source.length; end += 1) {
        stream.write(source.slice(0, end));
        expect(flaws(stream.readGrowing())).toEqual([]);
        expect(flaws(stream.readGrowing(stream.undecidedTail()))).toEqual([]);
      }
      stream.write(`${source}\n\n\nend`);
      expect(stream.readGrowing()).toEqual(stream.read());
    }
  });

  it.each(["[", "*", "_", "`", "$", "|", "<", "> ", "- ", "*a ", "**a ", "~~a ", "[a](", "`a "])(
    "stays quick when thousands of %j arrive",
    (piece) => {
      const source = `${piece.repeat(Math.floor(6000 / piece.length))}x`;
      const stream = new MarkdownStream();
      const startedAt = performance.now();
      for (let step = 1; step <= 20; step += 1) {
        stream.write(source.slice(0, (source.length * step) / 20));
        stream.readGrowing(stream.undecidedTail());
      }
      expect(performance.now() - startedAt).toBeLessThan(3000);
    },
  );
});

/** At how many prefixes visible text changed other than by more at its end, and how many characters were lost then. */
function rewrites(source: string, show: (stream: MarkdownStream) => string): { prefixes: number; characters: number } {
  const stream = new MarkdownStream();
  const total = { prefixes: 0, characters: 0 };
  let before = "";
  for (let end = 1; end <= source.length; end += 1) {
    stream.write(source.slice(0, end));
    const after = show(stream).trimEnd();
    if (!after.startsWith(before)) {
      let same = 0;
      while (before[same] === after[same]) same += 1;
      total.prefixes += 1;
      total.characters += before.length - same;
    }
    before = after;
  }
  return total;
}

describe("what people have read", () => {
  const raw = (stream: MarkdownStream) => stream.read().text;
  const steady = (stream: MarkdownStream) => stream.readGrowing(stream.undecidedTail()).text;
  /** Without tables: each row may widen the columns of those above it. */
  const answer = longAnswer(createChance(3), 8000)
    .split("\n\n")
    .filter((block) => !block.startsWith("|"))
    .join("\n\n");

  it("does not change while an answer is written, one character at a time", () => {
    expect(rewrites(answer, raw).prefixes).toBeGreaterThan(300);
    expect(rewrites(answer, steady)).toEqual({ prefixes: 0, characters: 0 });
  });

  it("changes at few prefixes of texts made of traps", () => {
    const sources = Object.entries(corpus).filter(([name]) => !name.includes("table") && !name.includes("html"));
    const prefixes = (show: (stream: MarkdownStream) => string) =>
      sources.reduce((sum, [, source]) => sum + rewrites(source, show).prefixes, 0);
    expect(prefixes(raw)).toBeGreaterThan(60);
    expect(prefixes(steady)).toBeLessThan(12);
  });
});
