import type { Buttons, CommandDescription, CommandEvent, Completion } from "../adapter.ts";
import type { Dropped, PastConversations } from "../conversations/past-conversations.ts";
import type { Words } from "../locale/en.ts";
import { words } from "../locale/locale.ts";
import type { ConversationKey, Turn } from "../store/store.ts";

/** A command that people give in a chat. Defined once; every adapter registers it in its platform's own way. */
export interface Command {
  readonly name: string;
  /** Absent for a command that the platforms offer by themselves and that no menu should list. */
  readonly description?: keyof Words;
  /** True for what only people in ADMIN_USERS may use, and are told in private. */
  readonly isForAdmins?: true;
  /** True for what tells of a person's conversations: where those are not this chat's alone, it is told in private. */
  readonly isPersonal?: true;
  /** Does what was asked and returns what to tell the person; nothing when what it did speaks for itself. */
  readonly run: (context: CommandContext) => Promise<Said | undefined>;
  /** What may follow the name. */
  readonly argument?: { readonly name: string; readonly description: keyof Words };
  /** What to offer for it while a person types. */
  readonly complete?: (typed: string, context: CompletionContext) => Promise<readonly Completion[]>;
}

/** What a person is told. */
export type Said = string | { readonly text: string; readonly buttons: Buttons };

export interface CompletionContext {
  readonly conversation: ConversationKey;
  readonly words: Words;
  readonly past: PastConversations;
}

export interface CommandContext {
  readonly event: CommandEvent;
  /** Language of the person. */
  readonly locale: string;
  readonly conversation: ConversationKey;
  readonly words: Words;
  readonly desk: CommandDesk;
}

/** What commands can do to conversations. */
export interface CommandDesk {
  /** Stops everything that runs or waits in a conversation, also a flow that waits for a reply. False when there was nothing. */
  stop(conversation: ConversationKey): Promise<boolean>;
  /** Asks the last question of a conversation once more. False when there is none that has ended. */
  askAgain(conversation: ConversationKey, event: CommandEvent): Promise<boolean>;
  readonly past: PastConversations;
  renameConversation(conversation: ConversationKey, conversationId: string, title: string): Promise<boolean>;
  dropConversation(conversation: ConversationKey, conversationId: string): Promise<Dropped>;
  latestTurn(conversation: ConversationKey): Promise<Turn | undefined>;
  /** Stops everything and starts over. False when the former conversation could not be left behind. */
  startOver(conversation: ConversationKey): Promise<boolean>;
}

/** How the platforms' menus show a command. */
export function describeCommand(command: Command): CommandDescription | undefined {
  const { name, description, argument, complete } = command;
  return (
    description && {
      name,
      ...inAllLanguages(description),
      ...(argument && {
        argument: {
          name: argument.name,
          ...inAllLanguages(argument.description),
          ...(complete && { completes: true }),
        },
      }),
    }
  );
}

function inAllLanguages(key: keyof Words) {
  return { description: words("en")[key], translations: { zh: words("zh")[key] } };
}
