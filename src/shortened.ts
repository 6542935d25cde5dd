/** `text` in one line of at most `most` characters, the last of them … where it has more. */
export function shortened(text: string, most: number): string {
  const characters = [...text.replaceAll(/\s+/g, " ").trim()];
  return characters.length <= most ? characters.join("") : `${characters.slice(0, most - 1).join("")}…`;
}
