import { type Clock, pause } from "../clock.ts";
import { StoreError } from "./errors.ts";

/**
 * Runs calls to the database one after the other. SQLite is synchronous, so this costs nothing; it matters when another
 * program holds the write lock (an operator's shell, a VACUUM): the call is tried again for a while, those behind it
 * keep their order, and the process goes on with everything else.
 */
export class CallLine {
  readonly #clock: Clock;
  #last: Promise<unknown> = Promise.resolve();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Settles as `call` does, with a `StoreError` of code `ERR_STORE_BUSY` only after {@link patienceMs}. `onFailure` is
   * told before the next call begins.
   */
  run<T>(call: () => T, onFailure?: (error: unknown) => void): Promise<T> {
    const giveUpAt = this.#clock.now() + patienceMs;
    const patiently = async () => {
      try {
        return await this.#try(call, giveUpAt);
      } catch (error) {
        onFailure?.(error);
        throw error;
      }
    };
    const result = this.#last.then(patiently);
    this.#last = result.catch(() => undefined);
    return result;
  }

  async #try<T>(call: () => T, giveUpAt: number): Promise<T> {
    for (;;) {
      try {
        return call();
      } catch (error) {
        if (!isBusy(error) || this.#clock.now() >= giveUpAt) throw error;
      }
      await pause(this.#clock, retryMs);
    }
  }
}

/** Longer than the statements of an operator, shorter than what makes people ask again. */
const patienceMs = 15_000;
const retryMs = 50;

function isBusy(error: unknown): boolean {
  return error instanceof StoreError && error.code === "ERR_STORE_BUSY";
}
