import type { CommandDescription } from "../adapter.ts";
import { type Command, describeCommand } from "./command.ts";
import { helpCommand } from "./help.ts";
import { newCommand } from "./new.ts";
import { startCommand } from "./start.ts";
import { stopCommand } from "./stop.ts";

const commands: readonly Command[] = [newCommand, stopCommand, helpCommand, startCommand];

export function findCommand(name: string): Command | undefined {
  return commands.find((command) => command.name === name);
}

/** The commands to register with the platforms. */
export const commandDescriptions: readonly CommandDescription[] = commands
  .map(describeCommand)
  .filter((description) => description !== undefined);
