import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { utterances } from "../../../src/speech/utterances.ts";

/** Limits of Coze docs text_to_speech and of the bridge. */
const most = { bytes: 1024, pieces: 4 };

const times = (count: number, text: string) => text.repeat(count);
const sizes = (text: string) => utterances(text).map((piece) => Buffer.byteLength(piece));

describe("a text", () => {
  it.each<[what: string, text: string, pieces: readonly string[]]>([
    ["is one piece when it is short", "Hello. How are you?", ["Hello. How are you?"]],
    ["is none when it is empty", " \n ", []],
    ["is one piece up to the limit", times(1024, "a"), [times(1024, "a")]],
    ["is one piece up to the limit in Chinese", times(341, "字"), [times(341, "字")]],
    ["is cut in the middle of nothing", times(1025, "a"), [times(1024, "a"), "a"]],
    [
      "is cut between sentences",
      `${times(120, "word ")}end. More ${times(120, "more ")}end.`,
      [`${times(120, "word ")}end.`, `More ${times(120, "more ")}end.`],
    ],
    [
      "is cut between Chinese sentences",
      `${times(200, "字")}。${times(200, "句")}！`,
      [`${times(200, "字")}。`, `${times(200, "句")}！`],
    ],
    [
      "is cut at a Chinese semicolon",
      `${times(200, "字")}；${times(200, "句")}。`,
      [`${times(200, "字")}；`, `${times(200, "句")}。`],
    ],
    ["is cut between lines", `${times(600, "a")}\n${times(600, "b")}`, [times(600, "a"), times(600, "b")]],
    [
      "is not cut at a decimal point",
      `${times(600, "a")} 3.14 ${times(600, "b")}`,
      [`${times(600, "a")} 3.14`, times(600, "b")],
    ],
    [
      "is cut at commas where a sentence is too long",
      `${times(150, "ab ")}x, ${times(100, "cd ")}y, ${times(150, "ef ")}z.`,
      [`${times(150, "ab ")}x, ${times(100, "cd ")}y,`, `${times(150, "ef ")}z.`],
    ],
    [
      "is cut at Chinese commas where a sentence is too long",
      `${times(250, "字")}，${times(250, "句")}。`,
      [`${times(250, "字")}，`, `${times(250, "句")}。`],
    ],
    [
      "is rather cut at a sentence than fuller at a comma",
      `${times(300, "a")}. ${times(600, "B")}, ${times(600, "c")}.`,
      [`${times(300, "a")}.`, `${times(600, "B")},`, `${times(600, "c")}.`],
    ],
  ])("%s", (_what, text, pieces) => expect(utterances(text)).toEqual(pieces));

  it("makes pieces of about the same length, and no more than needed", () => {
    const sentence = `${times(49, "A")}.`;
    expect(sizes(times(21, `${sentence} `))).toEqual([11 * 51 - 1, 10 * 51 - 1]);
    expect(sizes(times(60, `${sentence} `))).toEqual([1019, 1019, 1019]);
  });

  it("never parts what is one character to a person", () => {
    const family = "👨‍👩‍👧‍👦";
    for (const piece of utterances(times(100, family))) expect(piece.replaceAll(family, "")).toBe("");
    const comma = "，\ufe00";
    expect(utterances(`${times(250, "字")}${comma}${times(250, "句")}`)[1]).toBe(comma + times(250, "句"));
  });

  it("ends early, with a sentence, when it is too long", () => {
    const sentence = `Some ${times(50, "word ")}end.`;
    const pieces = utterances(times(30, `${sentence} `));
    expect(pieces).toHaveLength(most.pieces);
    for (const piece of pieces) expect(piece.split(/(?<=end\.) /).every((said) => said === sentence)).toBe(true);
  });

  it("ends with the last whole sentence, where a very long one follows", () => {
    expect(utterances(`One. Two ${times(2_000, "word ")}`)).toEqual(["One."]);
    expect(utterances(`${times(160, "Two words. ")}More ${times(2_000, "word ")}`).at(-1)).toMatch(/Two words\.$/);
  });

  it("is spoken as far as it goes when it has no sentences", () => {
    expect(sizes(times(3_000, "字"))).toEqual([1023, 1023, 1023, 1023]);
  });
});

describe("whatever the text", () => {
  const unit = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom("word", "字", "句子", "é", "é", "नमस्ते", "👨‍👩‍👧‍👦", "🇩🇪", "3.14", "كلمة") },
    { weight: 3, arbitrary: fc.constantFrom(" ", ". ", "。", "！", ", ", "，", "；", "\n", "? ", "” ") },
    { weight: 1, arbitrary: fc.string({ unit: "grapheme", maxLength: 300 }) },
    { weight: 1, arbitrary: fc.constantFrom(times(700, "字"), times(300, "long "), `Z${times(700, "\u0301")}`) },
  );
  const texts = fc.array(unit, { maxLength: 500 }).map((units) => units.join(""));
  const packed = (text: string) => text.replace(/\s/g, "");

  it("its pieces follow each other, none too long, and all of it is spoken unless it is too long", () => {
    fc.assert(
      fc.property(texts, (text) => {
        const pieces = utterances(text);
        expect(pieces.length).toBeLessThanOrEqual(most.pieces);
        for (const piece of pieces) {
          expect(piece).toBe(piece.trim());
          expect(piece).not.toBe("");
          expect(Buffer.byteLength(piece)).toBeLessThanOrEqual(most.bytes);
        }
        const spoken = packed(pieces.join(""));
        expect(packed(text).startsWith(spoken)).toBe(true);
        if (pieces.length < most.pieces && Buffer.byteLength(text) <= most.bytes) expect(spoken).toBe(packed(text));
      }),
    );
  });

  it("no surrogate pair is parted", () => {
    fc.assert(
      fc.property(texts, (text) => {
        for (const piece of utterances(text)) expect(piece).not.toMatch(/\p{Surrogate}/u);
      }),
    );
  });
});
