import { newWords } from "./words.ts";

const words = newWords();

/** An answer as models write them: headings, paragraphs with emphasis, lists, a code block, a table. About 3.9k characters. */
export const markdownAnswer = [section(), section(), section()].join("\n\n");

function section(): string {
  return [
    `## ${words.take(4)}`,
    `${words.take(12)} **${words.take(2)}** ${words.take(14)} \`${words.take(1)}\` ${words.take(8)}, *${words.take(2)}* ${words.take(10)}.`,
    `${words.take(20)} [${words.take(2)}](https://example.com/a/page) ${words.take(16)}.`,
    Array.from({ length: 4 }, () => `- **${words.take(1)}**: ${words.take(9)}`).join("\n"),
    `\`\`\`python\n${Array.from({ length: 6 }, () => `    ${words.take(1)} = run(${words.take(2)})`).join("\n")}\n\`\`\``,
    Array.from({ length: 3 }, (_, index) => `${index + 1}. ${words.take(8)}`).join("\n"),
    [
      "| Name | Size |",
      "|---|---|",
      ...Array.from({ length: 4 }, () => `| ${words.take(1)} | ${words.take(2)} |`),
    ].join("\n"),
    `${words.take(25)}.`,
  ].join("\n\n");
}
