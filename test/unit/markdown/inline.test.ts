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
    ["a ||b *c*|| d", "a b c d", ["spoiler: b c", "italic: c"]],
    ["答案是||42||。", "答案是42。", ["spoiler: 42"]],
    ["`a ||b|| ==c==`", "a ||b|| ==c==", ["code: a ||b|| ==c=="]],
    ["a ==b== c", "a b c", ["bold: b"]],
  ])("%j", (source, text, formats) => expectShown(source, text, formats));
});

describe("bold text among Chinese, Japanese and Korean", () => {
  it.each<[string, string, string[]]>([
    ["**重点：**后面", "重点：后面", ["bold: 重点："]],
    ["这是**“重点”**的", "这是“重点”的", ["bold: “重点”"]],
    ["这是**重点**，真的", "这是重点，真的", ["bold: 重点"]],
    ["用**`npm`**安装", "用npm安装", ["bold: npm", "code: npm"]],
    ["**「強調」**です", "「強調」です", ["bold: 「強調」"]],
    ['**"강조"**는', '"강조"는', ['bold: "강조"']],
    ["*注：*斜体", "注：斜体", ["italic: 注："]],
    ["**“甲”**和**乙**。", "“甲”和乙。", ["bold: “甲”", "bold: 乙"]],
    ["（**甲**）、**乙。**丙", "（甲）、乙。丙", ["bold: 甲", "bold: 乙。"]],
    ["**Note:**text", "Note:text", ["bold: Note:"]],
    ["见https://x.y/a，**重点**", "见https://x.y/a，重点", ["bold: 重点"]],
  ])("%j", (source, text, formats) => expectShown(source, text, formats));
});

describe("what has no counterpart stays readable", () => {
  it.each<[string, string]>([
    ["a **b", "a **b"],
    ["a * b * c", "a * b * c"],
    ["snake_case_name", "snake_case_name"],
    ["\\*a\\*", "*a*"],
    ["a == b == c, x==y==z", "a == b == c, x==y==z"],
    ["a || b || c, x||y||z", "a || b || c, x||y||z"],
    [":smile: @everyone #tag", ":smile: @everyone #tag"],
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

  it.each<[string, string]>([
    ["[a](http://localhost:3000/b)", "a (http://localhost:3000/b)"],
    ["![a](http://localhost/b.png)", "a (http://localhost/b.png)"],
    ["![](http://localhost/b.png)", "http://localhost/b.png"],
  ])("shows the address of %j, which Telegram takes for no link", (source, text) => expectShown(source, text, []));

  it.each<[string, string]>([
    ["[a](http://127.0.0.1:80/)", "link http://127.0.0.1:80/: a"],
    ["[a](<https://x.y/b c>)", "link https://x.y/b%20c: a"],
    ["[a](https://en.wikipedia.org/wiki/A_(b))", "link https://en.wikipedia.org/wiki/A_(b): a"],
  ])("%j is a link", (source, link) => expectShown(source, "a", [link]));

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
