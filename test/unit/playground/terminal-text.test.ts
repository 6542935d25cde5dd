import { describe, expect, test } from "vitest";
import { withColours, withoutColours } from "../../../src/playground/terminal/paint.ts";
import { padded, plainTextOf, styled } from "../../../src/playground/terminal/styled-text.ts";
import { graphemes, textWidth } from "../../../src/playground/terminal/text-width.ts";
import { withLabel, wrap } from "../../../src/playground/terminal/wrap.ts";

describe("width", () => {
  test.each([
    ["", 0],
    ["abc", 3],
    ["é", 1],
    ["e\u0301", 1],
    ["中文", 4],
    ["，", 2],
    ["한글", 4],
    ["🍵", 2],
    ["👩‍🚀", 2],
    ["🇨🇳", 2],
    ["⏹", 1],
    ["⚠️", 2],
    ["\u200b", 0],
    ["“—…", 3],
  ])("of %j is %i", (text, width) => {
    expect(textWidth(text)).toBe(width);
  });

  test("an emoji with its modifiers is one grapheme", () => {
    expect(graphemes("a👩‍🚀e\u0301")).toEqual(["a", "👩‍🚀", "e\u0301"]);
  });
});

const wrapped = (text: string, width: number) => wrap([styled(text)], width).map(plainTextOf);

describe("wrapping", () => {
  test.each([
    ["keeps what fits", "one two", 7, ["one two"]],
    ["breaks at blanks and drops them", "one two three", 8, ["one two", "three"]],
    ["drops the blank that no longer fits", "one two three", 7, ["one two", "three"]],
    ["cuts a word that is too long", "abcdefgh", 3, ["abc", "def", "gh"]],
    ["breaks between Chinese characters", "一二三四五", 4, ["一二", "三四", "五"]],
    ["takes no half of a wide character", "a一二三", 4, ["a一", "二三"]],
    ["begins no line with a full stop", "一二。三", 4, ["一", "二。", "三"]],
    ["keeps line breaks and empty lines", "a\n\nb", 9, ["a", "", "b"]],
    ["keeps the indentation of code", "if (a) {\n  b();\n}", 20, ["if (a) {", "  b();", "}"]],
    ["cuts a long word behind its indentation", "    abcdef", 6, ["    ab", "cdef"]],
    ["never takes more than the width", "🍵🍵🍵", 5, ["🍵🍵", "🍵"]],
  ])("%s", (_, text, width, lines) => {
    expect(wrapped(text, width)).toEqual(lines);
  });

  test("keeps the styles of every part", () => {
    const lines = wrap([styled("one "), styled("two three", "bold")], 7);
    expect(lines).toEqual([[styled("one "), styled("two", "bold")], [styled("three", "bold")]]);
  });

  test("puts a text to the right of its label", () => {
    const lines = withLabel(["Bot  ", "bold"], [styled("one two\nthree")], 9);
    expect(lines.map(plainTextOf)).toEqual(["Bot  one", "     two", "     thre", "     e"]);
  });
});

describe("painting", () => {
  test("fills up to a width in columns", () => {
    expect(plainTextOf(padded([styled("中文")], 6))).toBe("中文  ");
    expect(plainTextOf(padded([styled("中文")], 3))).toBe("中文");
  });

  test("styles become escape sequences, or nothing", () => {
    const line = [styled("a"), styled("b", "bold", "good")];
    expect(withColours(line)).toBe("a\x1b[1;32mb\x1b[0m");
    expect(withoutColours(line)).toBe("ab");
  });
});
