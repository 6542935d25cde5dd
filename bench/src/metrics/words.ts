import type { Visibility } from "./freshness.ts";

/** Every source is made of these: each occurs once, so that a missing or doubled one shows. */
const word = /w\d{4}/g;
/** What a text that is cut within a word ends with. */
const begunWord = /w\d{0,3}$/;

/** The words of a source in their order, each with its offset. */
export interface SourceWords {
  readonly words: readonly string[];
  readonly offsets: readonly number[];
  readonly length: number;
}

export interface Exactness {
  readonly missing: number;
  readonly doubled: number;
  /** Words that stand behind one that should follow them. */
  readonly disordered: number;
}

export function readSource(source: string): SourceWords {
  const matches = [...source.matchAll(word)];
  return { words: matches.map(([text]) => text), offsets: matches.map(({ index }) => index), length: source.length };
}

/** Offset of the first character of a word that the shown text lacks; the source's length when it lacks none. */
export function visibleUpTo(source: SourceWords, shown: string): number {
  const present = new Set(shown.match(word));
  const first = source.words.findIndex((text) => !present.has(text));
  if (first < 0) return source.length;
  const begun = begunWord.exec(shown.trimEnd())?.[0] ?? "";
  const partial = source.words[first]?.startsWith(begun) ? begun.length : 0;
  return first === 0 && partial === 0 ? 0 : (source.offsets[first] ?? 0) + partial;
}

export function exactnessOf(source: SourceWords, shown: string): Exactness {
  const found: readonly string[] = shown.match(word) ?? [];
  const present = new Set(found);
  const missing = source.words.filter((text) => !present.has(text)).length;
  const disordered = found.filter((text, index) => index > 0 && text < (found[index - 1] ?? "")).length;
  return { missing, doubled: found.length - present.size, disordered };
}

/** What the reader sees of the source, whenever that changes. */
export function visibilityOf(
  source: SourceWords,
  screens: readonly { readonly at: number; readonly text: string }[],
): readonly Visibility[] {
  return screens.map(({ at, text }) => ({ at, upTo: visibleUpTo(source, text) }));
}
