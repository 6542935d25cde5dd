import type { CallbackQuery, MessageGenerationStopped, User } from "grammy/types";
import type { ActionEvent, StopEvent } from "../../src/adapter.ts";
import { toRef } from "./address.ts";
import { fullName, toAuthor, toChat, topicOf } from "./origin.ts";
import { toTarget } from "./target.ts";

/**
 * A person pressed a button. Of an old or deleted message Telegram tells no more than its place, so the topic of such a
 * one is unknown. `now` is the time of the press, which Telegram does not tell. Games and messages that were sent by
 * way of other chats make no event.
 */
export function toActionEvent(query: CallbackQuery, me: User, now: number): ActionEvent | undefined {
  const { id, from, message, data } = query;
  if (message === undefined || data === undefined) return undefined;
  const topic = topicOf(message);
  return {
    type: "action",
    id: `${me.id}:callback:${id}`,
    platform: "telegram",
    sentAt: now,
    author: toAuthor(from),
    chat: toChat(message.chat, topic),
    target: toTarget({ chat: message.chat.id, ...(topic !== undefined && { thread: topic }) }),
    value: data,
    ref: toRef(message),
  };
}

/** The person pressed Stop below a draft, which happens once to a draft. Its id comes as a number or as text. */
export function toStopEvent(stopped: MessageGenerationStopped, me: User, now: number): StopEvent {
  const { chat, message_thread_id: topic, draft_id } = stopped;
  return {
    type: "stopped",
    id: `${me.id}:${chat.id}:draft:${draft_id}`,
    platform: "telegram",
    sentAt: now,
    author: { id: String(chat.id), name: fullName(chat), automated: false },
    chat: toChat(chat, topic),
    target: toTarget({ chat: chat.id, ...(topic !== undefined && { thread: topic }) }),
  };
}
