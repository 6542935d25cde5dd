import type { Clock } from "../clock.ts";
import { PlatformError } from "../errors.ts";
import type { ChatBudget } from "./chat-budget.ts";

/** Makes one edit that is no part of an answer, as soon as the chat's limits allow. A refusal rejects; it is not repeated. */
export async function pacedCall(
  budget: ChatBudget,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
  call: () => Promise<void>,
): Promise<void> {
  const now = clock.now();
  const time = () => now;
  const permit = await budget.acquire(
    { call: () => "edit", urgency: () => "edge", startedAt: time, unseenSince: time, writtenAt: time },
    signal,
  );
  if (!permit) return;
  try {
    await call();
  } catch (error) {
    if (error instanceof PlatformError && error.retryAfterMs !== undefined) budget.penalise(error.retryAfterMs);
    throw error;
  } finally {
    permit.answered();
  }
}
