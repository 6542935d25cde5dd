import type { Clock } from "../../src/clock.ts";
import { STALL_MS } from "./reception.ts";

/** Notices when one step takes longer than any should. */
export class StallWatch {
  /** Resolves with what was waited for in vain. */
  readonly stalled: Promise<string>;
  readonly #clock: Clock;
  #ring: (awaited: string) => void = () => undefined;
  #cancel: () => void = () => undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.stalled = new Promise((resolve) => {
      this.#ring = resolve;
    });
  }

  /** The step before has ended, and a new one begins that may take `plannedMs` without being a stall. */
  waitFor(awaited: string, plannedMs = 0): void {
    this.#cancel();
    this.#cancel = this.#clock.after(plannedMs + STALL_MS, () => this.#ring(awaited));
  }

  end(): void {
    this.#cancel();
  }
}
