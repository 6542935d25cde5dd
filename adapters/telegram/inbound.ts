import type { Message, MessageEntity, User } from "grammy/types";
import type { Author, CommandEvent, EditedEvent, InboundEvent, MessageEvent, MovedEvent } from "../../src/adapter.ts";
import { answeredAttachmentsOf, attachmentsOf } from "./attachments.ts";
import type { Bundle } from "./bundles.ts";
import { toActionEvent, toStopEvent } from "./interactions.ts";
import { isNameOf, mentionsOf, withoutMentions } from "./mention.ts";
import { messageIdOf, toAuthor, toChat, topicOf } from "./origin.ts";
import { toTarget } from "./target.ts";

/** Kinds of updates that `toInboundEvent` understands: the only ones to ask Telegram for. */
export const handledUpdates = ["message", "edited_message", "callback_query", "stopped_message_generation"] as const;

/**
 * What a person did as an event, or nothing for what no answer could be meant for: the bot's own messages, service
 * messages, stickers and the like, commands for other bots. `me` is the bot; `now` is the time of what has none.
 */
export function toInboundEvent(bundle: Bundle, me: User, now: number): InboundEvent | undefined {
  const [{ message, edited_message: edited, callback_query: query, stopped_message_generation: stopped }] = bundle;
  if (stopped !== undefined) return toStopEvent(stopped, me, now);
  if (query !== undefined) return toActionEvent(query, me, now);
  if (edited !== undefined) return toEditedEvent(edited, me);
  const further = bundle.slice(1).flatMap((update) => update.message ?? []);
  return message === undefined ? undefined : (toMovedEvent(message) ?? toMessageEvent(message, further, me));
}

/** The first message of an album stands for all of them; `further` are the others. */
function toMessageEvent(message: Message, further: readonly Message[], me: User): InboundEvent | undefined {
  const content = contentOf(message);
  if (content === undefined || !isAnswerable(message, me)) return undefined;
  const { chat, date, message_id: replyTo } = message;
  const topic = topicOf(message);
  const base = {
    id: messageIdOf(message, me),
    platform: "telegram",
    sentAt: date * 1000,
    author: toSpeaker(message),
    chat: toChat(chat, topic),
    target: toTarget({ chat: chat.id, ...(topic !== undefined && { thread: topic }), replyTo }),
  };
  const command = commandOf(content);
  if (command === undefined) return { type: "message", ...base, ...toMessage([message, ...further], me) };
  if (command.bot !== undefined && !isNameOf(me, command.bot)) return undefined;
  return { type: "command", ...base, name: command.name, argument: command.argument };
}

/**
 * Telegram tells of every change of a message, also of one that leaves its text as it was. In an album the words may be
 * those of another file.
 */
function toEditedEvent(message: Message, me: User): EditedEvent | undefined {
  if (contentOf(message) === undefined || !isAnswerable(message, me)) return undefined;
  const { text } = toMessage([message], me);
  if (text === "" && message.media_group_id !== undefined) return undefined;
  return { type: "edited", platform: "telegram", messageId: messageIdOf(message, me), text };
}

/** A group that becomes a supergroup gets another id. The old and the new chat each have a message that tells it. */
function toMovedEvent({ chat, migrate_to_chat_id: to, migrate_from_chat_id: from }: Message): MovedEvent | undefined {
  const base = { type: "moved", platform: "telegram" } as const;
  if (to !== undefined) return { ...base, from: String(chat.id), to: String(to) };
  return from === undefined ? undefined : { ...base, from: String(from), to: String(chat.id) };
}

/** Not from the bot itself, and with an id: messages that only one member sees have none, so nothing can answer one. */
function isAnswerable(message: Message, me: User): message is Message & { from: User } {
  const { from, message_id } = message;
  return from !== undefined && from.id !== me.id && message_id !== 0;
}

interface Content {
  readonly text: string;
  readonly entities: readonly MessageEntity[];
  readonly isCaption: boolean;
}

function contentOf(message: Message): Content | undefined {
  const { text, caption, entities = [], caption_entities = [] } = message;
  if (text !== undefined) return { text, entities, isCaption: false };
  if (attachmentsOf(message).length === 0) return undefined;
  return { text: caption ?? "", entities: caption_entities, isCaption: true };
}

/** What one message says, or the messages of an album together. */
function toMessage(
  messages: readonly [Message, ...Message[]],
  me: User,
): Pick<MessageEvent, "text" | "attachments" | "addressed"> {
  const words = messages.map((message) => wordsOf(message, me));
  return {
    text: words.flatMap(({ text }) => text || []).join("\n"),
    attachments: [...messages.flatMap(attachmentsOf), ...answeredAttachmentsOf(messages[0], me)],
    addressed: words.some(({ addressed }) => addressed),
  };
}

function wordsOf(message: Message, me: User): Pick<MessageEvent, "text" | "addressed"> {
  const { text = "", entities = [] } = contentOf(message) ?? {};
  if (message.chat.type === "private") return { text: text.trim(), addressed: true };
  const mentions = mentionsOf(me, text, entities);
  return { text: withoutMentions(text, mentions), addressed: mentions.length > 0 || isReplyTo(me, message) };
}

/** In a forum every plain message is formally a reply to the service message that opened the topic, maybe the bot's. */
function isReplyTo(bot: User, { reply_to_message: original }: Message): boolean {
  return original?.from?.id === bot.id && original.forum_topic_created === undefined;
}

interface Command extends Pick<CommandEvent, "name" | "argument"> {
  /** The bot it was meant for, when the person said so: `/new@weather_bot`. */
  readonly bot: string | undefined;
}

function commandOf({ text, entities, isCaption }: Content): Command | undefined {
  const entity = entities.find(({ type, offset }) => type === "bot_command" && offset === 0);
  if (entity === undefined || isCaption) return undefined;
  const [name = "", bot] = text.slice(1, entity.length).split("@");
  return { name: name.toLowerCase(), bot, argument: text.slice(entity.length).trim() };
}

/** Channels and anonymous administrators speak through the accounts of bots or of Telegram. */
function toSpeaker({ from, sender_chat, is_automatic_forward }: Message & { from: User }): Author {
  const author = toAuthor(from);
  return { ...author, automated: author.automated || sender_chat !== undefined || is_automatic_forward === true };
}
