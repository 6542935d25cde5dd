import type { Account, Channel, Guild } from "./community.ts";
import { channelJson, guildJson, memberJson } from "./community-json.ts";
import { messageEventJson } from "./message-json.ts";
import type { Message } from "./messages.ts";

/** Bits of IDENTIFY's `intents` (Discord docs, gateway). */
export const intents = {
  guilds: 1 << 0,
  guildMembers: 1 << 1,
  guildPresences: 1 << 8,
  guildMessages: 1 << 9,
  guildMessageReactions: 1 << 10,
  directMessages: 1 << 12,
  directMessageReactions: 1 << 13,
  messageContent: 1 << 15,
} as const;

/** Something the gateway tells to sessions that asked for it. */
export interface GatewayEvent {
  readonly name: string;
  /** The intent that a session needs; 0 for none. */
  readonly intent: number;
  /** The event's `d`, which depends on whether the session may read message content. */
  readonly data: (contentGranted: boolean) => unknown;
}

const messageEventNames = { created: "MESSAGE_CREATE", updated: "MESSAGE_UPDATE" } as const;

export function messageEvent(change: keyof typeof messageEventNames, message: Message, bot: Account): GatewayEvent {
  return {
    name: messageEventNames[change],
    intent: messageIntent(message.channel),
    data: (contentGranted) => messageEventJson(message, { bot, contentGranted }),
  };
}

/** MESSAGE_DELETE, or for several messages of one channel MESSAGE_DELETE_BULK. */
export function deletionEvent(messages: readonly Message[], channel: Channel): GatewayEvent {
  const ids = messages.map(({ id }) => id);
  const place = { channel_id: channel.id, ...(channel.guild ? { guild_id: channel.guild.id } : {}) };
  return {
    name: ids.length === 1 ? "MESSAGE_DELETE" : "MESSAGE_DELETE_BULK",
    intent: messageIntent(channel),
    data: () => (ids.length === 1 ? { id: ids[0], ...place } : { ids, ...place }),
  };
}

function messageIntent(channel: Channel): number {
  return channel.guild ? intents.guildMessages : intents.directMessages;
}

export function reactionEvent(message: Message, account: Account, emoji: string): GatewayEvent {
  const { channel } = message;
  return {
    name: "MESSAGE_REACTION_ADD",
    intent: channel.guild ? intents.guildMessageReactions : intents.directMessageReactions,
    data: () => ({
      user_id: account.id,
      channel_id: channel.id,
      message_id: message.id,
      message_author_id: message.author.id,
      emoji: { id: null, name: emoji },
      type: 0,
      burst: false,
      ...(channel.guild ? { guild_id: channel.guild.id, member: memberJson(channel.guild, account) } : {}),
    }),
  };
}

export function guildCreateEvent(guild: Guild, bot: Account): GatewayEvent {
  return { name: "GUILD_CREATE", intent: intents.guilds, data: () => guildJson(guild, bot) };
}

/** The bot was removed; an outage would carry `unavailable`. */
export function guildDeleteEvent(guild: Guild): GatewayEvent {
  return { name: "GUILD_DELETE", intent: intents.guilds, data: () => ({ id: guild.id }) };
}

export function channelEvent(
  name: "CHANNEL_UPDATE" | "CHANNEL_DELETE" | "THREAD_CREATE" | "THREAD_UPDATE" | "THREAD_DELETE",
  channel: Channel,
  bot: Account,
): GatewayEvent {
  const extra = name === "THREAD_CREATE" ? { newly_created: true } : {};
  return { name, intent: intents.guilds, data: () => ({ ...channelJson(channel, bot), ...extra }) };
}

/** Interactions need no intent. */
export function interactionEvent(data: object): GatewayEvent {
  return { name: "INTERACTION_CREATE", intent: 0, data: () => data };
}
