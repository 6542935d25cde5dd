import { StoreError, storeErrorFrom } from "./errors.ts";

/**
 * Notes of turns' progress that could not be stored, to be stored as soon as writing works again: without them the next
 * process would take answers that were given for unfinished ones. They are as many as the turns that ran when the
 * trouble began make, because without a store no other turn begins.
 */
export class OwedNotes {
  #notes: (() => void)[] = [];

  add(note: () => void): void {
    this.#notes.push(note);
  }

  /** Writes them, oldest first, as a part of the caller's transaction, and returns what to call once it is committed. */
  write(): () => void {
    const written = this.#notes.length;
    for (const note of this.#notes) writeIfPossible(note);
    return () => {
      this.#notes = this.#notes.slice(written);
    };
  }
}

/** A note that the database refuses for any reason but the file's own would be refused for ever, and hold up all others. */
function writeIfPossible(note: () => void): void {
  try {
    note();
  } catch (error) {
    if (storeErrorFrom(error, "") instanceof StoreError) throw error;
  }
}
