import { describe, expect, it } from "vitest";
import { described, rendered } from "./formatted.ts";

describe("blocks", () => {
  it.each<[string, string, string, string[]]>([
    ["a fence, with its language", "```js\na\n```", "a", ["pre js: a"]],
    ["the first word of what stands behind a fence", '```ts title="x"\na\n```', "a", ["pre ts: a"]],
    ["a fence without a language", "```\n**a**\n\n  b\n```", "**a**\n\n  b", ["pre: **a**\n\n  b"]],
    ["a fence that is still open", "```js\na\n\nb", "a\n\nb", ["pre js: a\n\nb"]],
    ["a fence that has just begun", "a\n\n```js", "a\n\n", []],
    ["a fence inside a longer one", "````md\n```js\nx\n```\n````", "```js\nx\n```", ["pre md: ```js\nx\n```"]],
    ["indented code", "    a\n      b", "a\n  b", ["pre: a\n  b"]],
    ["text around code", "a\n```\nb\n```\nc", "a\nb\nc", ["pre: b"]],
    ["headings", "# A\n### B\n###### C", "A\nB\nC", ["heading 1: A", "heading 3: B", "heading 6: C"]],
    ["a heading with formats", "## A **b**", "A b", ["heading 2: A b", "bold: b"]],
    ["an underlined heading", "A\n===\nb", "A\nb", ["heading 1: A"]],
    ["a rule", "a\n\n---\n\nb", "a\n\n———\n\nb", []],
    ["a quotation", "> a\n> **b**\n\nc", "a\nb\n\nc", ["quote: a\nb", "bold: b"]],
    ["a quotation in a quotation", "> a\n> > b", "a\nb", ["quote: a\nb"]],
    ["small print", "-# a **b**\n-# c\nd", "a b\nc\nd", ["subtext: a b", "bold: b", "subtext: c"]],
    ["small print below a line", "a\n-# b", "a\nb", ["subtext: b"]],
    ["no small print without a space", "-#a\n- # b", "-#a\n• b", ["heading 1: b"]],
  ])("%s", (_, source, text, formats) => {
    const read = rendered(source);
    expect(read.text).toBe(text);
    expect(described(read)).toEqual(formats);
  });
});

describe("lists", () => {
  it.each<[string, string, string, string[]]>([
    ["bullets of any kind", "- a\n- b\n\ntext\n\n* c\n+ d", "• a\n• b\n\ntext\n\n• c\n• d", []],
    ["numbers from where they begin", "3. a\n4. b", "3. a\n4. b", []],
    ["zero is a number", "0. a\n1. b", "0. a\n1. b", []],
    ["lists in lists", "- a\n  - b\n    1. c\n- d", "• a\n  ◦ b\n    1. c\n• d", []],
    ["bullets by level", "- a\n  - b\n    - c\n      - d", "• a\n  ◦ b\n    ▪ c\n      ▪ d", []],
    ["formats in items", "- **a** `b`", "• a b", ["bold: a", "code: b"]],
    ["paragraphs in items", "- a\n\n  b\n- c", "• a\n\n  b\n• c", []],
    ["tasks", "- [ ] a\n- [x] b", "☐ a\n☑ b", []],
    ["tasks with blank lines between them", "- [ ] a\n\n- [x] b", "☐ a\n☑ b", []],
    ["numbered tasks", "1. [x] a", "1. ☑ a", []],
    ["code below an item", "1. a\n   ```sh\n   b\n   ```\n2. c", "1. a\nb\n2. c", ["pre sh: b"]],
    ["code right behind a marker", "- ```js\n  a\n  ```\n- b", "• \na\n• b", ["pre js: a"]],
    ["a quotation below an item", "- a\n  > b\n  > c\n- d", "• a\nb\nc\n• d", ["quote: b\nc"]],
    ["a quotation right behind a marker", "- > a", "• \na", ["quote: a"]],
    ["a list in a quotation", "> - a\n>   - b", "• a\n  ◦ b", ["quote: • a\n  ◦ b"]],
  ])("%s", (_, source, text, formats) => {
    const read = rendered(source);
    expect(read.text).toBe(text);
    expect(described(read)).toEqual(formats);
  });
});

describe("blank lines", () => {
  it.each<[string, string]>([
    ["a\nb", "a\nb"],
    ["a\n\nb", "a\n\nb"],
    ["a\n\n\n\nb", "a\n\nb"],
    ["\n\na\n\n", "a"],
    ["# a\nb", "a\nb"],
    ["# a\n\nb", "a\n\nb"],
    ["- a\n\n\nb", "• a\n\nb"],
  ])("%j is shown as %j", (source, text) => expect(rendered(source).text).toBe(text));
});

describe("a line that is still being written", () => {
  it.each<[string, string]>([
    ["a list's first dash makes no heading of the line above", "Points:\n-"],
    ["two dashes are none either", "Points:\n--"],
    ["a table's first bar is text", "a\n|"],
  ])("%s", (_, source) => {
    expect(rendered(source)).toEqual({ text: source, ranges: [] });
  });

  it.each<[string, string, string]>([
    ["dashes below a line are a rule", "a\n---\nb", "a\n———\nb"],
    ["dashes below two lines are a rule", "a\nb\n---\nc", "a\nb\n———\nc"],
    ["no heading has two lines", "a\nb\n===\nc", "a\nb\n===\nc"],
  ])("%s", (_, source, text) => {
    expect(rendered(source)).toEqual({ text, ranges: [] });
  });
});
