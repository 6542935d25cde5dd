import { type AnswerPart, AnswerParts } from "./answer-parts.ts";
import { type MediaLink, mediaAt, withLineFeeds } from "./find-media.ts";
import { growingLink } from "./growing-link.ts";
import { mayHoldMedia } from "./may-hold-media.ts";
import { type Passage, passagesOf } from "./passages.ts";
import { withoutLinks } from "./without-links.ts";

/**
 * Parts an answer into text and files, in their order. Files stand before their line when they begin it, else behind it;
 * those in an item of a list, a table or a quotation stand behind that. With `isGrowing` more text is to come: a link
 * that is still being written is in no part yet.
 */
export function splitMedia(markdown: string, isGrowing = false): AnswerPart[] {
  if (!mayHoldMedia(markdown, isGrowing)) return [{ type: "text", markdown, isSettled: !isGrowing }];
  const source = withLineFeeds(markdown);
  const passages = passagesOf(source);
  const shown = isGrowing ? source.slice(0, growingLink(source, passages)) : source;
  const parts = new AnswerParts();
  for (const [i, passage] of passages.entries()) {
    const { links: found, isOver } = mediaAt(source, passages, i, isGrowing);
    const links = found.filter(({ isComplete }) => isComplete);
    const leading = leadingLinks(source, passage, links);
    parts.addMedia(leading, isOver);
    parts.addText(withoutLinks(shown, passage, links), passage.kind === "line" && passage.start > passage.blockStart);
    parts.addMedia(links.slice(leading.length), isOver);
  }
  return parts.finish(isGrowing);
}

/** The pictures that a line of a paragraph begins with. */
function leadingLinks(source: string, { kind, start }: Passage, links: readonly MediaLink[]): readonly MediaLink[] {
  let at = start;
  const end = links.findIndex((link) => {
    const isLeading = kind === "line" && link.form !== "link" && /^[\s*_~]*$/.test(source.slice(at, link.start));
    at = link.end;
    return !isLeading;
  });
  return end < 0 ? links : links.slice(0, end);
}
