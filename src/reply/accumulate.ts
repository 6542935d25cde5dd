import type { AnswerEvent, ToolCall } from "../coze/events.ts";

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
  /** What the run waits for, as long as its outcome is `waiting-for-tools`: it goes on to another one then. */
  readonly toolCalls: readonly ToolCall[];
  /** As Coze counted them. */
  readonly tokens?: number;
  readonly debugUrl?: string;
  /** The answer as speech, where the agent sent it. */
  readonly sound?: AnswerSound;
  /** Under which Coze keeps its own log of the run. */
  readonly logid?: string;
}

interface AnswerMessage {
  readonly id: string;
  readonly text: string;
  readonly completed: boolean;
}

export interface AnswerSound {
  readonly format: "pcm" | "opus";
  /** In order. None any more once there is too much to be sent into a chat. */
  readonly data: readonly Uint8Array[];
  /** How much was heard, in bytes. */
  readonly size: number;
}

export const emptyAnswer: Answer = { messages: [], followUps: [], reasoning: "", toolCalls: [] };

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
      return event.for === "reply"
        ? { ...answer, outcome: "waiting-for-reply" }
        : { ...answer, outcome: "waiting-for-tools", toolCalls: event.calls };
    case "cancelled":
      return { ...answer, outcome: "cancelled" };
    case "completed":
      return { ...answer, outcome: "completed", ...(event.tokens !== undefined && { tokens: event.tokens }) };
    case "debug":
      return { ...answer, debugUrl: event.url };
    case "reasoning":
      return { ...answer, reasoning: answer.reasoning + event.text };
    case "follow-up":
      return { ...answer, followUps: [...answer.followUps, event.text] };
    case "audio":
      return { ...answer, sound: soundWith(answer.sound, event.data, event.format) };
    case "tool":
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

/** What every platform takes, in bytes. */
const mostSound = 10_000_000;

function soundWith(former: AnswerSound | undefined, data: Uint8Array, format: AnswerSound["format"]): AnswerSound {
  const size = (former?.size ?? 0) + data.length;
  return { format, data: size > mostSound ? [] : [...(former?.data ?? []), data], size };
}
