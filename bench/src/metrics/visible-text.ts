/**
 * What readers of markdown see of it: closed markers, fences and addresses of links are gone, open ones stand there as
 * they are. Never leaves out a word, whatever the source; it is no judge of details.
 */
export function visibleText(markdown: string): string {
  return markdown
    .split(/^(```[\s\S]*?(?:^```[ \t]*$|(?![\s\S])))/m)
    .map((part) =>
      part.startsWith("```") ? part.replace(/^```[^\n]*\n?/, "").replace(/\n?```[ \t]*$/, "") : readText(part),
    )
    .join("");
}

const punctuation = /[!-/:-@[-`{-~]/g;
const escapedCharacter = /\\([!-/:-@[-`{-~])/g;
const inlineCode = /(`+)([^`\n]+)\1(?!`)/g;
const lineMarkers = /^(?:#{1,6} |-# |> ?)+/gm;
const links = /!?\[([^[\]\n]*)\]\((?:[^()\s]|\([^()\s]*\))+\)/g;
const closedMarkers = /(\*\*\*|\*\*|\*|__|~~|\|\|)(?=\S)((?:(?!\1)[^\n])+?)(?<=\S)\1/g;

function readText(source: string): string {
  let text = source
    .replace(escapedCharacter, (_, character: string) => heldBack(character))
    .replace(inlineCode, (_, __, code: string) => heldBack(code))
    .replace(lineMarkers, "")
    .replace(links, "$1");
  // Markers stand within each other.
  for (let former = ""; former !== text; ) {
    former = text;
    text = text.replace(closedMarkers, "$2");
  }
  return text.replace(/[\ue000-\ue07f]/g, (held) => String.fromCharCode(held.charCodeAt(0) - privateUse));
}

/** Where characters that mean nothing wait until the markers are gone. */
const privateUse = 0xe000;

function heldBack(text: string): string {
  return text.replace(punctuation, (character) => String.fromCharCode(privateUse + character.charCodeAt(0)));
}
