import type { AnswerRef, CozeAgent } from "./agent.ts";
import type { JsonCall } from "./json-call.ts";

/** The implementation of `CozeAgent.rate` (Coze docs message_feedback). */
export function createRate(call: JsonCall): CozeAgent["rate"] {
  return async (message, feedback, signal) => {
    const body = { feedback_type: feedback };
    await call({ method: "POST", path: pathOf(message), body }, message.sessionName, signal);
  };
}

function pathOf({ conversationId, messageId }: AnswerRef): string {
  return `/v1/conversations/${encodeURIComponent(conversationId)}/messages/${encodeURIComponent(messageId)}/feedback`;
}
