import { describe, expect, it } from "vitest";
import { measure, render } from "../../../../adapters/telegram/render.ts";
import { withSpacesForTabs } from "../../../../adapters/telegram/tabs.ts";
import type { Format } from "../../../../src/markdown/formatted-text.ts";
import { formatted } from "./formatted.ts";

const pre: Format = { type: "pre" };
const bold: Format = { type: "bold" };

describe("a tab in a code block", () => {
  it.each([
    ["\tx", "    x"],
    ["\t\tx", "        x"],
    ["a\tx", "a   x"],
    ["abc\tx", "abc x"],
    ["abcd\tx", "abcd    x"],
    ["a\t\tx\ty", "a       x   y"],
    ["  \tx", "    x"],
    ["你\tx", "你  x"],
    ["if x {\n\ta\n\t\tb\n}", "if x {\n    a\n        b\n}"],
  ])("becomes spaces up to the next of every four columns: %j", (code, spaced) => {
    expect(withSpacesForTabs(formatted(code, [code, pre]))).toEqual(formatted(spaced, [spaced, pre]));
  });

  it("moves the formats behind it, and widens those around it", () => {
    const source = formatted(
      "a\n\tb\tc\nd\n\te\nf",
      ["a\n\tb\tc\nd\n\te", { type: "quote" }],
      ["a", bold],
      ["\tb\tc", pre],
      ["d", bold],
      ["\te", pre],
      ["f", bold],
    );
    const rendered = {
      text: "a\n    b   c\nd\n    e\nf",
      entities: [
        { type: "blockquote", offset: 0, length: 19 },
        { type: "bold", offset: 0, length: 1 },
        { type: "pre", offset: 2, length: 9 },
        { type: "bold", offset: 12, length: 1 },
        { type: "pre", offset: 14, length: 5 },
        { type: "bold", offset: 20, length: 1 },
      ],
    };
    expect(render(source)).toEqual(rendered);
    expect(measure(source)).toBe(rendered.text.length);
  });

  it("that stands first indents as well", () => {
    expect(render(formatted("\treturn", ["\treturn", pre])).text).toBe("    return");
  });

  it("leaves tabs elsewhere to Telegram, which shows a space", () => {
    const source = formatted("a\tb\tc", ["b\tc", { type: "code" }]);
    expect(withSpacesForTabs(source)).toBe(source);
  });
});
