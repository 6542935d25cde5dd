import type { CommandDescription, CommandEvent, CompletionRequest } from "../adapter.ts";
import { type Command, describeCommand } from "./command.ts";
import { conversationsCommand } from "./conversations.ts";
import { debugCommand } from "./debug.ts";
import { forgetCommand } from "./forget.ts";
import { helpCommand } from "./help.ts";
import { newCommand } from "./new.ts";
import { retryCommand } from "./retry.ts";
import { startCommand } from "./start.ts";
import { stopCommand } from "./stop.ts";

const commands: readonly Command[] = [
  newCommand,
  stopCommand,
  retryCommand,
  conversationsCommand,
  forgetCommand,
  helpCommand,
  startCommand,
  debugCommand,
];

export function findCommand(name: string): Command | undefined {
  return commands.find((command) => command.name === name);
}

/** The commands to register with the platforms. Those for admins are listed where there are any. */
export function commandDescriptions(hasAdmins: boolean): readonly CommandDescription[] {
  return commands
    .filter(({ isForAdmins }) => hasAdmins || !isForAdmins)
    .map(describeCommand)
    .filter((description) => description !== undefined);
}

/** The command that would be given if the person sent what stands there. */
export function asCommand({ typed, ...request }: CompletionRequest): CommandEvent {
  const target = { budget: "", rate: [], address: null };
  return { ...request, type: "command", id: "", sentAt: 0, target, argument: typed };
}
