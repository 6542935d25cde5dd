import { describe, expect, it } from "vitest";
import { atCodePoint, atGrapheme } from "../../../src/markdown/text.ts";

describe("atCodePoint", () => {
  it("steps back from the middle of a surrogate pair, and from nowhere else", () => {
    const text = "a😀b\ud83d";
    expect([0, 1, 2, 3, 4, 5].map((offset) => atCodePoint(text, offset))).toEqual([0, 1, 1, 3, 4, 5]);
  });
});

describe("atGrapheme", () => {
  const family = "👨‍👩‍👧‍👦";

  it.each<[string, string, number, number]>([
    ["a letter", "abc", 2, 2],
    ["the end", "abc", 3, 3],
    ["behind the end", "abc", 9, 3],
    ["a surrogate pair", "a😀", 2, 1],
    ["a family", `a${family}b`, 6, 1],
    ["right behind a family", `a${family}b`, 1 + family.length, 1 + family.length],
    ["a letter and its accent", "ae\u0301b", 2, 1],
    ["a carriage return and its line feed", "a\r\nb", 2, 1],
    ["a skin colour", "a👍🏽", 3, 1],
  ])("%s", (_, text, offset, boundary) => expect(atGrapheme(text, offset)).toBe(boundary));

  it("keeps flags whole in a long row of them", () => {
    const flags = `ab${"🇩🇪".repeat(200)}`;
    for (let offset = 2; offset < flags.length; offset += 1) {
      expect((atGrapheme(flags, offset) - 2) % "🇩🇪".length).toBe(0);
      expect(offset - atGrapheme(flags, offset)).toBeLessThan("🇩🇪".length);
    }
  });

  it("keeps a letter with a hundred accents whole", () => {
    const text = `ab${"\u0301".repeat(100)}c`;
    expect(atGrapheme(text, 90)).toBe(1);
  });

  it("parts the first grapheme between code points, for there is no boundary before it", () => {
    expect(atGrapheme(family, 3)).toBe(3);
    expect(atGrapheme(family, 4)).toBe(3);
    expect(atGrapheme(`z${"\u0301".repeat(100)}`, 50)).toBe(50);
  });
});
