import type { MediaItem } from "../adapter.ts";
import type { MediaPart } from "../media/answer-parts.ts";
import { endsInLink } from "../media/growing-link.ts";
import { mayHoldMedia } from "../media/may-hold-media.ts";
import { splitMedia } from "../media/split-media.ts";

/** Texts and files of an answer in their order: a text first, which may be empty, then files, text, files, and so on. */
export interface AnswerPlan {
  readonly segments: readonly Segment[];
  /** So many segments at the beginning are not changed by anything that is still to come. */
  readonly settled: number;
  /** The segment of the text that nothing comes behind but files that are no part of the answer; it may not be there yet. */
  readonly lastText: number;
  /** The answer that it is the plan of. */
  readonly markdown: string;
}

export type Segment = TextSegment | FilesSegment;

export interface TextSegment {
  readonly type: "text";
  readonly markdown: string;
}

export interface FilesSegment {
  readonly type: "files";
  readonly files: readonly AnswerFile[];
}

/** A file that the answer links to, or one that comes with it. */
export type AnswerFile = LinkedFile | MediaItem;

export interface LinkedFile {
  readonly url: string;
  /** The link as it is written in the answer. */
  readonly source: string;
}

/** The plan of an answer of which nothing is known. */
export const emptyPlan: AnswerPlan = {
  segments: [{ type: "text", markdown: "" }],
  settled: 0,
  lastText: 0,
  markdown: "",
};

/** The plan of an answer to which more is to come. `former` is what it was before. */
export function planGrowing(markdown: string, former: AnswerPlan = emptyPlan): AnswerPlan {
  return withWords(former, markdown) ?? plan(markdown, true);
}

/** The plan of a whole answer, which ends with the files of `appended`. */
export function planWhole(markdown: string, appended: readonly MediaItem[]): AnswerPlan {
  const { segments: written, lastText } = plan(markdown, false);
  const segments = [...written];
  if (appended.length > 0 && lastText === segments.length) segments.push({ type: "text", markdown: "" });
  if (appended.length > 0) segments.push({ type: "files", files: appended });
  return { segments, settled: segments.length, lastText, markdown };
}

/** Whether the segment with this number is a text; else it is files. */
export function isText(segment: number): boolean {
  return segment % 2 === 0;
}

function plan(markdown: string, isGrowing: boolean): AnswerPlan {
  const segments = new Segments();
  let settled = 0;
  for (const part of splitMedia(markdown, isGrowing)) {
    if (part.type === "text") segments.addText(part.markdown);
    else segments.addFiles(linkedFiles(part, markdown));
    if (part.isSettled) settled = segments.complete;
  }
  const { all } = segments;
  const lastText = isText(all.length) ? all.length : all.length - 1;
  return { segments: all, settled, lastText, markdown };
}

/** Most of what comes are words behind words, which change nothing else: no need to read all of the markdown anew. */
function withWords(formerPlan: AnswerPlan, markdown: string): AnswerPlan | undefined {
  const { segments, settled, markdown: former } = formerPlan;
  const last = segments.at(-1);
  if (last?.type !== "text" || settled < segments.length - 1 || !markdown.startsWith(former)) return undefined;
  const added = markdown.slice(former.length);
  const isHeldBack = former === "" || !last.markdown.endsWith(former.slice(-tailLength));
  const isOpen = isHeldBack || mayHoldMedia(last.markdown, false);
  const line = markdown.slice(markdown.lastIndexOf("\n") + 1);
  if (isOpen || !wordsOnly.test(added) || beginsLink.test(line) || endsInLink(line)) return undefined;
  return { ...formerPlan, segments: segments.with(-1, { ...last, markdown: last.markdown + added }), markdown };
}

/** Something that takes in the words behind it may make a link to a file of them. */
const beginsLink = /!\[|[<`]/;

const wordsOnly = /^[\p{L}\p{M}\p{N} ,.;，。、；]*$/u;

/** So much of an answer's end tells whether a link is held back there, in UTF-16 code units. */
const tailLength = 100;

/** The same file stands once in an album. */
function linkedFiles({ links }: MediaPart, markdown: string): LinkedFile[] {
  const unique = links.filter(({ url }, index) => links.findIndex((link) => link.url === url) === index);
  return unique.map(({ url, start, end }) => ({ url, source: markdown.slice(start, end) }));
}

class Segments {
  readonly all: Segment[] = [{ type: "text", markdown: "" }];
  #files = 0;

  /** How many can't grow any more by what comes behind them. */
  get complete(): number {
    const isOpen = this.#files === mostFiles && this.all.at(-1)?.type === "text";
    return this.all.length - (isOpen ? 1 : 0);
  }

  addText(markdown: string): void {
    const last = this.all.at(-1);
    if (last?.type !== "text") this.all.push({ type: "text", markdown });
    else this.all.splice(-1, 1, { type: "text", markdown: joinTexts([last.markdown, markdown]) });
  }

  /** Links beyond the limit stay links. */
  addFiles(links: readonly LinkedFile[]): void {
    const files = links.slice(0, mostFiles - this.#files);
    this.#files += files.length;
    if (files.length > 0) this.all.push({ type: "files", files });
    const rest = links.slice(files.length).map(({ source }) => source);
    if (rest.length > 0) this.addText(joinTexts(rest));
  }
}

export function joinTexts(texts: readonly string[]): string {
  return texts.filter((text) => text !== "").join("\n\n");
}

/** In one answer. */
const mostFiles = 20;
