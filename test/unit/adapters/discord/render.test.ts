import { describe, expect, it } from "vitest";
import { measureMarkdown, renderMarkdown } from "../../../../adapters/discord/render.ts";
import {
  type Format,
  type FormatRange,
  type FormattedText,
  plainText,
} from "../../../../src/markdown/formatted-text.ts";
import { readMarkdown, shownText } from "./markdown-reader.ts";
import { bold, code, italic, link, marked, strikethrough, underline } from "./marked.ts";

const folded: Format = { type: "quote", collapsed: true };

describe("renders formats as Discord's markdown", () => {
  const cases: readonly (readonly [string, FormattedText, string])[] = [
    ["bold", marked("a ⟨b⟩ c", bold), "a **b** c"],
    ["italic", marked("⟨b⟩", italic), "*b*"],
    ["underline", marked("⟨b⟩", underline), "__b__"],
    ["strikethrough", marked("⟨b⟩", strikethrough), "~~b~~"],
    ["spoiler", marked("⟨b⟩", { type: "spoiler" }), "||b||"],
    ["bold and italic", marked("⟨⟨b⟩⟩", bold, italic), "***b***"],
    ["italic inside bold", marked("⟨a ⟨b⟩⟩", bold, italic), "**a *b***"],
    ["bold inside italic", marked("⟨⟨a⟩ b⟩", italic, bold), "***a** b*"],
    ["the same format twice", marked("⟨a ⟨b⟩ c⟩", bold, bold), "**a b c**"],
    ["the same format side by side", marked("⟨a⟩⟨b⟩", bold, bold), "**ab**"],
    ["other formats side by side", marked("⟨a⟩⟨b⟩", bold, italic), "**a**\u200b*b*"],
    ["white space at the edges", marked("a⟨ b ⟩c", bold), "a **b** c"],
    ["nothing but white space", marked("a⟨ ⟩c", bold), "a c"],
    ["several lines", marked("⟨a\n\nb⟩", bold), "**a**\n\n**b**"],
    ["strikethrough inside underline", marked("⟨⟨a⟩⟩", underline, strikethrough), "__~~a~~\u200b__"],
    ["code", marked("⟨a*b⟩", code), "`a*b`"],
    ["code with a backtick", marked("⟨a`b⟩", code), "``a`b``"],
    ["code with backticks at its edges", marked("⟨`a`⟩", code), "`` `a` ``"],
    ["code with a run of backticks", marked("⟨a```b⟩", code), "``a`\u200b`\u200b`b``"],
    ["code inside bold", marked("⟨a ⟨b⟩⟩", bold, code), "**a `b`**"],
    ["code inside bold that would end it", marked("⟨a ⟨b**⟩⟩", bold, code), "**a** `b**`"],
    ["code inside bold that would not end it", marked("⟨⟨a_b*c⟩⟩", bold, code), "**`a_b*c`**"],
    ["code inside a link", marked("⟨⟨a_b⟩⟩", link("https://x.com"), code), "[`a_b`](https://x.com)"],
    ["a block", marked("a\n⟨b\nc⟩\nd", { type: "pre", language: "js" }), "a\n```js\nb\nc\n```\nd"],
    ["a block without a language", marked("⟨b⟩", { type: "pre" }), "```\nb\n```"],
    ["a block whose language no fence takes", marked("⟨b⟩", { type: "pre", language: "a b" }), "```\nb\n```"],
    ["a block with fences inside", marked("⟨a\n```\nb⟩", { type: "pre" }), "```\na\n``\u200b`\nb\n```"],
    ["a block that begins empty", marked("⟨\na⟩", { type: "pre" }), "```\n\u200b\na\n```"],
    ["a block that ends empty", marked("⟨a\n⟩\nb", { type: "pre" }), "```\na\n```\n\nb"],
    ["a heading", marked("⟨a⟩\nb", { type: "heading", level: 2 }), "## a\nb"],
    ["a heading of a level Discord lacks", marked("⟨a⟩", { type: "heading", level: 4 }), "**a**"],
    ["a heading that ends with #", marked("⟨C#⟩", { type: "heading", level: 1 }), "# C#\u200b"],
    ["a heading that begins with #", marked("⟨#a⟩", { type: "heading", level: 1 }), "# \\#a"],
    ["a heading that begins with a number", marked("⟨1. a⟩", { type: "heading", level: 3 }), "### 1\\. a"],
    ["small print", marked("⟨a ⟨b⟩⟩\n-# c", { type: "subtext" }, bold), "-# a **b**\n\\-# c"],
    ["small print of two lines", marked("⟨a\nb⟩", { type: "subtext" }), "-# a\n-# b"],
    ["small print in a quotation", marked("⟨⟨a⟩⟩", { type: "quote" }, { type: "subtext" }), "> -# a"],
    ["a heading in a quotation", marked("⟨⟨a⟩⟩", { type: "quote" }, { type: "heading", level: 3 }), "> ### a"],
    ["a collapsed quotation", marked("⟨a ⟨b⟩\n\n• c⟩\nd", folded, bold), "-# a **b**\n\n-# • c\nd"],
    ["code in a collapsed quotation", marked("⟨⟨a⟩\nb⟩", folded, { type: "pre" }), "```\na\n```\n-# b"],
    ["a nested list", plainText("• a\n  ◦ b\n    1. c"), "- a\n  - b\n    \u200b1\\. c"],
    ["a list in a quotation", marked("⟨1. a\n  - b⟩", { type: "quote" }), "> 1\\. a\n>   \\- b"],
    ["indentation at the beginning", plainText("  ◦ b\n  ◦ c"), "\u200b  ◦ b\n  ◦ c"],
    ["indentation in a block at the beginning", marked("⟨  a⟩", { type: "pre" }), "```\n  a\n```"],
    ["nothing but white space at the beginning", plainText(" \n\na"), " \n\na"],
    ["a quotation", marked("⟨a\n\nb⟩\nc", { type: "quote" }), "> a\n> \n> b\nc"],
    ["a block in a quotation", marked("⟨⟨a⟩⟩", { type: "quote" }, { type: "pre" }), "> ```\n> a\n> ```"],
  ];
  it.each(cases)("%s", (_, text, markdown) => expect(renderMarkdown(text)).toBe(markdown));
});

describe("renders what Discord has no format for", () => {
  const aligned: Format = { type: "table", isRecords: false };
  const records: Format = { type: "table", isRecords: true };
  const formula = (isBlock: boolean, source?: string): Format => ({
    type: "math",
    isBlock,
    ...(source === undefined ? {} : { source }),
  });
  const cases: readonly (readonly [string, FormattedText, string])[] = [
    ["a table", marked("a\n⟨b │ *c*\nd │ e⟩\nf", aligned), "a\n```\nb │ *c*\nd │ e\n```\nf"],
    ["a table in a quotation", marked("⟨⟨b │ c⟩⟩", { type: "quote" }, aligned), "> ```\n> b │ c\n> ```"],
    ["a table of records", marked("⟨⟨b⟩: *c*\n⟨d⟩: e⟩", records, bold, bold), "**b**: \\*c\\*\n**d**: e"],
    ["a readable formula", marked("is ⟨a² * b⟩.", formula(false, "a^2 * b")), "is a² \\* b."],
    ["a formula in LaTeX", marked("is ⟨\\frac{a_1}{b}⟩.", formula(false, "\\frac{a_1}{b}")), "is `\\frac{a_1}{b}`."],
    ["a bold formula in LaTeX", marked("⟨⟨\\x⟩⟩", bold, formula(false, "\\x")), "**`\\x`**"],
    ["a block of LaTeX", marked("a\n⟨\\x\n\\y⟩\nb", formula(true, "\\x\n\\y")), "a\n```\n\\x\n\\y\n```\nb"],
    ["a block of LaTeX within a line", marked("a ⟨\\x⟩", formula(true, "\\x")), "a `\\x`"],
    ["a readable block", marked("⟨x²⟩", formula(true, "x^2")), "x²"],
    ["a simple formula", marked("for ⟨D > 0⟩", formula(false, "D > 0")), "for D > 0"],
    ["a simple block", marked("⟨x = 1⟩", formula(true, "x = 1")), "x = 1"],
    ["a part of a formula", marked("⟨\\x⟩", formula(true)), "\\\\x"],
  ];
  it.each(cases)("%s", (_, text, markdown) => expect(renderMarkdown(text)).toBe(markdown));
});

describe("renders links", () => {
  const cases: readonly (readonly [string, FormattedText, string])[] = [
    ["a link", marked("⟨a⟩", link("https://x.com/a_b")), "[a](https://x.com/a_b)"],
    ["a bold part of a link", marked("⟨a ⟨b⟩⟩", link("https://x.com"), bold), "[a **b**](https://x.com)"],
    ["brackets in the address", marked("⟨a⟩", link("https://x.com/(a) b")), "[a](https://x.com/%28a%29%20b)"],
    ["asterisks in the address", marked("⟨a⟩", link("https://x.com/**")), "[a](https://x.com/%2A%2A)"],
    ["brackets in the label", marked("⟨a[1]⟩", link("https://x.com")), "a\\[1] (<https://x.com>)"],
    [
      "a label that is another address",
      marked("⟨https://a.b⟩", link("https://x.com")),
      "<https://a.b> (<https://x.com>)",
    ],
    ["a label that is the address", marked("⟨https://x.com/a_b⟩", link("https://x.com/a_b")), "https://x.com/a_b"],
    ["an address in another script", marked("⟨https://x.com/你⟩", link("https://x.com/%E4%BD%A0")), "https://x.com/你"],
    ["mail", marked("⟨us⟩", link("mailto:a_b@c.d")), "us (a\\_b@c.d)"],
    ["a telephone", marked("⟨us⟩", link("tel:+49123")), "us (+49123)"],
    ["a label of two lines", marked("⟨a\nb⟩ c", link("tel:+49123")), "a\nb (+49123) c"],
    ["a label that ends with a line break", marked("⟨a\n⟩\nb", link("tel:+49123")), "a (+49123)\n\nb"],
    [
      "a label in which code parts a style",
      marked("⟨⟨⟨**⟩a://b⟩ c⟩", bold, link("https://e.com"), code),
      "`**`**a://b (<https://e.com>) c**",
    ],
    [
      "what would go on with a label",
      marked("⟨a⟩ b](https://f.com)", link("https://e.com")),
      "[a](https://e.com) b]\u200b(https://f.com)",
    ],
    ["a label that is the mail address", marked("⟨a_b@c.d⟩", link("mailto:a_b@c.d")), "a\\_b@c.d"],
    ["a bare address", plainText("see https://x.com/a_b_c*d."), "see https://x.com/a_b_c*d."],
    ["a bare address in brackets", plainText("(https://x.com/a_(b))"), "(https://x.com/a_(b))"],
    ["a bare address before other text", plainText("看https://x.com/a_b，*好"), "看<https://x.com/a_b>，\\*好"],
    ["a bare address before a format", marked("https://x.com⟨b⟩", bold), "<https://x.com>**b**"],
    ["a bare address in a format", marked("⟨https://x.com/a**b c⟩", bold), "**https://x.com/a%2A%2Ab c**"],
  ];
  it.each(cases)("%s", (_, text, markdown) => expect(renderMarkdown(text)).toBe(markdown));
});

describe("escapes what Discord would read as markdown", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["*a* _b_ `c` \\", "\\*a\\* \\_b\\_ \\`c\\` \\\\"],
    ["snake_case", "snake\\_case"],
    ["~5 | 好的~", "~5 | 好的~"],
    ["~~a~~ ||b||", "\\~\\~a\\~\\~ \\|\\|b\\|\\|"],
    ["# a\n  ## b\na # b", "\\# a\n  \\## b\na # b"],
    ["> a\n>>> b\na > b", "\\> a\n\\>>> b\na > b"],
    ["-# a", "\\-# a"],
    ["- a\n- # c\n• - d", "\\- a\n\\- # c\n- \\- d"],
    ["1. a\n  3. b\n12. c\n1.5 d\n2.e", "1\\. a\n  3\\. b\n12\\. c\n1.5 d\n2.e"],
    ["* a", "\\* a"],
    ["[a](https://x.com)", "\\[a]\u200b(https://x.com)"],
    ["<@1> <#2> <:a:3> <t:4>", "\\<@1> \\<#2> \\<:a:3> \\<t:4>"],
    ["<@!1> <@&2> <a:b:3> <t:4:R> </x:5>", "\\<@!1> \\<@&2> \\<a:b:3> \\<t:4:R> \\</x:5>"],
    ["@everyone @here", "@everyone @here"],
  ];
  it.each(cases)("%j", (text, markdown) => {
    expect(renderMarkdown(plainText(text))).toBe(markdown);
    expect(shownText(markdown).replaceAll("\u200b", "")).toBe(text.trim());
  });
});

describe("shows every text to the letter", () => {
  const pieces = "a b1. - ,C*_~|`<>#[]()\\\n:@&!你😀".match(/./gsu) ?? [];
  const words = [...pieces, "**", "__", "~~", "||", "```", "-# ", "## ", "> ", "<@12>", "https://x.y/a_b ", "\n"];
  const items = ["\n• ", "\n  ◦ ", "\n    ▪ ", "\n  ", "\n\n"];

  it.each(Array.from({ length: 20 }, (_, seed) => seed))("seed %i", (seed) => {
    const random = randomNumbers(seed + 1);
    for (let round = 0; round < 100; round += 1) expectShown(randomText(random, [...words, ...items]));
  });
});

it("renders a text once, for the core measures before it sends", () => {
  let looks = 0;
  const text = {
    text: "a_b",
    get ranges() {
      looks += 1;
      return [];
    },
  };
  expect([measureMarkdown(text), measureMarkdown(text), renderMarkdown(text)]).toEqual([4, 4, "a\\_b"]);
  expect(looks).toBe(1);
});

describe("measures in code points of what is sent", () => {
  it.each([
    ["😀", plainText("😀😀"), 2],
    ["an escape", plainText("a_b"), 4],
    ["markers", marked("⟨a⟩", bold), 5],
    ["a fence", marked("⟨a⟩", { type: "pre", language: "js" }), 11],
  ])("%s", (_, text, length) => expect(measureMarkdown(text)).toBe(length));
});

function expectShown(text: FormattedText): void {
  const markdown = renderMarkdown(text);
  const shown = readMarkdown(markdown).filter(({ character }) => !/[\s\u200b]/.test(character));
  const meant = charactersOf(text).filter(({ character }) => !/\s/.test(character));
  const explanation = JSON.stringify({ ...text, markdown });
  expect(shown.map(({ character }) => character).join(""), explanation).toBe(
    meant.map(({ character }) => character).join(""),
  );
  shown.forEach(({ styles }, index) => {
    const expected = meant[index]?.styles ?? [];
    // Code keeps its style and may lose those around it.
    if (expected.includes("code")) expect(styles, explanation).toContain("code");
    else expect(styles, explanation).toEqual(expected);
  });
}

function charactersOf({ text, ranges }: FormattedText): { character: string; styles: string[] }[] {
  const characters: { character: string; styles: string[] }[] = [];
  let at = 0;
  for (const character of text) {
    const offset = at;
    const styles = ranges
      .filter(({ start, end }) => start <= offset && offset < end)
      .map(({ format }) => nameOf(format));
    characters.push({ character, styles: [...new Set(styles)].sort() });
    at += character.length;
  }
  return characters;
}

function nameOf(format: Format): string {
  if (format.type === "heading") return format.level > 3 ? "bold" : `heading ${format.level}`;
  return format.type === "link" ? `link ${format.url}` : format.type;
}

/** Lines of all kinds, with styles nested at random inside those that can have them. */
function randomText(random: () => number, words: readonly string[]): FormattedText {
  let text = "";
  const ranges: FormatRange[] = [];
  for (let block = 0; block < 1 + random() * 4; block += 1) {
    if (text !== "") text += "\n";
    const start = text.length;
    const kind = Math.floor(random() * 5);
    const count = 1 + Math.floor(random() * 12);
    const content = Array.from({ length: count }, () => words[Math.floor(random() * words.length)]).join("");
    const oneLine = kind <= 1 ? content.replaceAll("\n", " ") : content;
    text += `x${oneLine}`;
    const end = text.length;
    if (kind === 0) ranges.push({ start, end, format: { type: "heading", level: random() < 0.5 ? 2 : 5 } });
    if (kind === 1) ranges.push({ start, end, format: { type: "quote" } });
    if (kind === 2) ranges.push({ start, end, format: { type: "pre" } });
    else ranges.push(...randomRanges(random, text, { start, end }, 0));
  }
  return { text, ranges };
}

const styles = ["bold", "italic", "underline", "strikethrough", "spoiler", "code"] as const;

function randomRanges(
  random: () => number,
  text: string,
  within: { start: number; end: number },
  depth: number,
): FormatRange[] {
  const ranges: FormatRange[] = [];
  let { start } = within;
  while (start < within.end && depth < 4) {
    const from = start + Math.floor(random() * 6);
    const to = Math.min(within.end, from + 1 + Math.floor(random() * 12));
    if (from >= to || splitsPair(text, from) || splitsPair(text, to)) {
      start += 1;
      continue;
    }
    const type = styles[Math.floor(random() * styles.length)] ?? "bold";
    ranges.push({ start: from, end: to, format: { type } });
    if (type !== "code") ranges.push(...randomRanges(random, text, { start: from, end: to }, depth + 1));
    start = to + Math.floor(random() * 4);
  }
  return ranges;
}

function splitsPair(text: string, at: number): boolean {
  return /[\uDC00-\uDFFF]/.test(text.charAt(at));
}

function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
