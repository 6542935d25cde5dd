import type { ObservedMessage } from "./observation.ts";

/** Changes of text that the reader had already: anything but more text at the end. */
export interface Rewrites {
  readonly updates: number;
  readonly characters: number;
}

/** Placeholders are not text: versions without a word of the answer don't count. */
export function rewritesOf(messages: readonly ObservedMessage[]): Rewrites {
  const lost = messages.flatMap(({ versions }) => {
    const texts = versions.map(({ text }) => text.trimEnd()).filter((text) => /w\d{4}/.test(text));
    return texts.slice(1).map((text, index) => lostCharacters(texts[index] ?? "", text));
  });
  return {
    updates: lost.filter((count) => count > 0).length,
    characters: lost.reduce((total, count) => total + count, 0),
  };
}

/** How much of `former` is no longer where it was. */
function lostCharacters(former: string, next: string): number {
  let common = 0;
  while (common < former.length && former[common] === next[common]) common += 1;
  return former.length - common;
}
