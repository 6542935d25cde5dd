/**
 * `text` as markdown that shows it to the letter; a character reference means its character everywhere, where a backslash
 * can begin a formula.
 */
export function toTheLetter(text: string): string {
  return text.replace(/[!-/:-@[-`{-~]/g, (sign) => `&#${sign.codePointAt(0)};`);
}
