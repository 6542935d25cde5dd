import type { Clock } from "../clock.ts";
import type { DatabaseCalls } from "./database-calls.ts";
import type { OpenDatabase } from "./open-database.ts";
import type { Statements } from "./statements.ts";

export interface SweeperParts {
  readonly database: OpenDatabase;
  readonly calls: DatabaseCalls;
  readonly statements: Statements;
  readonly clock: Clock;
}

/**
 * Removes the last traces of what was deleted. SQLite overwrites deleted rows (`secure_delete`), yet where it had split or
 * joined pages before, a copy of a row may stand in unused space of a page; and the write-ahead log still holds what was
 * written. Writing the whole file anew and emptying the log leaves neither.
 */
export class Sweeper {
  readonly #parts: SweeperParts;
  #restUntil = 0;

  constructor(parts: SweeperParts) {
    this.#parts = parts;
  }

  /** To be called in the transaction that deletes, so that a crash in between does not prevent the sweeping. */
  noteTraces(): void {
    this.#parts.statements.noteUnswept.run(this.#parts.clock.now());
  }

  /** Does nothing where there are no traces, or when it was done only just now; the next call then makes up for it. */
  async sweep(): Promise<void> {
    const { calls, clock, statements } = this.#parts;
    if (calls.isClosing || clock.now() < this.#restUntil) return;
    await calls.run(() => {
      if (statements.isUnswept.get() === 0) return;
      const begunAt = clock.now();
      const isClean = this.#rewrite();
      this.#restUntil = clock.now() + (clock.now() - begunAt) * restPerWork;
      if (isClean) statements.noteSwept.run();
    });
  }

  #rewrite(): boolean {
    const { db, emptyLog } = this.#parts.database;
    db.exec("VACUUM");
    return emptyLog();
  }
}

/** Everybody waits while the file is written anew, so that has at most a twentieth of the time, whoever asks for it. */
const restPerWork = 20;
