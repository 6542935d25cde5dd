import { type APIMessage, MessageFlags, type RawFile, type RESTAPIAttachment } from "discord.js";
import type { Buttons, OutgoingMessage } from "../../src/adapter.ts";
import { PlatformError } from "../../src/errors.ts";
import { type ButtonRow, buttonRows } from "./buttons.ts";
import { renderMarkdown } from "./render.ts";

/** A message that is to be made. */
export interface NewMessage {
  /** What an edit can change, too. */
  readonly fields: MessageFields;
  readonly flags: MessageFlags;
  readonly upload?: Upload;
  readonly options: Pick<OutgoingMessage, "reply" | "nonce">;
}

export interface MessageFields {
  readonly content?: string;
  readonly components?: readonly ButtonRow[];
  readonly allowed_mentions: typeof allowedMentions;
}

export interface Upload {
  readonly files: readonly RawFile[];
  /** What there is to say of each file, in the same order. */
  readonly attachments: readonly RESTAPIAttachment[];
}

/** Nobody is pinged, whatever the text holds. An edit without this would ping again. */
export const allowedMentions = { parse: [], replied_user: false };

/** The flags of every new message, which edits leave as they are: previews of links would come and go while it grows. */
export const newMessageFlags = MessageFlags.SuppressEmbeds;

export function newMessage(message: OutgoingMessage): NewMessage {
  return { fields: contentOf(message), flags: newMessageFlags, options: message };
}

/** The fields of every create and every edit. */
export function contentOf(message: OutgoingMessage) {
  return { content: renderMarkdown(message.text), ...buttonsOf(message.buttons) };
}

/** The fields of an edit of the buttons alone. An empty list takes away what was there. */
export function buttonsOf(buttons: Buttons | undefined) {
  return { components: buttonRows(buttons), allowed_mentions: allowedMentions };
}

/** The fields and files of the request that makes a message. */
export function requestOf({ fields, flags, upload }: NewMessage) {
  if (!upload) return { body: { ...fields, flags } };
  return { body: { ...fields, flags, attachments: upload.attachments }, files: upload.files };
}

export function isVoice({ flags }: NewMessage): boolean {
  return (flags & MessageFlags.IsVoiceMessage) !== 0;
}

/** A proxy's page can stand in for Discord's answer; then nobody knows whether the message was made. */
export function messageId(answer: unknown, method: string): string {
  const { id } = (answer ?? {}) as Partial<APIMessage>;
  if (typeof id !== "string") {
    throw new PlatformError("network", "Discord's answer names no message.", { platform: "discord", method });
  }
  return id;
}
