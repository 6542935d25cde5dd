import type { Command } from "./command.ts";

/** Telegram sends it when someone opens the bot for the first time. */
export const startCommand: Command = {
  name: "start",
  run: async ({ words }) => words.start,
};
