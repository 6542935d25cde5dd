import { type Clock, pause } from "../clock.ts";
import { wasNeverSent } from "./connection.ts";
import { retriesAfter } from "./error-codes.ts";
import { CozeError } from "./errors.ts";

/** The part of pino that is used here. */
export interface RetryLogger {
  warn(fields: object, message: string): void;
}

export interface RetryOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly logger?: RetryLogger | undefined;
  /** How many failures in all an error of this kind may be preceded by and still be retried. */
  readonly retriesFor: (error: CozeError) => number;
}

/**
 * Repeats an attempt as long as its errors allow. All calls of one `Persistence` share what is allowed. The attempt itself
 * begins with a look at the signal.
 */
export type Persistence = <T>(attempt: () => Promise<T>) => Promise<T>;

/** Doubled with every failure; three are the most. */
const FIRST_DELAY_MS = 500;
/** A conversation that is busy is waited for this long; the run that holds it is then still going on. */
const BUSY_LIMIT_MS = 30_000;
const BUSY_DELAY_MS = 2000;

export function createPersistence({ clock, signal, logger, retriesFor }: RetryOptions): Persistence {
  let failures = 0;
  let busyUntil: number | undefined;

  function delayAfter(error: CozeError): number | undefined {
    if (error.received) return undefined;
    if (error.kind === "busy") {
      busyUntil ??= clock.now() + BUSY_LIMIT_MS;
      return clock.now() + BUSY_DELAY_MS <= busyUntil ? BUSY_DELAY_MS : undefined;
    }
    if (failures >= retriesFor(error)) return undefined;
    const delayMs = withJitter(FIRST_DELAY_MS * 2 ** failures);
    failures += 1;
    return delayMs;
  }

  return async (attempt) => {
    for (;;) {
      try {
        return await attempt();
      } catch (error) {
        const retryInMs = error instanceof CozeError ? delayAfter(error) : undefined;
        if (retryInMs === undefined) throw error;
        logger?.warn({ err: error, retryInMs }, "a call to Coze failed and is repeated");
        await pause(clock, retryInMs, signal);
      }
    }
  };
}

/**
 * What may be repeated, for any call. A call that broke off or timed out after it was sent may have been applied, and a
 * question may have been billed: it is repeated once at most, and never when an event of its run had arrived.
 */
export function retriesForCall(error: CozeError): number {
  if (wasNeverSent(error)) return 3;
  if (error.kind === "network" || error.kind === "interrupted") return 1;
  return retriesAfter(error);
}

/** Half of it for sure, so that calls that failed together don't come back together. */
function withJitter(delayMs: number): number {
  return delayMs / 2 + (Math.random() * delayMs) / 2;
}
