import type { AnswerRef, CozeAgent } from "./agent.ts";
import type { JsonCall } from "./json-call.ts";

/** The implementation of `CozeAgent.rate` (Coze docs message_feedback, delete_message_feedback). */
export function createRate(call: JsonCall): CozeAgent["rate"] {
  return async (message, feedback, signal) => {
    const path = pathOf(message);
    const request =
      feedback === undefined
        ? ({ method: "DELETE", path } as const)
        : ({ method: "POST", path, body: { feedback_type: feedback } } as const);
    await call(request, message.sessionName, signal);
  };
}

function pathOf({ conversationId, messageId }: AnswerRef): string {
  return `/v1/conversations/${encodeURIComponent(conversationId)}/messages/${encodeURIComponent(messageId)}/feedback`;
}
