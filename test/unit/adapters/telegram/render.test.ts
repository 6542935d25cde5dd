import { describe, expect, it } from "vitest";
import { measure, render } from "../../../../adapters/telegram/render.ts";
import type { Format, FormattedText } from "../../../../src/markdown/formatted-text.ts";
import { formatted } from "./formatted.ts";

const bold: Format = { type: "bold" };
const italic: Format = { type: "italic" };
const code: Format = { type: "code" };
const pre: Format = { type: "pre", language: "python" };
const link: Format = { type: "link", url: "https://example.com/" };
const quote: Format = { type: "quote" };
const heading: Format = { type: "heading", level: 2 };

describe("render", () => {
  it.each<[Format, object]>([
    [bold, { type: "bold" }],
    [italic, { type: "italic" }],
    [{ type: "underline" }, { type: "underline" }],
    [{ type: "strikethrough" }, { type: "strikethrough" }],
    [{ type: "spoiler" }, { type: "spoiler" }],
    [code, { type: "code" }],
    [pre, { type: "pre", language: "python" }],
    [{ type: "pre" }, { type: "pre" }],
    [link, { type: "text_link", url: "https://example.com/" }],
    [heading, { type: "bold" }],
    [quote, { type: "blockquote" }],
    [{ type: "quote", collapsed: true }, { type: "expandable_blockquote" }],
    [{ type: "subtext" }, { type: "italic" }],
    [{ type: "table", isRecords: false }, { type: "pre" }],
  ])("shows %j", (format, entity) => {
    expect(render(formatted("a bc d", ["bc", format]))).toEqual({
      text: "a bc d",
      entities: [{ offset: 2, length: 2, ...entity }],
    });
  });

  it.each(["\\undefined", "{n", "2^n", "a_i"])("shows a formula that is still LaTeX as code: %s", (source) => {
    for (const isBlock of [false, true]) {
      const { entities } = render(formatted(`a ${source} b`, [source, { type: "math", isBlock, source }]));
      expect(entities).toEqual([{ type: "code", offset: 2, length: source.length }]);
    }
  });

  it.each<Format>([
    { type: "table", isRecords: true },
    { type: "math", isBlock: false, source: "bc" },
    { type: "math", isBlock: true, source: "bc" },
    { type: "math", isBlock: false, source: "\\alpha" },
    { type: "math", isBlock: true },
  ])("shows as text, with the formats inside: %j", (format) => {
    const source = formatted("a bc d", ["bc", format], ["c", bold]);
    expect(render(source).entities).toEqual([{ type: "bold", offset: 3, length: 1 }]);
  });

  it("leaves a quotation open however long it grows", () => {
    const text = "line\n".repeat(200).trim();
    expect(render(formatted(text, [text, quote])).entities).toMatchObject([{ type: "blockquote" }]);
  });

  it("counts offsets in UTF-16 code units", () => {
    expect(render(formatted("😀你好 x", ["x", bold])).entities).toEqual([{ type: "bold", offset: 5, length: 1 }]);
  });

  it.each<[string, FormattedText, object[]]>([
    [
      "bold stops at inline code",
      formatted("a b c", ["a b c", bold], ["b", code]),
      [
        { type: "bold", offset: 0, length: 2 },
        { type: "code", offset: 2, length: 1 },
        { type: "bold", offset: 3, length: 2 },
      ],
    ],
    [
      "every style stops at inline code",
      formatted("a b", ["a b", bold], ["a b", italic], ["b", code]),
      [
        { type: "bold", offset: 0, length: 2 },
        { type: "italic", offset: 0, length: 2 },
        { type: "code", offset: 2, length: 1 },
      ],
    ],
    [
      "a style that is all code is gone",
      formatted("`b`", ["`b`", bold], ["`b`", code]),
      [{ type: "code", offset: 0, length: 3 }],
    ],
    [
      "bold in a heading is bold once",
      formatted("a b", ["a b", heading], ["b", bold]),
      [{ type: "bold", offset: 0, length: 3 }],
    ],
    [
      "nothing inside an aligned table",
      formatted("a b", ["a b", { type: "table", isRecords: false }], ["b", bold]),
      [{ type: "pre", offset: 0, length: 3 }],
    ],
    [
      "a style that stops at code and goes on behind it twice",
      formatted("a b c d e", ["a b c d e", bold], ["b", code], ["d", code], ["e", italic]),
      [
        { type: "bold", offset: 0, length: 2 },
        { type: "code", offset: 2, length: 1 },
        { type: "bold", offset: 3, length: 3 },
        { type: "code", offset: 6, length: 1 },
        { type: "bold", offset: 7, length: 2 },
        { type: "italic", offset: 8, length: 1 },
      ],
    ],
    [
      "a link keeps styles inside and loses code",
      formatted("a b c", ["a b c", link], ["a", bold], ["b", code]),
      [
        { type: "text_link", url: "https://example.com/", offset: 0, length: 5 },
        { type: "bold", offset: 0, length: 1 },
      ],
    ],
    [
      "a quotation may hold code blocks, links and styles",
      formatted("a b c", ["a b c", quote], ["a", pre], ["b", link], ["c", bold]),
      [
        { type: "blockquote", offset: 0, length: 5 },
        { type: "pre", language: "python", offset: 0, length: 1 },
        { type: "text_link", url: "https://example.com/", offset: 2, length: 1 },
        { type: "bold", offset: 4, length: 1 },
      ],
    ],
    [
      "neighbours stay apart, so none can cross another",
      formatted("ab", ["a", bold], ["b", bold]),
      [
        { type: "bold", offset: 0, length: 1 },
        { type: "bold", offset: 1, length: 1 },
      ],
    ],
  ])("nests as Telegram allows: %s", (_, source, entities) => {
    expect(render(source).entities).toEqual(entities);
  });

  it.each<[string, Format]>([
    ["code", code],
    ["a code block", pre],
    ["an aligned table", { type: "table", isRecords: false }],
    ["a formula that is still LaTeX", { type: "math", isBlock: false, source: "b_c" }],
  ])("lets a spoiler cover %s", (_, format) => {
    expect(render(formatted("a b_c d", ["a b_c d", { type: "spoiler" }], ["b_c", format])).entities).toEqual([
      { type: "spoiler", offset: 0, length: 7 },
    ]);
  });

  it("keeps the code beside a spoiler", () => {
    const source = formatted("a b c", ["a", code], ["b", { type: "spoiler" }], ["c", code]);
    expect(render(source).entities.map(({ type }) => type)).toEqual(["code", "spoiler", "code"]);
  });

  it("lets no mention notify that was code in a spoiler", () => {
    const source = formatted("@name", ["@name", { type: "spoiler" }], ["@name", code]);
    expect(render(source).entities).toContainEqual({
      type: "text_link",
      url: "https://t.me/name",
      offset: 0,
      length: 5,
    });
  });

  it.each<[string, FormattedText, string, object[]]>([
    ["both ends", formatted(" \n a b \t\n", ["b", bold]), "a b", [{ type: "bold", offset: 2, length: 1 }]],
    ["inside a format", formatted("  a  ", ["  a  ", italic]), "a", [{ type: "italic", offset: 0, length: 1 }]],
    ["a format of white space alone", formatted("a  ", ["  ", bold]), "a", []],
    [
      "what follows a code block",
      formatted("\nx\n\n", ["x\n\n", pre]),
      "x",
      [{ type: "pre", language: "python", offset: 0, length: 1 }],
    ],
    ["everything", formatted(" \n ", [" \n ", pre]), "", []],
  ])("cuts white space: %s", (_, source, text, entities) => {
    expect(render(source)).toEqual({ text, entities });
  });

  it("keeps the indentation of code that stands first", () => {
    expect(render(formatted("\n    return\n", ["    return\n", pre]))).toEqual({
      text: "    return",
      entities: [{ type: "pre", language: "python", offset: 0, length: 10 }],
    });
  });

  it("keeps the wide space that opens a Chinese paragraph", () => {
    expect(render(formatted("　你好")).text).toBe("　你好");
  });
});

describe("measure", () => {
  it.each<[string, number]>([
    ["", 0],
    ["abc", 3],
    ["你好", 2],
    ["😀😀", 2],
    ["👩‍👩‍👧", 5],
    [" a b \n", 3],
  ])("counts the code points that are shown: %j", (text, length) => {
    expect(measure({ text, ranges: [] })).toBe(length);
  });

  it("agrees with what is rendered", () => {
    const source = formatted("\n    return 😀\n", ["    return 😀\n", pre]);
    expect(measure(source)).toBe([...render(source).text].length);
  });

  /** `count` bold letters, each apart from the next. */
  function dense(count: number, outer: readonly Format[] = []): FormattedText {
    const text = "a ".repeat(count).trim();
    const letters = Array.from({ length: count }, (_, i) => ({ start: 2 * i, end: 2 * i + 1, format: bold }));
    return { text, ranges: [...outer.map((format) => ({ start: 0, end: text.length, format })), ...letters] };
  }

  it.each<[string, FormattedText, boolean]>([
    ["a hundred formats fit", dense(100), true],
    ["one more does not", dense(101), false],
    ["nor do fewer that Telegram cuts to more", dense(60, [italic]), false],
    ["a quotation around them is one", dense(99, [quote]), true],
  ])("finds a text too long that has more formats than a message keeps: %s", (_, source, fits) => {
    expect(measure(source) <= 4096).toBe(fits);
    expect(measure({ ...source, ranges: [] })).toBeLessThan(300);
  });
});
