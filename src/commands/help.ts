import type { Command } from "./command.ts";

export const helpCommand: Command = {
  name: "help",
  description: "describeHelp",
  run: async ({ words }) => words.help,
};
