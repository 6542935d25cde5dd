import type { Api } from "grammy";
import type { CommandDescription } from "../../src/adapter.ts";

/** Fills the command menu: once in English for everybody, and once for each language that has a translation. */
export async function registerCommands(api: Api, commands: readonly CommandDescription[]): Promise<void> {
  const languages = new Set(commands.flatMap(({ translations }) => Object.keys(translations)));
  await api.setMyCommands(commands.map(({ name, description }) => ({ command: name, description })));
  for (const language of languages) {
    const translated = commands.map(({ name, description, translations }) => ({
      command: name,
      description: translations[language] ?? description,
    }));
    await api.setMyCommands(translated, { language_code: language as LanguageCode });
  }
}

type LanguageCode = NonNullable<NonNullable<Parameters<Api["setMyCommands"]>[1]>["language_code"]>;
