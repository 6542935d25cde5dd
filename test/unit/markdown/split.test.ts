import { describe, expect, it } from "vitest";
import { measureMarkdown } from "../../../adapters/discord/render.ts";
import { measure as measureTelegram } from "../../../adapters/telegram/render.ts";
import { type FormattedText, plainText, slice } from "../../../src/markdown/formatted-text.ts";
import { cutToFit } from "../../../src/markdown/split.ts";
import { createChance } from "../random.ts";
import { corpus, longAnswer } from "./corpus.ts";
import { described, rendered } from "./formatted.ts";

type Measure = (text: FormattedText) => number;
const platforms: readonly (readonly [string, Measure, readonly number[]])[] = [
  ["Telegram", measureTelegram, [4096, 100, 9, 1]],
  ["Discord", measureMarkdown, [2000, 120, 40]],
];
const plain: Measure = ({ text }) => [...text].length;

function parts(text: FormattedText, limit: number, measure: Measure): FormattedText[] {
  const found: FormattedText[] = [];
  let rest = text;
  for (let cut = cutToFit(rest, limit, measure); cut; cut = cutToFit(rest, limit, measure)) {
    expect(cut.next).toBeGreaterThan(0);
    found.push(slice(rest, 0, cut.end));
    rest = slice(rest, cut.next);
  }
  return [...found, rest];
}

const texts = (text: string, limit: number) => parts(plainText(text), limit, plain).map((part) => part.text);
const solid = (text: string) => text.replace(/\s+/g, "");

describe.each(platforms)("cutting for %s", (_, measure, limits) => {
  it.each(limits)("keeps every part within %i, and loses nothing but white space", (limit) => {
    const chance = createChance(limit);
    const answers = Array.from({ length: 5 }, () => longAnswer(chance, limit * 3));
    for (const source of [...answers, ...Object.values(corpus)]) {
      const whole = rendered(source);
      const cut = parts(whole, limit, measure);
      // A part of one character may be longer with its markup; it can't be cut further.
      for (const part of cut) if ([...part.text].length > 1) expect(measure(part)).toBeLessThanOrEqual(limit);
      expect(solid(cut.map((part) => part.text).join(""))).toBe(solid(whole.text));
    }
  });

  it("leaves a text alone that fits to the last character", () => {
    const text = plainText("x".repeat(100));
    expect(cutToFit(text, 100, measure)).toBeUndefined();
    expect(cutToFit(text, 99, measure)).toEqual({ end: 99, next: 99 });
  });

  it("parts no emoji as long as a part has room for one", () => {
    const emoji = ["👨‍👩‍👧‍👦", "🇩🇪", "👍🏽", "❤️‍🔥", "1️⃣", "e\u0301"];
    const chance = createChance(7);
    for (let n = 0; n < 30; n += 1) {
      const row = Array.from({ length: 60 }, () => chance.pick(emoji));
      const cut = parts(plainText(row.join("")), 12 + chance.below(20), measure);
      const whole = [...new Intl.Segmenter().segment(row.join(""))].map(({ segment }) => segment);
      const seen = cut.flatMap(({ text }) => [...new Intl.Segmenter().segment(text)].map(({ segment }) => segment));
      expect(seen).toEqual(whole);
    }
  });
});

describe("the place of a cut", () => {
  it.each<[string, string, number, string[]]>([
    ["between blocks rather than lines", "aaaaaaaa\n\nbb\ncc dd", 13, ["aaaaaaaa", "bb\ncc dd"]],
    ["between lines rather than sentences", "aaaaaaaa\nbb. cc dd", 13, ["aaaaaaaa", "bb. cc dd"]],
    ["between sentences rather than words", "aaaa bb. cc ddd eee", 13, ["aaaa bb.", "cc ddd eee"]],
    ["between Chinese sentences", "你好世界你好世。世界你好世界", 12, ["你好世界你好世。", "世界你好世界"]],
    ["behind a closing quotation mark", "他说「你好世界。」世界你好世界", 13, ["他说「你好世界。」", "世界你好世界"]],
    ["between words rather than letters", "aaaaaaa bbbb cccc", 14, ["aaaaaaa bbbb", "cccc"]],
    ["between letters when nothing else is there", "aaaaaaaaaaaa", 5, ["aaaaa", "aaaaa", "aa"]],
    ["at no block so early that less than half is used", "a\n\nbbbbbb ccccccc", 12, ["a\n\nbbbbbb", "ccccccc"]],
    ["at no point inside a number", "aaaaaa bbb 3.14159", 14, ["aaaaaa bbb", "3.14159"]],
  ])("is %s", (_, text, limit, expected) => {
    expect(texts(text, limit)).toEqual(expected);
  });

  it("drops the white space behind it, but keeps the indentation of the next line", () => {
    expect(texts("aaaaaaaaaa\n\n    bb cc dd ee", 15)).toEqual(["aaaaaaaaaa", "    bb cc dd ee"]);
    expect(texts("aaaaaaaaaa   bb cc", 10)).toEqual(["aaaaaaaaaa", "bb cc"]);
  });

  it.each<[string, number, string]>([
    ["aaaaaaaa [link of words](https://x.y) b", 15, "aaaaaaaa"],
    ["aaaaaaaa `co. de fg`", 15, "aaaaaaaa"],
  ])("is not inside %j when there is another place", (source, limit, first) => {
    expect(parts(rendered(source), limit, plain)[0]?.text).toBe(first);
  });

  it("is inside a link that is longer than a part, which leads there from both parts", () => {
    const cut = parts(rendered("[one two three four](https://x.y)"), 10, plain);
    expect(cut.map((part) => part.ranges.map(({ format }) => format))).toEqual(
      cut.map(() => [{ type: "link", url: "https://x.y" }]),
    );
  });
});

describe("what is kept together", () => {
  const first = (source: string, limit: number) => parts(rendered(source), limit, plain)[0]?.text;

  it("is a heading and what stands below it", () => {
    expect(first("aaaaaaaaaa bbbbbbbbb\n\n# Title\n\nccc ddd eee fff ggg", 30)).toBe("aaaaaaaaaa bbbbbbbbb");
    expect(first("aaaa bbbb\n\n## Title\n\n`code of a length`", 20)).toBe("aaaa bbbb");
    expect(first("# Title\n\n`code of a length`", 18)).toBe("Title");
  });

  it("is a link, code or formula, even where little else is on the page", () => {
    expect(first("aaa [one two three four](https://x.y) b", 15)).toBe("aaa one two");
    expect(first("aaa [one two three](https://x.y) b", 15)).toBe("aaa");
    const formula: FormattedText = {
      text: "aaa x + y + z + w bbb",
      ranges: [{ start: 4, end: 17, format: { type: "math", isBlock: false, source: "x" } }],
    };
    expect(parts(formula, 14, plain).map(({ text }) => text)).toEqual(["aaa", "x + y + z + w", "bbb"]);
  });

  it("is a row of a table, and a line of code", () => {
    const rows = ["| a  | b  |", "| cc | dd |", "| ee | ff |"];
    const table: FormattedText = {
      text: rows.join("\n"),
      ranges: [{ start: 0, end: 35, format: { type: "table", isRecords: false, rows: [] } }],
    };
    const cut = parts(table, 30, plain);
    expect(cut.map(({ text }) => text)).toEqual([rows.slice(0, 2).join("\n"), rows[2]]);
    for (const part of cut) expect(part.ranges[0]?.format).toEqual({ type: "table", isRecords: false });
    expect(first("```\nab\nconst name = 1;\n```", 17)).toBe("ab");
  });
});

describe("a page that people are reading", () => {
  const text = plainText(`${"a".repeat(70)}\n\n${"b".repeat(12)} ccc ddd`);

  it("does not end before what they have seen, when a worse place is behind it", () => {
    expect(cutToFit(text, 90, plain)?.end).toBe(70);
    expect(cutToFit(text, 90, plain, 80)?.end).toBe(88);
  });

  it("ends before it when no place is left behind it", () => {
    expect(cutToFit(text, 90, plain, 89)?.end).toBe(70);
  });
});

describe("a code block that is cut", () => {
  const lines = Array.from({ length: 12 }, (_, n) => `  line ${n};`);
  const whole = rendered(`Look:\n\n\`\`\`js\n${lines.join("\n")}\n\`\`\`\nDone.`);

  it("goes on in the next part, with its language", () => {
    const cut = parts(whole, 50, plain);
    expect(cut.length).toBeGreaterThan(2);
    for (const part of cut) expect(described(part)[0]).toMatch(/^pre js: /);
  });

  it.each([19, 20, 21, 22, 23, 24, 25])(
    "keeps its indentation and blank lines when cut between lines, at %i",
    (limit) => {
      const code = "a\n\n\n    b\n\n  c\n".repeat(10).trimEnd();
      const cut = parts(rendered(`\`\`\`\n${code}\n\`\`\``), limit, plain);
      expect(cut.map((part) => part.text).join("\n")).toBe(code);
    },
  );

  it("is cut at its last line that fits, blank lines before it or not", () => {
    const code = "aaaa\nbbbb\n\ncccc\ndddd";
    expect(parts(rendered(`\`\`\`\n${code}\n\`\`\``), 17, plain)[0]?.text).toBe("aaaa\nbbbb\n\ncccc");
  });

  it("is well formed for Discord in every part", () => {
    for (const part of parts(whole, 80, measureMarkdown)) expect(measureMarkdown(part)).toBeLessThanOrEqual(80);
  });
});

it("goes forward by a whole code point even where not one fits", () => {
  expect(parts(plainText("😀😀"), 0, plain).map((part) => part.text)).toEqual(["😀", "😀", ""]);
});
