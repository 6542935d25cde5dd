import type { Token, Tokens } from "marked";
import { parseTag } from "../markdown/html.ts";
import { openInline } from "../markdown/open-inline.ts";
import { type InlineLink, isMedia, linkOf } from "./inline-links.ts";
import { isNamedFile } from "./media-url.ts";
import { codeOpenedBy, inlineStart, isOver, linesOf, type Passage, passagesOf } from "./passages.ts";

/** A link in a markdown text to a picture, sound, video or other file that can be sent in its place. */
export interface MediaLink {
  /** http or https, without a password. */
  readonly url: string;
  /** The alternative text of a picture or the words of a link; `""` for a bare address. */
  readonly label: string;
  readonly form: "image" | "link" | "bare";
  /** Where it stands in the markdown, in UTF-16 code units. */
  readonly start: number;
  readonly end: number;
  /** False as long as more text could make it another link or none. Always true in a text that is whole. */
  readonly isComplete: boolean;
}

/**
 * The links to files in `markdown`, in order: pictures by Markdown's syntax or `<img>`, links whose path ends in the
 * extension of a file, and addresses of Coze's own files on a line of their own. Nothing in code is a link. With
 * `isGrowing` more text is to come.
 */
export function findMedia(markdown: string, isGrowing = false): MediaLink[] {
  const source = withLineFeeds(markdown);
  const passages = passagesOf(source);
  return passages.flatMap((_passage, index) => mediaAt(source, passages, index, isGrowing).links);
}

export interface PassageMedia {
  readonly links: readonly MediaLink[];
  /** True when no text that is still to come changes the passage. Only looked for where there is an address. */
  readonly isOver: boolean;
}

/** The links of one passage of `source`, which has line feeds for line breaks. */
export function mediaAt(source: string, passages: readonly Passage[], index: number, isGrowing: boolean): PassageMedia {
  const passage = passages[index];
  if (!passage || !source.slice(passage.start, passage.end).includes("://")) return { links: [], isOver: !isGrowing };
  const over = !isGrowing || isOver(source, passages, index);
  return { links: mediaIn(passage, source, !over), isOver: over };
}

/** `text` with line feeds for all line breaks, at the same length. */
export function withLineFeeds(text: string): string {
  return text.replace(/\r\n/g, " \n").replace(/\r/g, "\n");
}

function mediaIn(passage: Passage, source: string, isGrowing: boolean): MediaLink[] {
  const place = new Place(source.slice(0, passage.end), passage.start);
  const found: MediaLink[] = [];
  const leaves = passage.kind === "line" ? inlineLeaves(passage.tokens) : blockLeaves(passage.tokens);
  for (const { raw, link, isAlone } of leaves) {
    const start = place.pass(raw);
    if (link?.url === undefined || start === undefined || !isMedia(link, isAlone)) continue;
    const { url, label, form } = link;
    const end = start + raw.length;
    const before = source.slice(inlineStart(passage), start);
    const isOpen = isGrowing && (canGrow(link, source.slice(end)) || isInOpen(before));
    found.push({ url, label, form, start, end, isComplete: !isOpen });
  }
  return found;
}

/** What has nothing inside that is of interest here. */
interface Leaf {
  readonly raw: string;
  readonly link?: InlineLink;
  /** Whether nothing else stands in its line. */
  readonly isAlone: boolean;
}

function* blockLeaves(tokens: readonly Token[]): Generator<Leaf> {
  for (const token of tokens) {
    switch (token.type) {
      case "paragraph":
      case "text":
      case "heading":
      case "subtext":
        yield* inlineLeaves((token as Tokens.Generic).tokens ?? []);
        break;
      case "blockquote":
      case "quotation":
        yield* blockLeaves((token as Tokens.Blockquote).tokens);
        break;
      case "list":
        yield* blockLeaves((token as Tokens.List).items.flatMap((item) => item.tokens));
        break;
      case "table": {
        const { header, rows } = token as Tokens.Table;
        for (const cell of [header, ...rows].flat()) yield* inlineLeaves(cell.tokens);
        break;
      }
      default:
        yield { raw: token.raw, isAlone: false };
    }
  }
}

function* inlineLeaves(tokens: readonly Token[]): Generator<Leaf> {
  let code: string | undefined;
  for (const line of linesOf(tokens)) {
    const isAlone = line.filter(({ raw }) => raw.trim() !== "").length === 1;
    for (const token of line) {
      if (code === undefined) yield* leavesOf(token, isAlone);
      else yield { raw: token.raw, isAlone };
      if (code === undefined) code = codeOpenedBy(token);
      else if (closes(token, code)) code = undefined;
    }
  }
}

function closes({ type, raw }: Token, element: string): boolean {
  const tag = type === "html" ? parseTag(raw) : undefined;
  return tag?.isClosing === true && tag.name === element;
}

/** A link to a page can hold a picture, as badges do. */
function* leavesOf(token: Token, isAlone: boolean): Generator<Leaf> {
  const link = linkOf(token);
  const inside = token.type === "image" ? undefined : (token as Tokens.Generic).tokens;
  if (link && (isMedia(link, isAlone) || !inside)) yield { raw: token.raw, link, isAlone };
  else if (inside) yield* inlineLeaves(inside);
  else yield { raw: token.raw, isAlone };
}

/**
 * Follows tokens through the source that they were read from. In quotations and lists the lexer takes marks and
 * indentation away, so that a token of several lines is not in the source as it is, but its lines are.
 */
class Place {
  readonly #source: string;
  #at: number;

  constructor(source: string, start: number) {
    this.#source = source;
    this.#at = start;
  }

  /** Goes behind `raw`; returns where that begins, if it is there in one piece. */
  pass(raw: string): number | undefined {
    const start = this.#source.indexOf(raw, this.#at);
    if (start >= 0) this.#at = start + raw.length;
    else for (const line of raw.split("\n")) this.#passLine(line.trim());
    return start >= 0 ? start : undefined;
  }

  #passLine(line: string): void {
    const start = this.#source.indexOf(line, this.#at);
    if (start >= 0) this.#at = start + line.length;
  }
}

/** Whether an address may go on behind its end as it is now. */
function canGrow({ form, raw, url = "" }: InlineLink, rest: string): boolean {
  if (form !== "bare" || /^[<[]/.test(raw)) return false;
  return isNamedFile(url)
    ? !/^[^\s\u3000-\u303f\uff00-\uffef]*[\s\u3000-\u303f\uff00-\uffef]/.test(rest)
    : !/^[ \t]*\n/.test(rest);
}

/** Whether `before` begins something that could take in what follows: code, a link, a tag. */
function isInOpen(before: string): boolean {
  const { code, link, half } = openInline(before);
  return code !== undefined || link !== undefined || half !== undefined;
}
