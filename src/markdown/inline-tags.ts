import type { Token } from "marked";
import { isAmbiguous, parseTag, type Tag } from "./html.ts";

/** An element among inline tokens: `tokens[start]` is its opening tag, its content goes up to `end`. */
export interface Element {
  readonly tag: Tag;
  /** The index behind the content. */
  readonly end: number;
  /** The index to go on at: behind the closing tag where there is one. */
  readonly next: number;
}

/**
 * The elements among `tokens` by the index of their opening tags. One that is never closed, or only after what it lies
 * in, ends with what it lies in.
 */
export function elementsOf(tokens: readonly Token[]): ReadonlyMap<number, Element> {
  const found = new Map<number, Element>();
  const open: { readonly tag: Tag; readonly start: number }[] = [];
  const close = (count: number, end: number) => {
    for (const { tag, start } of open.splice(count)) if (!isAmbiguous(tag)) found.set(start, { tag, end, next: end });
  };
  for (const [i, token] of tokens.entries()) {
    const tag = tagAt(tokens, i);
    if (token.type !== "html" || !tag || tag.isVoid) continue;
    if (!tag.isClosing) {
      if (open.length < deepest) open.push({ tag, start: i });
      continue;
    }
    const opening = open.findLastIndex((other) => other.tag.name === tag.name);
    const start = open[opening]?.start;
    if (start === undefined) continue;
    close(opening + 1, i);
    open.pop();
    found.set(start, { tag: tagAt(tokens, start) ?? tag, end: i, next: i + 1 });
  }
  close(0, tokens.length);
  return found;
}

/** The tag that a token is. A capital glued to a name is a type parameter: `List<A>`. */
export function tagAt(tokens: readonly Token[], index: number): Tag | undefined {
  const token = tokens[index];
  if (token?.type !== "html") return undefined;
  const isGlued = /^<[A-Z]/.test(token.raw) && /\w$/.test(tokens[index - 1]?.raw.slice(-1) ?? "");
  return isGlued ? undefined : parseTag(token.raw);
}

/** Elements inside elements; tags of deeper ones show nothing. */
const deepest = 30;
