import { PlatformError } from "../errors.ts";
import { claimNow } from "./chat-budget.ts";
import type { InsistOptions } from "./insist.ts";
import { penalise } from "./recovery.ts";

/** Makes one edit that is no part of an answer, as soon as the chat's limits allow. A refusal rejects; it is not repeated. */
export async function pacedCall(options: InsistOptions, call: () => Promise<void>): Promise<void> {
  const { adapter, target, budgets, clock, signal } = options;
  const permit = await budgets.of(adapter, target).acquire(claimNow("edit", clock.now()), signal);
  if (!permit) return;
  try {
    await call();
  } catch (error) {
    if (error instanceof PlatformError && error.code === "rate-limited") penalise(options, error);
    throw error;
  } finally {
    permit.answered();
  }
}
