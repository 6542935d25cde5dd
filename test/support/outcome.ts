import { createHash } from "node:crypto";
import { en } from "../../src/locale/en.ts";
import type { ShownFile, ShownMessage } from "../../src/playground/chat-platform.ts";
import { read } from "./reading.ts";
import type { Chat } from "./world.ts";

/** What a person has, in the end, of one question. The first two are honest; there must be exactly one. */
export type Outcome =
  /** The whole answer, in order, once. */
  | "answered"
  /** The answer's beginning, or nothing of it, and one sentence that says why there is no more. */
  | "told"
  /** As one of these, below or above a message that holds a piece of the answer for a second time. */
  | "fragment"
  /** Nothing at all. */
  | "lost"
  /** A part of the answer and no word. */
  | "half-written"
  /** The whole answer more than once. */
  | "doubled"
  /** Anything else: pieces out of order, two sentences, a whole answer that is called incomplete. */
  | "garbled";

/** A question whose answer can be told from any other by its words. */
export interface Asked {
  readonly question: ShownMessage;
  /** Begins every word of the answer, and no word of another one. */
  readonly mark: string;
  /** From its first word to its last, with {@link signOf} its files in their places. */
  readonly answer: string;
}

/** Stands for a file in an answer; no other file has it. */
export function signOf({ bytes, isVoice = false }: Pick<ShownFile, "bytes" | "isVoice">): string {
  return `[${isVoice ? "voice" : "file"} ${createHash("sha256").update(bytes).digest("hex").slice(0, 16)}]`;
}

/** Different for every number. */
export function markOf(number: number): string {
  return `k${number}`;
}

/** Whether a text has words of any marked text. */
const marked = /\bk\d+-\d/;

/** Paragraphs of `words` words with the mark, numbered from `first` on. */
export function markedText(mark: string, words: number, first = 1): string {
  const numbered = Array.from({ length: words }, (_, index) => `${mark}-${index + first}`);
  const paragraphs: string[] = [];
  for (let start = 0; start < words; start += wordsOfParagraph) {
    paragraphs.push(numbered.slice(start, start + wordsOfParagraph).join(" "));
  }
  return paragraphs.join("\n\n");
}

const wordsOfParagraph = 25;

/** The outcome of questions of a room, by what is to be seen in it now from the first of them on. */
export function outcomesIn(chat: Chat, asked: readonly Asked[]): Outcome[] {
  const [first] = asked;
  if (!first) return [];
  const shares = new Map<Asked, Shown[]>(asked.map((one) => [one, []]));
  const messages = chat.messages(first.question.room);
  const start = messages.findIndex(({ id }) => id === first.question.id);
  let owner = first;
  for (const message of messages.slice(start + 1).filter(({ author }) => author === "bot")) {
    const { text } = read(chat.name, message);
    const files = message.media.map(signOf);
    const known = asked.find((one) => isOf(one, text, files)) ?? asked.find((one) => isReplyTo(one, message));
    // The answer to an earlier question.
    if (!known && marked.test(text)) continue;
    owner = known ?? owner;
    shares.get(owner)?.push(toShown(text, files));
  }
  return asked.map((one) => outcomeOf(squashed(one.answer), shares.get(one) ?? []));
}

export function isHonest(outcome: Outcome | undefined): boolean {
  return outcome === "answered" || outcome === "told";
}

/** One message: what it holds of an answer, without white space, and how many sentences that end one. */
interface Shown {
  readonly content: string;
  readonly ends: number;
  readonly hasFiles: boolean;
}

function isOf({ mark, answer }: Asked, text: string, files: readonly string[]): boolean {
  return text.includes(`${mark}-`) || files.some((file) => answer.includes(file));
}

function isReplyTo({ question }: Asked, { replyToId }: ShownMessage): boolean {
  return question.id === replyToId;
}

/** The bridge's own sentences stand in lines of their own; those that end an answer early begin with one of two signs. */
function toShown(text: string, files: readonly string[]): Shown {
  const lines = text.split("\n");
  const content = [...lines.filter((line) => !ownSentences.has(line)), ...files].join("");
  const ends = lines.filter((line) => /^(⚠️|⏹)/u.test(line)).length;
  return { content: squashed(content), ends, hasFiles: files.length > 0 };
}

const ownSentences: ReadonlySet<string> = new Set(Object.values(en).flatMap((sentence) => sentence.split("\n")));

function squashed(text: string): string {
  return text.replaceAll(/\s/g, "");
}

function outcomeOf(whole: string, shown: readonly Shown[]): Outcome {
  const outcome = plainOutcome(whole, shown);
  if (outcome !== "garbled") return outcome;
  const isPieceTooMany = (start: number, piece: readonly Shown[]) =>
    whole.includes(joined(piece)) && isHonest(plainOutcome(whole, shown.toSpliced(start, piece.length)));
  return shown.some((_, start) => piecesFrom(start, shown).some((piece) => isPieceTooMany(start, piece)))
    ? "fragment"
    : "garbled";
}

/** A message, or the first ones of an album, which on Telegram is a message for each file. */
function piecesFrom(start: number, shown: readonly Shown[]): (readonly Shown[])[] {
  const end = shown.findIndex(({ hasFiles }, index) => index >= start && !hasFiles);
  const length = Math.max(1, (end < 0 ? shown.length : end) - start);
  return Array.from({ length }, (_, further) => shown.slice(start, start + further + 1));
}

function joined(shown: readonly Shown[]): string {
  return shown.map(({ content }) => content).join("");
}

function plainOutcome(whole: string, shown: readonly Shown[]): Outcome {
  if (shown.length === 0) return "lost";
  const content = joined(shown);
  const ends = shown.reduce((sum, message) => sum + message.ends, 0);
  if (content.split(whole).length > 2) return "doubled";
  if (content === whole && ends === 0) return "answered";
  const isBeginning = content !== whole && whole.startsWith(content);
  if (isBeginning && ends === 1) return "told";
  return isBeginning && ends === 0 ? "half-written" : "garbled";
}
