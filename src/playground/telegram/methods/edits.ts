import type { BotAccount } from "../bot-account.ts";
import type { ChatAccess } from "../chat-access.ts";
import type { ChatRecord } from "../chats.ts";
import { readKeyboard } from "../inline-keyboard.ts";
import { type Appearance, type Messages, messageOnWire, type StoredMessage, shownVersion } from "../messages.ts";
import type { Parameters } from "../parameters.ts";
import type { RateLimiter } from "../rate-limiter.ts";
import { badRequest, reasons } from "../refusal.ts";
import { readRichMessage } from "../rich-message.ts";
import { fixed, isTooLong, readLinkPreview, readMessageText } from "./message-source.ts";
import type { Methods } from "./method.ts";

interface Parts {
  readonly bot: BotAccount;
  readonly access: ChatAccess;
  readonly messages: Messages;
  readonly limiter: RateLimiter;
  /** Without them an edit looks for text alone. */
  readonly hasRich: boolean;
}

/**
 * Editing. What the server can judge alone (chat, message, whose it is) is refused before the rate limits are asked; what
 * Telegram's core judges (not modified, too long to edit) costs a call. An edit without a keyboard takes away the old one.
 */
export function editMethods({ bot, access, messages, limiter, hasRich }: Parts): Methods {
  const charge = (chat: ChatRecord, text?: string) =>
    limiter.charge({
      call: "edit",
      chatId: chat.id,
      isPrivate: chat.type === "private",
      ...(text !== undefined && { text }),
    });

  const ownMessage = (parameters: Parameters): StoredMessage => {
    const chat = access.toEdit(parameters);
    const message = access.message(chat, parameters.integer("message_id"), "message to edit");
    if (message.from.id !== bot.id || message.notice !== undefined) throw badRequest("Message can't be edited");
    return message;
  };

  const change = (message: StoredMessage, next: Appearance) => {
    if (!differs(message, next)) throw badRequest(reasons.notModified);
    messages.change(message, next);
    return messageOnWire(message);
  };

  return {
    editMessageText(parameters) {
      const isRich = hasRich && parameters.json("rich_message") !== undefined;
      const source = isRich ? readRichMessage(parameters) : readMessageText(parameters);
      const keyboard = readKeyboard(parameters);
      const linkPreview = readLinkPreview(parameters);
      const message = ownMessage(parameters);
      if (message.file !== undefined) throw badRequest("There is no text in the message to edit");
      const shown = fixed(source);
      charge(message.chat, shown.text);
      if (isTooLong(shown)) throw badRequest("MESSAGE_TOO_LONG");
      return change(message, { ...shown, keyboard, linkPreview });
    },

    editMessageReplyMarkup(parameters) {
      const keyboard = readKeyboard(parameters);
      const message = ownMessage(parameters);
      charge(message.chat);
      const { at: _, ...shown } = shownVersion(message);
      return change(message, { ...shown, keyboard });
    },
  };
}

/** An edit must change the text, the entities or the keyboard. */
function differs(message: StoredMessage, next: Appearance): boolean {
  const comparable = ({ text, entities, rich, keyboard }: Appearance) =>
    JSON.stringify([text, entities.map((entity) => Object.entries(entity).toSorted()), rich, keyboard]);
  return comparable(shownVersion(message)) !== comparable(next);
}
