import type { RateWindow } from "../adapter.ts";

/** One call that was let through. */
export interface LoggedCall {
  readonly sentAt: number;
  /** When its answer came. Until then nobody knows when the platform counted it. */
  answeredAt: number | undefined;
}

/** The recent calls of one budget, and what they leave of its windows. Times are the clock's, in milliseconds. */
export class CallLog {
  readonly #windows: readonly RateWindow[];
  readonly #longestMs: number;
  #calls: LoggedCall[] = [];

  constructor(windows: readonly RateWindow[]) {
    this.#windows = windows;
    this.#longestMs = Math.max(0, ...windows.map((window) => window.perMs));
  }

  /** When the last call was sent. */
  get lastSentAt(): number | undefined {
    return this.#calls.at(-1)?.sentAt;
  }

  get longestMs(): number {
    return this.#longestMs;
  }

  add(now: number): LoggedCall {
    this.#calls = this.#calls.filter((call) => this.#leavesAt(call, this.#longestMs, now) > now);
    const call: LoggedCall = { sentAt: now, answeredAt: undefined };
    this.#calls.push(call);
    return call;
  }

  /** Takes back a call that was not made. */
  remove(call: LoggedCall): void {
    this.#calls = this.#calls.filter((other) => other !== call);
  }

  /** When all windows have room for one more; `reserve` calls of the longest one are left alone. */
  freeAt(now: number, reserve: number): number {
    let freeAt = Number.NEGATIVE_INFINITY;
    for (const { count, perMs } of this.#windows) {
      const allowed = perMs === this.#longestMs ? Math.max(1, count - reserve) : count;
      const oldest = this.#calls.at(-allowed);
      if (oldest) freeAt = Math.max(freeAt, this.#leavesAt(oldest, perMs, now));
    }
    return freeAt;
  }

  /** Calls that a window of `perMs` still holds at a time. */
  heldAt(at: number, perMs: number): number {
    return this.#calls.reduce((held, call) => (this.#leavesAt(call, perMs, at) > at ? held + 1 : held), 0);
  }

  /** Calls sent at or after a time. */
  sentSince(at: number): number {
    return this.#calls.reduce((sent, call) => (call.sentAt >= at ? sent + 1 : sent), 0);
  }

  /** The clock was set back: the calls lie as far in the past as before. */
  shift(byMs: number): void {
    this.#calls = this.#calls.map(({ sentAt, answeredAt }) => ({
      sentAt: sentAt - byMs,
      answeredAt: answeredAt === undefined ? undefined : answeredAt - byMs,
    }));
  }

  /** A call counts from its answer on: no later can the platform have counted it. */
  #leavesAt(call: LoggedCall, perMs: number, now: number): number {
    return (call.answeredAt ?? Math.max(now, call.sentAt)) + perMs;
  }
}
