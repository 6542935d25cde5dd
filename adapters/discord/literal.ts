/** Invisible, and not white space to Discord: it keeps apart what would be read together. */
export const zeroWidthSpace = "\u200b";

/** What stands next to a piece of text inside its line. */
export interface Neighbours {
  /** Offsets in the piece that would open a block: a heading, a quotation. */
  readonly blockOpeners: ReadonlySet<number>;
  /** Whether the piece begins the line with nothing before it. */
  readonly first: boolean;
  /** Whether the piece ends the line with nothing after it. */
  readonly last: boolean;
  /** Whether the piece stands between the markers of a style. */
  readonly styled: boolean;
}

const bareUrl = /https?:\/\/[\w\-.~:/?#@!$&'()*+,;=%]+/g;

/** A piece of text written so that Discord shows it to the letter, and links the web addresses in it. */
export function literalText(piece: string, neighbours: Neighbours): string {
  let written = "";
  let done = 0;
  for (const { index, 0: match } of piece.matchAll(bareUrl)) {
    const url = withoutTrailingPunctuation(match);
    const end = index + url.length;
    written += escaped(piece, done, index, neighbours);
    written += webAddress(url, endsByItself(piece.slice(end), neighbours.last), neighbours.styled);
    done = end;
  }
  return written + escaped(piece, done, piece.length, neighbours);
}

/**
 * A web address to be shown as it is. No backslash works inside; where Discord would take what follows for a part of it,
 * it stands in angle brackets.
 */
export function webAddress(url: string, endsByItself: boolean, styled: boolean): string {
  const safe = styled ? withoutMarkers(url) : url;
  return endsByItself ? safe : `<${safe}>`;
}

/** Percent-encodes what would end a style around the address. */
export function withoutMarkers(url: string): string {
  return url.replaceAll(/[*|`]|_(?=_)|~(?=~)/g, percentEncoded);
}

export function percentEncoded(character: string): string {
  const encoded = encodeURIComponent(character);
  return encoded === character ? `%${character.charCodeAt(0).toString(16).toUpperCase()}` : encoded;
}

/** The offsets in a line at which `#`, `>` or `-#` would open a block, after list markers too. */
export function blockOpeners(line: string): Set<number> {
  const opener = /^(\s*(?:(?:[-*]|\d+\.)\s+)*)(?:#{1,3}(?:\s|$)|>|-#)/.exec(line);
  return new Set(opener?.[1] === undefined ? [] : [opener[1].length]);
}

function escaped(piece: string, start: number, end: number, neighbours: Neighbours): string {
  const written = piece
    .slice(start, end)
    .replaceAll(/[\\*_`<[~|#>-]/g, (character, offset: number) =>
      needsBackslash(character, start + offset, piece, neighbours) ? `\\${character}` : character,
    )
    // What is no address to us is none to Discord either, which would take the markers behind it for a part.
    .replaceAll(/(https?|steam):(?=\/\/)/g, "$1\\:");
  // A backslash does not keep these two from joining the marker that follows.
  return end === piece.length && !neighbours.last && /[~|]$/.test(written) ? written + zeroWidthSpace : written;
}

function needsBackslash(character: string, at: number, piece: string, neighbours: Neighbours): boolean {
  if (character === "#" || character === ">" || character === "-") return neighbours.blockOpeners.has(at);
  if (character !== "~" && character !== "|") return true;
  // These two count in pairs only; alone they are common in prose and tables.
  const before = piece[at - 1] ?? (neighbours.first ? "\n" : character);
  const after = piece[at + 1] ?? (neighbours.last ? "\n" : character);
  return before === character || after === character;
}

function withoutTrailingPunctuation(url: string): string {
  let end = url.length;
  while (end > 0) {
    const last = url.charAt(end - 1);
    const isUnbalanced = last === ")" && count(url.slice(0, end), ")") > count(url.slice(0, end), "(");
    if (!isUnbalanced && !".,:;!?'*_~".includes(last)) break;
    end -= 1;
  }
  return url.slice(0, end);
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}

/** Whether Discord ends an address where we do: it leaves out this punctuation, and stops at white space. */
function endsByItself(rest: string, isLast: boolean): boolean {
  return isLast ? /^[.,:;'")\]]*(\s|$)/.test(rest) : /^[.,:;'")\]]*\s/.test(rest);
}
