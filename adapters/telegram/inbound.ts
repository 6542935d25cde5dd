import type { Message, MessageEntity, MessageGenerationStopped, Update, User } from "grammy/types";
import type {
  Attachment,
  Author,
  Chat,
  CommandEvent,
  InboundEvent,
  MessageEvent,
  RateWindow,
  StopEvent,
  Target,
} from "../../src/adapter.ts";
import type { ChatAddress } from "./address.ts";
import { attachmentsOf } from "./attachments.ts";
import { isNameOf, mentionsOf, withoutMentions } from "./mention.ts";

/** Kinds of updates that `toInboundEvent` understands: the only ones to ask Telegram for. */
export const handledUpdates = ["message", "stopped_message_generation"] as const;

/**
 * What a person did as an event, or nothing for what no answer could be meant for: the bot's own messages, service
 * messages, stickers and the like, commands for other bots. `me` is the bot; `now` is the time of what has none.
 */
export function toInboundEvent(update: Update, me: User, now: number): InboundEvent | undefined {
  const { message, stopped_message_generation: stopped } = update;
  if (stopped !== undefined) return toStopEvent(stopped, me, now);
  return message === undefined ? undefined : toMessageEvent(message, me);
}

function toMessageEvent(message: Message, me: User): InboundEvent | undefined {
  const author = message.from;
  if (author === undefined || author.id === me.id) return undefined;
  // Messages that only one member sees have no id of their own, so nothing can be said in reply to one.
  if (message.message_id === 0) return undefined;
  const content = contentOf(message);
  if (content === undefined) return undefined;

  const base = {
    // Ids of messages are counted per bot and chat. They outlive a new token of the same bot; ids of updates may repeat.
    id: `${me.id}:${message.chat.id}:${message.message_id}`,
    platform: "telegram",
    sentAt: message.date * 1000,
    author: toAuthor(author, message),
    chat: toChat(message.chat, topicOf(message)),
    target: toTarget(message.chat, topicOf(message), message.message_id),
  };
  const command = commandOf(content);
  if (command === undefined) return { type: "message", ...base, ...toMessage(message, content, me) };
  if (command.bot !== undefined && !isNameOf(me, command.bot)) return undefined;
  return { type: "command", ...base, name: command.name, argument: command.argument };
}

/** The person pressed Stop below a draft, which happens once to a draft. Its id comes as a number or as text. */
function toStopEvent(stopped: MessageGenerationStopped, me: User, now: number): StopEvent {
  const { chat, message_thread_id: topic, draft_id } = stopped;
  return {
    type: "stopped",
    id: `${me.id}:${chat.id}:draft:${draft_id}`,
    platform: "telegram",
    sentAt: now,
    author: { id: String(chat.id), name: fullName(chat), automated: false },
    chat: toChat(chat, topic),
    target: toTarget(chat, topic),
  };
}

interface Content {
  readonly text: string;
  readonly entities: readonly MessageEntity[];
  readonly attachments: readonly Attachment[];
}

function contentOf(message: Message): Content | undefined {
  const { text, caption } = message;
  const attachments = attachmentsOf(message);
  if (text !== undefined) return { text, entities: message.entities ?? [], attachments };
  if (attachments.length === 0) return undefined;
  return { text: caption ?? "", entities: message.caption_entities ?? [], attachments };
}

function toMessage(
  message: Message,
  content: Content,
  me: User,
): Pick<MessageEvent, "text" | "attachments" | "addressed"> {
  const { text, entities, attachments } = content;
  if (message.chat.type === "private") return { text: text.trim(), attachments, addressed: true };
  const mentions = mentionsOf(me, text, entities);
  return {
    text: withoutMentions(text, mentions),
    attachments,
    addressed: mentions.length > 0 || isReplyTo(me, message),
  };
}

/** In a forum every plain message is formally a reply to the service message that opened the topic, maybe the bot's. */
function isReplyTo(bot: User, { reply_to_message: original }: Message): boolean {
  return original?.from?.id === bot.id && original.forum_topic_created === undefined;
}

interface Command extends Pick<CommandEvent, "name" | "argument"> {
  /** The bot it was meant for, when the person said so: `/new@weather_bot`. */
  readonly bot: string | undefined;
}

function commandOf({ text, entities, attachments }: Content): Command | undefined {
  const entity = entities.find(({ type, offset }) => type === "bot_command" && offset === 0);
  if (entity === undefined || attachments.length > 0) return undefined;
  const [name = "", bot] = text.slice(1, entity.length).split("@");
  return { name: name.toLowerCase(), bot, argument: text.slice(entity.length).trim() };
}

/** Channels and anonymous administrators speak through the accounts of bots or of Telegram. */
function toAuthor(user: User, { sender_chat, is_automatic_forward }: Message): Author {
  return {
    id: String(user.id),
    name: fullName(user),
    ...(user.language_code !== undefined && { locale: user.language_code }),
    automated: user.is_bot || sender_chat !== undefined || is_automatic_forward === true,
  };
}

function fullName({ first_name, last_name }: Pick<User, "first_name" | "last_name">): string {
  return [first_name, last_name].filter(Boolean).join(" ");
}

function toChat(chat: Message["chat"], topic: number | undefined): Chat {
  return {
    key: topic === undefined ? String(chat.id) : `${chat.id}/${topic}`,
    kind: chat.type === "private" ? "private" : "group",
    ...(topic !== undefined && { isThread: true }),
    ...(chat.title !== undefined && { title: chat.title }),
  };
}

function toTarget(chat: Message["chat"], topic: number | undefined, replyTo?: number): Target {
  const address: ChatAddress = {
    chat: chat.id,
    ...(topic !== undefined && { thread: topic }),
    ...(replyTo !== undefined && { replyTo }),
  };
  return { budget: `telegram:${chat.id}`, rate: chat.type === "private" ? privateRate : groupRate, address };
}

/** Outside forums a thread id only groups replies, and the general topic has none. */
function topicOf({ is_topic_message, message_thread_id }: Message): number | undefined {
  return is_topic_message ? message_thread_id : undefined;
}

/** Telegram's FAQ for bots: about one message a second in a chat, short bursts allowed; edits count as messages. */
const privateRate: readonly RateWindow[] = [
  { count: 3, perMs: 1000 },
  { count: 60, perMs: 60_000 },
];

/** The same source: 20 messages a minute in a group, all its topics together. */
const groupRate: readonly RateWindow[] = [
  { count: 3, perMs: 1000 },
  { count: 20, perMs: 60_000 },
];
