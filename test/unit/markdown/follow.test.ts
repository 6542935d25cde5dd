import { describe, expect, it } from "vitest";
import { followOffset } from "../../../src/markdown/follow.ts";
import { createChance } from "../random.ts";
import { longAnswer } from "./corpus.ts";
import { rendered } from "./formatted.ts";

/** Where `|` of `before` lies in `after`, shown as a `|` again. */
function followed(before: string, after: string): string {
  const offset = before.indexOf("|");
  const place = followOffset(before.replace("|", ""), offset, after);
  return `${after.slice(0, place)}|${after.slice(place)}`;
}

describe("a place in a text that is rendered again", () => {
  it.each<[string, string, string]>([
    ["stays when the text grew", "abc|def", "abc|defghi"],
    ["stays when only what is behind it changed", "abc|def", "abc|xyz"],
    ["stays at the beginning", "|abc", "|xyz"],
    ["moves back when a marker before it vanished", "some **bold wor|ds", "some bold wor|ds and more"],
    ["moves back when the marker right before it vanished", "some words **|bold", "some words |bold and more"],
    ["moves back when brackets before it vanished", "see [the label o|f a link", "see the label o|f a link"],
    ["moves on when something was put in before it", "first answer|", "first longer answer|"],
    ["is inside what vanished", "words (https://x|.y) and then more", "words | and then more"],
    ["is the end when the text is shorter now", "abcdef|gh", "abcd|"],
    ["is where another text begins", "The same. Some first text|, and more", "The same. |Quite different: 12345"],
    ["is the beginning when nothing is the same", "abcdefghijk|lmnop", "|12345678901234567890"],
  ])("%s", (_, before, expected) => expect(followed(before, expected.replace("|", ""))).toBe(expected));

  it("is never inside a surrogate pair", () => {
    for (const after of ["😁", "a😁b", "ab😁😁", "😁😀x"]) {
      for (let offset = 0; offset <= 6; offset += 2) {
        const place = followOffset("😀😀😀", offset, after);
        expect(after.slice(place - 1, place + 1)).not.toMatch(/^[\ud800-\udbff][\udc00-\udfff]$/);
      }
    }
  });

  it("follows every place of a long answer as it grows: what was before it is the same but for markers", () => {
    const letters = (text: string) => text.replace(/[^\p{L}\p{N}]/gu, "");
    const chance = createChance(1);
    for (let n = 0; n < 20; n += 1) {
      const source = longAnswer(chance, 1500).replaceAll(/\[link text\]\([^)]*\)/g, "link text");
      const after = rendered(source);
      const before = rendered(source.slice(0, 200 + chance.below(1000)));
      const offset = chance.below(before.text.length);
      const place = followOffset(before.text, offset, after.text);
      expect(letters(after.text.slice(0, place))).toBe(letters(before.text.slice(0, offset)));
    }
  });

  it("gives up quickly on a text that is another one altogether", () => {
    const startedAt = performance.now();
    followOffset("x".repeat(12_000), 12_000, "yz".repeat(6_000));
    followOffset("abcdefg".repeat(2_000), 14_000, "gfedcba".repeat(2_000));
    // Without an end to the search it takes minutes.
    expect(performance.now() - startedAt).toBeLessThan(3000);
  });
});
