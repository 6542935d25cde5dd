import { describe, expect, it } from "vitest";
import { flaws, rendered } from "./formatted.ts";

describe("twenty thousand characters of one marker", () => {
  it.each([
    ...["[", "*", "$", "|", "<", "(", "\\", "`", "_", "~", "=", "||", "$$", "\\(", "\\[", "&", "&amp;", "{", "^"],
    ...["<b>", "<b><i>", "</b>", "<!--", "<a ", "<p>", "<ul><li>", "<td>", "<pre>", "<details>", "\n<blockquote>"],
    ...[
      "\n$$",
      "\n$$\n",
      "\n\\[\n",
      "\n-# a",
      "\\begin{a}",
      "$a ",
      "$x_{",
      "==a ",
      "||a",
      "|a",
      "a*",
      "**a：** ",
      "![",
      "[a](",
    ],
  ])("%j is read in no time, and soundly", (piece) => {
    const source = piece.repeat(Math.ceil(20_000 / piece.length));
    const startedAt = performance.now();
    const read = rendered(source);
    // About a quarter of a second at most; what is not linear takes minutes.
    expect(performance.now() - startedAt).toBeLessThan(5000);
    expect(flaws(read)).toEqual([]);
  });

  it.each(["$$x^{", "$$\\frac", "$$\\begin{matrix}"])("a formula of %j alone is shown as it is", (piece) => {
    const source = piece.slice(2).repeat(500);
    expect(rendered(`$$\n${source}\n$$`).text).toBe(source);
  });
});
