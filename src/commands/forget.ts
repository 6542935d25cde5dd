import { actionValue } from "../buttons/actions.ts";
import type { Command } from "./command.ts";

/** Says first what it will do; the button below does it. */
export const forgetCommand: Command = {
  name: "forget",
  description: "describeForget",
  run: async ({ event, words }) => ({
    text: words.forgetAsk,
    buttons: [[{ label: words.forgetYes, value: actionValue({ kind: "forget", personId: event.author.id }) }]],
  }),
};
