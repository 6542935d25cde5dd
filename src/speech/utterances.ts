import { atGrapheme } from "../markdown/text.ts";

/** What Coze speaks at once, in bytes of UTF-8 (Coze docs text_to_speech). */
const longestUtterance = 1024;

/** About five minutes of speech; all of it stands in writing beside it. */
const mostUtterances = 4;

interface Utterance {
  readonly text: string;
  /** False when it ends inside a sentence. */
  readonly isWhole: boolean;
}

/**
 * Cuts a text into what can be spoken one after another: as few pieces as there must be, of about the same length, each a
 * number of whole sentences where they are short enough. A text that is too long ends early, with a sentence.
 */
export function utterances(text: string): readonly string[] {
  const pieces: Utterance[] = [];
  let rest = text.trim();
  while (rest !== "" && pieces.length < mostUtterances) {
    const { end, isWhole } = firstCut(rest);
    pieces.push({ text: rest.slice(0, end).trimEnd(), isWhole });
    rest = rest.slice(end).trimStart();
  }
  const spoken = rest === "" ? pieces : upToSentence(pieces);
  return spoken.map((piece) => piece.text);
}

interface Cut {
  readonly end: number;
  readonly isWhole: boolean;
}

/** Where the first piece of a text ends. */
function firstCut(text: string): Cut {
  const fit = unitsWithin(text, longestUtterance);
  if (fit === text.length) return { end: fit, isWhole: true };
  const bytes = Buffer.byteLength(text);
  const share = unitsWithin(text, Math.floor(bytes / Math.ceil(bytes / longestUtterance)));
  const least = unitsWithin(text, longestUtterance / 4);
  const window = text.slice(0, fit + lookAhead);
  for (const endsOf of [sentenceEnds, pauses, wordEnds]) {
    const ends = endsOf(window).filter((end) => end >= least && end <= fit);
    const end = ends.find((candidate) => candidate >= share) ?? ends.at(-1);
    if (end !== undefined) return { end: atGrapheme(text, end), isWhole: endsOf === sentenceEnds };
  }
  return { end: atGrapheme(text, fit), isWhole: false };
}

/** How much of what follows must be seen to know that a sentence ends, in UTF-16 code units. */
const lookAhead = 8;

/** How many UTF-16 code units from the beginning take at most so many bytes; whole code points. */
function unitsWithin(text: string, bytes: number): number {
  return encoder.encodeInto(text, new Uint8Array(bytes)).read;
}

const encoder = new TextEncoder();

/** Without the sentence that was begun at the end. One that is longer than everything stays. */
function upToSentence(pieces: readonly Utterance[]): readonly Utterance[] {
  for (const [i, { text, isWhole }] of [...pieces.entries()].reverse()) {
    const end = isWhole ? text.length : sentenceEnds(text).findLast((inside) => inside < text.length);
    if (end) return [...pieces.slice(0, i), { text: text.slice(0, end), isWhole: true }];
  }
  return pieces;
}

/** Behind each sentence, without the white space after it. */
function sentenceEnds(text: string): readonly number[] {
  return [...sentences.segment(text)].flatMap(({ index, segment }) => {
    const end = segment.trimEnd().length;
    const within = endsOf(/；/g, segment).filter((semicolon) => semicolon < end);
    return [...within, end].map((offset) => index + offset);
  });
}

const sentences = new Intl.Segmenter(undefined, { granularity: "sentence" });

function pauses(text: string): readonly number[] {
  return endsOf(/[，、：]|[,;:،](?=\s)/g, text);
}

function wordEnds(text: string): readonly number[] {
  return endsOf(/\S(?=\s)/g, text);
}

function endsOf(pattern: RegExp, text: string): readonly number[] {
  return [...text.matchAll(pattern)].map((match) => match.index + match[0].length);
}
