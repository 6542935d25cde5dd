import { describe, expect, it } from "vitest";
import {
  concat,
  emptyText,
  type Format,
  type FormattedText,
  FormattedTextWriter,
  plainText,
  sameText,
  slice,
  trimEnd,
} from "../../../src/markdown/formatted-text.ts";
import { createChance } from "../random.ts";
import { longAnswer } from "./corpus.ts";
import { described, flaws, rendered } from "./formatted.ts";

const bold: Format = { type: "bold" };
const italic: Format = { type: "italic" };

describe("FormattedTextWriter", () => {
  it("puts an outer format before the inner ones", () => {
    const out = new FormattedTextWriter();
    out.within(bold, () => {
      out.within(italic, () => out.write("a"));
      out.write("b");
    });
    expect(described(out.finish())).toEqual(["bold: ab", "italic: a"]);
  });

  it("does not repeat a format inside itself, and may use it again afterwards", () => {
    const out = new FormattedTextWriter();
    out.within(bold, () => out.within(bold, () => out.write("a")));
    out.write(" ");
    out.within(bold, () => out.write("b"));
    expect(described(out.finish())).toEqual(["bold: a", "bold: b"]);
  });

  it("makes no empty range", () => {
    const out = new FormattedTextWriter();
    out.within(bold, () => out.within(italic, () => undefined));
    expect(out.finish()).toEqual(emptyText);
  });
});

describe("slice", () => {
  const whole = rendered("**ab** `cd` ef");

  it.each<[number, number, string, string[]]>([
    [0, 8, "ab cd ef", ["bold: ab", "code: cd"]],
    [1, 4, "b c", ["bold: b", "code: c"]],
    [2, 3, " ", []],
    [3, 3, "", []],
    [4, 99, "d ef", ["code: d"]],
  ])("from %i to %i", (start, end, text, formats) => {
    const part = slice(whole, start, end);
    expect(part.text).toBe(text);
    expect(described(part)).toEqual(formats);
  });

  it("gives sound parts, which joined have the whole text, at every place of a long answer", () => {
    const answer = rendered(longAnswer(createChance(1), 2000));
    for (let at = 0; at <= answer.text.length; at += 1) {
      if (/[\udc00-\udfff]/.test(answer.text.charAt(at))) continue;
      const [first, second] = [slice(answer, 0, at), slice(answer, at)];
      // A block that is cut is whole in neither part; the other rules hold in both.
      const isOfOneLine = (flaw: string) => !flaw.startsWith("not whole lines");
      expect([...flaws(first), ...flaws(second)].filter(isOfOneLine)).toEqual([]);
      expect(concat(first, second).text).toBe(answer.text);
    }
  });
});

describe("a part of a table or formula", () => {
  const table: Format = { type: "table", isRecords: true, rows: [] };
  const math: Format = { type: "math", isBlock: true, source: "x" };

  it.each<[Format, Format]>([
    [table, { type: "table", isRecords: true }],
    [math, { type: "math", isBlock: true }],
  ])("is no whole one: %j", (format, part) => {
    const whole: FormattedText = { text: "a bcd e", ranges: [{ start: 2, end: 5, format }] };
    expect(slice(whole, 1, 6).ranges[0]?.format).toEqual(format);
    expect(slice(whole, 1, 4).ranges[0]?.format).toEqual(part);
    expect(slice(whole, 3).ranges[0]?.format).toEqual(part);
  });
});

describe("concat", () => {
  it("moves the second text's ranges behind the first text", () => {
    expect(described(concat(rendered("**a**"), rendered("*b*")))).toEqual(["bold: a", "italic: b"]);
  });

  it("leaves either text as it is when the other is empty", () => {
    expect(concat(emptyText, rendered("**a**"))).toEqual(rendered("**a**"));
    expect(concat(rendered("**a**"), emptyText)).toEqual(rendered("**a**"));
  });
});

describe("trimEnd", () => {
  it("cuts ranges with the white space, and drops those that held nothing else", () => {
    const text: FormattedText = {
      text: "ab \n",
      ranges: [
        { start: 1, end: 4, format: bold },
        { start: 2, end: 4, format: italic },
      ],
    };
    expect(trimEnd(text)).toEqual({ text: "ab", ranges: [{ start: 1, end: 2, format: bold }] });
  });
});

describe("sameText", () => {
  const ranged = (start: number, end: number, format: Format): FormattedText => ({
    text: "abc",
    ranges: [{ start, end, format }],
  });

  const formula = (source: string): Format => ({ type: "math", isBlock: false, source });
  const cell = (text: string, align: "left" | "right"): Format => ({
    type: "table",
    isRecords: false,
    rows: [[{ content: plainText(text), align }]],
  });

  it.each<[FormattedText, FormattedText, boolean]>([
    [plainText("abc"), plainText("abc"), true],
    [plainText("abc"), plainText("abd"), false],
    [plainText("abc"), ranged(0, 1, bold), false],
    [ranged(0, 1, bold), ranged(0, 1, { type: "bold" }), true],
    [ranged(0, 1, bold), ranged(0, 2, bold), false],
    [ranged(0, 2, bold), ranged(1, 2, bold), false],
    [ranged(0, 1, bold), ranged(0, 1, italic), false],
    [ranged(0, 1, { type: "link", url: "https://a.b" }), ranged(0, 1, { type: "link", url: "https://a.b" }), true],
    [ranged(0, 1, { type: "link", url: "https://a.b" }), ranged(0, 1, { type: "link", url: "https://a.c" }), false],
    [ranged(0, 1, { type: "pre" }), ranged(0, 1, { type: "pre" }), true],
    [ranged(0, 1, { type: "pre", language: "js" }), ranged(0, 1, { type: "pre" }), false],
    [ranged(0, 1, { type: "heading", level: 1 }), ranged(0, 1, { type: "heading", level: 1 }), true],
    [ranged(0, 1, { type: "heading", level: 1 }), ranged(0, 1, { type: "heading", level: 2 }), false],
    [ranged(0, 1, { type: "quote" }), ranged(0, 1, { type: "quote", collapsed: false }), true],
    [ranged(0, 1, { type: "quote" }), ranged(0, 1, { type: "quote", collapsed: true }), false],
    [ranged(0, 1, formula("x")), ranged(0, 1, formula("x")), true],
    [ranged(0, 1, formula("x")), ranged(0, 1, formula("y")), false],
    [ranged(0, 1, cell("x", "left")), ranged(0, 1, cell("x", "left")), true],
    [ranged(0, 1, cell("x", "left")), ranged(0, 1, cell("y", "left")), false],
    [ranged(0, 1, cell("x", "left")), ranged(0, 1, cell("x", "right")), false],
    [ranged(0, 1, cell("x", "left")), ranged(0, 1, { type: "table", isRecords: false }), true],
  ])("%j and %j: %s", (a, b, same) => {
    expect(sameText(a, b)).toBe(same);
    expect(sameText(b, a)).toBe(same);
  });
});
