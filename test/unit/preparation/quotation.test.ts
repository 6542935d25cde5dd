import fc from "fast-check";
import { expect, it } from "vitest";
import { quotation } from "../../../src/preparation/quotation.ts";
import { described, rendered } from "../markdown/formatted.ts";

it.each([
  ["Hello, what is 2 * 3 * 4?"],
  ["# no heading"],
  ["1. no list"],
  ["- [x] no task"],
  ["a_b_c **d** `e` ~~f~~ ||g|| ==h== ^i^"],
  ["$x^2$ and \\(y_1\\) and \\[z\\]"],
  ["<b>bold</b> &amp; &lt; [a](https://b.example) ![c](d)"],
  ["https://example.com/a.png and www.example.com and a@example.com"],
  ["| a | b |\n| - | - |\n| 1 | 2 |"],
  ["===\n---\n```js\ncode\n```"],
  ["你好，世界！👋"],
])("shows %j to the letter, as a quotation", (said) => {
  const read = rendered(`${quotation(said)}The answer.`);
  expect(read.text).toBe(`${said}\n\nThe answer.`);
  expect(described(read)).toEqual([`quote: ${said}`]);
});

it("shows whatever was said to the letter", () => {
  const word = fc.oneof(
    fc.string({ minLength: 1, maxLength: 6 }),
    fc.constantFrom("**", "$", "\\(", "&lt;", "1.", "~~~", "|"),
  );
  const line = fc
    .array(word, { minLength: 1, maxLength: 8 })
    .map((words) => words.join(" ").replace(/\s+/g, " ").trim());
  fc.assert(
    fc.property(
      fc.array(
        line.filter((text) => text !== ""),
        { minLength: 1, maxLength: 4 },
      ),
      (lines) => {
        const said = lines.join("\n");
        expect(rendered(`${quotation(said)}The answer.`).text).toBe(`${said}\n\nThe answer.`);
      },
    ),
  );
});

it("keeps paragraphs in one quotation", () => {
  expect(quotation("a\r\n\r\n  b")).toBe("> a\n>\n> b\n\n");
  expect(described(rendered(`${quotation("a\n\nb")}c`))).toEqual(["quote: a\n\nb"]);
});
