import { anySignal } from "../abort.ts";

/**
 * Works on all items, on at most `most` at once, and resolves with the results in the order of the items. The first
 * failure ends the others, and is thrown once all have ended.
 */
export async function inParallel<T, R>(
  items: readonly T[],
  most: number,
  work: (item: T, signal: AbortSignal) => Promise<R>,
  signal: AbortSignal,
): Promise<R[]> {
  const giveUp = new AbortController();
  const { signal: joined, release } = anySignal([signal, giveUp.signal]);
  const results: R[] = [];
  const left = items.entries();
  const workOff = async () => {
    for (const [index, item] of left) {
      joined.throwIfAborted();
      results[index] = await work(item, joined);
    }
  };
  const end = (error: unknown) => giveUp.abort(error);
  await Promise.all(Array.from({ length: most }, () => workOff().catch(end)));
  release();
  joined.throwIfAborted();
  return results;
}
