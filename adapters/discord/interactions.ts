import {
  type APIApplicationCommandAutocompleteInteraction,
  type APIChatInputApplicationCommandInteraction,
  type APIMessageComponentButtonInteraction,
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ChannelType,
  ComponentType,
  type GatewayInteractionCreateDispatchData,
  InteractionResponseType,
  InteractionType,
  MessageFlags,
  RESTJSONErrorCodes,
  Routes,
  SnowflakeUtil,
} from "discord.js";
import type { ActionEvent, AdapterLogger, Chat, CommandEvent, PersonEvent } from "../../src/adapter.ts";
import type { PlatformError } from "../../src/errors.ts";
import { type Address, type ChannelAddress, type SentMessage, targetOf } from "./address.ts";
import { discordCode } from "./errors.ts";
import { displayName } from "./mentions.ts";
import type { DiscordApi } from "./rest.ts";

export type SlashCommand = APIChatInputApplicationCommandInteraction;
export type ButtonPress = APIMessageComponentButtonInteraction;
/** A person types the argument of a slash command. */
export type Autocompletion = APIApplicationCommandAutocompleteInteraction;

/** Discord takes the first answer to an interaction within 3 seconds, and further ones for 15 minutes. */
export const ACKNOWLEDGE_WITHIN_MS = 3_000;
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

export function isButtonPress(interaction: GatewayInteractionCreateDispatchData): interaction is ButtonPress {
  return (
    interaction.type === InteractionType.MessageComponent && interaction.data.component_type === ComponentType.Button
  );
}

export function isAutocompletion(interaction: GatewayInteractionCreateDispatchData): interaction is Autocompletion {
  return interaction.type === InteractionType.ApplicationCommandAutocomplete;
}

/**
 * Acknowledges an interaction. After a command the person sees "thinking…", in a server that person alone; a press
 * changes nothing to see. Resolves with whether answers can go through the interaction. It never rejects, for what can't
 * be acknowledged was still meant.
 */
export async function acknowledge(
  api: DiscordApi,
  interaction: SlashCommand | ButtonPress,
  logger: AdapterLogger,
): Promise<boolean> {
  try {
    await api.call({
      method: "Post",
      route: Routes.interactionCallback(interaction.id, interaction.token),
      body: isButtonPress(interaction)
        ? { type: InteractionResponseType.DeferredMessageUpdate }
        : {
            type: InteractionResponseType.DeferredChannelMessageWithSource,
            data: isPrivate(interaction) ? {} : { flags: MessageFlags.Ephemeral },
          },
      auth: false,
      repeatable: true,
      timeoutMs: ACKNOWLEDGE_WITHIN_MS,
    });
    return true;
  } catch (error) {
    const failure = error as PlatformError;
    logger.warn({ interaction: interaction.id, err: failure }, "an interaction could not be acknowledged");
    // Too late is final. After anything else an earlier attempt may have come through, and "thinking…" wants an end.
    return discordCode(failure) !== RESTJSONErrorCodes.UnknownInteraction;
  }
}

/** `now` is when the command came, by the adapter's clock. */
export function toCommandEvent(command: SlashCommand, acknowledged: boolean, now: number): CommandEvent | undefined {
  const person = personOf(command);
  if (!person) return undefined;
  return {
    type: "command",
    ...person,
    target: targetOf(addressOf(command, person.author.id, acknowledged, now)),
    name: command.data.name.toLowerCase(),
    argument: argumentOf(command),
  };
}

/** Answers to a press are ordinary messages of its channel. */
export function toActionEvent(press: ButtonPress): ActionEvent | undefined {
  const person = personOf(press);
  if (!person) return undefined;
  const via: ChannelAddress = { kind: "channel", channel: press.message.channel_id };
  const pressed: SentMessage = { message: press.message.id, via };
  return { type: "action", ...person, target: targetOf(via), value: press.data.custom_id, ref: { address: pressed } };
}

function isPrivate(interaction: SlashCommand | ButtonPress | Autocompletion): boolean {
  return !interaction.guild_id;
}

/** What every interaction tells: who did it, when and where. */
export function personOf(
  interaction: SlashCommand | ButtonPress | Autocompletion,
): Pick<PersonEvent, "id" | "platform" | "sentAt" | "author" | "chat"> | undefined {
  const user = interaction.member?.user ?? interaction.user;
  const chat = chatOf(interaction);
  if (!user || !chat) return undefined;
  return {
    id: interaction.id,
    platform: "discord",
    sentAt: SnowflakeUtil.timestampFrom(interaction.id),
    author: {
      id: user.id,
      name: displayName(user, interaction.member?.nick),
      locale: interaction.locale,
      automated: user.bot ?? false,
    },
    chat,
  };
}

function chatOf(interaction: SlashCommand | ButtonPress | Autocompletion): Chat | undefined {
  if (!interaction.channel) return undefined;
  const { id, name: title, type } = interaction.channel;
  return {
    key: id,
    kind: isPrivate(interaction) ? "private" : "group",
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

/** Commands have one field at most, which holds text. */
export function argumentOf({ data: { options = [] } }: SlashCommand | Autocompletion): string {
  const option = options.find(({ type }) => type === ApplicationCommandOptionType.String);
  return option?.type === ApplicationCommandOptionType.String ? option.value : "";
}
