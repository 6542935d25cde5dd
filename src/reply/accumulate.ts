import type { AnswerEvent, TokenUsage } from "../coze/events.ts";

/** Everything known of an answer after the events that arrived so far. */
export interface Answer {
  /** The answer messages in the order in which they began. */
  readonly messages: readonly AnswerMessage[];
  /** Suggested next questions. */
  readonly followUps: readonly string[];
  /** What the model thought, as far as it told. */
  readonly reasoning: string;
  readonly run?: { readonly chatId: string; readonly conversationId: string };
  readonly outcome?: "completed" | "waiting-for-reply" | "waiting-for-tools" | "cancelled";
  readonly usage?: TokenUsage;
  readonly debugUrl?: string;
  /** Under which Coze keeps its own log of the run. */
  readonly logid?: string;
}

interface AnswerMessage {
  readonly id: string;
  readonly text: string;
  readonly completed: boolean;
}

export const emptyAnswer: Answer = { messages: [], followUps: [], reasoning: "" };

/** The answer after one more event. Pure: the same events always make the same answer. */
export function accumulate(answer: Answer, event: AnswerEvent): Answer {
  switch (event.type) {
    case "created":
      return {
        ...answer,
        run: { chatId: event.chatId, conversationId: event.conversationId },
        ...(event.logid !== undefined && { logid: event.logid }),
      };
    case "delta":
      return withMessage(answer, event.messageId, (former) => ({ ...former, text: former.text + event.text }));
    case "message":
      return withMessage(answer, event.messageId, (former) => ({ ...former, text: event.text, completed: true }));
    case "waiting":
      return { ...answer, outcome: event.for === "reply" ? "waiting-for-reply" : "waiting-for-tools" };
    case "cancelled":
      return { ...answer, outcome: "cancelled" };
    case "completed":
      return { ...answer, outcome: "completed", ...(event.usage && { usage: event.usage }) };
    case "debug":
      return { ...answer, debugUrl: event.url };
    case "reasoning":
      return { ...answer, reasoning: answer.reasoning + event.text };
    case "follow-up":
      return { ...answer, followUps: [...answer.followUps, event.text] };
    case "tool":
    case "audio":
      return answer;
  }
}

/** The text to show: the answer messages, a blank line between them. */
export function answerText(answer: Answer): string {
  return answer.messages
    .map((message) => message.text)
    .filter((text) => text.trim() !== "")
    .join("\n\n");
}

function withMessage(answer: Answer, id: string, change: (former: AnswerMessage) => AnswerMessage): Answer {
  const at = answer.messages.findIndex((message) => message.id === id);
  const former = answer.messages[at];
  if (former === undefined) {
    return { ...answer, messages: [...answer.messages, change({ id, text: "", completed: false })] };
  }
  // What came in whole is final; a delta after it is a repetition.
  if (former.completed) return answer;
  return { ...answer, messages: answer.messages.with(at, change(former)) };
}
