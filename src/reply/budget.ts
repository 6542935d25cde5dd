import type { RateWindow, Target } from "../adapter.ts";
import type { Clock } from "../clock.ts";

/**
 * How often a chat may be written to. Sends and edits of all answers in a chat share one budget, because the platforms
 * count them together; whoever asks first is served first. A `step` of a growing answer keeps an even distance and
 * leaves a reserve in every window, so that an `edge` (an answer's first text, a new message, its last text) can go out
 * at once.
 */
export type Urgency = "step" | "edge";

export class Budgets {
  readonly #clock: Clock;
  readonly #budgets = new Map<string, Budget>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Resolves with `true` when a call to `target` may be made, and counts it; with `false` as soon as `signal` aborts.
   * `urgency` is asked again whenever it matters: a step that waits becomes an edge when its answer ends.
   */
  acquire(target: Target, urgency: () => Urgency, signal: AbortSignal): Promise<boolean> {
    return this.#of(target).acquire(urgency, signal);
  }

  /** Asks everyone who waits for `target` for their urgency again. */
  reconsider(target: Target): void {
    this.#of(target).serve();
  }

  /** Nothing is called in this chat for `retryAfterMs`, and the chat comes back slower. */
  penalise(target: Target, retryAfterMs: number): void {
    this.#of(target).penalise(retryAfterMs);
  }

  /** True while a penalty runs. */
  isPenalised(target: Target): boolean {
    return this.#of(target).isPenalised();
  }

  #of(target: Target): Budget {
    this.#forgetIdle();
    const known = this.#budgets.get(target.budget);
    if (known) return known;
    const budget = new Budget(this.#clock, target.rate);
    this.#budgets.set(target.budget, budget);
    return budget;
  }

  #forgetIdle(): void {
    if (this.#budgets.size < manyBudgets) return;
    for (const [key, budget] of this.#budgets) {
      if (budget.isIdle()) this.#budgets.delete(key);
    }
  }
}

const manyBudgets = 1000;
const slowAfterPenaltyMs = 60_000;

interface Waiting {
  readonly urgency: () => Urgency;
  readonly settle: (granted: boolean) => void;
}

class Budget {
  readonly #clock: Clock;
  readonly #windows: readonly RateWindow[];
  readonly #longestMs: number;
  readonly #waiting = new Set<Waiting>();
  #calls: number[] = [];
  #blockedUntil = Number.NEGATIVE_INFINITY;
  #cancelTimer: (() => void) | undefined;

  constructor(clock: Clock, windows: readonly RateWindow[]) {
    this.#clock = clock;
    this.#windows = windows;
    this.#longestMs = Math.max(...windows.map((window) => window.perMs));
  }

  acquire(urgency: () => Urgency, signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      if (signal.aborted) return resolve(false);
      const withdraw = () => {
        waiting.settle(false);
        // Without anyone waiting the timer must not keep the process alive, which can be for minutes after a penalty.
        this.serve();
      };
      const waiting: Waiting = {
        urgency,
        settle: (granted) => {
          signal.removeEventListener("abort", withdraw);
          this.#waiting.delete(waiting);
          resolve(granted);
        },
      };
      signal.addEventListener("abort", withdraw, { once: true });
      this.#waiting.add(waiting);
      this.serve();
    });
  }

  /** Lets go whoever may go now, in the order of asking, and sets the timer for the next. */
  serve(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    let soonest = Number.POSITIVE_INFINITY;
    for (const waiting of [...this.#waiting]) {
      const freeAt = this.#freeAt(waiting.urgency());
      if (freeAt <= this.#clock.now()) {
        this.#count();
        waiting.settle(true);
      } else soonest = Math.min(soonest, freeAt);
    }
    if (this.#waiting.size > 0) this.#cancelTimer = this.#clock.after(soonest - this.#clock.now(), () => this.serve());
  }

  penalise(retryAfterMs: number): void {
    this.#blockedUntil = Math.max(this.#blockedUntil, this.#clock.now() + retryAfterMs);
    this.serve();
  }

  isPenalised(): boolean {
    return this.#clock.now() < this.#blockedUntil;
  }

  isIdle(): boolean {
    const lastCall = this.#calls.at(-1) ?? Number.NEGATIVE_INFINITY;
    const quietSince = Math.max(lastCall + this.#longestMs, this.#blockedUntil + slowAfterPenaltyMs);
    return this.#waiting.size === 0 && this.#clock.now() > quietSince;
  }

  #freeAt(urgency: Urgency): number {
    const last = this.#calls.at(-1);
    const isStep = urgency === "step";
    const spaced = isStep && last !== undefined ? last + this.#gapMs() : Number.NEGATIVE_INFINITY;
    const windows = this.#windows.map((window) => {
      const allowed = isStep ? stepsIn(window) : window.count;
      const oldest = this.#calls.at(-allowed);
      return oldest === undefined ? Number.NEGATIVE_INFINITY : oldest + window.perMs;
    });
    return Math.max(this.#blockedUntil, spaced, ...windows);
  }

  #gapMs(): number {
    const even = Math.max(...this.#windows.map((window) => Math.ceil(window.perMs / stepsIn(window))));
    return this.#clock.now() < this.#blockedUntil + slowAfterPenaltyMs ? even * 2 : even;
  }

  #count(): void {
    const now = this.#clock.now();
    this.#calls = this.#calls.filter((at) => now - at < this.#longestMs);
    this.#calls.push(now);
  }
}

/** One call of every window is kept for an end. */
function stepsIn({ count }: RateWindow): number {
  return Math.max(1, count - 1);
}
