import type { Run } from "./agent.ts";
import { endOf, failureOf, hasFailed, type RunEnd } from "./chat-outcome.ts";
import type { RetrievedChat } from "./chat-records.ts";
import { CozeError } from "./errors.ts";
import { NO_REASON, refusalError } from "./reply.ts";
import type { WireMessage } from "./wire.ts";

/** Coze docs retrieve_chat: once a second for each run. */
export const POLL_MS = 1000;

export interface EndedRun {
  /** In any order. */
  readonly messages: readonly WireMessage[];
  readonly end: RunEnd;
}

/**
 * Resolves when a run has ended. Throws a `CozeError` that is `received` when the run failed, and one that is not when
 * Coze does not tell of it.
 */
export type RunWatch = (run: Run, signal: AbortSignal) => Promise<EndedRun>;

/** The end of a run that runs no longer. */
export function endOfRetrieved({ chat, origin }: RetrievedChat): RunEnd {
  const end = endOf(chat);
  if (end) return end;
  if (hasFailed(chat)) {
    const { code, msg } = failureOf(chat);
    throw refusalError(origin, { code, message: msg || NO_REASON }, { received: true });
  }
  throw new CozeError(`The run has the status ${JSON.stringify(chat.status)}.`, {
    kind: "service",
    endpoint: origin.endpoint,
  });
}

/** As they were said: by second, and within a second by id, which grows. Ids are integers that no number can hold. */
export function inOrder(messages: readonly WireMessage[]): readonly WireMessage[] {
  return messages.toSorted((a, b) => a.created_at - b.created_at || compareIds(a.id, b.id));
}

function compareIds(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : 1);
}
