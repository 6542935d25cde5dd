import type { Message } from "grammy/types";
import type { Adapter, MessageRef } from "../../src/adapter.ts";
import { PlatformError } from "../../src/errors.ts";
import type { FormattedText } from "../../src/markdown/formatted-text.ts";
import { chatAddress, sentAddress, sentMessages, toRef } from "./address.ts";
import type { BotApi } from "./api.ts";
import { keyboard } from "./buttons.ts";
import { isGone, isNotModified } from "./errors.ts";
import type { Families, Family } from "./family.ts";
import { findPosted } from "./find-posted.ts";
import { postMedia } from "./media.ts";
import { placementOf, threadOf } from "./placement.ts";
import type { RenderedText } from "./render.ts";
import { toTarget } from "./target.ts";

export type Outbound = Pick<
  Adapter,
  | "post"
  | "postMedia"
  | "edit"
  | "delete"
  | "showButtons"
  | "findPosted"
  | "chatTarget"
  | "privateTarget"
  | "startTyping"
>;

/** The bot's side of the chat. Previews of links stay off: they would flicker while an answer grows. */
export function createOutbound({ api }: BotApi, families: Families): Outbound {
  /** Of a message from before a restart no more is known than whether it was sent rich. */
  const knownFamilies = new WeakMap<MessageRef, Family>();

  return {
    async post(target, message) {
      checkVisible(message.text, "sendMessage");
      const { chat } = chatAddress(target);
      const options = { ...placementOf(target, message), ...keyboard(message.buttons) };
      const { result: sent, family } = await families.show<Message>(message.text, "undecided", {
        method: "sendRichMessage",
        classic: ({ text, entities }) => api.sendMessage(chat, text, { ...common(entities), ...options }),
        rich: (content) => api.sendRichMessage(chat, content, options),
      });
      const ref = toRef(sent);
      knownFamilies.set(ref, family);
      return ref;
    },

    postMedia: (target, media) => postMedia(api, target, media),

    async edit(ref, message) {
      checkVisible(message.text, "editMessageText");
      const { chat, message: id, rich } = sentAddress(ref);
      const buttons = keyboard(message.buttons);
      const { family } = await families.show(message.text, knownFamilies.get(ref) ?? (rich ? "rich" : "undecided"), {
        method: "editMessageText",
        classic: ({ text, entities }) =>
          changed(api.editMessageText(chat, id, text, { ...common(entities), ...buttons })),
        rich: (content) => changed(api.editMessageText(chat, id, content, buttons)),
      });
      knownFamilies.set(ref, family);
    },

    async delete(ref) {
      const { chat } = sentAddress(ref);
      const [message, ...further] = sentMessages(ref);
      // Of several messages Telegram passes over those that are gone.
      if (further.length > 0) await api.deleteMessages(chat, [message, ...further]);
      else await api.deleteMessage(chat, message).catch(unlessGone);
    },

    async showButtons(ref, buttons) {
      const { chat, message, further } = sentAddress(ref);
      if (further) throw refusal("an album can't have buttons", "editMessageReplyMarkup");
      await changed(api.editMessageReplyMarkup(chat, message, keyboard(buttons)));
    },

    findPosted: (target, known) => findPosted(api, target, known),

    chatTarget: (chatId) => toTarget({ chat: Number(chatId) }),

    // A person's private chat has the person's id.
    privateTarget: ({ author }) => toTarget({ chat: Number(author.id) }),

    async startTyping(target) {
      await api.sendChatAction(chatAddress(target).chat, "typing", threadOf(target));
    },
  };
}

function unlessGone(error: unknown): void {
  if (!isGone(error)) throw error;
}

function checkVisible(text: FormattedText, method: string): void {
  if (text.text.trim() === "") throw refusal("a message without visible text can't be sent", method);
}

function refusal(reason: string, method: string): PlatformError {
  return new PlatformError("unknown", reason, { platform: "telegram", method });
}

/** A message that already reads so counts as changed. */
async function changed(call: Promise<unknown>): Promise<void> {
  await call.catch((error: unknown) => {
    if (!isNotModified(error)) throw error;
  });
}

function common(entities: RenderedText["entities"]) {
  return { entities: [...entities], link_preview_options: { is_disabled: true } };
}
