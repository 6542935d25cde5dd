import { anySignal } from "../abort.ts";
import type { Clock } from "../clock.ts";
import { MediaError } from "./media-error.ts";

/** How long a download may take, in milliseconds. */
export interface Durations {
  /** From the first look-up of a name to the last byte, redirects included. */
  readonly totalMs: number;
  /** Without a byte, or any other step forward. */
  readonly idleMs: number;
}

export interface TimeLimits {
  /** Aborts with a `MediaError` when time is up, or as the caller's signal does. */
  readonly signal: AbortSignal;
  /** Something came: the wait without a byte begins anew. */
  readonly progress: () => void;
  /** Call when all is over. */
  readonly release: () => void;
}

export function limitTime(
  { totalMs, idleMs }: Durations,
  clock: Pick<Clock, "after">,
  caller: AbortSignal,
): TimeLimits {
  const timeout = new AbortController();
  const expire = (ms: number, what: string) => () =>
    timeout.abort(new MediaError("timed-out", `${what} for ${ms / 1000} s; the download was given up.`));
  const cancelTotal = clock.after(totalMs, expire(totalMs, "The download went on"));
  let cancelIdle = clock.after(idleMs, expire(idleMs, "Nothing came"));
  const joined = anySignal([caller, timeout.signal]);
  return {
    signal: joined.signal,
    progress() {
      cancelIdle();
      cancelIdle = clock.after(idleMs, expire(idleMs, "Nothing came"));
    },
    release() {
      cancelTotal();
      cancelIdle();
      joined.release();
    },
  };
}
