import { readAnswer } from "../../../src/coze/answer-stream.ts";
import { RunTranslator } from "../../../src/coze/chat-events.ts";
import type { AnswerEvent } from "../../../src/coze/events.ts";
import type { Origin } from "../../../src/coze/reply.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import { bodyOf } from "./fixtures.ts";

export const origin: Origin = { endpoint: "POST /v3/chat", status: 200, logid: "log-1", token: "czs_secret" };
const chatId = "7382159487131697202";
const conversationId = "7381473525342978089";
export const created: AnswerEvent = { type: "created", chatId, conversationId, logid: "log-1" };
export const completed: AnswerEvent = { type: "completed" };

/** What a stream was translated into, and what it failed with. */
export interface Heard {
  readonly events: readonly AnswerEvent[];
  readonly error?: unknown;
}

export async function hear(stream: string): Promise<Heard> {
  const events: AnswerEvent[] = [];
  const { signal } = new AbortController();
  const reading = { clock: createManualClock(), idleTimeoutMs: 1000, signal };
  try {
    for await (const event of readAnswer(
      bodyOf([new TextEncoder().encode(stream)]),
      new RunTranslator(origin),
      reading,
    ))
      events.push(event);
  } catch (error) {
    return { events, error };
  }
  return { events };
}

/** One event in /v3/chat's framing. */
export const event = (name: string, data: unknown) =>
  `event:${name}\ndata:${typeof data === "string" ? data : JSON.stringify(data)}\n\n`;
const run = { chat_id: chatId, conversation_id: conversationId };
export const begun = event("conversation.chat.created", {
  id: chatId,
  conversation_id: conversationId,
  status: "created",
});
export const delta = (fields: object) =>
  event("conversation.message.delta", { ...run, id: "1", role: "assistant", type: "answer", content: "", ...fields });
export const whole = (fields: object) =>
  event("conversation.message.completed", {
    ...run,
    id: "1",
    role: "assistant",
    type: "answer",
    content: "",
    ...fields,
  });
export const ended = event("conversation.chat.completed", { id: chatId, conversation_id: conversationId });
export const verbose = (type: string) =>
  whole({ type: "verbose", content: JSON.stringify({ msg_type: type, data: "" }) });
