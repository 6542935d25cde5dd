import {
  type APIChatInputApplicationCommandInteraction,
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ChannelType,
  type GatewayInteractionCreateDispatchData,
  InteractionResponseType,
  InteractionType,
  MessageFlags,
  RESTJSONErrorCodes,
  Routes,
  SnowflakeUtil,
} from "discord.js";
import type { AdapterLogger, Chat, CommandEvent } from "../../src/adapter.ts";
import type { PlatformError } from "../../src/errors.ts";
import { type Address, targetOf } from "./address.ts";
import { discordCode } from "./errors.ts";
import { displayName } from "./mentions.ts";
import type { DiscordApi } from "./rest.ts";

export type SlashCommand = APIChatInputApplicationCommandInteraction;

/** Discord takes the first answer to an interaction within 3 seconds, and further ones for 15 minutes. */
const ACKNOWLEDGE_WITHIN_MS = 3_000;
export const TOKEN_LIVES_MS = 15 * 60_000;

const threads: readonly ChannelType[] = [
  ChannelType.AnnouncementThread,
  ChannelType.PublicThread,
  ChannelType.PrivateThread,
];

export function isSlashCommand(interaction: GatewayInteractionCreateDispatchData): interaction is SlashCommand {
  return (
    interaction.type === InteractionType.ApplicationCommand &&
    interaction.data.type === ApplicationCommandType.ChatInput
  );
}

/**
 * Defers the answer to a command: the person sees "thinking…", in a server that person alone. Resolves with whether the
 * answer can go through the interaction. It never rejects, for a command that can't be acknowledged is still a command.
 */
export async function acknowledge(api: DiscordApi, command: SlashCommand, logger: AdapterLogger): Promise<boolean> {
  try {
    await api.call({
      method: "Post",
      route: Routes.interactionCallback(command.id, command.token),
      body: {
        type: InteractionResponseType.DeferredChannelMessageWithSource,
        data: isPrivate(command) ? {} : { flags: MessageFlags.Ephemeral },
      },
      auth: false,
      repeatable: true,
      timeoutMs: ACKNOWLEDGE_WITHIN_MS,
    });
    return true;
  } catch (error) {
    const failure = error as PlatformError;
    logger.warn({ interaction: command.id, err: failure }, "a slash command could not be acknowledged");
    // Too late is final. After anything else an earlier attempt may have come through, and "thinking…" wants an end.
    return discordCode(failure) !== RESTJSONErrorCodes.UnknownInteraction;
  }
}

/** `now` is when the command came, by the adapter's clock. */
export function toCommandEvent(command: SlashCommand, acknowledged: boolean, now: number): CommandEvent | undefined {
  const user = command.member?.user ?? command.user;
  if (!user) return undefined;
  return {
    type: "command",
    id: command.id,
    platform: "discord",
    sentAt: SnowflakeUtil.timestampFrom(command.id),
    author: {
      id: user.id,
      name: displayName(user, command.member?.nick),
      locale: command.locale,
      automated: user.bot ?? false,
    },
    chat: chatOf(command),
    target: targetOf(addressOf(command, user.id, acknowledged, now)),
    name: command.data.name.toLowerCase(),
    argument: argumentOf(command),
  };
}

function isPrivate(command: SlashCommand): boolean {
  return !command.guild_id;
}

function chatOf(command: SlashCommand): Chat {
  const { id, name: title, type } = command.channel;
  return {
    key: id,
    kind: isPrivate(command) ? "private" : "group",
    ...(threads.includes(type) && { isThread: true }),
    ...(title && { title }),
  };
}

function addressOf(command: SlashCommand, person: string, acknowledged: boolean, now: number): Address {
  if (!acknowledged) return { kind: "channel", channel: command.channel.id };
  return {
    kind: "interaction",
    interaction: command.id,
    applicationId: command.application_id,
    token: command.token,
    channel: command.channel.id,
    person,
    expiresAt: now + TOKEN_LIVES_MS,
    ephemeral: !isPrivate(command),
  };
}

function argumentOf(command: SlashCommand): string {
  const option = command.data.options?.find(({ name }) => name === "text");
  return option?.type === ApplicationCommandOptionType.String ? option.value : "";
}
