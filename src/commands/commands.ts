import type { Adapter, CommandDescription, CommandEvent, Completion, CompletionRequest } from "../adapter.ts";
import { type ConversationRules, conversationOf } from "../conversations/conversations.ts";
import type { PastConversations } from "../conversations/past-conversations.ts";
import type { Floor } from "../floor.ts";
import { chooseLocale, words } from "../locale/locale.ts";
import type { Command, CommandDesk } from "./command.ts";
import { asCommand, commandDescriptions, findCommand } from "./registry.ts";

export interface CommandsParts {
  readonly adapters: ReadonlyMap<string, Adapter>;
  /** `<platform>:<user id>` of those who may look into the bridge. */
  readonly adminUsers: ReadonlySet<string>;
  readonly rules: ConversationRules;
  readonly past: PastConversations;
  readonly desk: CommandDesk;
  readonly floor: Pick<Floor, "say">;
}

/** The commands, for the people who may use them. */
export class Commands {
  readonly #parts: CommandsParts;

  constructor(parts: CommandsParts) {
    this.#parts = parts;
  }

  /** What the platforms' menus list. */
  get descriptions(): readonly CommandDescription[] {
    return commandDescriptions(this.#parts.adminUsers.size > 0);
  }

  /** Whether this person has such a command. */
  knows(event: CommandEvent): boolean {
    return this.#find(event) !== undefined;
  }

  /** Does what was commanded, and tells the person. */
  async run(event: CommandEvent): Promise<void> {
    const { rules, desk, floor } = this.#parts;
    const locale = chooseLocale(event.author.locale, event.argument);
    const speech = words(locale);
    const conversation = conversationOf(event, rules);
    const command = this.#find(event);
    const context = { conversation, event, locale, words: speech, desk };
    const said = command ? await command.run(context) : speech.unknownCommand;
    const isPrivate = command?.isForAdmins || (command?.isPersonal && conversation.place === "");
    if (said !== undefined) await floor.say(isPrivate ? this.#inPrivate(event) : event, said);
  }

  /** What to offer while a person types an argument. */
  async complete(request: CompletionRequest): Promise<readonly Completion[]> {
    const { rules, past } = this.#parts;
    const speech = words(chooseLocale(request.author.locale, request.typed));
    const context = { conversation: conversationOf(asCommand(request), rules), words: speech, past };
    return (await findCommand(request.name)?.complete?.(request.typed, context)) ?? [];
  }

  #find({ name, platform, author }: CommandEvent): Command | undefined {
    const command = findCommand(name);
    return command?.isForAdmins && !this.#parts.adminUsers.has(`${platform}:${author.id}`) ? undefined : command;
  }

  /** What others are not to read goes to the person's private chat, where the platform does not hide it anyway. */
  #inPrivate(event: CommandEvent): CommandEvent {
    const adapter = this.#parts.adapters.get(event.platform);
    return event.chat.kind === "private" || !adapter ? event : { ...event, target: adapter.privateTarget(event) };
  }
}
