import fc from "fast-check";
import { phrase, sentence } from "./inline.ts";
import { formula, word, words } from "./words.ts";

const paragraph = fc.oneof(
  { weight: 8, arbitrary: joined(sentence, 5, [" ", " ", "\n", "  \n", "\\\n"]) },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 1, max: 60 }).map((count) => "A sentence that goes on and on. ".repeat(count)),
  },
  { weight: 1, arbitrary: fc.integer({ min: 20, max: 3_000 }).map((length) => "verylong".repeat(length / 8)) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 400 }).map((count) => "中文没有空格，".repeat(count)) },
);

const heading = fc
  .tuple(fc.integer({ min: 1, max: 7 }), sentence, fc.constantFrom("", "", "", " ##", "\n===", "\n---"))
  .map(([level, text, end]) => `${"#".repeat(level)} ${text}${end}`);

const rule = fc.constantFrom("---", "***", "___", "* * *");

const codeLine = fc.constantFrom(
  ...[
    "const a_b = `x`;",
    "  return x * y ** z;",
    "// 注释 😀",
    "",
    "",
    "    if (a) {",
    "\tb[0] = **c;",
    "<div>&amp;</div>",
  ],
  ...[
    "# comment @everyone",
    "- item",
    "| a | b |",
    "```",
    "~~~",
    "https://example.com/a_b",
    "$ npm ci",
    "+added",
    "   ",
  ],
);

const language = fc.constantFrom(
  "",
  "",
  "js",
  "python",
  "c++",
  "objective-c",
  "text {.numberLines}",
  "diff",
  "math",
  "日本語",
);

const fence = fc
  .tuple(
    fc.constantFrom("```", "```", "```", "````", "~~~"),
    language,
    fc.oneof(
      { weight: 5, arbitrary: joined(codeLine, 12, ["\n"]) },
      { weight: 1, arbitrary: joined(codeLine, 150, ["\n"]) },
    ),
    fc.nat(7),
  )
  .map(([ticks, name, code, closing]) => `${ticks}${name}\n${code}${closing === 0 ? "" : `\n${ticks}`}`);

const indentedCode = joined(codeLine, 4, ["\n    "]).map((code) => `    ${code}`);

const cell = fc.oneof(
  { weight: 4, arbitrary: word },
  { weight: 2, arbitrary: words },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      "",
      "**x**",
      "`a|b`",
      "a \\| b",
      "北京市",
      "⭐⭐⭐",
      "1,234.5",
      "<br>",
      "[l](https://x.org)",
    ),
  },
  { weight: 1, arbitrary: phrase },
);

/** Rows that mostly have as many cells as the first one. */
const table = fc
  .tuple(
    fc.integer({ min: 1, max: 7 }),
    fc.array(fc.array(cell, { minLength: 7, maxLength: 7 }), { minLength: 0, maxLength: 12, size: "max" }),
    fc.array(fc.integer({ min: -2, max: 6 }), { minLength: 13, maxLength: 13 }),
    fc.constantFrom("---", ":--", ":-:", "--:", "-"),
  )
  .map(([columns, rows, raggedness, dashes]) => {
    const line = (cells: readonly string[]) => `| ${cells.map((text) => text.replaceAll("\n", " ")).join(" | ")} |`;
    const width = (row: number) =>
      Math.max(1, columns + Math.min(0, raggedness[row] ?? 0) + ((raggedness[row] ?? 0) > 5 ? 1 : 0));
    const [head = [], ...body] = [["Name", "Value", "价格", "*Note*", "E", "F", "G"], ...rows];
    const delimiter = line(Array.from({ length: columns }, () => dashes));
    return [
      line(head.slice(0, columns)),
      delimiter,
      ...body.map((cells, row) => line(cells.slice(0, width(row)))),
    ].join("\n");
  });

const bullet = fc.constantFrom("-", "-", "*", "+", "1.", "1.", "7.", "3)", "- [ ]", "- [x]", "1. [ ]");

/** A list whose items can hold lists, code and quotations, up to `depth` levels deep. */
function list(depth: number): fc.Arbitrary<string> {
  const inner = depth > 1 ? fc.oneof({ weight: 5, arbitrary: list(depth - 1) }, fence, quotation(sentence)) : fence;
  const nothing = { weight: depth > 1 ? 1 : 9, arbitrary: fc.constant(null) };
  const item = fc.tuple(
    sentence,
    fc.oneof(nothing, { weight: 2, arbitrary: inner }),
    fc.constantFrom(2, 2, 3, 4),
    fc.nat(9),
  );
  return fc.tuple(bullet, fc.array(item, { minLength: 1, maxLength: 5 })).map(([mark, items]) =>
    items
      .map(([text, content, indent, loose]) => {
        const nested = content === null ? "" : `\n${indented(content, " ".repeat(indent))}`;
        return `${mark} ${text}${nested}${loose === 0 ? "\n" : ""}`;
      })
      .join("\n"),
  );
}

function quotation(content: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.tuple(content, fc.constantFrom("> ", ">", "> > ", "  > ")).map(([text, prefix]) => indented(text, prefix));
}

const htmlBlock = fc
  .tuple(fc.constantFrom("div", "details", "p", "table", "pre", "h2", "blockquote", "ul"), sentence, fc.boolean())
  .map(([tag, text, closed]) => `<${tag}>\n${text}\n${closed ? `</${tag}>` : ""}`);

const formulaBlock = fc
  .tuple(formula, fc.constantFrom(["$$\n", "\n$$"], ["\\[\n", "\n\\]"], ["```math\n", "\n```"], ["$$\n", ""]))
  .map(([content, [open, close]]) => `${open}${content.replaceAll("$", "")}${close}`);

const unquoted = fc.oneof(
  { weight: 8, arbitrary: paragraph },
  { weight: 3, arbitrary: heading },
  { weight: 1, arbitrary: rule },
  { weight: 5, arbitrary: fc.oneof(list(1), list(2), list(3), list(4)) },
  { weight: 3, arbitrary: fence },
  { weight: 1, arbitrary: indentedCode },
  { weight: 3, arbitrary: table },
  { weight: 1, arbitrary: htmlBlock },
  { weight: 1, arbitrary: formulaBlock },
  { weight: 1, arbitrary: fc.constantFrom("[1]: https://x.org", "[^1]: A footnote.", "Term\n: Definition", "![](x)") },
);

export const block: fc.Arbitrary<string> = fc.oneof(
  { weight: 12, arbitrary: unquoted },
  { weight: 1, arbitrary: quotation(unquoted) },
);

function joined(part: fc.Arbitrary<string>, maxLength: number, between: readonly string[]): fc.Arbitrary<string> {
  const glued = fc.tuple(part, fc.constantFrom(...between));
  return fc
    .array(glued, { minLength: 1, maxLength, size: "max" })
    .map((parts) => parts.map(([text, glue], index) => (index === parts.length - 1 ? text : text + glue)).join(""));
}

function indented(text: string, prefix: string): string {
  return text.replaceAll(/^/gm, prefix);
}
