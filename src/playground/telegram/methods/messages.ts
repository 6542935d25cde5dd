import type { BotAccount } from "../bot-account.ts";
import type { ChatAccess } from "../chat-access.ts";
import type { ChatRecord } from "../chats.ts";
import { readKeyboard } from "../inline-keyboard.ts";
import type { LimitedCall } from "../limit-profiles.ts";
import { findMessage, type Messages, messageOnWire, type StoredMessage } from "../messages.ts";
import { Fields, type Parameters } from "../parameters.ts";
import type { RateLimiter } from "../rate-limiter.ts";
import { badRequest } from "../refusal.ts";
import { readRichMessage } from "../rich-message.ts";
import type { ScopedClock } from "../scoped-clock.ts";
import { fixed, isTooLong, readLinkPreview, readMessageText, type Source } from "./message-source.ts";
import type { Methods } from "./method.ts";

const DELETABLE_MS = 48 * 3_600_000;

interface Parts {
  readonly bot: BotAccount;
  readonly access: ChatAccess;
  readonly messages: Messages;
  readonly limiter: RateLimiter;
  readonly clock: ScopedClock;
}

/**
 * Sending and deleting. What the server can judge alone (chat, message, length of a new text) is refused before the rate
 * limits are asked.
 */
export function messageMethods({ bot, access, messages, limiter, clock }: Parts): Methods {
  const charge = (call: LimitedCall, chat: ChatRecord, text?: string) =>
    limiter.charge({ call, chatId: chat.id, isPrivate: chat.type === "private", ...(text !== undefined && { text }) });

  const send = (parameters: Parameters, source: Source) => {
    const keyboard = readKeyboard(parameters);
    const linkPreview = readLinkPreview(parameters);
    const chat = access.toWrite(parameters);
    const topic = access.topic(chat, parameters);
    const replyTo = readReply(parameters, chat);
    const shown = fixed(source);
    if (isTooLong(shown)) throw badRequest("Message is too long");
    charge("send", chat, shown.text);
    return messageOnWire(messages.add({ chat, topic, from: bot, replyTo, ...shown, keyboard, linkPreview }));
  };

  return {
    sendMessage: (parameters) => send(parameters, readMessageText(parameters)),

    sendRichMessage: (parameters) => send(parameters, readRichMessage(parameters)),

    deleteMessage(parameters) {
      if (parameters.text("chat_id") === "") throw badRequest("Chat identifier is not specified");
      const id = parameters.integer("message_id");
      if (id === 0) throw badRequest("Message identifier is not specified");
      const chat = access.toWrite(parameters);
      const message = access.message(chat, id, "message to delete");
      charge("delete", chat);
      const isOld = clock.now() - message.versions[0].at >= DELETABLE_MS;
      if (isOld || (chat.type !== "private" && message.from.id !== bot.id)) {
        throw badRequest("message can't be deleted");
      }
      messages.remove(message);
      return true;
    },
  };
}

/** `reply_parameters`, or the two older parameters that it replaced. */
function readReply(parameters: Parameters, chat: ChatRecord): StoredMessage | undefined {
  const value = parameters.json("reply_parameters", "reply parameters");
  const fields = value === undefined ? undefined : new Fields(value, "Can't parse reply parameters");
  const id = fields === undefined ? parameters.integer("reply_to_message_id") : fields.integer("message_id");
  const mayBeMissing = fields?.flag("allow_sending_without_reply") ?? parameters.flag("allow_sending_without_reply");
  if (id <= 0) return undefined;
  const message = findMessage(chat, id);
  if (message === undefined && !mayBeMissing) throw badRequest("message to be replied not found");
  return message;
}
