import { toTheLetter } from "../markdown/to-the-letter.ts";

/** `text` as a markdown quotation that shows it to the letter, with a blank line behind it. */
export function quotation(text: string): string {
  const lines = text.split(/\r\n|\r|\n/).map((line) => `> ${toTheLetter(line.trim())}`.trimEnd());
  return `${lines.join("\n")}\n\n`;
}
