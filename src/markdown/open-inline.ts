/** Inline markup that has begun and not ended by the end of a text. Offsets are UTF-16 code units of that text. */
export interface OpenInline {
  /** Markers of emphasis, strikethrough and spoilers, outer before inner, each with content behind it. */
  readonly emphasis: readonly OpenMarker[];
  /** A code span, which takes all that follows it for code. */
  readonly code?: OpenMarker;
  /** The innermost link or image: its label alone as long as `labelEnd` is missing. */
  readonly link?: OpenLink;
  /** Where something begins that is no markup yet and no text either: half a tag, an entity, an escape, a formula. */
  readonly half?: number;
  /** Where a run of marker characters at the very end begins; nothing is behind it yet. */
  readonly run?: number;
}

export interface OpenMarker {
  readonly marker: string;
  readonly at: number;
}

export interface OpenLink {
  /** Where `[` or `![` stands. */
  readonly at: number;
  readonly label: number;
  /** Where `]` stands, when `(` stands behind it. */
  readonly labelEnd?: number;
}

/** What is open at the end of an inline text, by CommonMark's rules for what can open and close. */
export function openInline(text: string): OpenInline {
  const scan = new Scan(text);
  return scan.finish();
}

interface Delimiter {
  readonly char: string;
  readonly at: number;
  length: number;
}

/** Bold and italic at once; more markers than that are a rule or a blank to fill in. */
const longestRun = 3;

class Scan {
  readonly #text: string;
  #at = 0;
  #delimiters: Delimiter[] = [];
  /** Opening brackets, with the number of delimiters before each. */
  readonly #brackets: { readonly at: number; readonly label: number; readonly depth: number }[] = [];
  #result: { code?: OpenMarker; link?: OpenLink; half?: number; run?: number } = {};

  constructor(text: string) {
    this.#text = text;
    while (this.#at < text.length) this.#step();
  }

  finish(): OpenInline {
    const emphasis = this.#delimiters.map(({ char, length, at }) => ({ marker: char.repeat(length), at }));
    const bracket = this.#brackets.at(-1);
    const link = this.#result.link ?? (bracket && { at: bracket.at, label: bracket.label });
    return { ...this.#result, emphasis, ...(link && { link }) };
  }

  #step(): void {
    const char = this.#text.charAt(this.#at);
    switch (char) {
      case "\\":
        return this.#skip(/\\(?:[\s\S]|$)/y, this.#at + 1 === this.#text.length);
      case "`":
        return this.#code();
      case "<":
        return this.#tag();
      case "&":
        return this.#skip(/&(?:#?\w*;?)/y, /^&#?\w{0,30}$/.test(this.#text.slice(this.#at, this.#at + 40)));
      case "$":
        return this.#formula();
      case "[":
        return this.#openBracket(1);
      case "!":
        return this.#text.charAt(this.#at + 1) === "[" ? this.#openBracket(2) : this.#skip(/!/y, false);
      case "]":
        return this.#closeBracket();
      case "*":
      case "_":
      case "~":
      case "|":
        return this.#delimiter(char);
      default:
        return this.#skip(/(?:https?:\/\/|www\.)[^\s<>*`|~[\]()]*|[hw]|[^\\`<&$![\]*_~|hw]+/y, false);
    }
  }

  #isLast(): boolean {
    return this.#at + 1 === this.#text.length;
  }

  #skip(pattern: RegExp, isHalf: boolean): void {
    if (isHalf) this.#result.half ??= this.#at;
    pattern.lastIndex = this.#at;
    this.#at += pattern.exec(this.#text)?.[0].length || 1;
  }

  #code(): void {
    const marker = runAt(this.#text, this.#at);
    const start = this.#at + marker.length;
    const end = closingTicks(this.#text, start, marker.length);
    if (end !== undefined) this.#at = end;
    else if (start === this.#text.length) this.#endRun(marker);
    else if (marker.length > longestRun || /\s/.test(this.#text.charAt(start))) this.#at = start;
    else {
      this.#result.code = { marker, at: this.#at };
      this.#at = this.#text.length;
    }
  }

  #tag(): void {
    const rest = this.#text.slice(this.#at, this.#at + 2000);
    const tag = /^<(?:!--[\s\S]*?-->|[a-zA-Z/!?][^<>]*>)/.exec(rest)?.[0];
    const isHalf = tag === undefined && /^<(?:[a-zA-Z/!?][^<>]*)?$/.test(rest);
    if (isHalf) this.#result.half ??= this.#at;
    this.#at += tag?.length ?? 1;
  }

  #formula(): void {
    const rest = this.#text.slice(this.#at, this.#at + 2000);
    const formula = /^(?:\$\$[\s\S]+?\$\$|\$(?![\s$])(?:\\[\s\S]|[^$\\\n])*?(?<!\s)\$(?!\d))/.exec(rest)?.[0];
    if (formula === undefined && /^\$(?:\$[^$]*\$?|(?![\s\d])[^$\n]*)$/.test(rest)) this.#result.half ??= this.#at;
    this.#at += formula?.length ?? runAt(this.#text, this.#at).length;
  }

  #openBracket(length: number): void {
    const label = this.#at + length;
    this.#brackets.push({ at: this.#at, label, depth: this.#delimiters.length });
    this.#at = label;
  }

  #closeBracket(): void {
    const bracket = this.#brackets.pop();
    if (bracket && this.#isLast()) this.#result.half ??= bracket.at;
    if (bracket && this.#text.charAt(this.#at + 1) === "(") {
      const end = destinationEnd(this.#text, this.#at + 2);
      this.#delimiters = this.#delimiters.slice(0, bracket.depth);
      if (end === undefined) this.#result.link = { at: bracket.at, label: bracket.label, labelEnd: this.#at };
      this.#at = end ?? this.#text.length;
    } else this.#at += 1;
  }

  #delimiter(char: string): void {
    const run = runAt(this.#text, this.#at);
    const end = this.#at + run.length;
    if (end === this.#text.length) return this.#endRun(run);
    const { opens, closes } = flanks(this.#text, this.#at, end);
    const isPair = char === "~" || char === "|";
    let length = (isPair ? run.length === 2 : run.length <= longestRun) ? run.length : 0;
    if (closes) length = this.#close(char, length);
    if (opens && length > 0) this.#delimiters.push({ char, at: end - length, length });
    this.#at = end;
  }

  /** Closes what is open of this character, and with it all that was opened inside; the length that is left over. */
  #close(char: string, length: number): number {
    let left = length;
    while (left > 0) {
      const index = this.#delimiters.findLastIndex((open) => open.char === char);
      const open = this.#delimiters[index];
      if (!open) break;
      const used = Math.min(open.length, left);
      open.length -= used;
      left -= used;
      this.#delimiters = this.#delimiters.slice(0, open.length > 0 ? index + 1 : index);
    }
    return left;
  }

  /** Markers at the very end close what is open as far as they are enough to; the others may be the first of more. */
  #endRun(run: string): void {
    let left = run.length;
    const isBehindSpace = /^\s?$/.test(this.#text.charAt(this.#at - 1));
    while (left > 0 && !isBehindSpace) {
      const open = this.#delimiters.findLast(({ char }) => run.startsWith(char));
      if (!open || open.length > left) break;
      left -= open.length;
      this.#close(open.char, open.length);
    }
    this.#at = this.#text.length;
    if (left > 0) this.#result.run = this.#at - left;
  }
}

function runAt(text: string, at: number): string {
  const char = text.charAt(at);
  let end = at + 1;
  while (text.charAt(end) === char) end += 1;
  return text.slice(at, end);
}

function closingTicks(text: string, from: number, length: number): number | undefined {
  for (let at = text.indexOf("`", from); at >= 0; ) {
    const run = runAt(text, at);
    if (run.length === length) return at + length;
    at = text.indexOf("`", at + run.length);
  }
  return undefined;
}

/** Behind the `)` that ends a link's destination. */
function destinationEnd(text: string, from: number): number | undefined {
  let depth = 1;
  for (let at = from; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === "\\") at += 1;
    else if (char === "(") depth += 1;
    else if (char === ")") depth -= 1;
    if (depth === 0) return at + 1;
  }
  return undefined;
}

function flanks(text: string, start: number, end: number): { readonly opens: boolean; readonly closes: boolean } {
  const before = start === 0 ? " " : text.charAt(start - 1);
  const after = end === text.length ? " " : text.charAt(end);
  const isWord = (char: string) => !/[\s\p{P}\p{S}]/u.test(char);
  const left = !/\s/.test(after) && (isWord(after) || !isWord(before));
  const right = !/\s/.test(before) && (isWord(before) || !isWord(after));
  if (text.charAt(start) === "_") {
    return { opens: left && (!right || !isWord(before)), closes: right && (!left || !isWord(after)) };
  }
  // A star alone between two letters is a product far more often than emphasis.
  const isProduct = end - start === 1 && isWord(before) && isWord(after);
  return { opens: left && !isProduct, closes: right };
}
