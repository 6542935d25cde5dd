import type { RateReport } from "../adapter.ts";

export type MessageCall = RateReport["call"];

/** A window as the platform described it. */
export interface ToldWindow {
  readonly limit: number;
  /** Calls left in it; at most `limit`. */
  readonly left: number;
  readonly endsAt: number;
}

interface TrackedWindow {
  limit: number;
  left: number;
  endsAt: number;
  periodMs: number;
}

/** What a platform's answers tell about the limits of one chat. Posts and edits share a limit or don't, as they say. */
export class ToldLimits {
  readonly #bucketOf = new Map<MessageCall, string>();
  readonly #windows = new Map<string, TrackedWindow>();

  report({ call, bucket, limit, remaining, resetAfterMs }: RateReport, now: number): void {
    this.#bucketOf.set(call, bucket);
    const known = this.#windows.get(bucket);
    const periodMs = Math.max(known?.periodMs ?? 0, resetAfterMs);
    this.#windows.set(bucket, { limit, left: remaining, endsAt: now + resetAfterMs + roundingMs, periodMs });
  }

  /**
   * The window that a call at `at` falls into: the running one, or a full one that begins with the call. Nothing as long
   * as no answer has told anything.
   */
  window(call: MessageCall, at: number): ToldWindow | undefined {
    const window = this.#windowOf(call);
    if (!window || at < window.endsAt) return window;
    return { limit: window.limit, left: window.limit, endsAt: at + window.periodMs };
  }

  /** A call is on its way; its answer will tell more. */
  count(call: MessageCall, now: number): void {
    const window = this.#windowOf(call);
    if (!window) return;
    if (now >= window.endsAt) Object.assign(window, { left: window.limit, endsAt: now + window.periodMs });
    window.left -= 1;
  }

  /** The clock was set back. */
  shift(byMs: number): void {
    for (const window of this.#windows.values()) window.endsAt -= byMs;
  }

  /** A kind of call whose limit is not known yet may share the one that is. */
  #windowOf(call: MessageCall): TrackedWindow | undefined {
    const bucket = this.#bucketOf.get(call) ?? [...this.#bucketOf.values()][0];
    return bucket === undefined ? undefined : this.#windows.get(bucket);
  }
}

/** Platforms round the time that they tell. */
const roundingMs = 5;
