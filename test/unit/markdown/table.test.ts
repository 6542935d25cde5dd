import { describe, expect, it } from "vitest";
import { displayWidth } from "../../../src/markdown/display-width.ts";
import type { Format } from "../../../src/markdown/formatted-text.ts";
import { described, flaws, rendered } from "./formatted.ts";

function lines(...texts: string[]): string {
  return texts.join("\n");
}

function tableOf(source: string): Extract<Format, { type: "table" }> {
  const format = rendered(source).ranges.find((range) => range.format.type === "table")?.format;
  if (format?.type !== "table") throw new Error("There is no table.");
  return format;
}

describe("a narrow table", () => {
  it.each<[string, string, string]>([
    [
      "is aligned as its second row says",
      lines("| a | bb | ccc |", "|:--|:-:|--:|", "| long | x | 1 |", "| y | wide | 22 |"),
      lines("a    │  bb  │ ccc", "─────┼──────┼────", "long │  x   │   1", "y    │ wide │  22"),
    ],
    [
      "is aligned by columns, not by characters",
      lines("| 名称 | b |", "|---|---|", "| 👨‍👩‍👧 | x |", "| e\u0301 | y |"),
      lines("名称 │ b", "─────┼──", "👨‍👩‍👧   │ x", "e\u0301    │ y"),
    ],
    [
      "shows the text of its formats",
      lines("| **a** | b |", "|---|---|", "| `x_1` | *y* ~~z~~ |"),
      lines("a   │ b", "────┼────", "x_1 │ y z"),
    ],
    [
      "keeps escaped bars",
      lines("| a | b |", "|---|---|", "| x \\| y | `p \\| q` |"),
      lines("a     │ b", "──────┼──────", "x | y │ p | q"),
    ],
    [
      "fills rows that are too short, and keeps cells that are too many",
      lines("| a | b |", "|---|---|", "| x |", "| 1 | 2 | 3 |"),
      lines("a │ b", "──┼──────", "x │", "1 │ 2 | 3"),
    ],
    ["may have one column", lines("| a |", "|---|", "| bc |"), lines("a", "──", "bc")],
    ["may have no rows", lines("| a | b |", "|---|---|"), lines("a │ b", "──┼──")],
    ["may have empty headings", lines("| | b |", "|---|---|", "| x | y |"), lines("  │ b", "──┼──", "x │ y")],
    ["leaves out rows of nothing", lines("| a |", "|---|", "| |", "| b |"), lines("a", "─", "b")],
    ["has line breaks as spaces", lines("| a |", "|---|", "| x<br>y |"), lines("a", "───", "x y")],
  ])("%s", (_, source, text) => {
    const read = rendered(source);
    expect(read.text).toBe(text);
    expect(described(read)).toEqual([`table: ${text}`]);
  });
});

describe("a wide table", () => {
  const source = lines(
    "| Name | What it is good for | Where |",
    "|------|:-------------------:|------:|",
    "| **One** | reading `code` and more | here |",
    "| Two | | there<br>too |",
    "| | nobody knows what this is | |",
  );

  it("is one record a row, with the formats of its cells", () => {
    const read = rendered(source);
    expect(read.text).toBe(
      lines(
        "Name: One",
        "What it is good for: reading code and more",
        "Where: here",
        "",
        "Name: Two",
        "Where: there",
        "too",
        "",
        "What it is good for: nobody knows what this is",
      ),
    );
    expect(described(read)).toEqual([`records: ${read.text}`, "bold: Name: One", "code: code", "bold: Name: Two"]);
  });

  it("has the colon of its headings' script", () => {
    const source = lines(
      "| 城市 | 一句话评价 |",
      "|---|---|",
      "| 北京 | 历史厚重，机会多，但生活节奏快、通勤时间长，房价也高 |",
    );
    expect(rendered(source).text).toBe("城市：北京\n一句话评价：历史厚重，机会多，但生活节奏快、通勤时间长，房价也高");
  });

  it("is a list when it has one column", () => {
    const long = "a cell that is longer than forty columns, surely";
    const read = rendered(lines("| Head |", "|---|", `| ${long} |`, "| b |"));
    expect(read.text).toBe(lines("Head", long, "b"));
    expect(described(read).slice(1)).toEqual(["bold: Head"]);
  });

  it("is its headings as long as there is no row", () => {
    const read = rendered(lines("| A rather long heading | and one more of them |", "|---|---|"));
    expect(read.text).toBe("A rather long heading · and one more of them");
  });

  it.each([
    ["forty columns are not wide", `| ${"a".repeat(18)} | ${"b".repeat(19)} |\n|---|---|\n| x | y |`, false],
    ["one more is", `| ${"a".repeat(19)} | ${"b".repeat(19)} |\n|---|---|\n| x | y |`, true],
    ["Chinese is twice as wide", `| ${"中".repeat(10)} | ${"文".repeat(10)} |\n|---|---|\n| x | y |`, true],
    ["a link would lose its address", "| a | b |\n|---|---|\n| [x](https://x.y) | y |", true],
    ["a spoiler would show", "| a | b |\n|---|---|\n| y | ||x|| |", true],
  ] as const)("%s", (_, table, isRecords) => expect(tableOf(table).isRecords).toBe(isRecords));
});

describe("the rows of a table", () => {
  it("hold every cell with its formats and alignment, the headings first", () => {
    const { rows } = tableOf("| **a** | b |\n|:-:|--:|\n| [x](https://x.y) | 1 |");
    expect(rows?.map((row) => row.map(({ content, align }) => [align, content.text, ...described(content)]))).toEqual([
      [
        ["center", "a", "bold: a"],
        ["right", "b"],
      ],
      [
        ["center", "x", "link https://x.y: x"],
        ["right", "1"],
      ],
    ]);
  });
});

describe("a table among other blocks", () => {
  it.each([
    ["in a list", "- t\n  | a | b |\n  |---|---|\n  | c | d |\n- u", "• t\na │ b\n──┼──\nc │ d\n• u"],
    ["in a quotation", "> | a | b |\n> |---|---|\n> | c | d |", "a │ b\n──┼──\nc │ d"],
    ["below a line", "text\n| a | b |\n|---|---|\n| c | d |\n\nafter", "text\na │ b\n──┼──\nc │ d\n\nafter"],
  ])("holds whole lines %s", (_, source, text) => {
    const read = rendered(source);
    expect(read.text).toBe(text);
    expect(flaws(read)).toEqual([]);
  });

  it("of a thousand rows is as wide in each and quickly made", () => {
    const rows = Array.from({ length: 1000 }, (_, i) => `| ${i} | 第${i}行 😀 | x |`);
    const startedAt = performance.now();
    const { text } = rendered(["| a | b | c |", "|--:|:-:|---|", ...rows].join("\n"));
    expect(performance.now() - startedAt).toBeLessThan(1000);
    expect(new Set(text.split("\n").map(displayWidth)).size).toBe(1);
  });
});
