import type { Adapter, Target } from "../adapter.ts";
import type { PlatformError } from "../errors.ts";
import type { Budgets } from "./budget.ts";

/** Where an answer is shown, and what its calls count against. */
export interface Place {
  readonly adapter: Adapter;
  readonly target: Target;
  readonly budgets: Budgets;
}

/** A call was refused for its frequency: nothing is called for as long as the platform says. */
export function penalise({ adapter, target, budgets }: Place, { scope, retryAfterMs }: PlatformError): void {
  const limited = scope === "bot" ? budgets.bot(adapter) : budgets.of(adapter, target);
  limited.penalise(retryAfterMs ?? unknownPenaltyMs);
}

const unknownPenaltyMs = 5000;

/**
 * How long to wait after calls without an answer, in milliseconds. An edit can be repeated without harm; a new message
 * that was lost on the way may be there all the same.
 */
export function backoffMs(attempts: number, isHarmless: boolean): number {
  return Math.min((isHarmless ? 250 : 1000) * 2 ** (attempts - 1), 30_000);
}
