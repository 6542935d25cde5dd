import { newWords } from "./words.ts";

const words = newWords();

/**
 * The shapes of markdown that break engines: code longer than a message, nested lists, a table of 30 rows, a wide one,
 * quotations, emoji of several code points, Arabic, Chinese, prices, mentions, long addresses, open markers.
 */
export const corpus = [
  `# ${words.take(3)}`,
  `${words.take(6)} **${words.take(2)}** *${words.take(2)}* ***${words.take(1)}*** ~~${words.take(2)}~~ \`${words.take(1)}\` ${words.take(6)}.`,
  nestedList(),
  longCode("typescript", 150),
  `> ${words.take(10)}\n> ${words.take(10)}\n>\n> ${words.take(6)}`,
  table(30),
  wideTable(),
  `👩‍👩‍👧‍👦 ${words.take(4)} 🏳️‍🌈 ${words.take(4)} 👍🏽 ${words.take(4)}`,
  `مرحبا ${words.take(4)} بالعالم ${words.take(4)} شكرا ${words.take(2)}`,
  `今天天气很好 ${words.take(4)} 我们去公园 ${words.take(4)} 谢谢 ${words.take(2)}`,
  `From $400 to $600, ${words.take(5)}, $5 each; ${words.take(5)}. @everyone and @here: ${words.take(4)}.`,
  `${words.take(3)} [${words.take(2)}](https://example.com/${"long-path/".repeat(20)}) ${words.take(3)} https://example.com/${"x".repeat(200)} ${words.take(3)}`,
  `- [x] ${words.take(4)}\n- [ ] ${words.take(4)}`,
  `${words.take(2)} **${words.take(3)} and *${words.take(3)} without an end, a [half ${words.take(2)} and 2 * 3 * 4 ${words.take(2)}`,
  "---",
  `### ${words.take(3)}\n\n${words.take(60)}.`,
].join("\n\n");

function nestedList(): string {
  return Array.from(
    { length: 4 },
    (_, index) =>
      `${index + 1}. ${words.take(6)}\n   - ${words.take(5)}\n     - ${words.take(4)}\n   - **${words.take(2)}**`,
  ).join("\n");
}

function longCode(language: string, lines: number): string {
  const body = Array.from(
    { length: lines },
    (_, index) => `${"  ".repeat(index % 4)}const ${words.take(1)} = f("${words.take(3)}");`,
  );
  return `\`\`\`${language}\n${body.join("\n")}\n\`\`\``;
}

function table(rows: number): string {
  const body = Array.from({ length: rows }, () => `| ${words.take(1)} | ${words.take(2)} | ${words.take(1)} |`);
  return ["| Name | Meaning | Unit |", "|:---|:---:|---:|", ...body].join("\n");
}

function wideTable(): string {
  const body = Array.from({ length: 3 }, () => `| ${Array.from({ length: 6 }, () => words.take(4)).join(" | ")} |`);
  return ["| One | Two | Three | Four | Five | Six |", "|---|---|---|---|---|---|", ...body].join("\n");
}
