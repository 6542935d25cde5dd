/** Invisible, and not white space to Discord: it keeps apart what would be read together. */
export const zeroWidthSpace = "\u200b";

/** What stands next to a piece of text inside its line. */
export interface Neighbours {
  /** Offset in the piece of what would open a block (see {@link blockOpener}); outside it where nothing would. */
  readonly opener: number;
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
  if (!piece.includes("://")) return escaped(piece, 0, piece.length, neighbours);
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

/**
 * The offset in a line of the character that would open a block, a heading, a quotation, a list or subtext; -1 if none.
 * Numbers are the core's own text: Discord would count anew.
 */
export function blockOpener(line: string): number {
  const opener = /^\s*(?:#{1,3}(?:\s|$)|>|-#|[-*](?:\s|$)|\d+\.(?:\s|$))/.exec(line);
  return opener ? opener[0].search(/[#>\-*.]/) : -1;
}

function escaped(piece: string, start: number, end: number, neighbours: Neighbours): string {
  let written = "";
  let done = start;
  for (let at = start; at < end; at += 1) {
    if (!needsBackslash(piece, at, neighbours)) continue;
    written += `${piece.slice(done, at)}\\`;
    done = at;
  }
  written += piece.slice(done, end);
  // The label of a link before these two would run on to them.
  if (written.includes("](")) written = written.replaceAll("](", `]${zeroWidthSpace}(`);
  // A backslash does not keep these two from joining the marker that follows.
  return end === piece.length && !neighbours.last && /[~|]$/.test(written) ? written + zeroWidthSpace : written;
}

function needsBackslash(piece: string, at: number, { opener, first, last }: Neighbours): boolean {
  const character = piece[at];
  switch (character) {
    case "\\":
    case "*":
    case "_":
    case "`":
    case "<":
    case "[":
      return true;
    case "~":
    case "|": {
      // These two count in pairs only; alone they are common in prose and tables.
      const before = piece[at - 1] ?? (first ? "\n" : character);
      const after = piece[at + 1] ?? (last ? "\n" : character);
      return before === character || after === character;
    }
    case ":":
      // What is no address to us is none to Discord either, which would take the markers behind it for a part.
      return piece.startsWith("//", at + 1) && /(?:https?|steam)$/.test(piece.slice(Math.max(0, at - 5), at));
    default:
      return at === opener;
  }
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
