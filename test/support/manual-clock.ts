import type { Clock } from "../../src/clock.ts";

/** Time that stands still until a test moves it. */
export interface ManualClock extends Clock {
  /**
   * Moves time on by `ms`. Every timer that falls due on the way fires at its own moment, in the order of those moments,
   * also a timer that an earlier one has set. What the timers set off (promises, sockets of this process) gets some
   * turns of the event loop each time; a test that relies on something beyond that waits for it by name.
   */
  advance(ms: number): Promise<void>;
  /**
   * Until `promise` settles, moves time to every timer that is due within `horizonMs` (default a minute), as soon as it
   * is set; returns what the promise settles with. Timers beyond the horizon never fire here, so that time does not run
   * while an answer is on its way over a real socket: give timeouts a length beyond it, and waits one within.
   */
  moveUntil<T>(promise: Promise<T>, horizonMs?: number): Promise<T>;
  /** Timers that have neither fired nor been cancelled. */
  readonly pending: number;
}

interface Timer {
  readonly at: number;
  readonly fire: () => void;
}

/** `startMs`: milliseconds since the epoch; default: a moment in 2025. */
export function createManualClock(startMs = Date.UTC(2025, 0, 15, 12)): ManualClock {
  let now = startMs;
  const timers = new Set<Timer>();
  /** Wakes `moveUntil`, which waits for a timer or for the end. */
  let onTimer: () => void = () => undefined;

  async function advance(ms: number): Promise<void> {
    const target = now + ms;
    await settle();
    for (let next = earliest(timers, target); next; next = earliest(timers, target)) {
      now = Math.max(now, next.at);
      timers.delete(next);
      next.fire();
      await settle();
    }
    now = Math.max(now, target);
  }

  return {
    now: () => now,
    after(delayMs, callback) {
      const timer = { at: now + Math.max(0, delayMs), fire: callback };
      timers.add(timer);
      onTimer();
      return () => void timers.delete(timer);
    },
    advance,
    async moveUntil(promise, horizonMs = 60_000) {
      let settled = false;
      const stop = () => {
        settled = true;
        onTimer();
      };
      promise.then(stop, stop);
      for (;;) {
        const next = earliest(timers, now + horizonMs);
        if (settled) return await promise;
        if (next) await advance(next.at - now);
        else await new Promise<void>((resolve) => (onTimer = resolve));
      }
    },
    get pending() {
      return timers.size;
    },
  };
}

/** Of equal moments the timer that was set first: a `Set` keeps that order. */
function earliest(timers: ReadonlySet<Timer>, until: number): Timer | undefined {
  let first: Timer | undefined;
  for (const timer of timers) {
    if (timer.at <= until && (!first || timer.at < first.at)) first = timer;
  }
  return first;
}

const TURNS = 5;

async function settle(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
