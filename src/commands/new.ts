import type { Command } from "./command.ts";

export const newCommand: Command = {
  name: "new",
  description: "describeNew",
  run: async ({ conversation, words, desk }) =>
    (await desk.startOver(conversation)) ? words.newDone : words.newFailed,
};
