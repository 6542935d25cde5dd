import { setImmediate } from "node:timers/promises";
import type { Clock } from "../clock.ts";
import { CallLine } from "./call-line.ts";
import { StoreError, storeErrorFrom } from "./errors.ts";
import type { OpenDatabase } from "./open-database.ts";
import { OwedNotes } from "./owed-notes.ts";
import { migrate } from "./schema.ts";
import { type StoreObserver, TroubleWatch } from "./trouble-watch.ts";

export interface DatabaseCallsParts {
  readonly database: OpenDatabase;
  readonly clock: Clock;
  readonly observer: StoreObserver | undefined;
}

/**
 * Runs work on the database as promises, one after the other, and turns its failures into sentences for the operator.
 * After a failure the next call tries anew; notes that could not be stored are then made up for.
 */
export class DatabaseCalls {
  readonly #database: OpenDatabase;
  readonly #line: CallLine;
  readonly #watch: TroubleWatch;
  readonly #owed = new OwedNotes();
  #isClosing = false;

  constructor({ database, clock, observer }: DatabaseCallsParts) {
    this.#database = database;
    this.#line = new CallLine(clock);
    this.#watch = new TroubleWatch({ clock, observer, probe: () => void this.#probe().catch(() => undefined) });
  }

  /** True from the beginning of `close` on. */
  get isClosing(): boolean {
    return this.#isClosing;
  }

  /** Outside of a transaction. */
  run<T>(work: () => T): Promise<T> {
    return this.#run(work);
  }

  /** In one transaction, immediate: one that first reads and then writes fails at once when another program writes meanwhile. */
  write<T>(work: () => T): Promise<T> {
    return this.#write(work);
  }

  /** A write of a turn's progress: when it fails, it is also made up for later. */
  note(work: () => void): Promise<void> {
    return this.#write(work, () => this.#owed.add(work));
  }

  /**
   * Writes batch by batch, each in its own transaction, between which others have their turn, until one has changed
   * nothing or the store is to be closed. Resolves with the sum of what the batches changed.
   */
  async repeat(batch: () => number): Promise<number> {
    let total = 0;
    for (let changed = 1; changed > 0 && !this.#isClosing; total += changed) {
      changed = await this.#write(batch);
      await setImmediate();
    }
    return total;
  }

  /** Resolves when the database answers and, after trouble, when it can be written. */
  ping(look: () => void): Promise<void> {
    return this.#watch.isTroubled ? this.#probe() : this.#run(look);
  }

  async close(): Promise<void> {
    if (this.#watch.isTroubled && !this.#isClosing) await this.#probe().catch(() => undefined);
    this.#isClosing = true;
    this.#watch.stop();
    await this.#run(() => this.#database.close());
  }

  /** Writes, though nothing new. */
  #probe(): Promise<void> {
    return this.#write(() => migrate(this.#database.db));
  }

  #write<T>(work: () => T, onTrouble?: () => void): Promise<T> {
    const commit = () => {
      const transaction = this.#database.db.transaction(() => ({ settle: this.#owed.write(), result: work() }));
      const { settle, result } = transaction.immediate();
      settle();
      this.#watch.wrote();
      return result;
    };
    return this.#run(commit, (error) => {
      if (!(error instanceof StoreError)) return;
      onTrouble?.();
      this.#watch.failed(error);
    });
  }

  #run<T>(work: () => T, onFailure?: (error: unknown) => void): Promise<T> {
    return this.#line.run(() => {
      try {
        return work();
      } catch (error) {
        throw storeErrorFrom(error, this.#database.path);
      }
    }, onFailure);
  }
}
