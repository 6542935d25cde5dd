import type { Update } from "grammy/types";

/** The updates that make one event: those of an album's files, or a single one. */
export type Bundle = readonly [Update, ...Update[]];

/** The most files that Telegram shows as one album (Bot API 10.3). */
export const MOST_IN_ALBUM = 10;

/** The most updates that a poll brings (Bot API 10.3). */
export const MOST_UPDATES = 100;

/** Brings the files of each album together, wherever they stand. The bundle that was complete first is first. */
export function bundlesOf(updates: readonly Update[]): Bundle[] {
  const bundles = new Map<string | Update, Bundle>();
  for (const update of updates) {
    const key = albumOf(update) ?? update;
    const begun = bundles.get(key);
    // One that grows goes to the end.
    bundles.delete(key);
    bundles.set(key, begun === undefined ? [update] : [...begun, update]);
  }
  return [...bundles.values()];
}

/** A name for the album that a file belongs to, if it does, which no other album of the bot's chats has. */
export function albumOf({ message }: Update): string | undefined {
  return message?.media_group_id === undefined ? undefined : `${message.chat?.id}:${message.media_group_id}`;
}

/** What a poll brought. */
export interface Batch {
  readonly updates: readonly Update[];
  /** Albums that the poll before had a part of already: their files had time to come. */
  readonly settled: ReadonlySet<string>;
}

/** Whether more files may belong to it than the batch holds. */
export function mayGrow(bundle: Bundle, { updates, settled }: Batch): boolean {
  const album = albumOf(bundle[0]);
  if (album === undefined || bundle.length >= MOST_IN_ALBUM) return false;
  // The next poll goes on at its first file, so that it is not cut again.
  const isCut = updates.length >= MOST_UPDATES && bundle.at(-1) === updates.at(-1) && bundle[0] !== updates[0];
  return isCut || !settled.has(album);
}
