import { type Clock, pause } from "../clock.ts";
import type { CozeMode, LostQuestion, Run } from "./agent.ts";
import { listNewestConversations, listNewestMessages } from "./chat-records.ts";
import { CozeError } from "./errors.ts";
import type { JsonCall } from "./json-call.ts";
import { isOfQuestion } from "./question-messages.ts";

export interface FindRunOptions {
  readonly clock: Clock;
  readonly mode: CozeMode;
  readonly look: JsonCall;
}

/** A question may still have been on its way when Coze was first asked for it. */
const SECOND_LOOK_MS = 2000;
/** How much later than here a question may seem to have been asked by Coze's clock. */
const CLOCK_SKEW_MS = 60_000;

/** The implementation of `CozeAgent.findRun`: a run is recognised by the words and files of its question. */
export function createFindRun({ clock, mode, look }: FindRunOptions) {
  async function find(question: LostQuestion, signal: AbortSignal): Promise<Run | undefined> {
    for (const conversationId of await placesOf(question, signal)) {
      const run = await findIn(conversationId, question, signal);
      if (run) return run;
    }
    return undefined;
  }

  /** The conversations where the question may be, newest first. */
  async function placesOf(question: LostQuestion, signal: AbortSignal): Promise<readonly string[]> {
    const { conversationId, sessionName, askedAt } = question;
    if (conversationId !== undefined) return [conversationId];
    if (mode.kind === "chatflow-app") throw unlisted();
    const conversations = await listNewestConversations(look, sessionName, mode.botId, signal);
    return conversations.filter(({ created_at }) => isAfter(created_at, askedAt)).map(({ id }) => id);
  }

  async function findIn(conversationId: string, question: LostQuestion, signal: AbortSignal): Promise<Run | undefined> {
    const { sessionName, askedAt, isKnown } = question;
    const messages = await listNewestMessages(look, { sessionName, conversationId }, signal);
    for (const message of messages) {
      const chatId = message.chat_id;
      if (chatId === "" || !isOfQuestion(message, question)) continue;
      if (isAfter(message.created_at, askedAt) && !(await isKnown(chatId))) {
        return { sessionName, conversationId, chatId };
      }
    }
    return undefined;
  }

  return async (question: LostQuestion, signal: AbortSignal): Promise<Run | undefined> => {
    const found = await find(question, signal);
    if (found) return found;
    await pause(clock, SECOND_LOOK_MS, signal);
    signal.throwIfAborted();
    return find(question, signal);
  };
}

/** `seconds` is Coze's time, `0` when it told none. */
function isAfter(seconds: number, askedAt: number): boolean {
  return seconds === 0 || seconds * 1000 >= askedAt - CLOCK_SKEW_MS;
}

/** Coze lists the conversations of agents only (docs list_conversations). */
function unlisted(): CozeError {
  return new CozeError(
    "Coze has no list of an app's conversations, so it can't be asked for a question in a new one.",
    {
      kind: "interrupted",
      endpoint: "GET /v1/conversations",
    },
  );
}
