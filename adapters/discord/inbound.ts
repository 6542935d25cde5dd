import {
  type APIAttachment,
  type APIMessage,
  type APIMessageSnapshotFields,
  type GatewayMessageCreateDispatchData,
  type GatewayMessageUpdateDispatchData,
  MessageFlags,
  MessageType,
} from "discord.js";
import type { Attachment, Chat, EditedEvent, MessageEvent } from "../../src/adapter.ts";
import { targetOf } from "./address.ts";
import { displayName, readableText, withoutMentions } from "./mentions.ts";

/** What must be known of the bot and its servers to read a message. */
export interface Directory {
  readonly botId: string;
  channelName(channelId: string): string | undefined;
  isThread(channelId: string): boolean;
  roleName(roleId: string): string | undefined;
  /** Whether Discord made this role for the bot in a server. Mentioning it is how some clients mention the bot. */
  isBotRole(roleId: string): boolean;
}

/** A message as the gateway tells it, or as it stands in a channel's history: without the author's membership. */
export type WireMessage = Omit<APIMessage, "mentions"> & Pick<GatewayMessageCreateDispatchData, "member" | "mentions">;

/**
 * A message as the core takes it, or nothing when no person wrote it to be read: pins, joins, boosts, a thread's opening.
 * It is read from the wire's JSON, so it needs no cache to know the chat.
 */
export function toMessageEvent(message: WireMessage, chat: Chat, directory: Directory): MessageEvent | undefined {
  if (!isWritten(message)) return undefined;
  return {
    type: "message",
    id: message.id,
    platform: "discord",
    sentAt: Date.parse(message.timestamp),
    author: {
      id: message.author.id,
      name: displayName(message.author, message.member?.nick),
      automated: isAutomated(message, directory),
    },
    chat,
    target: targetOf({ kind: "channel", channel: message.channel_id, replyTo: message.id }),
    text: textOf(message, directory),
    attachments: [...attachmentsOf(message), ...answeredAttachmentsOf(message, directory)],
    addressed: chat.kind === "private" || isAddressed(message, directory),
  };
}

/** The chat of a message that the gateway told of: only a server's has `guild_id`. */
export function chatOf(message: GatewayMessageCreateDispatchData, directory: Directory): Chat {
  const title = directory.channelName(message.channel_id);
  return {
    key: message.channel_id,
    kind: message.guild_id ? "group" : "private",
    ...(directory.isThread(message.channel_id) && { isThread: true }),
    ...(title && { title }),
  };
}

/**
 * What a person changed, or nothing: Discord also tells of previews of links, of pins, and of content that it withholds
 * from the bot, which arrives empty.
 */
export function toEditedEvent(
  message: GatewayMessageUpdateDispatchData,
  directory: Directory,
): EditedEvent | undefined {
  if (!message.edited_timestamp || !isWritten(message) || isAutomated(message, directory)) return undefined;
  if (message.content === "" && message.attachments.length === 0) return undefined;
  return { type: "edited", platform: "discord", messageId: message.id, text: textOf(message, directory) };
}

function isWritten({ type }: WireMessage): boolean {
  return type === MessageType.Default || type === MessageType.Reply;
}

function isAutomated({ author, webhook_id }: WireMessage, directory: Directory): boolean {
  return author.id === directory.botId || Boolean(author.bot || author.system || webhook_id);
}

function isAddressed(message: WireMessage, directory: Directory): boolean {
  // A reply that pings lists its author here too; @everyone and roles do not.
  if (message.mentions.some((user) => user.id === directory.botId)) return true;
  if (message.referenced_message?.author.id === directory.botId) return true;
  return message.mention_roles.some((role) => directory.isBotRole(role));
}

function textOf(message: WireMessage, directory: Directory): string {
  const { content, mentions, mention_roles } = forwardedIn(message) ?? message;
  const ownRoles = mention_roles.filter((role) => directory.isBotRole(role));
  const ownMentions = [`<@!?${directory.botId}>`, ...ownRoles.map((role) => `<@&${role}>`)];
  return readableText(withoutMentions(content, ownMentions), {
    user(id) {
      const user: WireMessage["mentions"][number] | undefined = mentions.find((mentioned) => mentioned.id === id);
      return user && displayName(user, user.member?.nick);
    },
    channel: (id) => directory.channelName(id),
    role: (id) => directory.roleName(id),
  });
}

/** A forwarded message stands inside the one that a person forwards it with, which has no content of its own. */
function forwardedIn({
  message_snapshots,
}: Pick<APIMessage, "message_snapshots">): APIMessageSnapshotFields | undefined {
  return message_snapshots?.[0]?.message;
}

function attachmentsOf(message: WireMessage | APIMessage | null | undefined): readonly Attachment[] {
  if (!message) return [];
  const { attachments, flags = 0 } = forwardedIn(message) ?? message;
  const isVoice = (flags & MessageFlags.IsVoiceMessage) !== 0;
  return attachments.map((attachment) => toAttachment(attachment, isVoice));
}

function answeredAttachmentsOf({ referenced_message: answered }: WireMessage, directory: Directory): Attachment[] {
  const isOwn = answered?.author.id === directory.botId;
  return attachmentsOf(answered)
    .filter(({ isVoice }) => !(isOwn && isVoice))
    .map((attachment) => ({ ...attachment, isQuoted: true }));
}

function toAttachment(attachment: APIAttachment, isVoice: boolean): Attachment {
  const mimeType = attachment.content_type?.split(";")[0]?.trim();
  return {
    kind: kindOf(mimeType),
    ...(isVoice && { isVoice }),
    name: nameOf(attachment),
    ...(mimeType && { mimeType }),
    size: attachment.size,
    address: { url: attachment.url },
  };
}

/** Discord takes special characters away from a file's name and keeps them in its title, mostly without the extension. */
function nameOf({ filename, title }: APIAttachment): string {
  if (!title) return filename;
  const [extension = ""] = /\.[^.]+$/.exec(filename) ?? [];
  return title.endsWith(extension) ? title : `${title}${extension}`;
}

function kindOf(mimeType: string | undefined): Attachment["kind"] {
  const [kind] = mimeType?.split("/") ?? [];
  return kind === "image" || kind === "audio" || kind === "video" ? kind : "file";
}
