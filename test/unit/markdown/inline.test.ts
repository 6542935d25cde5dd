import { describe, expect, it } from "vitest";
import { described, rendered } from "./formatted.ts";

function expectShown(source: string, text: string, formats: readonly string[]): void {
  const read = rendered(source);
  expect(read.text).toBe(text);
  expect(described(read)).toEqual(formats);
}

describe("inline formats", () => {
  it.each<[string, string, string[]]>([
    ["a **b** c", "a b c", ["bold: b"]],
    ["a __b__ c", "a b c", ["bold: b"]],
    ["*a* _b_", "a b", ["italic: a", "italic: b"]],
    ["~~a~~ ~b~", "a b", ["strikethrough: a", "strikethrough: b"]],
    ["`a` and ``b`c``", "a and b`c", ["code: a", "code: b`c"]],
    ["`**a** <b> \\* $`", "**a** <b> \\* $", ["code: **a** <b> \\* $"]],
    ["**a *b* c**", "a b c", ["bold: a b c", "italic: b"]],
    ["***a***", "a", ["italic: a", "bold: a"]],
    ["**a `b`**", "a b", ["bold: a b", "code: b"]],
    ["**a **b** c**", "a b c", ["bold: a b c"]],
    ["**你好**，*世界*", "你好，世界", ["bold: 你好", "italic: 世界"]],
    ["**👨‍👩‍👧** x", "👨‍👩‍👧 x", ["bold: 👨‍👩‍👧"]],
    ["a  \nb\\\nc\nd", "a\nb\nc\nd", []],
  ])("%j", (source, text, formats) => expectShown(source, text, formats));
});

describe("what has no counterpart stays readable", () => {
  it.each<[string, string]>([
    ["a **b", "a **b"],
    ["a * b * c", "a * b * c"],
    ["snake_case_name", "snake_case_name"],
    ["\\*a\\*", "*a*"],
    ["$400 and $600, $x_1 + y_2$", "$400 and $600, $x_1 + y_2$"],
    ["<b>a</b><br>", "<b>a</b><br>"],
    ["a <!-- b --> c", "a <!-- b --> c"],
    ["&lt;a&gt; &amp;", "&lt;a&gt; &amp;"],
    ["note[^1]\n\n[^1]: the note", "note[^1]\n\n[^1]: the note"],
    ["שלום עולם", "שלום עולם"],
    ["half an emoji \ud83d and the other \ude00", "half an emoji \ufffd and the other \ufffd"],
  ])("%j", (source, text) => expectShown(source, text, []));
});

describe("links", () => {
  it.each<[string, string, string[]]>([
    ["[a](https://x.y/z)", "a", ["link https://x.y/z: a"]],
    ['[a](http://x.y "title")', "a", ["link http://x.y: a"]],
    ["[**a** b](https://x.y)", "a b", ["link https://x.y: a b", "bold: a"]],
    ["**[a](https://x.y)**", "a", ["bold: a", "link https://x.y: a"]],
    ["[a](HTTPS://X.Y)", "a", ["link HTTPS://X.Y: a"]],
    ["[a](mailto:a@b.cd)", "a", ["link mailto:a@b.cd: a"]],
    ["[a](tel:+4930123)", "a", ["link tel:+4930123: a"]],
    ["[a](tg://user?id=1)", "a", ["link tg://user?id=1: a"]],
    ["![a](https://x.y/p.png)", "a", ["link https://x.y/p.png: a"]],
    ["![](https://x.y/p.png)", "https://x.y/p.png", ["link https://x.y/p.png: https://x.y/p.png"]],
    ["[![a](https://x.y/p.png)](https://z.y)", "a", ["link https://z.y: a"]],
  ])("%j leads to its address", (source, text, formats) => expectShown(source, text, formats));

  it.each(["https://x.y/a_b_c?d=*e*", "www.x.org", "a@b.cd"])("leaves %j to the platform to recognise", (address) => {
    expectShown(`see ${address} there`, `see ${address} there`, []);
  });

  it.each<[string, string]>([
    ["<https://x.y>", "https://x.y"],
    ["<a@b.cd>", "a@b.cd"],
    ["[https://x.y](https://x.y)", "https://x.y"],
    ["[a@b.cd](mailto:a@b.cd)", "a@b.cd"],
    ["[](https://x.y)", "https://x.y"],
    ["[ ](https://x.y)", "https://x.y"],
  ])("shows the bare address of %j", (source, text) => expectShown(source, text, []));

  it.each([
    "[a](javascript:alert(1))",
    "[a](JavaScript:alert(1))",
    "[a](data:text/html,x)",
    "[a](vbscript:x)",
    "[a](file:///etc/passwd)",
    "[a](ftp://x.y)",
    "[a](/relative)",
    "[a](x.y/z)",
    "[a](https://)",
    "[a](https:x)",
    "![a](data:image/png;base64,AA)",
    "![a](/p.png)",
  ])("makes no link of %j and shows it as it is", (source) => expectShown(source, source, []));

  it("leaves definitions and what refers to them as they are, so that nothing shown changes later", () => {
    const source = "[a] and [b][c]\n\n[a]: https://x.y\n[c]: https://z.y";
    expectShown(source, source, []);
  });
});
