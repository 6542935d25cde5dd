import type { Chat, ChatStatus } from "./chats.ts";
import type { Dialect } from "./dialect.ts";
import type { Message } from "./messages.ts";
import type { FailureShape } from "./script.ts";
import type { Framing } from "./stream.ts";

export interface WireEvent {
  readonly name: string;
  readonly data: unknown;
}

/** What one endpoint's stream looks like in one dialect. */
export interface Wire {
  readonly framing: Framing;
  /** Whether `verbose` messages mark the end of the answers and an interrupt. */
  readonly marksAnswers: boolean;
  /** Whether cancelling a chat ends its stream; the hosted service streams on (Coze docs chat_cancel). */
  readonly stopsOnCancel: boolean;
  /** The `data` of the verbose `generate_answer_finish`. */
  answerFinish(interrupted: boolean): string;
  chat(chat: Chat): WireEvent["data"];
  /** A part of an answer; `isLast` when its message is complete with it. */
  delta(message: Message, isLast: boolean): WireEvent["data"];
  completed(message: Message): WireEvent["data"];
  failed(chat: Chat, shape: FailureShape): WireEvent;
  /** Undefined where the dialect keeps it to itself. */
  requiresAction(chat: Chat): WireEvent | undefined;
  canceled(chat: Chat): WireEvent;
  /** The end marker; a string is its data as it stands. */
  done(chat: Chat): WireEvent;
}

/** A chat's status as the dialect spells it. */
export function statusWord(status: ChatStatus, dialect: Dialect): string {
  if (dialect === "studio" && status === "canceled") return "cancelled";
  if (dialect === "studio" && status === "requires_action") return "required_action";
  return status;
}

/** `conversation.chat.failed` in the shapes that were seen: a chat, or code and message with either type of code. */
export function failedEvent(wire: Wire, chat: Chat, shape: FailureShape): WireEvent {
  const { code, msg } = chat.lastError;
  const shapes = {
    chat: () => wire.chat(chat),
    number: () => ({ code, msg }),
    string: () => ({ code: `${code}`, msg }),
  };
  return { name: "conversation.chat.failed", data: shapes[shape]() };
}

/** Neither the docs nor recordings have an SSE event for this; the name is the one of Coze's WebSocket protocol. */
export function canceledEvent(wire: Wire, chat: Chat, dialect: Dialect): WireEvent {
  return { name: `conversation.chat.${statusWord("canceled", dialect)}`, data: wire.chat(chat) };
}

export function dataText(data: unknown): string {
  return typeof data === "string" ? data : JSON.stringify(data);
}
