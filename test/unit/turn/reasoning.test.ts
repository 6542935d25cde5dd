import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { measureMarkdown, renderMarkdown } from "../../../adapters/discord/render.ts";
import { render } from "../../../adapters/telegram/render.ts";
import { toBlocks } from "../../../adapters/telegram/rich.ts";
import { MarkdownStream } from "../../../src/markdown/blocks.ts";
import { slice } from "../../../src/markdown/formatted-text.ts";
import { splitMedia } from "../../../src/media/split-media.ts";
import { shownReasoning } from "../../../src/turn/reasoning.ts";
import { partsOf, platforms } from "../../markdown/platforms.ts";
import { described, flaws, rendered } from "../markdown/formatted.ts";

const answer = "The **answer** is [here](https://example.com).\n\n| a | b |\n| - | - |\n| 1 | 2 |";
const styles = ["quote", "spoiler"] as const;

test.each([
  ["hidden", "I think", "hidden"],
  ["not there", "", "quote"],
  ["white space", " \n\n", "spoiler"],
] as const)("reasoning that is %s shows nothing", (_, reasoning, style) => {
  expect(shownReasoning(reasoning, style)).toBe("");
});

describe.each(styles)("as a %s, reasoning", (style) => {
  const shown = (reasoning: string) => rendered(shownReasoning(reasoning, style));
  const format = style === "quote" ? "collapsed quote" : "spoiler";

  it.each([
    "plain",
    "1. one\n2. two\n   - three\n# four\n> five\n===\n---",
    "**b** _i_ `c` ~~s~~ ||x|| ==m== $a^2$ \\[x\\] \\*",
    "```js\nlet a;\n```\n~~~",
    "</blockquote> <b>x</b> <!-- --> <br> </details> <pre> <img src='https://x.cn/a.png'>",
    "&lt; &amp;lt; &#42; &",
    "![a](https://x.cn/a.png) [b](https://x.cn/b.pdf)\nhttps://x.cn/c.png\nwww.x.cn/d.mp4 a@b.cn",
    "https://s.coze.cn/t/abc/",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "$$\nx\n$$\n-# small",
    "one\n    four blanks\n\ttab",
    "[ref]: https://x.cn\n[ref] [^1]",
    "想一想：用户在问什么？\n\n先看 a_b_c。",
    "👨‍👩‍👧 a||",
  ])("reads to the letter: %j", (reasoning) => {
    const whole = shown(reasoning);
    expect(whole.text).toBe(`💭 ${reasoning}`);
    expect(described(whole)).toEqual([`${format}: 💭 ${reasoning}`]);
    expect(splitMedia(shownReasoning(reasoning, style))).toMatchObject([{ type: "text" }]);
  });

  it("shows no white space that nobody sees", () => {
    const whole = shown("\n a  \r\n b\t\n \t \n\n\n\nc\n ");
    expect(described(whole)).toEqual([`${format}: 💭 a\n b\n\nc`]);
    expect(whole.ranges[0]).toMatchObject({ start: 0, end: whole.text.length });
  });

  it("reads to the letter whatever it is, and leaves the answer as it is", () => {
    const pieces = [
      ..."ab1 *_`~|<>[](){}#&;:/.!$=-+\\\"'@%^?,\n",
      "https://x.cn/a.png",
      "</blockquote>",
      "<br>",
      "||",
      "💭",
    ];
    const reasonings = fc.string({ unit: fc.constantFrom(...pieces), maxLength: 60 });
    fc.assert(
      fc.property(reasonings, (given) => {
        const reasoning = given.replace(/ *\n[ \n]*/g, "\n").trim();
        const above = shownReasoning(reasoning, style);
        const text = rendered(above + answer);
        const alone = rendered(answer);
        const start = reasoning === "" ? 0 : `💭 ${reasoning}\n\n`.length;
        expect(text.text).toBe(text.text.slice(0, start) + alone.text);
        expect(slice(text, start)).toEqual(alone);
        expect(text.text.slice(0, start).trimEnd()).toBe(reasoning === "" ? "" : `💭 ${reasoning}`);
        expect(flaws(text)).toEqual([]);
        expect(text.ranges.filter(({ end }) => end < start)).toHaveLength(reasoning === "" ? 0 : 1);
      }),
    );
  });

  it("only grows at its end, also when the answer begins", () => {
    const reasoning = "First **I** look.\n\n- a | b\n  - https://x.cn/a.png\n\n\nThen\r\nI `think`. ";
    const stream = new MarkdownStream();
    let before = "";
    const read = (markdown: string) => {
      stream.write(markdown);
      const { text } = stream.readGrowing(stream.undecidedTail());
      expect(text.trimEnd().startsWith(before)).toBe(true);
      before = text.trimEnd();
    };
    for (let end = 1; end <= reasoning.length; end += 1) {
      read(shownReasoning(reasoning.slice(0, end), style));
      expect(before).toBe(`💭 ${reasoning.slice(0, end).replaceAll("\r\n", "\n").replace("\n\n\n", "\n\n").trim()}`);
    }
    const above = shownReasoning(reasoning, style);
    const text = "Yes, the **answer** is `here`.\n\n- one\n- two";
    for (let end = 1; end <= text.length; end += 1) read(above + text.slice(0, end));
    expect(before).toBe(rendered(above + text).text);
  });

  it("is cut where it gets long, and stays as it is from then on", () => {
    const cut = shownReasoning("思".repeat(1001), style);
    expect(rendered(cut).text).toBe(`💭 ${"思".repeat(1000)}…`);
    expect(shownReasoning("思".repeat(5000), style)).toBe(cut);
    expect(rendered(shownReasoning("🦆".repeat(1000), style)).text).toBe(`💭 ${"🦆".repeat(1000)}`);
  });

  it.each(platforms)("keeps its looks where a message of $name ends in it", (platform) => {
    const whole = rendered(shownReasoning("*a*\n".repeat(249), style));
    const parts = partsOf(whole, { ...platform, limit: 600 });
    expect(parts.length).toBeGreaterThan(1);
    for (const { text } of parts) {
      expect(text.ranges).toEqual([{ start: 0, end: text.text.length, format: whole.ranges[0]?.format }]);
    }
    expect(parts.flatMap(({ text }) => platform.shown(text).match(/\*a\*/g))).toHaveLength(249);
  });

  it("leaves room for the answer in the first message of Discord", () => {
    const prose = "The user asks about ducks. I should say how they fly.\n".repeat(40);
    expect(measureMarkdown(rendered(shownReasoning(prose, style)))).toBeLessThan(1200);
  });
});

test("a quote keeps the indentation of a paragraph, and makes no code of it", () => {
  expect(described(rendered(shownReasoning("a\n\n    b\n\n\tc", "quote")))).toEqual([
    "collapsed quote: 💭 a\n\n    b\n\n\tc",
  ]);
});

const reasoning = "*Hm*,\nhttps://x.cn/a.png\n\nso";

test("Discord shows a quote as small print, and covers a spoiler line by line", () => {
  const above = (style: "quote" | "spoiler") => renderMarkdown(rendered(`${shownReasoning(reasoning, style)}Yes`));
  expect(above("quote")).toBe("-# 💭 \\*Hm\\*,\n-# https://x.cn/a.png\n\n-# so\n\nYes");
  expect(above("spoiler")).toBe("||💭 \\*Hm\\*,||\n||<https://x.cn/a.png>||\n\n||so||\n\nYes");
});

test("Telegram folds a quote up, and covers a spoiler", () => {
  const above = (style: "quote" | "spoiler") => render(rendered(`${shownReasoning(reasoning, style)}Yes`));
  const text = `💭 ${reasoning}\n\nYes`;
  const place = { offset: 0, length: `💭 ${reasoning}`.length };
  expect(above("quote")).toEqual({ text, entities: [{ type: "expandable_blockquote", ...place }] });
  expect(above("spoiler")).toEqual({ text, entities: [{ type: "spoiler", ...place }] });
});

test("a rich message of Telegram does the same in blocks of its own", () => {
  const above = (style: "quote" | "spoiler") => toBlocks(rendered(shownReasoning(reasoning, style) + answer));
  const text = `💭 ${reasoning}`;
  expect(above("quote")).toMatchObject([
    { type: "expandable_blockquote", text },
    { type: "paragraph" },
    { type: "table" },
  ]);
  expect(above("spoiler")).toMatchObject([
    { type: "paragraph", text: { type: "spoiler", text } },
    { type: "paragraph" },
    { type: "table" },
  ]);
});
