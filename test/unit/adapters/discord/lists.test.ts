import { describe, expect, it } from "vitest";
import { renderMarkdown } from "../../../../adapters/discord/render.ts";
import { type FormattedText, plainText } from "../../../../src/markdown/formatted-text.ts";
import { shownText } from "./markdown-reader.ts";
import { bold, code, marked } from "./marked.ts";

describe("makes Discord's own lists of what it would show as the core wrote it", () => {
  const cases: readonly (readonly [string, FormattedText, string])[] = [
    ["items", plainText("a\n• b\n• c\nd"), "a\n- b\n- c\nd"],
    [
      "items of three levels",
      plainText("• a\n  ◦ b\n    ▪ c\n      ▪ d\n  ◦ e\n• f"),
      "- a\n  - b\n    - c\n      - d\n  - e\n- f",
    ],
    ["items in a quotation", marked("⟨• a\n  ◦ b⟩\n  ◦ c", { type: "quote" }), "> - a\n>   - b\n  ◦ c"],
    ["formats in an item", marked("• ⟨a⟩ ⟨b⟩", bold, code), "- **a** `b`"],
    ["what would open a block in an item", plainText("• # a\n• > b\n• 1. c"), "- \\# a\n- \\> b\n- 1\\. c"],
    [
      "a line that goes on with an item",
      marked("• a\n  ⟨b⟩\n  c: d\n• e", bold),
      "- a\n  \u200b**b**\n  \u200bc: d\n- e",
    ],
    ["a nested item below such a line", plainText("• a\n  ◦ b\n  c\n    ▪ d"), "- a\n  - b\n  \u200bc\n    \u200b▪ d"],
    ["items on both sides of a blank line", plainText("• a\n\n• b"), "- a\n\n- b"],
    ["a nested item behind a blank line", plainText("• a\n\n  ◦ b"), "- a\n\n  ◦ b"],
    ["a nested item behind code", marked("• a\n⟨b⟩\n  ◦ c", { type: "pre" }), "- a\n```\nb\n```\n  ◦ c"],
    ["a nested item below a number", plainText("1. a\n  ◦ b"), "1\\. a\n  ◦ b"],
    ["a nested item at the beginning", plainText("  ◦ a\n• b"), "\u200b  ◦ a\n- b"],
    ["an item without text", plainText("• \n• a\n•"), "• \n- a\n•"],
    ["an item whose bullet has a format", marked("⟨• a⟩", bold), "**• a**"],
    ["a bullet of another level", plainText("• a\n  • b\n◦ c"), "- a\n  \u200b• b\n◦ c"],
    ["a bullet in code", marked("⟨• a⟩", { type: "pre" }), "```\n• a\n```"],
  ];
  it.each(cases)("%s", (_, text, markdown) => {
    expect(renderMarkdown(text)).toBe(markdown);
    // Code blocks have lines of their own without line breaks around them.
    if (!markdown.includes("```")) expect(withoutEdges(shownText(markdown))).toEqual(withoutEdges(text.text));
  });

  it("eleven levels deep, as far as Discord nests", () => {
    const lines = Array.from({ length: 12 }, (_, level) => `${"  ".repeat(level)}${["•", "◦"][level] ?? "▪"} a`);
    const markdown = renderMarkdown(plainText(lines.join("\n")));
    expect(markdown.match(/^ *- a$/gm)).toHaveLength(11);
    expect(withoutEdges(shownText(markdown))).toEqual(withoutEdges(lines.join("\n")));
  });
});

/** A text line by line, without what nobody sees at the edges of lines. */
function withoutEdges(text: string): string[] {
  return text.split("\n").map((line) => line.replaceAll("\u200b", "").trim());
}
