import { type APIAttachment, type GatewayMessageCreateDispatchData, MessageType } from "discord.js";
import type { Attachment, MessageEvent } from "../../src/adapter.ts";
import { targetOf } from "./address.ts";
import { displayName, readableText, withoutMentions } from "./mentions.ts";

/** What must be known of the bot and its servers to read a message. */
export interface Directory {
  readonly botId: string;
  channelName(channelId: string): string | undefined;
  isThread(channelId: string): boolean;
  roleName(guildId: string, roleId: string): string | undefined;
  /** The role that Discord made for the bot in a server. Mentioning it is how some clients mention the bot. */
  botRoleId(guildId: string): string | undefined;
}

/**
 * A MESSAGE_CREATE event as the core takes it, or nothing when no person wrote it to be read: pins, joins, boosts, a
 * thread's opening. It is read from the wire's JSON, so it needs no cache to know the chat.
 */
export function toMessageEvent(data: GatewayMessageCreateDispatchData, directory: Directory): MessageEvent | undefined {
  if (data.type !== MessageType.Default && data.type !== MessageType.Reply) return undefined;
  const title = directory.channelName(data.channel_id);
  return {
    type: "message",
    id: data.id,
    platform: "discord",
    sentAt: Date.parse(data.timestamp),
    author: {
      id: data.author.id,
      name: displayName(data.author, data.member?.nick),
      automated: isAutomated(data, directory),
    },
    chat: {
      key: data.channel_id,
      kind: isPrivate(data) ? "private" : "group",
      ...(directory.isThread(data.channel_id) && { isThread: true }),
      ...(title && { title }),
    },
    target: targetOf({ kind: "channel", channel: data.channel_id, replyTo: data.id }),
    text: textOf(data, directory),
    attachments: data.attachments.map(toAttachment),
    addressed: isAddressed(data, directory),
  };
}

function isPrivate(data: GatewayMessageCreateDispatchData): boolean {
  return !data.guild_id;
}

function isAutomated(data: GatewayMessageCreateDispatchData, directory: Directory): boolean {
  const { author } = data;
  return author.id === directory.botId || Boolean(author.bot || author.system || data.webhook_id);
}

function isAddressed(data: GatewayMessageCreateDispatchData, directory: Directory): boolean {
  if (isPrivate(data)) return true;
  // A reply that pings lists its author here too; @everyone and roles do not.
  if (data.mentions.some((user) => user.id === directory.botId)) return true;
  if (data.referenced_message?.author.id === directory.botId) return true;
  const role = botRole(data, directory);
  return role !== undefined && data.mention_roles.includes(role);
}

function botRole(data: GatewayMessageCreateDispatchData, directory: Directory): string | undefined {
  return data.guild_id && directory.botRoleId(data.guild_id);
}

function textOf(data: GatewayMessageCreateDispatchData, directory: Directory): string {
  const role = botRole(data, directory);
  const ownMentions = [`<@!?${directory.botId}>`, ...(role ? [`<@&${role}>`] : [])];
  return readableText(withoutMentions(data.content, ownMentions), {
    user(id) {
      const user = data.mentions.find((mentioned) => mentioned.id === id);
      return user && displayName(user, user.member?.nick);
    },
    channel: (id) => directory.channelName(id),
    role: (id) => (data.guild_id ? directory.roleName(data.guild_id, id) : undefined),
  });
}

function toAttachment(attachment: APIAttachment): Attachment {
  const mimeType = attachment.content_type?.split(";")[0]?.trim();
  return {
    kind: kindOf(mimeType),
    name: attachment.filename,
    ...(mimeType && { mimeType }),
    size: attachment.size,
    address: { url: attachment.url },
  };
}

function kindOf(mimeType: string | undefined): Attachment["kind"] {
  const [kind] = mimeType?.split("/") ?? [];
  return kind === "image" || kind === "audio" || kind === "video" ? kind : "file";
}
