/**
 * What two forms of the same text must have in common: every visible character, in order. White space and the marks of
 * markdown are left out, for Telegram has entities instead of them, Discord needs further ones, and a new message takes the
 * place of a line break. A fence that is closed and opened again counts for nothing either.
 */
export function visibleText(text: string): string {
  return text.replaceAll(/^`{3}.*$/gm, "").replaceAll(/[\s\u200b\\*_`~#>|]/gu, "");
}

/** Where the shown text departs from the expected one, in words; undefined when it does not. */
export function difference(shown: string, expected: string): string | undefined {
  if (shown === expected) return undefined;
  const [are, should] = [[...shown], [...expected]];
  const at = should.findIndex((character, index) => character !== are[index]);
  const place = at < 0 ? should.length : at;
  const around = (characters: readonly string[]) => JSON.stringify(characters.slice(place, place + 20).join(""));
  return `character ${place + 1} of ${should.length} should begin ${around(should)} and begins ${around(are)}`;
}

/** The sentence about a text that is not the agent's; nothing when it is. */
export function inexact(shown: string, expected: string): string[] {
  const found = difference(shown, expected);
  return found ? [`the text is not the agent's: ${found}`] : [];
}
