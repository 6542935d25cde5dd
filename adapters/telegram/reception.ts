import type { Condition } from "../../src/adapter.ts";
import type { Clock } from "../../src/clock.ts";

/** Telegram holds a poll for less than a minute, so nothing for longer than this is a stall. */
export const STALL_MS = 120_000;

/** What is known of whether updates arrive. */
export class Reception {
  readonly #clock: Pick<Clock, "now">;
  #heardAt: number | undefined;
  #problem: string | undefined = "not started";

  constructor(clock: Pick<Clock, "now">) {
    this.#clock = clock;
  }

  /** A poll was answered with updates, or with none. */
  heard(): void {
    this.#heardAt = this.#clock.now();
  }

  /** What the poll brought is stored. */
  works(): void {
    this.#problem = undefined;
  }

  /** Nothing arrives, until {@link works}; `problem` says why in a few words. */
  fails(problem: string): void {
    this.#problem = problem;
  }

  condition(): Condition {
    const heardAt = this.#heardAt;
    const isSilent = heardAt === undefined || this.#clock.now() - heardAt >= STALL_MS;
    const problem = this.#problem ?? (isSilent ? "no poll has ended well for two minutes" : undefined);
    return {
      isReceiving: problem === undefined,
      ...(heardAt !== undefined && { heardAt }),
      ...(problem !== undefined && { problem }),
    };
  }
}
