import type {
  APIMessage,
  APIMessageInteractionMetadata,
  GatewayMessageCreateDispatchData,
} from "discord-api-types/v10";
import type { Account, Channel } from "./community.ts";
import { isoTime, partialMemberJson, userJson } from "./community-json.ts";
import { attachmentJson } from "./files.ts";
import type { Message, MessageOrigin } from "./messages.ts";

/** Who reads: the bot, and whether it was granted the message-content intent. */
export interface Reader {
  readonly bot: Account;
  readonly contentGranted: boolean;
}

/** A message as REST returns it. */
export function messageJson(message: Message, reader: Reader): APIMessage {
  const { reference } = message;
  return {
    ...flatMessageJson(message, reader),
    ...(reference
      ? {
          message_reference: { type: 0, message_id: reference.id, ...placeJson(message.channel) },
          referenced_message: reference.deleted ? null : flatMessageJson(reference, reader),
        }
      : {}),
  };
}

/**
 * A message as the gateway tells it: with guild and member, and always with the channel's type. A private chat has no
 * `guild_id` at all; discord.js drops such a message without `channel_type`.
 */
export function messageEventJson(message: Message, reader: Reader): GatewayMessageCreateDispatchData {
  const { guild } = message.channel;
  const { content, ...json } = messageJson(message, reader);
  return {
    ...json,
    content,
    channel_type: channelType(message.channel),
    ...(guild && !message.onlyFor
      ? {
          guild_id: guild.id,
          member: partialMemberJson(guild),
          mentions: message.mentions.users.map((user) => ({ ...userJson(user), member: partialMemberJson(guild) })),
        }
      : {}),
  } as GatewayMessageCreateDispatchData;
}

/**
 * Without the privileged intent a bot reads only private chats, its own messages and those that mention it; a reply to
 * it counts as a mention when it pings (Discord docs, gateway, message content intent).
 */
export function isContentVisible(message: Message, reader: Reader): boolean {
  return (
    reader.contentGranted ||
    message.channel.kind === "private" ||
    message.author === reader.bot ||
    message.mentions.users.includes(reader.bot)
  );
}

export function channelType(channel: Channel): 0 | 1 | 11 {
  if (channel.kind === "private") return 1;
  return channel.kind === "thread" ? 11 : 0;
}

function flatMessageJson(message: Message, reader: Reader): APIMessage {
  const visible = isContentVisible(message, reader);
  return {
    id: message.id,
    channel_id: message.channel.id,
    type: message.type,
    author: userJson(message.author),
    content: visible ? message.content : "",
    timestamp: isoTime(message.createdAt),
    edited_timestamp: message.editedAt === undefined ? null : isoTime(message.editedAt),
    tts: false,
    pinned: false,
    flags: message.flags,
    mention_everyone: message.mentions.everyone,
    mentions: message.mentions.users.map(userJson),
    mention_roles: [],
    attachments: visible ? message.attachments.map(attachmentJson) : [],
    embeds: visible ? [...message.embeds] : [],
    components: visible ? [...message.components] : [],
    ...(message.nonce === undefined ? {} : { nonce: message.nonce }),
    ...(message.reactions.size > 0 ? { reactions: reactionsJson(message, reader.bot) } : {}),
    ...(message.origin ? originJson(message.origin, message) : {}),
  };
}

function placeJson(channel: Channel): { channel_id: string; guild_id?: string } {
  return { channel_id: channel.id, ...(channel.guild ? { guild_id: channel.guild.id } : {}) };
}

function reactionsJson(message: Message, bot: Account): NonNullable<APIMessage["reactions"]> {
  return [...message.reactions].map(([name, accounts]) => ({
    emoji: { id: null, name },
    count: accounts.size,
    count_details: { burst: 0, normal: accounts.size },
    me: accounts.has(bot),
    me_burst: false,
    burst_colors: [],
  }));
}

/** Answers to interactions are sent through the application's webhook. */
function originJson(origin: MessageOrigin, message: Message): Partial<APIMessage> {
  return {
    webhook_id: message.author.id,
    application_id: message.author.id,
    interaction_metadata: {
      id: origin.interactionId,
      type: origin.kind === "command" ? 2 : 3,
      user: userJson(origin.person),
      authorizing_integration_owners: { "0": message.channel.guild?.id ?? "0" },
      ...(origin.original ? { original_response_message_id: origin.original.id } : {}),
      ...(origin.pressed ? { interacted_message_id: origin.pressed.id } : {}),
    } as APIMessageInteractionMetadata,
    ...(origin.kind === "command"
      ? { interaction: { id: origin.interactionId, type: 2, name: origin.name, user: userJson(origin.person) } }
      : {}),
  };
}
