import type { Chance } from "../random.ts";

/** Short texts, each with a trap for whoever reads markdown while it is being written. */
export const corpus: Readonly<Record<string, string>> = {
  "fence with a language": "Look:\n\n```python\ndef f(x):\n    return x  # `tick`\n\nprint(f(1))\n```\n\nDone.",
  "fence without an end": "```js\nconst a = 1;\n\n\nconst b = 2;",
  "fence in a fence": "````md\n```js\nx\n```\n````\nafter",
  "fence of tildes": "~~~\na ``` b\n~~~\nafter",
  "fence in a list": "1. first\n   ```sh\n   npm ci\n   ```\n2. second",
  "fence right behind a list marker": "- ```js\n  a\n  ```\n- b",
  "indented code": "text\n\n    code\n      more\n\ntext",
  "nested lists": "- a\n  - b\n    1. c\n    2. d\n  - e\n- f\n\n  paragraph\n- g",
  "task list": "- [ ] to do\n- [x] done\n\n1. [ ] numbered",
  "list that begins with a dash alone": "Points:\n- one\n- two",
  quotes: "> a\n> > b\n>\n> c\n\nd",
  "quote with a list and a fence": "> - a\n>   - b\n>\n> ```js\n> x\n> ```\nlazy",
  "quote in a list": "- a\n  > quoted\n- > at once",
  table: "| a | b |\n|---|:-:|\n| **x** | `y` |\n| z |\n\nafter",
  "table right below a line": "text\n| a |\n|---|\n| b |",
  headings: "# One\n## Two **bold**\n###### Six\n####### seven\nSetext\n======\nOther\n------\n",
  "rule below two lines": "line one\nline two\n---\nafter",
  "rules and stars": "***\n* * *\n---\n***bold italic*** **a *b* c**",
  "unbalanced markers": "**bold *italic ~~gone `code\n\n__under _line_ ** * ~~ `` ` x",
  "markers inside words": "snake_case_name 2*3*4 a**b**c __init__",
  links: '[a](https://x.y/z "t") [b](<https://x.y/a b>) <https://x.y> https://x.y/(a). www.x.org a@b.cd',
  "unsafe links": "[a](javascript:alert(1)) [b](data:text/html,x) [c](/relative) [d](file:///etc) [e](vbscript:x)",
  "half a link": "[label](https://example.com/path and [another][ref] and [third]",
  "link definitions": "[a] and [b][c]\n\nmore\n\n[a]: https://x.y\n[c]: https://z.y\n\nagain [a]",
  images: "![alt](https://x.y/p.png) ![](https://x.y/q.png) [![i](https://a.b/c.png)](https://d.e)",
  dollars: "$400 and $600, $x_1 + y_2$, $$\\frac{a}{b}$$, \\(a*b*c\\)",
  html: "<div>\n**x**\n</div>\n\n<!-- a comment --> a<br>b <b>c</b> <script>x</script>\n\n&lt;&amp;&nbsp;",
  "html without an end": "<!-- never closed\n\n# not a heading\n\n<pre>\n\n**x**",
  chinese: "你好，**世界**！这是`代码`。\n\n- 第一\n- 第二：*强调*\n\n> 引用「文字」",
  emoji: "👨‍👩‍👧‍👦 **👍🏽** `😀` [🇩🇪🇫🇷](https://x.y/😀) ❤️‍🔥 1️⃣",
  "right to left": "שלום **עולם** مرحبا `קוד` \u200fend",
  "combining marks": "e\u0301 **o\u0308** Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘",
  "carriage returns": "a\r\n\r\n- b\r\n- c\r\n\r\n```js\r\nx\r\n```\r\nd\re",
  "white space": "  a  \n\t b\\\n c\u00a0d\u3000e\n\n\n\n\n  \n f  ",
  backslashes: "\\*not bold\\* \\\\ \\` \\[x\\](y) C:\\dir\\file",
  "control characters": "a\u0000b\u0007c\u200bd\ufeff",
  "lone surrogates": "a\ud83d **b\ude00** c\ud83d",
  nothing: " \n\n \n",
};

const pieces = [
  ..."ab *_`~[]()!|<>#+-=.:\\$&\n\n\n\t".split(""),
  ...["**", "__", "~~", "```", "```js\n", "~~~", "\r\n", "\n\n", "    ", "- ", "1. ", "> ", "# ", "---", "===", "***"],
  ...["| a | b |\n", "|---|---|\n", "[l](https://x.y)", "![i](https://x.y/z.png)", "[a]: https://x.y\n", "[a]", "[x] "],
  ...[
    "<div>",
    "</div>",
    "<!--",
    "-->",
    "<pre>",
    "<br>",
    "&amp;",
    "https://e.org",
    "你好。",
    "👨‍👩‍👧",
    "🇩🇪",
    "שלום",
    "\u0000",
  ],
];

/** Markers thrown together as nobody would write them. */
export function muddle(chance: Chance): string {
  return Array.from({ length: 1 + chance.below(16) }, () => chance.pick(pieces)).join("");
}

const markers = [
  ...[
    "**",
    "*",
    "_",
    "`",
    "[",
    "]",
    "(",
    ")",
    "\n",
    "\n",
    "\n\n",
    "- ",
    "1. ",
    "    ",
    "> ",
    "# ",
    "\n```\n",
    "|",
    "|---|\n",
  ],
  ...["---", "===", "***", "<div>", "</div>", "\\", "!", "\t", "[x] ", "<pre>", "</script>", ":", "\n---\n"],
];

/** Words, no two the same, with markers thrown between them. */
export function markedWords(chance: Chance): { readonly words: readonly string[]; readonly source: string } {
  const words = Array.from({ length: 1 + chance.below(10) }, (_, index) => `w${index}w`);
  const marks = () => Array.from({ length: chance.below(4) }, () => chance.pick(markers)).join("");
  return { words, source: words.map((word) => marks() + word).join("") + marks() };
}

const words = [
  ...["alpha", "beta_x", "gamma", "don't", "100%", "$400", "a#b", "<b>", "e\u0301", "Yes!", "你好世界", "测试。"],
  ...[
    "😀",
    "👨‍👩‍👧‍👦",
    "🇩🇪🇫🇷",
    "שלום",
    "`code`",
    "**bold words here**",
    "*it*",
    "~~no~~",
    "https://example.com/a_b?c=d",
  ],
  ...["[link text](https://example.com/p)", "***both***"],
];
const codeLines = ["const a_b = `x`;", "  return x * y ** z;", "// 注释 😀", "", "    if (a) {", "\tb[0] = **c;"];

/** An answer as a model writes it, of at least `length` characters. */
export function longAnswer(chance: Chance, length: number): string {
  const blocks: string[] = [];
  for (let written = 0; written < length; written += blocks.at(-1)?.length ?? 0) blocks.push(block(chance));
  return blocks.join("\n\n");
}

function block(chance: Chance): string {
  const lines = (most: number, line: (index: number) => string) =>
    Array.from({ length: 1 + chance.below(most) }, (_, index) => line(index)).join("\n");
  switch (chance.below(8)) {
    case 0:
      return `\`\`\`${chance.pick(["js", "python", ""])}\n${lines(30, () => chance.pick(codeLines))}\n\`\`\``;
    case 1:
      return lines(10, (index) => `${chance.pick(["- ", `${index + 1}. `, "  - "])}${sentence(chance)}`);
    case 2:
      return lines(3, () => `> ${sentence(chance)}`);
    case 3:
      return `${"#".repeat(1 + chance.below(4))} ${sentence(chance)}`;
    case 4:
      return `| a | b |\n|---|---|\n${lines(8, () => `| ${chance.pick(words)} | y |`)}`;
    default:
      return Array.from({ length: 1 + chance.below(8) }, () => sentence(chance)).join(chance.pick([" ", "\n"]));
  }
}

function sentence(chance: Chance): string {
  const said = Array.from({ length: 3 + chance.below(12) }, () => chance.pick(words)).join(" ");
  return said + chance.pick([".", "!", "?", "。", ""]);
}
