import type { Command } from "./command.ts";

export const stopCommand: Command = {
  name: "stop",
  description: "describeStop",
  run: async ({ conversation, words, desk }) => ((await desk.stop(conversation)) ? words.stopDone : words.stopNothing),
};
