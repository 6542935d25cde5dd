/** `text` as a markdown quotation that shows it to the letter, with a blank line behind it. */
export function quotation(text: string): string {
  const lines = text.split(/\r\n|\r|\n/).map((line) => `> ${literal(line.trim())}`.trimEnd());
  return `${lines.join("\n")}\n\n`;
}

/** Character references mean their character everywhere, where a backslash can begin a formula. */
function literal(text: string): string {
  return text.replace(/[!-/:-@[-`{-~]/g, (sign) => `&#${sign.codePointAt(0)};`);
}
