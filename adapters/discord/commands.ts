import {
  type APIApplicationCommandStringOption,
  ApplicationCommandOptionType,
  ApplicationCommandType,
  InteractionContextType,
  Locale,
  type RESTPutAPIApplicationCommandsJSONBody,
  Routes,
} from "discord.js";
import type { CommandArgument, CommandDescription } from "../../src/adapter.ts";
import type { DiscordApi } from "./rest.ts";

/** Replaces the application's global slash commands, for servers and for private chats with the bot. */
export async function registerCommands(
  api: DiscordApi,
  applicationId: string,
  commands: readonly CommandDescription[],
): Promise<void> {
  await api.call({
    method: "Put",
    route: Routes.applicationCommands(applicationId),
    body: commands.map(toSlashCommand),
    repeatable: true,
  });
}

function toSlashCommand(command: CommandDescription): RESTPutAPIApplicationCommandsJSONBody[number] {
  return {
    type: ApplicationCommandType.ChatInput,
    name: command.name,
    description: command.description,
    description_localizations: localizations(command.translations),
    contexts: [InteractionContextType.Guild, InteractionContextType.BotDM],
    ...(command.argument && { options: [toOption(command.argument)] }),
  };
}

function toOption(argument: CommandArgument): APIApplicationCommandStringOption {
  return {
    type: ApplicationCommandOptionType.String,
    name: argument.name,
    description: argument.description,
    description_localizations: localizations(argument.translations),
    required: false,
    autocomplete: argument.completes ?? false,
  };
}

/** Discord knows some languages by region only: `zh` becomes `zh-CN` and `zh-TW`. */
function localizations(translations: CommandDescription["translations"]): Partial<Record<Locale, string>> {
  const known = Object.values(Locale).map((locale) => [locale, translations[locale.split("-")[0] ?? locale]]);
  return Object.fromEntries(known.filter(([, text]) => text !== undefined));
}
