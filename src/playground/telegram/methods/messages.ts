import type { LinkPreviewOptions } from "grammy/types";
import type { BotAccount } from "../bot-account.ts";
import type { ChatAccess } from "../chat-access.ts";
import type { ChatRecord } from "../chats.ts";
import { type FormattedText, fixedText, lengthOf, MAX_TEXT_LENGTH } from "../formatted-text.ts";
import { readKeyboard } from "../inline-keyboard.ts";
import type { LimitedCall } from "../limit-profiles.ts";
import {
  type Appearance,
  findMessage,
  type Messages,
  messageOnWire,
  type StoredMessage,
  shownVersion,
} from "../messages.ts";
import { Fields, type Parameters } from "../parameters.ts";
import type { RateLimiter } from "../rate-limiter.ts";
import { badRequest, reasons } from "../refusal.ts";
import { type RichContent, readRichMessage } from "../rich-message.ts";
import type { ScopedClock } from "../scoped-clock.ts";
import { readText } from "../text-parameter.ts";
import type { Methods } from "./method.ts";

const DELETABLE_MS = 48 * 3_600_000;

interface Parts {
  readonly bot: BotAccount;
  readonly access: ChatAccess;
  readonly messages: Messages;
  readonly limiter: RateLimiter;
  readonly clock: ScopedClock;
  /** Without them an edit looks for text alone. */
  readonly hasRich: boolean;
}

/**
 * Sending, editing and deleting. What the server can judge alone (chat, message, length of a new text) is refused
 * before the rate limits are asked; what Telegram's core judges (not modified, too long to edit) costs a call.
 */
export function messageMethods({ bot, access, messages, limiter, clock, hasRich }: Parts): Methods {
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

    editMessageText(parameters) {
      const isRich = hasRich && parameters.json("rich_message") !== undefined;
      const source = isRich ? readRichMessage(parameters) : readMessageText(parameters);
      const keyboard = readKeyboard(parameters);
      const linkPreview = readLinkPreview(parameters);
      const chat = access.toEdit(parameters);
      const message = access.message(chat, parameters.integer("message_id"), "message to edit");
      if (message.from.id !== bot.id || message.notice !== undefined) throw badRequest("Message can't be edited");
      if (message.file !== undefined) throw badRequest("There is no text in the message to edit");
      const shown = fixed(source);
      charge("edit", chat, shown.text);
      if (isTooLong(shown)) throw badRequest("MESSAGE_TOO_LONG");
      if (!differs(message, { ...shown, keyboard })) throw badRequest(reasons.notModified);
      messages.change(message, { ...shown, keyboard, linkPreview });
      return messageOnWire(message);
    },

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

type Source = FormattedText | RichContent;

function fixed(source: Source): Appearance {
  return "rich" in source ? { ...source, entities: [] } : fixedText(source);
}

/** A rich message has a limit of its own, which is checked as it is read. */
function isTooLong({ text, rich }: Appearance): boolean {
  return rich === undefined && lengthOf(text) > MAX_TEXT_LENGTH;
}

function readMessageText(parameters: Parameters): FormattedText {
  if (parameters.text("text") === "") throw badRequest("Message text is empty");
  return readText(parameters);
}

function readLinkPreview(parameters: Parameters): LinkPreviewOptions | undefined {
  const options = parameters.json("link_preview_options", "link preview options");
  if (options === undefined) return undefined;
  return new Fields(options, "Can't parse link preview options").has("is_disabled")
    ? (options as LinkPreviewOptions)
    : undefined;
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

/** An edit must change the text, the entities or the keyboard; one without a keyboard takes the old one away. */
function differs(message: StoredMessage, next: Appearance): boolean {
  const comparable = ({ text, entities, rich, keyboard }: Appearance) =>
    JSON.stringify([text, entities.map((entity) => Object.entries(entity).toSorted()), rich, keyboard]);
  return comparable(shownVersion(message)) !== comparable(next);
}
