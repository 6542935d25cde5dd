import type { Message, User } from "grammy/types";
import type { Author, Chat } from "../../src/adapter.ts";

/** The chat of a message, also of one that Telegram no longer shows to the bot. */
type OriginChat = Message["chat"];

/** Ids of messages are counted per bot or per chat. They outlive a new token of the same bot; ids of updates may repeat. */
export function messageIdOf({ chat, message_id }: Message, me: User): string {
  return `${me.id}:${chat.id}:${message_id}`;
}

export function toAuthor(user: User): Author {
  return {
    id: String(user.id),
    name: fullName(user),
    ...(user.language_code !== undefined && { locale: user.language_code }),
    automated: user.is_bot,
  };
}

export function fullName({ first_name, last_name }: Pick<User, "first_name" | "last_name">): string {
  return [first_name, last_name].filter(Boolean).join(" ");
}

export function toChat(chat: OriginChat, topic: number | undefined): Chat {
  return {
    key: topic === undefined ? String(chat.id) : `${chat.id}/${topic}`,
    kind: chat.type === "private" ? "private" : "group",
    ...(topic !== undefined && { isThread: true }),
    ...(chat.title !== undefined && { title: chat.title }),
  };
}

/** Outside forums a thread id only groups replies, and the general topic has none. */
export function topicOf({ is_topic_message, message_thread_id }: Partial<Message>): number | undefined {
  return is_topic_message ? message_thread_id : undefined;
}
