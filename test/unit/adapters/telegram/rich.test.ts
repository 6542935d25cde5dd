import { describe, expect, it } from "vitest";
import { gainsByRich, measureRich, toBlocks } from "../../../../adapters/telegram/rich.ts";
import { type Format, plainText, type TableRow } from "../../../../src/markdown/formatted-text.ts";
import { formatted } from "./formatted.ts";

const bold: Format = { type: "bold" };
const italic: Format = { type: "italic" };

function row(...cells: string[]): TableRow {
  return cells.map((cell) => ({ content: plainText(cell), align: "left" }));
}

const table = (rows: readonly TableRow[]): Format => ({ type: "table", isRecords: true, rows });
const paragraph = (text: unknown) => ({ type: "paragraph", text });

describe("toBlocks", () => {
  it("makes a paragraph of what stands between blank lines, with its single line breaks", () => {
    expect(toBlocks(plainText("\n\none\ntwo\n\n \nthree\n"))).toEqual([paragraph("one\ntwo"), paragraph("three")]);
  });

  it("never reads a price as a formula", () => {
    expect(toBlocks(plainText("from $400 to $600"))).toEqual([paragraph("from $400 to $600")]);
  });

  it("nests formats as they are nested", () => {
    const source = formatted(
      "a bcd e f",
      ["bcd", bold],
      ["c", italic],
      ["e", { type: "link", url: "https://example.com/" }],
      ["f", { type: "code" }],
    );
    expect(toBlocks(source)).toEqual([
      paragraph([
        "a ",
        { type: "bold", text: ["b", { type: "italic", text: "c" }, "d"] },
        " ",
        { type: "url", text: "e", url: "https://example.com/" },
        " ",
        { type: "code", text: "f" },
      ]),
    ]);
  });

  it.each<[Format, object]>([
    [
      { type: "pre", language: "js" },
      { type: "pre", text: "bc", language: "js" },
    ],
    [{ type: "pre" }, { type: "pre", text: "bc" }],
    [
      { type: "heading", level: 3 },
      { type: "heading", text: "bc", size: 3 },
    ],
    [{ type: "subtext" }, { type: "footer", text: "bc" }],
    [{ type: "quote" }, { type: "blockquote", blocks: [paragraph("bc")] }],
    [
      { type: "quote", collapsed: true },
      { type: "expandable_blockquote", text: "bc" },
    ],
    [
      { type: "table", isRecords: false },
      { type: "pre", text: "bc" },
    ],
    [
      { type: "math", isBlock: true, source: "\\beta" },
      { type: "mathematical_expression", expression: "\\beta" },
    ],
  ])("makes a block of %j", (format, block) => {
    expect(toBlocks(formatted("a\nbc\nd", ["bc", format]))).toEqual([paragraph("a"), block, paragraph("d")]);
  });

  it("keeps a formula a formula that entities show as text", () => {
    const source = formatted("x = 1", ["x = 1", { type: "math", isBlock: false, source: "x = 1" }]);
    expect(toBlocks(source)).toEqual([paragraph({ type: "mathematical_expression", expression: "x = 1" })]);
  });

  it("indents code by spaces, and counts them", () => {
    const source = formatted("\tx", ["\tx", { type: "pre" }]);
    expect(toBlocks(source)).toEqual([{ type: "pre", text: "    x" }]);
    expect(measureRich(formatted("a\n\tx", ["\tx", { type: "pre" }]))).toBe(7);
  });

  it("keeps a formula within a line in the line", () => {
    const source = formatted("where β is", ["β", { type: "math", isBlock: false, source: "\\beta" }]);
    expect(toBlocks(source)).toEqual([
      paragraph(["where ", { type: "mathematical_expression", expression: "\\beta" }, " is"]),
    ]);
  });

  it("shows a table by its cells, the first row as its head", () => {
    const rows: TableRow[] = [
      row("City", "°C"),
      [
        { content: formatted("Oslo", ["Oslo", bold]), align: "center" },
        { content: plainText("-3"), align: "right" },
      ],
    ];
    const cell = { align: "left", valign: "top", is_header: true };
    expect(toBlocks(formatted("x\nCity: Oslo\n°C: -3", ["City: Oslo\n°C: -3", table(rows)]))).toEqual([
      paragraph("x"),
      {
        type: "table",
        is_bordered: true,
        cells: [
          [
            { text: "City", ...cell },
            { text: "°C", ...cell },
          ],
          [
            { text: { type: "bold", text: "Oslo" }, align: "center", valign: "top" },
            { text: "-3", align: "right", valign: "top" },
          ],
        ],
      },
    ]);
  });

  it("shows a table of more columns than Telegram takes as its text", () => {
    const wide = table([row(...Array.from({ length: 21 }, (_, i) => `${i}`))]);
    const source = formatted("a bc", ["bc", wide], ["c", bold]);
    expect(gainsByRich(source)).toBe(false);
    expect(toBlocks(source)).toEqual([paragraph(["a ", ["b", { type: "bold", text: "c" }]])]);
  });

  it("keeps code blocks and tables inside a quotation", () => {
    const source = formatted("a\nb", ["a\nb", { type: "quote" }], ["b", { type: "pre" }]);
    expect(toBlocks(source)).toEqual([{ type: "blockquote", blocks: [paragraph("a"), { type: "pre", text: "b" }] }]);
  });

  it("does not end a format at a blank line", () => {
    expect(toBlocks(formatted("a\n\nb", ["a\n\nb", { type: "spoiler" }]))).toEqual([
      paragraph({ type: "spoiler", text: "a\n\nb" }),
    ]);
  });
});

describe("gainsByRich", () => {
  it.each<[Format, boolean]>([
    [table([row("a")]), true],
    [{ type: "table", isRecords: false }, false],
    [{ type: "math", isBlock: false, source: "x" }, true],
    [{ type: "math", isBlock: false }, false],
    [{ type: "quote" }, false],
  ])("of %j", (format, gains) => {
    expect(gainsByRich(formatted("a b", ["b", format]))).toBe(gains);
  });
});

describe("measureRich", () => {
  it("counts code points, and the source of a formula where that is longer", () => {
    expect(measureRich(plainText(" 😀你 \n"))).toBe(2);
    expect(measureRich(formatted("a β", ["β", { type: "math", isBlock: false, source: "\\beta" }]))).toBe(7);
  });

  it.each([
    [500, true],
    [501, false],
  ])("finds %i blocks to fit: %s", (count, fits) => {
    expect(measureRich(plainText("a\n\n".repeat(count))) <= 32_768).toBe(fits);
  });

  it("counts the rows of a table as blocks", () => {
    const lines = "a\n".repeat(500).trim();
    const rows = Array.from({ length: 500 }, () => row("a"));
    expect(measureRich(formatted(lines, [lines, table(rows.slice(1))]))).toBeLessThan(32_768);
    expect(measureRich(formatted(lines, [lines, table(rows)]))).toBeGreaterThan(32_768);
  });
});
