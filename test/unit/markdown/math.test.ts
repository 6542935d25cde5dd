import { describe, expect, it } from "vitest";
import { described, rendered } from "./formatted.ts";

function formulas(source: string): string[] {
  return rendered(source).ranges.flatMap(({ format }) =>
    format.type === "math" ? [`${format.isBlock ? "block" : "inline"} ${format.source}`] : [],
  );
}

describe("money and other dollars", () => {
  it.each([
    "$400 and $600",
    "costs $5-$10 a month",
    "US$20, $5, $10.",
    "($449.99 - $20) * 1.07 = $460.09",
    "$1 = ¥7.25, so $400 = ¥2,900",
    "between $1,000 and $1,500",
    "a $1.2k laptop for $5/month",
    "time is $$$ and $$ is a variable",
    "$$ - moderate",
    "$HOME, $PATH and $USER",
    "$user_name$ and $FOO_BAR$",
    "$5 million$",
    "$ x $",
    "a $\n\nb$",
    "**$5** or *$10*",
    "5$ and 10$",
  ])("%j is no formula", (source) => expect(formulas(source)).toEqual([]));

  it.each(["`$x^2$`", "```\n$$x$$\n```", "    $x^2$"])("%j stays in code", (source) => {
    expect(formulas(source)).toEqual([]);
    expect(rendered(source).text).toContain("$x");
  });
});

describe("a formula inside a line", () => {
  it.each<[string, string, string[]]>([
    ["so $x_1 * y_2$ and $a*b$ end", "so x₁ * y₂ and a*b end", ["inline x_1 * y_2", "inline a*b"]],
    ["let $n$ be $5$", "let n be 5", ["inline n", "inline 5"]],
    ["the $n$-th and $\\alpha$。", "the n-th and α。", ["inline n", "inline \\alpha"]],
    ["其中$x^2$是", "其中x²是", ["inline x^2"]],
    ["\\(a_1*b*c\\) is", "a₁*b*c is", ["inline a_1*b*c"]],
    ["costs $5, where $x = 2$", "costs $5, where x = 2", ["inline x = 2"]],
    ["$\\unknown{a_b}$", "\\unknown{a_b}", ["inline \\unknown{a_b}"]],
    ["$x\n= 1$", "x = 1", ["inline x\n= 1"]],
    ["# About $x^2$", "About x²", ["inline x^2"]],
    ["| $x^2$ |\n|---|\n| b |", "x²\n──\nb", []],
  ])("%j", (source, text, found) => {
    expect(rendered(source).text).toBe(text);
    expect(formulas(source)).toEqual(found);
  });

  it("takes part in emphasis around it, and its own stars in none", () => {
    expect(described(rendered("**where $a*b$ is** and *c $d_1$* or *e $x^*$ f*"))).toEqual([
      "bold: where a*b is",
      "math: a*b",
      "italic: c d₁",
      "math: d₁",
      "italic: e x* f",
      "math: x*",
    ]);
  });

  it.each([
    ["\\[x\\](y)", "[x](y)"],
    ["\\(see below\\)", "(see below)"],
    ["\\[ \\] to do", "[ ] to do"],
  ])("%j are escaped brackets", (source, text) => expect(rendered(source)).toEqual({ text, ranges: [] }));
});

describe("a formula with lines of its own", () => {
  it.each<[string, string, string, string[]]>([
    ["in dollars", "$$\nE = mc^2\n$$", "E = mc²", ["block E = mc^2"]],
    ["in dollars on one line", "$$ E = mc^2 $$", "E = mc²", ["block E = mc^2"]],
    ["in brackets", "\\[\nx_1\n\\]", "x₁", ["block x_1"]],
    [
      "in an environment",
      "\\begin{align}\na &= 1\n\\end{align}",
      "a = 1",
      ["block \\begin{align}\na &= 1\n\\end{align}"],
    ],
    ["in a fence", "```math\nx^2\n```", "x²", ["block x^2"]],
    ["right below text", "so\n$$\nx^2\n$$\nwhere", "so\nx²\nwhere", ["block x^2"]],
    ["with a line like a list", "$$\nx\n- y\n$$", "x - y", ["block x\n- y"]],
    ["in a list", "1. a\n   $$\n   x^2\n   $$\n2. b", "1. a\n  x²\n2. b", ["block x^2"]],
    ["in a quotation", "> $$\n> x^2\n> $$", "x²", ["block x^2"]],
    ["amid a sentence", "so $$x^2$$ is", "so \nx²\nis", ["block x^2"]],
    ["with punctuation behind it", "$$x^2$$.", "x²", ["block x^2"]],
    ["that is not closed yet", "so\n\n$$\nx^2 + y", "so\n\nx² + y", ["block x^2 + y"]],
  ])("%s", (_, source, text, found) => {
    expect(rendered(source).text).toBe(text);
    expect(formulas(source)).toEqual(found);
  });

  it("ends its search at a blank line", () => {
    expect(rendered("$$\n- a\n\nb **c** $$")).toEqual({
      text: "$$\n• a\n\nb c $$",
      ranges: [{ start: 10, end: 11, format: { type: "bold" } }],
    });
  });
});
