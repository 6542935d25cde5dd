import type { VariableName } from "./env.ts";
import type { Settings } from "./settings.ts";
import { isTransmissible, readAddress, readChoice, readFlag, withoutSlash } from "./values.ts";

export interface TelegramConfig {
  /** Another Bot API server than Telegram's own. */
  readonly apiBase?: string;
  /** How a growing answer is shown in a private chat: in a message that is edited, or in Telegram's own drafts. */
  readonly streamMode: (typeof streamModes)[number];
  /** How answers are formatted: text with entities, or rich messages where an answer gains by it. */
  readonly format: (typeof telegramFormats)[number];
}

export interface DiscordConfig {
  /** Another REST API than Discord's own. */
  readonly apiBase?: string;
  /** Whether to ask for the privileged message content intent. */
  readonly messageContent: boolean;
  /** How an answer that grew ends: by a last edit, or as a new message, which shows as unread. */
  readonly finish: (typeof discordFinishes)[number];
}

const streamModes = ["edit", "draft"] as const;
const telegramFormats = ["entities", "rich"] as const;
const discordFinishes = ["edit", "fresh"] as const;

export interface PlatformSettings {
  readonly telegram?: TelegramConfig;
  readonly discord?: DiscordConfig;
  readonly telegramToken?: string;
  readonly discordToken?: string;
}

/** A platform is on when its token is set; one at least must be. */
export function readPlatforms(settings: Settings): PlatformSettings {
  const telegramIsOn = settings.isIntended("TELEGRAM_BOT_TOKEN");
  const discordIsOn = settings.isIntended("DISCORD_TOKEN");
  if (!telegramIsOn && !discordIsOn) {
    settings.refuse(
      "TELEGRAM_BOT_TOKEN, DISCORD_TOKEN",
      "Neither is set, so there is no chat to answer in.",
      "Set one or both: @BotFather gives a Telegram token, https://discord.com/developers/applications one for Discord.",
    );
  }
  return { ...(telegramIsOn && readTelegram(settings)), ...(discordIsOn && readDiscord(settings)) };
}

function readTelegram(settings: Settings): PlatformSettings {
  const telegramToken = readTelegramToken(settings);
  return {
    telegram: {
      ...readApiBase(settings, "TELEGRAM_API_BASE"),
      streamMode: readChoice(settings, "TELEGRAM_STREAM_MODE", streamModes, "edit"),
      format: readChoice(settings, "TELEGRAM_FORMAT", telegramFormats, "entities"),
    },
    ...(telegramToken && { telegramToken }),
  };
}

function readDiscord(settings: Settings): PlatformSettings {
  const discordToken = readDiscordToken(settings);
  const messageContent = readFlag(settings, "DISCORD_MESSAGE_CONTENT");
  const finish = readChoice(settings, "DISCORD_FINISH", discordFinishes, "edit");
  return {
    discord: { ...readApiBase(settings, "DISCORD_API_BASE"), messageContent, finish },
    ...(discordToken && { discordToken }),
  };
}

function readApiBase(settings: Settings, name: VariableName): { readonly apiBase?: string } {
  const url = readAddress(settings, name);
  return url ? { apiBase: withoutSlash(url) } : {};
}

function readTelegramToken(settings: Settings): string | undefined {
  const name = "TELEGRAM_BOT_TOKEN";
  const token = settings.text(name);
  if (token === undefined || (/^\d+:.{8,}$/.test(token) && isTransmissible(token))) return token;
  const problem = /^bot\d+:/i.test(token)
    ? "It begins with the word bot, which belongs to the address and not to the token."
    : "It is not a bot token, which is digits, a colon, then about 35 letters and digits.";
  return settings.refuse(name, problem, "Copy the token from @BotFather: /mybots, your bot, API Token.");
}

function readDiscordToken(settings: Settings): string | undefined {
  const name = "DISCORD_TOKEN";
  const token = settings.text(name);
  if (token === undefined) return undefined;
  const next = "Copy it from https://discord.com/developers/applications: your application, Bot, Reset Token.";
  if (/^(Bot|Bearer)\s/i.test(token)) {
    return settings.refuse(name, "It begins with a word that the bridge adds by itself.", "Keep only what follows it.");
  }
  if (/^\d+$/.test(token)) return settings.refuse(name, "It is the application's id, not the bot's token.", next);
  if (/^[0-9a-f]{64}$/i.test(token)) return settings.refuse(name, "It is the public key, not the bot's token.", next);
  if (!isTransmissible(token) || token.length < 8) return settings.refuse(name, "It is not a bot token.", next);
  return token;
}
