import type { Clock } from "../../../src/clock.ts";

/** Time that stands still until a test moves it. Starts at the real time, which clients put into their JWTs. */
export class ManualClock implements Clock {
  #now = Date.now();
  readonly #timers = new Set<{ readonly at: number; readonly run: () => void }>();

  now(): number {
    return this.#now;
  }

  after(delayMs: number, callback: () => void): () => void {
    const timer = { at: this.#now + delayMs, run: callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** How many wait for time to pass. */
  get waiting(): number {
    return this.#timers.size;
  }

  advance(ms: number): void {
    this.#now += ms;
    for (const timer of [...this.#timers].filter(({ at }) => at <= this.#now)) {
      this.#timers.delete(timer);
      timer.run();
    }
  }
}
