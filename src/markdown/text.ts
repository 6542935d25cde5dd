/** The nearest offset at or before `offset` that does not part a surrogate pair. */
export function atCodePoint(text: string, offset: number): number {
  const inside = isLowSurrogate(text.charCodeAt(offset)) && isHighSurrogate(text.charCodeAt(offset - 1));
  return inside ? offset - 1 : offset;
}

/**
 * The last grapheme boundary at or before `offset`: a family emoji or a letter with its accents stays whole. Inside the
 * very first grapheme there is none, so that one is cut between code points.
 */
export function atGrapheme(text: string, offset: number): number {
  if (offset >= text.length) return text.length;
  const boundary = graphemes.segment(text).containing(offset)?.index ?? 0;
  return boundary > 0 ? boundary : atCodePoint(text, offset);
}

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
