import { describe, expect, it } from "vitest";
import { MarkdownStream } from "../../../src/markdown/blocks.ts";
import { createChance } from "../random.ts";
import { corpus, longAnswer, markedWords, muddle } from "./corpus.ts";
import { flaws, rendered } from "./formatted.ts";

/** Reads at each of the prefixes as one growing text, and compares with the prefix as a text of its own. */
function expectSameAtEveryStep(source: string, step: () => number): void {
  const growing = new MarkdownStream();
  for (let end = step(); ; end += step()) {
    const prefix = source.slice(0, end);
    growing.write(prefix);
    const read = growing.read();
    expect(flaws(read)).toEqual([]);
    expect(read, JSON.stringify(prefix)).toEqual(rendered(prefix));
    if (end >= source.length) return;
  }
}

describe("a growing markdown text", () => {
  it.each(Object.entries(corpus))("reads the same as at once, with sound ranges, at every prefix: %s", (_, source) => {
    expectSameAtEveryStep(source, () => 1);
  });

  it("reads the same as at once when texts of all kinds follow each other", () => {
    expectSameAtEveryStep(Object.values(corpus).join("\n\n"), () => 7);
  });

  it.each(Array.from({ length: 8 }, (_, seed) => seed))(
    "reads the same as at once for muddles of markers (seed %i)",
    (seed) => {
      const chance = createChance(seed);
      for (let n = 0; n < 100; n += 1) expectSameAtEveryStep(muddle(chance), () => 1 + chance.below(3));
    },
  );

  it.each([1, 2, 3])("reads the same as at once for a long answer in random pieces (seed %i)", (seed) => {
    const chance = createChance(seed);
    expectSameAtEveryStep(longAnswer(chance, 6000), () => 1 + chance.below(200));
  });

  it.each([1, 2, 3, 4])("loses no word among muddles of markers (seed %i)", (seed) => {
    const chance = createChance(seed);
    for (let n = 0; n < 1500; n += 1) {
      const { words, source } = markedWords(chance);
      const { text } = rendered(source);
      const lost = words.filter((word) => !text.includes(word));
      expect(lost, JSON.stringify(source)).toEqual([]);
    }
  });

  it("reads the same when it was read at some prefixes only", () => {
    const source = longAnswer(createChance(4), 4000);
    const growing = new MarkdownStream();
    for (let end = 1; end <= source.length; end += 1) growing.write(source.slice(0, end));
    expect(growing.read()).toEqual(rendered(source));
  });

  it("starts over when the text is not the former one with more at its end", () => {
    const stream = new MarkdownStream();
    stream.write("# One\n\ntwo\n\nthree\n\nfour");
    stream.read();
    stream.write("# Other\n\ntwo");
    expect(stream.read()).toEqual(rendered("# Other\n\ntwo"));
  });

  it("takes carriage returns for line breaks, also when a pair of them is cut", () => {
    const stream = new MarkdownStream();
    for (const text of ["a\r", "a\r\n", "a\r\nb\r", "a\r\nb\rc"]) stream.write(text);
    expect(stream.read().text).toBe("a\nb\nc");
  });

  it.each([">", "> ", "1. ", "- ", "+ > ", "**", "[", "[a](", "![", "`", "_a", "|", "<a ", "&", "\\"])(
    "survives thousands of %j",
    (piece) => {
      const stream = new MarkdownStream();
      stream.write(`${piece.repeat(6000)}x`);
      const read = stream.read();
      expect(flaws(read)).toEqual([]);
      stream.write(`${piece.repeat(6000)}x\n\nand then`);
      expect(stream.read().text).toContain("and then");
    },
  );

  it("does not take longer for each look the longer the text is", () => {
    const source = longAnswer(createChance(5), 200_000);
    const growing = new MarkdownStream();
    const startedAt = performance.now();
    for (let end = 0; end < source.length; end += 100) {
      growing.write(source.slice(0, end));
      growing.read();
    }
    const stepwiseMs = performance.now() - startedAt;
    const restartedAt = performance.now();
    rendered(source);
    const onceMs = performance.now() - restartedAt;
    // 2,000 looks; a renderer that starts over each time needs about 1,000 times as long as for the whole.
    expect(stepwiseMs).toBeLessThan(Math.max(onceMs, 1) * 200);
  });
});
