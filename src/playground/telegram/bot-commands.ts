import type { BotCommand } from "grammy/types";

/** The command menus of the bot: one for each scope and language, each independent of the others. */
export class BotCommands {
  readonly #menus = new Map<string, readonly BotCommand[]>();

  /** An empty list is the same as none. */
  set(scope: string, language: string, commands: readonly BotCommand[]): void {
    const key = `${scope} ${language}`;
    if (commands.length === 0) this.#menus.delete(key);
    else this.#menus.set(key, commands);
  }

  get(scope: string, language: string): readonly BotCommand[] {
    return this.#menus.get(`${scope} ${language}`) ?? [];
  }

  /** The names in all menus, each once. */
  names(): readonly string[] {
    return [...new Set([...this.#menus.values()].flat().map(({ command }) => command))];
  }
}
