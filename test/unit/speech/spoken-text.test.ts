import { describe, expect, it } from "vitest";
import { spokenText } from "../../../src/speech/spoken-text.ts";

describe("what is said of an answer", () => {
  it.each<[what: string, markdown: string, said: string]>([
    ["plain words", "Hello. How are you?", "Hello. How are you?"],
    ["words without their formats", "**Bold**, *italic* and `code`.", "Bold, italic and code."],
    ["a link's words without its address", "See [the docs](https://x.org/a).", "See the docs."],
    ["no bare address", "Look at https://x.org/a?b=c, or www.x.org.", "Look at, or."],
    ["no address of this machine", "It runs on [a server](http://localhost:80).", "It runs on a server."],
    ["addresses between Chinese marks", "请看 https://x.org/中文，谢谢。", "请看，谢谢。"],
    ["a mark less where something is missing", "官方文档：https://x.org。", "官方文档。"],
    ["no code block", "Run:\n\n```sh\nrm -rf /\n```\n\nDone.", "Run:\nDone."],
    ["no table", "Prices:\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nCheap.", "Prices:\nCheap."],
    ["a formula that has a readable form", "The area is $x^2$ here.", "The area is x² here."],
    ["no formula's source", "So $\\weird{a}$ holds.", "So holds."],
    ["no formula on lines of its own", "Then\n\n$$\nx^2\n$$\n\nfollows.", "Then.\nfollows."],
    ["nothing that is hidden", "The killer is ||the butler||.", "The killer is."],
    ["nothing that is folded away", "Look:\n\n<blockquote expandable>Notes.</blockquote>\n\nDone.", "Look:\nDone."],
    ["nothing that is struck through", "It costs ~~$5~~ $4.", "It costs $4."],
    ["no picture", "A cat.\n\n![a cat](https://x.org/cat.png)\n\nNice.", "A cat.\nNice."],
    ["no emoji", "👨‍👩‍👧 Great! 👍🏽 ❤️", "Great!"],
    ["digits of keycaps, and signs", "1️⃣ Pay 2 ©.", "1 Pay 2 ©."],
    ["no line", "One.\n\n---\n\nTwo.", "One.\nTwo."],
    ["no quotation marks", "“Yes,” he said. 他说：“好。”", "Yes, he said. 他说：好。"],
    ["apostrophes", "It's Ann’s.", "It's Ann’s."],
    ["names that begin with a dot", "Open .env and `.git`.", "Open .env and .git."],
  ])("%s", (_what, markdown, said) => expect(spokenText(markdown)).toBe(said));
});

describe("where the voice pauses", () => {
  it.each<[what: string, markdown: string, said: string]>([
    ["headings end with a stop", "# Title\n\nWords.", "Title.\nWords."],
    ["Chinese ones with theirs", "# 标题\n\n内容。", "标题。\n内容。"],
    ["a question keeps its mark", "## Why?\n\nBecause.", "Why?\nBecause."],
    ["brackets behind a mark change nothing", "(Really?)\n\nYes.", "(Really?)\nYes."],
    ["items of a list are sentences", "Buy:\n\n- milk\n- eggs 🥚\n- bread,", "Buy:\nmilk.\neggs.\nbread,"],
    ["numbers belong to their items", "1. Open it.\n2. Close it", "1: Open it.\n2: Close it."],
    ["tasks are items", "- [x] done\n- [ ] open", "done.\nopen."],
    ["quotations are read", "> One\n> Two", "One.\nTwo."],
    ["a line that goes on is no sentence", "This goes\non here", "This goes on here."],
    ["a paragraph is one, however it begins", "One\n\ntwo", "One.\ntwo."],
    ["an item with nothing to say is none", "1. https://x.org\n2. Second", "2: Second."],
  ])("%s", (_what, markdown, said) => expect(spokenText(markdown)).toBe(said));
});

it.each([
  "",
  " \n",
  "👍",
  "```\ncode\n```",
  "https://x.org",
  "![a](https://x.org/a.png)",
  "---",
  "- \n- ",
  "| a |\n|---|",
])("nothing is said of %j", (markdown) => expect(spokenText(markdown)).toBe(""));

it.each(["https://", "( ", "，", ":", "👍", "\n", " a", "1. ", "“"])("takes no long time for many %j", (unit) => {
  const started = performance.now();
  spokenText(`Look: ${unit.repeat(20_000)}`);
  expect(performance.now() - started).toBeLessThan(2_000);
});
