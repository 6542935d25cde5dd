import { type Clock, pause } from "../clock.ts";
import { PlatformError } from "../errors.ts";
import { claimNow } from "./chat-budget.ts";
import { backoffMs, type Place, penalise } from "./recovery.ts";
import type { MessageCall } from "./told-limits.ts";

export interface InsistOptions extends Place {
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * Makes a call of an answer that is no part of its text as soon as the limits allow, again as often as it is limited, and
 * for some minutes when no answer comes. Rejects with what the platform said, or with the signal's reason.
 */
export async function insist<T>(options: InsistOptions, kind: MessageCall, call: () => Promise<T>): Promise<T> {
  const { adapter, target, budgets, clock, signal } = options;
  const claim = claimNow(kind, clock.now());
  for (let unanswered = 0; ; ) {
    const permit = await budgets.of(adapter, target).acquire(claim, signal);
    signal.throwIfAborted();
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof PlatformError)) throw error;
      if (error.code === "network") unanswered += 1;
      if (error.code === "rate-limited") penalise(options, error);
      else if (error.code !== "network" || unanswered === mostUnanswered) throw error;
    } finally {
      permit?.answered();
    }
    if (unanswered > 0) await pause(clock, backoffMs(unanswered, kind === "edit"), signal);
  }
}

/** What never gets an answer may be too much for a server on the way. */
const mostUnanswered = 10;
