import type { Logger } from "pino";
import { isAskedAgain } from "../buttons/ask-again.ts";
import type { Conversations } from "../conversations/conversations.ts";
import { words } from "../locale/locale.ts";
import type { Store, Turn } from "../store/store.ts";

export interface FreshStartParts {
  readonly store: Store;
  readonly conversations: Conversations;
  readonly logger: Logger;
  /** The silence after which a conversation is over, in milliseconds; absent: none is too long. */
  readonly idleMs?: number | undefined;
}

/** Resolves with a word for the person, as markdown, when the question goes into a new conversation, else with `""`. */
export type FreshStart = (turn: Turn, signal: AbortSignal) => Promise<string>;

/**
 * Has the first question after a long silence begin a new conversation. To be called in the conversation's line, before
 * the question is asked. Where no new conversation can be had the old one goes on, which is logged.
 */
export function createFreshStart(parts: FreshStartParts): FreshStart {
  return async (turn, signal) => {
    try {
      if (!(await isAfterSilence(turn, parts))) return "";
      const { startedAfresh, startedAfreshCleared } = words(turn.locale);
      const former = await parts.conversations.renew(turn.conversation, signal);
      return former === "left" ? startedAfresh : startedAfreshCleared;
    } catch (error) {
      signal.throwIfAborted();
      parts.logger.warn({ turn: turn.id, err: error }, "could not start a new conversation after a silence");
      return "";
    }
  };
}

async function isAfterSilence(turn: Turn, { store, idleMs }: FreshStartParts): Promise<boolean> {
  // Who presses a button means what stands above it.
  if (idleMs === undefined || isAskedAgain(turn)) return false;
  const { conversation, createdAt } = turn;
  const current = await store.conversation(conversation);
  const past = await store.pastConversations(conversation);
  const known = past.find(({ conversationId }) => conversationId === current);
  if (!known || createdAt - known.usedAt <= idleMs) return false;
  // A flow's question waits for its reply, however long that takes.
  const latest = await store.latestTurnIn(conversation, known.conversationId);
  return latest?.state !== "waiting";
}
