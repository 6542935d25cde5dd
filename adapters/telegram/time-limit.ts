import type { Clock } from "../../src/clock.ts";

/**
 * Runs `request` with a signal that is aborted after `limitMs`, or when `signal` is. When the limit was the reason, the
 * rejection says so. After the request settled only `signal` counts, so a body may be read for longer.
 */
export async function withTimeLimit<T>(
  clock: Clock,
  limitMs: number,
  request: (signal: AbortSignal) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const limit = new AbortController();
  const cancel = clock.after(limitMs, () => limit.abort());
  try {
    return await request(signal === undefined ? limit.signal : AbortSignal.any([signal, limit.signal]));
  } catch (error) {
    throw limit.signal.aborted ? new Error(`nothing within ${limitMs / 1000} s`) : error;
  } finally {
    cancel();
  }
}
