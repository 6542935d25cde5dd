import type { Command } from "./command.ts";

export const retryCommand: Command = {
  name: "retry",
  description: "describeRetry",
  run: async ({ conversation, event, words, desk }) =>
    (await desk.askAgain(conversation, event)) ? undefined : words.retryNothing,
};
