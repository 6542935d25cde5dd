import type { Clock } from "../../clock.ts";

/** A view of a clock whose timers can all be cancelled together, so that a closed emulator leaves none behind. */
export class ScopedClock implements Clock {
  readonly #clock: Clock;
  readonly #cancels = new Set<() => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  now(): number {
    return this.#clock.now();
  }

  /** Unix time as the Bot API writes it, in seconds. */
  unixTime(): number {
    return Math.floor(this.#clock.now() / 1000);
  }

  after(delayMs: number, callback: () => void): () => void {
    const cancel = this.#clock.after(delayMs, () => {
      this.#cancels.delete(cancel);
      callback();
    });
    this.#cancels.add(cancel);
    return () => {
      this.#cancels.delete(cancel);
      cancel();
    };
  }

  /** Resolves after `delayMs`; never, when everything is cancelled before. */
  pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(delayMs, resolve);
    });
  }

  cancelAll(): void {
    for (const cancel of this.#cancels) cancel();
    this.#cancels.clear();
  }
}
