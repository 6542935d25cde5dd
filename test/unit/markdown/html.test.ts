import { describe, expect, it } from "vitest";
import { described, flaws, rendered } from "./formatted.ts";

function expectShown(source: string, text: string, formats: readonly string[] = []): void {
  const read = rendered(source);
  expect(read.text).toBe(text);
  expect(described(read)).toEqual(formats);
  expect(flaws(read)).toEqual([]);
}

describe("HTML inside a paragraph", () => {
  it.each<[string, string, string[]]>([
    ["<b>a</b> <strong>b</strong> <mark>c</mark>", "a b c", ["bold: a", "bold: b", "bold: c"]],
    [
      "<i>a</i> <em>b</em> <u>c</u> <ins>d</ins>",
      "a b c d",
      ["italic: a", "italic: b", "underline: c", "underline: d"],
    ],
    ["<s>a</s> <del>b</del> <strike>c</strike>", "a b c", ["a", "b", "c"].map((x) => `strikethrough: ${x}`)],
    ["<code>a*b*</code> <kbd>Ctrl</kbd>+<kbd>C</kbd>", "a*b* Ctrl+C", ["code: a*b*", "code: Ctrl", "code: C"]],
    ["<code>a &lt; b</code>", "a < b", ["code: a < b"]],
    ["H<sub>2</sub>O, x<sup>2</sup>, x<sup>a,b</sup>, <sup>[1]</sup>", "H₂O, x², x^(a,b), [1]", []],
    ["<tg-spoiler>a</tg-spoiler> <span class='tg-spoiler'>b</span>", "a b", ["spoiler: a", "spoiler: b"]],
    ['<a href="https://x.y/?a=1&amp;b=2">a **b**</a>', "a b", ["link https://x.y/?a=1&b=2: a b", "bold: b"]],
    ['<a href="javascript:x">a</a> <a href="/b">c</a> <a name="d">e</a>', "a (javascript:x) c (/b) e", []],
    ["<img src='https://x.y/z.png' alt='a'>", "a", ["link https://x.y/z.png: a"]],
    ["<q>a</q> <span style='color:red'>b</span> <font>c</font>", "“a” b c", []],
    ["<b>a *b* <i>c</i></b>", "a b c", ["bold: a b c", "italic: b", "italic: c"]],
    ["**a <u>b</u>**", "a b", ["bold: a b", "underline: b"]],
    ["<B>a</B><BR>b", "a\nb", ["bold: a"]],
  ])("%j", (source, text, formats) => expectShown(source, text, formats));

  it.each<[string, string]>([
    ["a<br>b<br/>c<br />d", "a\nb\nc\nd"],
    ["a<br>\nb", "a\nb"],
    ["a<br><br>b", "a\n\nb"],
    ["<br>a<br>", "a"],
    ["# a<br>b", "a b"],
    ["a<!-- b -->c", "ac"],
    ["<p>a</p><p>b</p>", "a\n\nb"],
    ["<div>a</div>b<center>c</center>", "a\nb\nc"],
    ["a<hr>b", "a\n———\nb"],
    ["<ul><li>a</li><li>b<ol><li>c</li><li>d</li></ol></li></ul>e", "• a\n• b\n  1. c\n  2. d\ne"],
    ["<ul>\n  <li>a</li>\n  <li>b</li>\n</ul>", "• a\n• b"],
    ["<table><tr><td>a</td>\n<td>b</td></tr><tr><td>c</td></tr></table>", "a | b\nc"],
  ])("has the lines of %j", (source, text) => expect(rendered(source).text).toBe(text));
});

describe("tags that don't match", () => {
  it.each<[string, string, string[]]>([
    ["<b>a", "a", ["bold: a"]],
    ["a</b> b", "a b", []],
    ["<b>a <i>b</b> c</i> d", "a b c d", ["bold: a b", "italic: b"]],
    ["**a <i>b** c", "a b c", ["bold: a b", "italic: b"]],
    ["<b>a\n\nb", "a\n\nb", ["bold: a"]],
    ["<p>a", "a", []],
  ])("%j", (source, text, formats) => expectShown(source, text, formats));
});

describe("what looks like HTML", () => {
  it.each([
    "List<String> and Map<K, V>",
    "vector<int>, Array<Object>, List<A>, Box<Button>",
    "<your name> and <T>",
    "a < b and c > d, 3<5",
    "git commit <path> <file>",
    "use <title> and <source>",
    "<App /> and <Foo.Bar>",
    "the <Table> and <Details> components",
    "<think>hm</think>",
    "a <- b <3",
    "<?php echo 1; ?>",
  ])("stays: %j", (source) => expectShown(source, source));

  it.each(["`<b>a</b><br>&amp;`", "```\n<b>a</b>&amp;\n```"])("stays in code: %j", (source) => {
    expect(rendered(source).text).toContain("<b>a</b>");
    expect(rendered(source).text).toContain("&amp;");
  });
});

describe("blocks of HTML", () => {
  it.each<[string, string, string, string[]]>([
    ["markdown between tags", "<div>\n**a**\n</div>", "a", ["bold: a"]],
    ["markdown between tags and blank lines", "a\n\n<div>\n\n# b\n\n</div>\n\nc", "a\n\nb\n\nc", ["heading 1: b"]],
    ["a comment", "a\n\n<!-- b\n\nc -->\n\nd", "a\n\nd", []],
    ["a comment that never ends", "a\n\n<!-- b", "a\n\n<!-- b", []],
    ["headings", "<h2>a **b**</h2>\nc", "a b\nc", ["heading 2: a b", "bold: b"]],
    ["preformatted text", "<pre>\na &lt;\n  *b*\n</pre>\nc", "a <\n  *b*\nc", ["pre: a <\n  *b*"]],
    ["code", '<pre><code class="language-js">a\n\nb</code></pre>', "a\n\nb", ["pre js: a\n\nb"]],
    ["a script", "<script>\na &amp; b\n</script>", "a &amp; b", ["pre javascript: a &amp; b"]],
    ["a quotation", "<blockquote>\na **b**\n\nc\n</blockquote>\nd", "a b\n\nc\nd", ["quote: a b\n\nc", "bold: b"]],
    ["an expandable quotation", "<blockquote expandable>a</blockquote>", "a", ["collapsed quote: a"]],
    [
      "details",
      "<details>\n<summary>More</summary>\n\n- a\n\n</details>\n\nb",
      "More\n\n• a\n\nb",
      ["collapsed quote: More\n\n• a", "bold: More"],
    ],
    ["details that have not ended", "<details><summary>a</summary>b", "a\nb", ["collapsed quote: a\nb", "bold: a"]],
    [
      "details in details",
      "<details>a\n\n<details>b</details>\n\nc</details>\nd",
      "a\n\nb\n\nc\nd",
      ["collapsed quote: a\n\nb\n\nc"],
    ],
    ["small print", "<small>a **b**</small>\n\nc <small>d</small>", "a b\n\nc d", ["subtext: a b", "bold: b"]],
    ["nothing", "<div></div>\n\n<!-- -->", "", []],
    ["quotations inside formats are text", "**a <blockquote>b</blockquote>**", "a \nb", ["bold: a \nb"]],
  ])("%s", (_, source, text, formats) => expectShown(source, text, formats));
});

describe("entities", () => {
  it.each<[string, string]>([
    ["&lt;b&gt; &amp; &quot;c&quot;", '<b> & "c"'],
    ["&#39; &#x27; &#8364;", "' ' €"],
    ["a&nbsp;b&mdash;c&hellip;", "a\u00a0b—c…"],
    ["&copy; &Auml;&ouml; &rarr; &frac12;", "© Äö → ½"],
    ["&amp;lt;", "&lt;"],
    ["&unknown; &; & AT&T a&b=c", "&unknown; &; & AT&T a&b=c"],
    ["&#0; &#xD800; &#x110000;", "\ufffd \ufffd \ufffd"],
  ])("%j", (source, text) => expectShown(source, text));
});
