import fc from "fast-check";

const plainWords = fc.constantFrom(
  ...[
    "the",
    "answer",
    "is",
    "a",
    "model",
    "don't",
    "e.g.",
    "well-known",
    "100%",
    "3.14",
    "and/or",
    "C#",
    "AT&T",
    "(see",
  ],
  ...[
    "below)",
    "“quoted”",
    "end.",
    "Really?",
    "Yes!",
    "first,",
    "note:",
    "→",
    "–",
    "½",
    "…",
    "#1",
    "+",
    "-",
    "=",
    "~5",
  ],
);

export const otherScripts = fc.constantFrom(
  ...[
    "你好，世界。",
    "第一章：开始！",
    "（括号）",
    "日本語のテスト",
    "한국어",
    "مرحبا",
    "العالم،",
    "שלום",
    "नमस्ते",
    "ไทย",
    "Ελλάδα",
  ],
  ...["‏نص‏", "e\u0301", "Z͑ͫ̓ͪ̂ͫ̽͏̴̙", "\u200b", "a\u200db", "\ufeff", "\u00a0", "\u3000", "𝒳𝓎", "𠜎𠜱", "\u202eabc\u202c"],
);

export const emoji = fc.constantFrom(
  "😀",
  "👨‍👩‍👧‍👦",
  "🏳️‍🌈",
  "👍🏽",
  "🇩🇪",
  "🇯🇵🇰🇷🇨🇳",
  "1️⃣",
  "❤️‍🔥",
  "🏴󠁧󠁢󠁳󠁣󠁴󠁿",
  "✅",
  "⚠️",
  "🧑🏽‍💻",
);

const mention = fc.constantFrom(
  ...["@everyone", "@here", "<@123456789012345678>", "<@!1>", "<@&42>", "<#99>", "@alice_w", "<:party:123>", "<a:x:1>"],
  ...["</status:123>", "<t:1767225600:R>", "#hashtag", "/start", "someone@example.com", "t.me/name", "<id:customize>"],
);

const price = fc.constantFrom(
  ...["$400", "$400-$600", "US$1,299.99", "$5/day", "$1.2k", "€459", "costs $20 and $30", "$HOME", "$_", "$$$", "5$"],
);

export const formula = fc.constantFrom(
  ...[
    "$x^2$",
    "$a_1 + b_{12}$",
    "$\\frac{a}{b}$",
    "\\(E = mc^2\\)",
    "$$\\sum_{k=1}^n k$$",
    "\\[ \\sqrt{2} \\]",
    "$\\alpha",
  ],
  ...[
    "$\\mathbb{R}^n$",
    "$\\text{if } x > 0$",
    "\\(x",
    "$$",
    "$|x| < *y*$",
    "$\\undefined{x}{y}$",
    "$\\begin{matrix}1\\end{matrix}$",
  ],
);

const html = fc.constantFrom(
  ...["<br>", "<b>bold</b>", "<i>", "</i>", "<u>under</u>", "H<sub>2</sub>O", "<kbd>Ctrl</kbd>", "<code>x*y*</code>"],
  ...["&lt;b&gt;", "&amp;", "&nbsp;", "&#128512;", "&bogus;", "<!-- note -->", "<!--", "Array<string>", "a < b > c"],
  ...[
    '<a href="https://x.org/a?b=1&amp;c=2">link</a>',
    '<img src="https://x.org/i.png" alt="pic">',
    "<details>",
    "</div>",
  ],
  ...["<script>alert(1)</script>", "<mark>m</mark>", "<s>", "<p>paragraph</p>", "<span style='x'>s</span>"],
);

export const word = fc.oneof(
  { weight: 24, arbitrary: plainWords },
  { weight: 4, arbitrary: otherScripts },
  { weight: 2, arbitrary: emoji },
  { weight: 1, arbitrary: mention },
  { weight: 1, arbitrary: price },
  { weight: 1, arbitrary: formula },
  { weight: 1, arbitrary: html },
);

export const words = fc.array(word, { minLength: 1, maxLength: 6, size: "max" }).map((list) => list.join(" "));
