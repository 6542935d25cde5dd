import type { Clock } from "../../src/clock.ts";

/**
 * Runs `request` with a signal that is aborted after `limitMs`, or when `signal` is. Either ends the wait at once, whether
 * or not the request heeds its signal. When the limit was the reason, the rejection says so. After the request settled
 * only `signal` counts, so a body may be read for longer.
 */
export function withTimeLimit<T>(
  clock: Clock,
  limitMs: number,
  request: (signal: AbortSignal) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const limit = new AbortController();
  const joined = signal === undefined ? limit.signal : AbortSignal.any([signal, limit.signal]);
  return new Promise<T>((resolve, reject) => {
    const cancel = clock.after(limitMs, () => limit.abort(new Error(`nothing within ${limitMs / 1000} s`)));
    const giveUp = () => {
      cancel();
      reject(joined.reason);
    };
    const end = () => {
      cancel();
      joined.removeEventListener("abort", giveUp);
    };
    joined.addEventListener("abort", giveUp, { once: true });
    request(joined).finally(end).then(resolve, reject);
  });
}
