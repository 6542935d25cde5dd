import type { Message } from "grammy/types";
import type { Attachment, MessageRef, Target } from "../../src/adapter.ts";

/** Where a message goes. */
export type ChatAddress = {
  readonly chat: number;
  /** The forum topic, when it is not the general one. */
  readonly thread?: number;
  /** The person's message, for an answer that is shown as a reply. */
  readonly replyTo?: number;
};

/** A message of the bot. */
export type SentAddress = {
  readonly chat: number;
  readonly message: number;
  /** The other messages of an album, which begins with `message`. */
  readonly further?: readonly number[];
  /** True when it was sent as a rich message. */
  readonly rich?: boolean;
};

/** A file on Telegram's servers, by the id that is good for this bot alone. */
export type FileAddress = {
  readonly fileId: string;
};

export function chatAddress(target: Target): ChatAddress {
  return target.address as ChatAddress;
}

export function sentAddress(ref: MessageRef): SentAddress {
  return ref.address as SentAddress;
}

export function fileAddress(attachment: Attachment): FileAddress {
  return attachment.address as FileAddress;
}

/** The handle of an album of the bot, or of a message alone. */
export function toAlbumRef([first, ...further]: readonly [Message, ...Message[]]): MessageRef {
  if (further.length === 0) return toRef(first);
  const address: SentAddress = {
    chat: first.chat.id,
    message: first.message_id,
    further: further.map(({ message_id }) => message_id),
  };
  return { address };
}

/** All messages that are behind a handle. */
export function sentMessages(ref: MessageRef): readonly [number, ...number[]] {
  const { message, further = [] } = sentAddress(ref);
  return [message, ...further];
}

/** The handle of a message of the bot, as Telegram shows it. */
export function toRef({ chat, message_id, rich_message }: Omit<Message, "date">): MessageRef {
  const isRich = rich_message !== undefined;
  const address: SentAddress = { chat: chat.id, message: message_id, ...(isRich && { rich: true }) };
  return { address };
}
