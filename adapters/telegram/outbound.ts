import type { Adapter, OutgoingMessage, Target } from "../../src/adapter.ts";
import { PlatformError } from "../../src/errors.ts";
import { chatAddress, fileAddress, type SentAddress, sentAddress } from "./address.ts";
import type { BotApi, GrammySignal } from "./api.ts";
import { isNotModified } from "./errors.ts";
import { type RenderedText, render } from "./render.ts";

export type Outbound = Pick<Adapter, "post" | "edit" | "startTyping" | "fetchAttachment">;

/** The bot's side of the chat. Previews of links stay off: they would flicker while an answer grows. */
export function createOutbound({ api, download }: BotApi): Outbound {
  return {
    async post(target, message) {
      const { text, entities } = renderShown(message, "sendMessage");
      const options = { ...common(entities), ...threadOf(target), ...replyOf(target, message) };
      const sent = await api.sendMessage(chatAddress(target).chat, text, options);
      const address: SentAddress = { chat: sent.chat.id, message: sent.message_id };
      return { address };
    },

    async edit(ref, message) {
      const { chat, message: id } = sentAddress(ref);
      const { text, entities } = renderShown(message, "editMessageText");
      await api.editMessageText(chat, id, text, common(entities)).catch((error: unknown) => {
        if (!isNotModified(error)) throw error;
      });
    },

    async startTyping(target) {
      await api.sendChatAction(chatAddress(target).chat, "typing", threadOf(target));
    },

    async fetchAttachment(attachment, signal) {
      const { file_path } = await api.getFile(fileAddress(attachment).fileId, signal as GrammySignal);
      if (file_path !== undefined) return download(file_path, signal);
      throw new PlatformError("not-found", "Telegram names no path for the file", {
        platform: "telegram",
        method: "getFile",
      });
    },
  };
}

function renderShown(message: OutgoingMessage, method: string): RenderedText {
  const rendered = render(message.text);
  if (rendered.text.trim() !== "") return rendered;
  throw new PlatformError("unknown", "a message without visible text can't be sent", { platform: "telegram", method });
}

function common(entities: RenderedText["entities"]) {
  return { entities: [...entities], link_preview_options: { is_disabled: true } };
}

function threadOf(target: Target) {
  const { thread } = chatAddress(target);
  return thread === undefined ? {} : { message_thread_id: thread };
}

function replyOf(target: Target, { reply }: OutgoingMessage) {
  if (!reply) return {};
  return { reply_parameters: { message_id: chatAddress(target).replyTo, allow_sending_without_reply: true } };
}
