const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });

/** What a reader takes for one character each: an emoji with its modifiers, a letter with its accents. */
export function graphemes(text: string): string[] {
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/** Terminal columns that a text on one line takes. */
export function textWidth(text: string): number {
  return graphemes(text).reduce((sum, grapheme) => sum + graphemeWidth(grapheme), 0);
}

export function graphemeWidth(grapheme: string): 0 | 1 | 2 {
  if (invisible.test(grapheme)) return 0;
  return wide.test(grapheme) || emojiByChoice.test(grapheme) ? 2 : 1;
}

const invisible = /^[\p{Mark}\p{Control}\p{Format}]+$/u;

/** Unicode's East Asian Wide and Fullwidth (UAX #11), and what is an emoji by default. */
const wide =
  /^[\p{Emoji_Presentation}\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u;

/** A character that is an emoji only with U+FE0F behind it. */
const emojiByChoice = /^\p{Emoji}\ufe0f/u;
