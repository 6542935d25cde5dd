import type { CommandDescription } from "../adapter.ts";
import type { Words } from "../locale/en.ts";
import { words } from "../locale/locale.ts";
import type { ConversationKey } from "../store/store.ts";

/** A command that people give in a chat. Defined once; every adapter registers it in its platform's own way. */
export interface Command {
  readonly name: string;
  /** Absent for a command that the platforms offer by themselves and that no menu should list. */
  readonly description?: keyof Words;
  /** Does what was asked and returns what to tell the person. */
  readonly run: (context: CommandContext) => Promise<string>;
}

export interface CommandContext {
  readonly conversation: ConversationKey;
  readonly words: Words;
  readonly desk: CommandDesk;
}

/** What commands can do to conversations. */
export interface CommandDesk {
  /** Stops everything that runs or waits in a conversation. False when there was nothing. */
  stop(conversation: ConversationKey): boolean;
  /** Stops everything and starts over. False when the former conversation could not be left behind. */
  startOver(conversation: ConversationKey): Promise<boolean>;
}

/** How the platforms' menus show a command. */
export function describeCommand(command: Command): CommandDescription | undefined {
  const { name, description } = command;
  return description && { name, description: words("en")[description], translations: { zh: words("zh")[description] } };
}
