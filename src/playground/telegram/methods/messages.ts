import type { BotAccount } from "../bot-account.ts";
import type { ChatAccess } from "../chat-access.ts";
import type { ChatRecord } from "../chats.ts";
import { readKeyboard } from "../inline-keyboard.ts";
import type { LimitedCall } from "../limit-profiles.ts";
import { findMessage, type Messages, messageOnWire, type StoredMessage } from "../messages.ts";
import type { Parameters } from "../parameters.ts";
import type { RateLimiter } from "../rate-limiter.ts";
import { badRequest } from "../refusal.ts";
import { readRichMessage } from "../rich-message.ts";
import type { ScopedClock } from "../scoped-clock.ts";
import { fixed, isTooLong, readLinkPreview, readMessageText, type Source } from "./message-source.ts";
import type { Methods } from "./method.ts";
import { readPlacement } from "./placement.ts";

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
    const placement = readPlacement(access, parameters);
    const shown = fixed(source);
    if (isTooLong(shown)) throw badRequest("Message is too long");
    charge("send", placement.chat, shown.text);
    return messageOnWire(messages.add({ ...placement, from: bot, ...shown, keyboard, linkPreview }));
  };

  const chatToDeleteIn = (parameters: Parameters): ChatRecord => {
    if (parameters.text("chat_id") === "") throw badRequest("Chat identifier is not specified");
    return access.toWrite(parameters);
  };

  const checkDeletable = ({ chat, from, versions }: StoredMessage) => {
    const isOld = clock.now() - versions[0].at >= DELETABLE_MS;
    if (isOld || (chat.type !== "private" && from.id !== bot.id)) throw badRequest("message can't be deleted");
  };

  return {
    sendMessage: (parameters) => send(parameters, readMessageText(parameters)),

    sendRichMessage: (parameters) => send(parameters, readRichMessage(parameters)),

    deleteMessage(parameters) {
      const chat = chatToDeleteIn(parameters);
      const id = parameters.integer("message_id");
      if (id === 0) throw badRequest("Message identifier is not specified");
      const message = access.message(chat, id, "message to delete");
      charge("delete", chat);
      checkDeletable(message);
      messages.remove(message);
      return true;
    },

    /** Messages that are not there are passed over (Bot API 7.0). */
    deleteMessages(parameters) {
      const chat = chatToDeleteIn(parameters);
      const ids = parameters.json("message_ids", "message identifiers");
      if (!Array.isArray(ids) || ids.length === 0) throw badRequest("Message identifiers are not specified");
      const found = ids.flatMap((id) => findMessage(chat, Number(id)) ?? []);
      charge("delete", chat);
      for (const message of found) checkDeletable(message);
      for (const message of found) messages.remove(message);
      return true;
    },
  };
}
