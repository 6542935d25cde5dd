import { type APIMessage, MessageFlags } from "discord.js";
import type { Buttons, OutgoingMessage } from "../../src/adapter.ts";
import { PlatformError } from "../../src/errors.ts";
import { buttonRows } from "./buttons.ts";
import { renderMarkdown } from "./render.ts";

/** Nobody is pinged, whatever the text holds. An edit without this would ping again. */
const allowedMentions = { parse: [], replied_user: false };

/** The fields of every create and every edit. */
export function contentOf(message: OutgoingMessage) {
  return { content: renderMarkdown(message.text), ...buttonsOf(message.buttons) };
}

/** The fields of an edit of the buttons alone. An empty list takes away what was there. */
export function buttonsOf(buttons: Buttons | undefined) {
  return { components: buttonRows(buttons), allowed_mentions: allowedMentions };
}

/** The flags of every new message, which edits leave as they are: previews of links would come and go while it grows. */
export const newMessageFlags = MessageFlags.SuppressEmbeds;

/** A proxy's page can stand in for Discord's answer; then nobody knows whether the message was made. */
export function messageId(answer: unknown, method: string): string {
  const { id } = (answer ?? {}) as Partial<APIMessage>;
  if (typeof id !== "string") {
    throw new PlatformError("network", "Discord's answer names no message.", { platform: "discord", method });
  }
  return id;
}
