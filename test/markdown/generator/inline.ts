import fc from "fast-check";
import { words } from "./words.ts";

export const marker = fc.constantFrom("**", "*", "_", "__", "***", "~~", "||", "`", "``", "~", "==", "^");

/** Words with formats in each other, closed, left open or closed by another marker. */
export const { phrase } = fc.letrec<{ phrase: string; part: string }>((tie) => ({
  phrase: fc
    .array(tie("part"), { minLength: 1, maxLength: 3, depthIdentifier: "inline" })
    .map((list) => list.join(" ")),
  part: fc.oneof(
    { maxDepth: 4, withCrossShrink: true, depthIdentifier: "inline" },
    { weight: 5, arbitrary: words },
    { weight: 4, arbitrary: fc.tuple(marker, tie("phrase")).map(([mark, content]) => mark + content + mark) },
    { weight: 1, arbitrary: fc.tuple(marker, tie("phrase"), marker).map((parts) => parts.join("")) },
    { weight: 1, arbitrary: fc.tuple(marker, tie("phrase")).map((parts) => parts.join("")) },
  ),
}));

const address = fc.oneof(
  fc.constantFrom(
    ...[
      "https://example.com",
      "https://x.org/a_b_c*d*?q=1&r=%20#top",
      "https://en.wikipedia.org/wiki/A_(b)",
      "http://localhost:80",
    ],
    ...[
      "https://例子.中国/路径",
      "mailto:a@b.cd",
      "tel:+49123",
      "tg://resolve?domain=x",
      "javascript:alert(1)",
      "/relative",
      "#top",
    ],
    ...[
      "https://x.org/**a**~~b~~||c||",
      "https://user:pw@x.org:8080/",
      "https://x.org/a b",
      "ftp://x.org",
      "https://x.org/😀",
      "",
    ],
  ),
  fc.nat(900).map((length) => `https://example.com/search?q=${"long_value-".repeat(length / 11)}`),
);

const link = fc.tuple(phrase, address, fc.nat(11)).map(([label, url, form]) => {
  const forms = [`![${label}](${url})`, `<${url}>`, url, `[${label}](<${url}>)`, `[${label}](${url} "title")`];
  const more = [`[${label}][1]`, `[![${label}](${url})](${url})`, `[${label}](${url}`, `(${url})`];
  return [...forms, ...more][form] ?? `[${label}](${url})`;
});

export const sentence = fc.oneof(
  { weight: 6, arbitrary: phrase },
  { weight: 2, arbitrary: words },
  { weight: 2, arbitrary: fc.tuple(words, link, words).map((parts) => parts.join(" ")) },
  { weight: 1, arbitrary: fc.tuple(words, marker, link, marker).map((parts) => parts.join("")) },
);
