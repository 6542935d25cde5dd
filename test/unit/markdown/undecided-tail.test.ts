import { describe, expect, it } from "vitest";
import { MarkdownStream } from "../../../src/markdown/blocks.ts";
import { longestTail } from "../../../src/markdown/undecided-tail.ts";
import { createChance } from "../random.ts";
import { corpus, muddle } from "./corpus.ts";

/** The end of `source` that is held back. */
function tail(source: string): string {
  const stream = new MarkdownStream();
  stream.write(source);
  const length = stream.undecidedTail();
  return source.slice(source.length - length);
}

describe("the undecided end of a growing text", () => {
  it.each<[string, string]>([
    ["some *", "*"],
    ["some **", "**"],
    ["**some*", "*"],
    ["some _", "_"],
    ["some ~~", "~~"],
    ["some `", "`"],
    ["some |", "|"],
    ["some ||", "||"],
    ["some [", "["],
    ["some [label", "[label"],
    ["some [label ", "[label "],
    ["some [label]", "[label]"],
    ["some [label](https://x", "[label](https://x"],
    ["some ![alt](htt", "![alt](htt"],
    ["some $", "$"],
    ["some $x + y", "$x + y"],
    ["some <", "<"],
    ["some <b", "<b"],
    ["some &am", "&am"],
    ["some \\", "\\"],
    ["text\n-", "-"],
    ["text\n- ", "- "],
    ["text\n1.", "1."],
    ["- a\n  - ", "  - "],
    ["- [ ] ", "- [ ] "],
    ["text\n\n##", "##"],
    ["a\n\n> ", "> "],
    ["a\n> - ", "> - "],
    ["text\n\n``", "``"],
    ["text\n\n```py", "```py"],
    ["text\n\n~~~", "~~~"],
    ["text\n--", "--"],
    ["text\n===", "==="],
    ["text\n* *", "* *"],
    ["text\n\n| a | b", "| a | b"],
    ["text\n\n| a | b |\n", "| a | b |\n"],
    ["text\n\n| a | b |\n|--", "| a | b |\n|--"],
    ["| a | b |\n|---|---|\n| c", "| c"],
    ["```js\nx\n``", "``"],
    ["a \ud83d", "\ud83d"],
    ["a 👨\u200d", "\u200d"],
    ["a 🇩", "🇩"],
    ["a 🇩🇪🇫", "🇫"],
  ])("of %j is %j", (source, expected) => expect(tail(source)).toBe(expected));

  it.each([
    "",
    "Hello",
    "Hello!",
    "Hello **bo",
    "Hello **bold**",
    "a `co",
    "it costs $400",
    "a < b",
    "snake_case",
    "[label](https://x.y)",
    "text\n\n# Title",
    "- item",
    "```js\n**",
    "```js\n[a",
    "```js\nx | y\n- ",
    "```js\nx\n```\n\ntext",
    "a 🇩🇪",
    "**over\n\n",
  ])("is nothing of %j", (source) => expect(tail(source)).toBe(""));

  it("is nothing, or the short part of it, when it gets longer than people should wait for", () => {
    expect(tail(`some [${"long label ".repeat(5)}`)).toBe("");
    expect(tail(`| ${"wide column ".repeat(4)} |\n|--`)).toBe("|--");
    const chance = createChance(2);
    for (let n = 0; n < 500; n += 1) expect(tail(muddle(chance)).length).toBeLessThanOrEqual(longestTail);
    for (const source of Object.values(corpus)) expect(tail(source).length).toBeLessThanOrEqual(longestTail);
  });
});
