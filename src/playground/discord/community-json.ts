import type {
  APIChannel,
  APIDMChannel,
  APIGuildMember,
  APIOverwrite,
  APIPublicThreadChannel,
  APIRole,
  APITextChannel,
  APIUser,
  GatewayGuildCreateDispatchData,
} from "discord-api-types/v10";
import { type Account, type Channel, type Guild, isDenied, type Permission } from "./community.ts";

/** Discord's bits of the permissions that are modelled here. */
const permissionBits: Readonly<Record<Permission, bigint>> = {
  VIEW_CHANNEL: 1n << 10n,
  SEND_MESSAGES: 1n << 11n,
  SEND_MESSAGES_IN_THREADS: 1n << 38n,
  ATTACH_FILES: 1n << 15n,
  SEND_VOICE_MESSAGES: 1n << 46n,
};

/**
 * What everyone may do in a new server: view, send (also in threads), add reactions, embed links, attach files, read
 * the history, mention everyone, use commands, open threads, send voice messages.
 */
export const everyonePermissions = [6n, 10n, 11n, 14n, 15n, 16n, 17n, 31n, 35n, 38n, 46n]
  .reduce((bits, position) => bits | (1n << position), 0n)
  .toString();

/** None of the bits of a `flags` field, of any kind. */
const noFlags: number = 0;

/** A time as Discord writes it, with microseconds and an offset. */
export function isoTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace("Z", "000+00:00");
}

export function userJson(account: Account): APIUser {
  return {
    id: account.id,
    username: account.name.toLowerCase().replace(/[^a-z0-9_.]+/g, "_"),
    discriminator: account.bot ? "0001" : "0",
    global_name: account.bot ? null : account.name,
    avatar: null,
    public_flags: noFlags,
    ...(account.bot ? { bot: true } : {}),
  };
}

/** A member without its user, as it stands beside an author. */
export function partialMemberJson(guild: Guild): Omit<APIGuildMember, "user"> {
  return {
    roles: [],
    nick: null,
    avatar: null,
    banner: null,
    joined_at: isoTime(guild.createdAt),
    premium_since: null,
    communication_disabled_until: null,
    pending: false,
    deaf: false,
    mute: false,
    flags: noFlags,
  };
}

export function memberJson(guild: Guild, account: Account): APIGuildMember {
  return { ...partialMemberJson(guild), user: userJson(account) };
}

export function channelJson(channel: Channel, bot: Account): APIChannel {
  if (channel.recipient) return privateChannelJson(channel, channel.recipient);
  if (!channel.guild) throw new Error(`"${channel.title}" is in no server.`);
  return channel.parent
    ? threadJson(channel, channel.guild, channel.parent)
    : textChannelJson(channel, channel.guild, bot);
}

/** GUILD_CREATE. Without `unavailable: false` discord.js never takes the guild for available. */
export function guildJson(guild: Guild, bot: Account): GatewayGuildCreateDispatchData {
  const visible = guild.channels.filter((channel) => !channel.isDeleted && !isDenied(channel, "VIEW_CHANNEL"));
  return {
    ...guildFrame(guild),
    joined_at: isoTime(guild.createdAt),
    large: false,
    unavailable: false,
    member_count: guild.members.length,
    members: guild.members.map((account) => memberJson(guild, account)),
    channels: visible.filter((c) => !c.parent).map((c) => textChannelJson(c, guild, bot)),
    threads: visible.flatMap((c) => (c.parent && c.threadState === "active" ? [threadJson(c, guild, c.parent)] : [])),
    voice_states: [],
    presences: [],
    stage_instances: [],
    guild_scheduled_events: [],
    soundboard_sounds: [],
  };
}

function privateChannelJson(channel: Channel, recipient: Account): APIDMChannel {
  return {
    id: channel.id,
    type: 1,
    name: null,
    flags: noFlags,
    last_message_id: channel.lastMessageId ?? null,
    recipients: [userJson(recipient)],
  };
}

function textChannelJson(channel: Channel, guild: Guild, bot: Account): APITextChannel {
  return {
    id: channel.id,
    type: 0,
    guild_id: guild.id,
    name: channel.title,
    position: 0,
    flags: noFlags,
    parent_id: null,
    topic: null,
    nsfw: false,
    rate_limit_per_user: 0,
    last_message_id: channel.lastMessageId ?? null,
    permission_overwrites: overwrites(channel, bot),
  };
}

function threadJson(channel: Channel, guild: Guild, parent: Channel): APIPublicThreadChannel {
  return {
    id: channel.id,
    type: 11,
    guild_id: guild.id,
    parent_id: parent.id,
    name: channel.title,
    owner_id: guild.members.find((account) => !account.bot)?.id ?? guild.id,
    flags: noFlags,
    rate_limit_per_user: 0,
    last_message_id: channel.lastMessageId ?? null,
    message_count: 0,
    member_count: 1,
    total_message_sent: 0,
    thread_metadata: {
      archived: channel.threadState !== "active",
      locked: channel.threadState === "locked",
      auto_archive_duration: 1440,
      archive_timestamp: isoTime(channel.createdAt),
      create_timestamp: isoTime(channel.createdAt),
    },
  };
}

function overwrites(channel: Channel, bot: Account): APIOverwrite[] {
  if (channel.denied.size === 0) return [];
  const deny = [...channel.denied].reduce((bits, permission) => bits | permissionBits[permission], 0n);
  return [{ id: bot.id, type: 1, allow: "0", deny: deny.toString() }];
}

function everyoneRole(guild: Guild): APIRole {
  return {
    id: guild.id,
    name: "@everyone",
    color: 0,
    colors: { primary_color: 0, secondary_color: null, tertiary_color: null },
    hoist: false,
    icon: null,
    unicode_emoji: null,
    position: 0,
    permissions: everyonePermissions,
    managed: false,
    mentionable: false,
    flags: noFlags,
  };
}

type GuildFrame = Omit<
  GatewayGuildCreateDispatchData,
  | "joined_at"
  | "large"
  | "unavailable"
  | "member_count"
  | "members"
  | "channels"
  | "threads"
  | "voice_states"
  | "presences"
  | "stage_instances"
  | "guild_scheduled_events"
  | "soundboard_sounds"
>;

/** The settings of a server that nobody has changed. */
function guildFrame(guild: Guild): GuildFrame {
  return {
    id: guild.id,
    name: guild.name,
    owner_id: guild.members.find((account) => !account.bot)?.id ?? guild.id,
    roles: [everyoneRole(guild)],
    emojis: [],
    stickers: [],
    features: [],
    icon: null,
    splash: null,
    discovery_splash: null,
    banner: null,
    description: null,
    vanity_url_code: null,
    application_id: null,
    afk_channel_id: null,
    afk_timeout: 300,
    system_channel_id: null,
    system_channel_flags: noFlags,
    rules_channel_id: null,
    public_updates_channel_id: null,
    safety_alerts_channel_id: null,
    verification_level: 0,
    default_message_notifications: 0,
    explicit_content_filter: 0,
    mfa_level: 0,
    nsfw_level: 0,
    premium_tier: 0,
    premium_progress_bar_enabled: false,
    preferred_locale: "en-US" as GatewayGuildCreateDispatchData["preferred_locale"],
    hub_type: null,
    incidents_data: null,
  };
}
