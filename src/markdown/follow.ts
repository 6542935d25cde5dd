import { atCodePoint } from "./text.ts";

/**
 * Where `offset` of `before` lies in `after`, a later rendering of the same, longer text. Nearly always it is the same
 * place, because text only grows at its end; but when a marker is completed behind a place where a message was already
 * cut (`**` turns bold, `[` turns into a link), a few characters vanish before it and the place moves. Where `after`
 * goes on as another text, it is the place where the two part, so that nothing of `after` is left out.
 */
export function followOffset(before: string, offset: number, after: string): number {
  if (after.startsWith(before.slice(0, offset))) return offset;
  let i = 0;
  let j = 0;
  while (i < offset && j < after.length) {
    if (before[i] === after[j]) {
      i += 1;
      j += 1;
      continue;
    }
    const step = nextMatch(before, i, after, j);
    if (!step) break;
    i += step.dropped;
    j += step.added;
  }
  return atCodePoint(after, Math.min(j, after.length));
}

const farthest = 400;
const anchor = 6;

/** The smallest step on both sides after which the texts agree again, or `undefined` when they don't soon. */
function nextMatch(
  before: string,
  i: number,
  after: string,
  j: number,
): { readonly dropped: number; readonly added: number } | undefined {
  for (let step = 1; step <= farthest; step += 1) {
    for (let dropped = step; dropped >= 0; dropped -= 1) {
      const added = step - dropped;
      const expected = before.slice(i + dropped, i + dropped + anchor);
      // At the end of `before` there are fewer characters to go by.
      const isTelling = expected.length >= Math.min(step, anchor);
      if (isTelling && after.startsWith(expected, j + added)) return { dropped, added };
    }
  }
  return undefined;
}
