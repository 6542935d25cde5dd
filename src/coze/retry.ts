import { type Clock, pause } from "../clock.ts";
import type { CallObserver } from "./call-observer.ts";
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
  readonly observer?: CallObserver | undefined;
  /** How many failures in all an error of this kind may be preceded by and still be retried. */
  readonly retriesFor: (error: CozeError) => number;
}

/**
 * Repeats an attempt as long as its errors allow, and never once the signal has aborted. All calls of one `Persistence`
 * share what is allowed.
 */
export type Persistence = <T>(attempt: () => Promise<T>) => Promise<T>;

/** Doubled with every failure; three are the most. */
const FIRST_DELAY_MS = 500;
/** A conversation that is busy is waited for this long; the run that holds it is then still going on. */
const BUSY_LIMIT_MS = 120_000;
/** A second longer with every refusal. */
const SHORTEST_BUSY_DELAY_MS = 2000;
const LONGEST_BUSY_DELAY_MS = 5000;

export function createPersistence(options: RetryOptions): Persistence {
  const { clock, signal, logger, observer, retriesFor } = options;
  let failures = 0;
  let busyDelayMs = SHORTEST_BUSY_DELAY_MS;
  let busyUntil: number | undefined;

  function delayAfter(error: CozeError): number | undefined {
    if (error.received) return undefined;
    if (error.kind === "busy") {
      busyUntil ??= clock.now() + BUSY_LIMIT_MS;
      const delayMs = busyDelayMs;
      busyDelayMs = Math.min(delayMs + 1000, LONGEST_BUSY_DELAY_MS);
      return clock.now() + delayMs <= busyUntil ? delayMs : undefined;
    }
    if (failures >= retriesFor(error)) return undefined;
    const delayMs = withJitter(FIRST_DELAY_MS * 2 ** failures);
    failures += 1;
    return delayMs;
  }

  return async (attempt) => {
    for (;;) {
      try {
        const result = await attempt();
        observer?.succeeded();
        return result;
      } catch (error) {
        if (!(error instanceof CozeError)) throw error;
        observer?.failed(error);
        signal.throwIfAborted();
        const retryInMs = delayAfter(error);
        if (retryInMs === undefined) throw error;
        logger?.warn({ err: error, retryInMs }, "a call to Coze failed and is repeated");
        await pause(clock, retryInMs, signal);
        signal.throwIfAborted();
      }
    }
  };
}

/** What may be repeated of a call that twice has the effect of once, or nearly so. */
export function retriesForCall(error: CozeError): number {
  if (wasNeverSent(error)) return 3;
  if (error.kind === "network" || error.kind === "interrupted") return 1;
  return retriesAfter(error);
}

/** A question that may have arrived may be answered and billed already: it is not sent again before that is known. */
export function retriesForQuestion(error: CozeError): number {
  return error.uncertain ? 0 : retriesForCall(error);
}

/** Half of it for sure, so that calls that failed together don't come back together. */
function withJitter(delayMs: number): number {
  return delayMs / 2 + (Math.random() * delayMs) / 2;
}
