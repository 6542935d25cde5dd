import { describe, expect, it } from "vitest";
import { displayWidth, pad } from "../../../src/markdown/display-width.ts";

describe("the columns that a text takes", () => {
  it.each<[string, string, number]>([
    ["nothing", "", 0],
    ["Latin letters", "abc", 3],
    ["accents", "äé", 2],
    ["a letter with combining marks", "e\u0301o\u0308", 2],
    ["Chinese", "你好", 4],
    ["Japanese", "ひカ", 4],
    ["Korean", "한국", 4],
    ["Korean of single letters", "\u1112\u1161\u11ab", 2],
    ["fullwidth punctuation", "，（）", 6],
    ["halfwidth katakana", "ｱｲ", 2],
    ["emoji", "😀✅", 4],
    ["a family", "👨‍👩‍👧‍👦", 2],
    ["a skin colour", "👍🏽", 2],
    ["a flag", "🇩🇪", 2],
    ["a keycap", "1️⃣", 2],
    ["a sign made an emoji", "⚠️❤️", 4],
    ["signs that are none by themselves", "⚠©✓", 3],
    ["digits beside an emoji", "12😀", 4],
    ["joiners and selectors alone", "a\u200bb\u200d\ufe0f", 2],
    ["Arabic with vowels", "مَرحَبا", 5],
    ["Devanagari", "हि", 2],
    ["an ideograph beyond the first plane", "𠀀", 2],
  ])("%s", (_, text, width) => expect(displayWidth(text)).toBe(width));
});

describe("padding", () => {
  it.each<["left" | "center" | "right", string]>([
    ["left", "中  "],
    ["center", " 中 "],
    ["right", "  中"],
  ])("to the %s fills up to the columns", (align, padded) => expect(pad("中", 4, align)).toBe(padded));

  it("cuts nothing that is wider", () => expect(pad("abc", 2, "left")).toBe("abc"));
});
