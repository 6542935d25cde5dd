import { describe, expect, test } from "vitest";
import { difference, visibleText } from "../../../src/playground/demo/visible-text.ts";

const same = [
  ["emphasis is entities on Telegram", "**Hello** *you*", "Hello you"],
  ["Discord escapes what is no markdown", "snake_case * 2", "snake\\_case \\* 2"],
  ["a heading has no marks on Telegram", "## A title\n\nText", "A title\n\nText"],
  ["a fence that is closed and opened again", "```ts\na\nb\n```", "```ts\na\n```\n```ts\nb\n```"],
  ["a code block without fences", "```ts\nlet a = 1;\n```", "let a = 1;"],
  ["a message break in place of a line break", "一二\n\n三四", "一二三四"],
] as const;

const different = [
  ["a lost character", "one two", "one tw"],
  ["a doubled word", "one two", "one one two"],
  ["another order", "one two", "two one"],
  ["another case", "One", "one"],
  ["a half emoji", "🍵", "\ud83c"],
  ["a lost line of code", "```ts\na();\nb();\n```", "```ts\na();\n```"],
] as const;

describe("visible text", () => {
  test.each(same)("is the same for %s", (_, one, other) => {
    expect(visibleText(one)).toBe(visibleText(other));
    expect(difference(visibleText(one), visibleText(other))).toBeUndefined();
  });

  test.each(different)("tells %s", (_, one, other) => {
    expect(difference(visibleText(other), visibleText(one))).toBeTypeOf("string");
  });

  test("a difference is told by its place and by what stands there", () => {
    expect(difference("onethree", "onetwothree")).toBe('character 5 of 11 should begin "wothree" and begins "hree"');
    expect(difference("one", "onetwo")).toBe('character 4 of 6 should begin "two" and begins ""');
    expect(difference("onetwo", "one")).toBe('character 4 of 3 should begin "" and begins "two"');
  });
});
