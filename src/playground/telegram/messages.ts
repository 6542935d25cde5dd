import type { InputRichMessage, LinkPreviewOptions, Message, RichMessage, Update, User } from "grammy/types";
import type { Attachment } from "./attachments.ts";
import type { BotAccount } from "./bot-account.ts";
import { type ChatRecord, chatOnWire, type Topic } from "./chats.ts";
import type { FormattedText } from "./formatted-text.ts";
import type { Keyboard } from "./inline-keyboard.ts";
import type { Presence } from "./presence.ts";
import type { ScopedClock } from "./scoped-clock.ts";

/** A message as it travels in updates and answers. */
export type MessageOnWire = Message & Update.NonChannel;

/** What an edit can change. */
export interface Appearance extends FormattedText {
  readonly keyboard?: Keyboard | undefined;
  readonly linkPreview?: LinkPreviewOptions | undefined;
  /** Makes it a rich message; the text is what people read in it, and travels in no answer. */
  readonly rich?: InputRichMessage | undefined;
}

/** What a message shows at one time. */
export interface Version extends Appearance {
  /** In milliseconds, by the emulator's clock. */
  readonly at: number;
}

/** What a message is when it is more than text. */
export type ServiceNotice = Pick<
  Message,
  "forum_topic_created" | "migrate_to_chat_id" | "migrate_from_chat_id" | "supergroup_chat_created"
>;

/** A message that someone sends. */
export interface NewMessage extends Appearance {
  readonly chat: ChatRecord;
  readonly topic?: Topic | undefined;
  readonly from: User;
  readonly replyTo?: StoredMessage | undefined;
  /** The text is its caption then. */
  readonly file?: Attachment;
  /** What it shares with the other files of its album. */
  readonly album?: string | undefined;
  /** Makes it a service message. */
  readonly notice?: ServiceNotice;
}

export interface StoredMessage {
  readonly id: number;
  readonly chat: ChatRecord;
  /** Set later for the message that opens a topic: it is the first one in it. */
  topic: Topic | undefined;
  readonly from: User;
  readonly replyTo: StoredMessage | undefined;
  readonly file: Attachment | undefined;
  readonly album: string | undefined;
  readonly notice: ServiceNotice | undefined;
  /** The first one first; the last one is shown. */
  readonly versions: [Version, ...Version[]];
  isDeleted: boolean;
}

/** Writes, changes and removes messages. */
export class Messages {
  readonly #clock: ScopedClock;
  readonly #presence: Presence;
  readonly #announce: () => void;
  readonly #botId: number;
  /** The last id that was given in any private chat or basic group of the bot. */
  #lastSharedId = 0;

  constructor(parts: {
    readonly clock: ScopedClock;
    readonly presence: Presence;
    readonly announce: () => void;
    readonly bot: BotAccount;
  }) {
    this.#botId = parts.bot.id;
    this.#clock = parts.clock;
    this.#presence = parts.presence;
    this.#announce = parts.announce;
  }

  /** Ids grow by one and are not given twice: in each supergroup by itself, in all other chats of the bot together. */
  add(message: NewMessage): StoredMessage {
    const { chat, topic, from, replyTo, file, album, notice, ...appearance } = message;
    const stored: StoredMessage = {
      id: this.#nextId(chat),
      chat,
      topic,
      from,
      replyTo,
      file,
      album,
      notice,
      versions: [{ at: this.#clock.now(), ...appearance }],
      isDeleted: false,
    };
    chat.messages.push(stored);
    this.#presence.messageArrived(chat.id, topic?.id, from.id === this.#botId);
    this.#announce();
    return stored;
  }

  change(message: StoredMessage, next: Appearance): void {
    message.versions.push({ at: this.#clock.now(), ...next });
    this.#announce();
  }

  remove(message: StoredMessage): void {
    message.isDeleted = true;
    this.#announce();
  }

  #nextId(chat: ChatRecord): number {
    if (chat.type === "supergroup") return chat.messages.length + 1;
    this.#lastSharedId += 1;
    return this.#lastSharedId;
  }
}

/** A message of a chat that is not deleted. */
export function findMessage(chat: ChatRecord, id: number): StoredMessage | undefined {
  const message = findAnyMessage(chat, id);
  return message?.isDeleted === false ? message : undefined;
}

/** A message of a chat, also one that is deleted. */
export function findAnyMessage(chat: ChatRecord, id: number): StoredMessage | undefined {
  return chat.messages.findLast((message) => message.id === id);
}

export function shownVersion(message: StoredMessage): Version {
  return message.versions.at(-1) ?? message.versions[0];
}

/** The message with the one it answers, which in turn shows no further one. */
export function messageOnWire(message: StoredMessage): MessageOnWire {
  const answered = message.replyTo ?? message.topic?.opening;
  if (answered === undefined || answered.isDeleted || answered === message) return withoutReply(message);
  const reply = { ...withoutReply(answered), reply_to_message: undefined } as NonNullable<Message["reply_to_message"]>;
  return { ...withoutReply(message), reply_to_message: reply };
}

function withoutReply(message: StoredMessage): Omit<MessageOnWire, "reply_to_message"> {
  const { notice, versions } = message;
  const { at, keyboard, linkPreview } = shownVersion(message);
  return {
    message_id: message.id,
    from: message.from,
    chat: chatOnWire(message.chat),
    date: Math.floor(versions[0].at / 1000),
    ...(versions.length > 1 && { edit_date: Math.floor(at / 1000) }),
    ...threadOnWire(message),
    ...notice,
    ...contentOnWire(message),
    ...(linkPreview !== undefined && { link_preview_options: linkPreview }),
    ...(keyboard !== undefined && { reply_markup: { inline_keyboard: keyboard } }),
  };
}

function contentOnWire(message: StoredMessage): Omit<Partial<Message>, "chat"> {
  const { file, album } = message;
  const { text, entities, rich } = shownVersion(message);
  if (rich !== undefined) return { rich_message: { blocks: (rich.blocks ?? []) as RichMessage["blocks"] } };
  const isCaption = file !== undefined;
  return {
    ...file?.onWire,
    ...(album !== undefined && { media_group_id: album }),
    ...(text !== "" && (isCaption ? { caption: text } : { text })),
    ...(entities.length > 0 && (isCaption ? { caption_entities: [...entities] } : { entities: [...entities] })),
  };
}

/**
 * In a topic every message names it. In other supergroups answers carry the id of the first message they go back to,
 * without being topic messages (tdlib/telegram-bot-api 10.0, messageTopicThread).
 */
function threadOnWire(message: StoredMessage): Pick<Message, "message_thread_id" | "is_topic_message"> {
  if (message.topic !== undefined) return { message_thread_id: message.topic.id, is_topic_message: true };
  if (message.chat.type !== "supergroup" || message.chat.isForum || message.replyTo === undefined) return {};
  let first = message.replyTo;
  while (first.replyTo !== undefined) first = first.replyTo;
  return { message_thread_id: first.id };
}
