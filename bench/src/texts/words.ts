/** The answer's words, `w0000` on. Each occurs once in a text, so that one that is missing or doubled can be told. */
export interface Words {
  /** The next `count` words with a blank between them. */
  take(count: number): string;
}

export function newWords(): Words {
  let next = 0;
  return {
    take(count) {
      const words = Array.from({ length: count }, (_, index) => `w${String(next + index).padStart(4, "0")}`);
      next += count;
      return words.join(" ");
    },
  };
}
