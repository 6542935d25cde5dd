import { badRequest } from "./refusal.ts";
import type { ScopedClock } from "./scoped-clock.ts";

/** Presses of inline buttons that wait for an answer. Each can be answered once, and not for long. */
export class CallbackQueries {
  readonly lifeMs = 150_000;
  readonly #clock: ScopedClock;
  readonly #openedAt = new Map<string, number>();
  #opened = 0;

  constructor(clock: ScopedClock) {
    this.#clock = clock;
  }

  /** Returns the new query's id. */
  open(): string {
    this.#opened += 1;
    const id = String(4_382_217_361_000_000_000n + BigInt(this.#opened) * 7_919n);
    this.#openedAt.set(id, this.#clock.now());
    return id;
  }

  answer(id: string): void {
    const openedAt = this.#openedAt.get(id) ?? -Infinity;
    this.#openedAt.delete(id);
    if (this.#clock.now() - openedAt >= this.lifeMs) {
      throw badRequest("query is too old and response timeout expired or query ID is invalid");
    }
  }
}
