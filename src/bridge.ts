import { setMaxListeners } from "node:events";
import type {
  ActionEvent,
  Adapter,
  CommandEvent,
  Completion,
  CompletionRequest,
  DeletedEvent,
  EditedEvent,
  InboundEvent,
  Inbox,
  MessageEvent,
  PersonEvent,
  RecentChat,
} from "./adapter.ts";
import { Presses } from "./buttons/presses.ts";
import { Commands } from "./commands/commands.ts";
import { ChatMoves } from "./conversations/chat-moves.ts";
import { type ConversationRules, conversationOf } from "./conversations/conversations.ts";
import { Oblivion } from "./conversations/oblivion.ts";
import { createDesk } from "./desk.ts";
import type { Floor } from "./floor.ts";
import { chooseLocale, words } from "./locale/locale.ts";
import { OwnWords } from "./own-words.ts";
import type { ConversationKey, Turn } from "./store/store.ts";
import { ShuttingDown, type TurnQueue } from "./turn/turn-queue.ts";
import type { TurnServices } from "./turn/turn-services.ts";
import { Turns } from "./turn/turns.ts";

export interface BridgeOptions extends Omit<TurnServices, "shutdown" | "ownWords" | "foundRuns"> {
  readonly adapters: readonly Adapter[];
  readonly rules: ConversationRules;
  /** `<platform>:<user id>` of those who may look into the bridge. */
  readonly adminUsers: ReadonlySet<string>;
  /** An unfinished turn older than this is closed with a word, and so is a message that arrives later than this. */
  readonly turnMaxAgeMs: number;
}

/** Takes events in, decides what each one is, and hands it to those who see it to its end. */
export class Bridge implements Inbox {
  readonly #options: BridgeOptions;
  readonly #turns: Turns;
  readonly #ownWords: OwnWords;
  readonly #moves: ChatMoves;
  readonly #commands: Commands;
  readonly #presses: Presses;
  readonly #shutdown = new AbortController();
  /** Commands and the like that run beside the turns. */
  readonly #errands = new Set<Promise<void>>();

  constructor(options: BridgeOptions) {
    const { signal } = this.#shutdown;
    // Every turn listens to it, and there is no limit to how many run at once.
    setMaxListeners(0, signal);
    this.#options = options;
    const adapters = new Map(options.adapters.map((adapter) => [adapter.name, adapter]));
    for (const adapter of options.adapters) adapter.observeRates?.((report) => options.budgets.report(report));
    const ownWords = new OwnWords({ adapters, budgets: options.budgets, clock: options.clock, signal });
    const found = { ownWords: (budget: string) => ownWords.latest(budget), foundRuns: new Set<string>() };
    const services = { ...options, ...found, shutdown: signal };
    this.#ownWords = ownWords;
    this.#moves = new ChatMoves(options.store);
    this.#turns = new Turns({ adapters, services, maxAgeMs: options.turnMaxAgeMs });
    const parts = { ...options, floor: this.#floor(), oblivion: this.#oblivion(), signal };
    this.#commands = new Commands({ ...parts, adapters, desk: createDesk(parts) });
    this.#presses = new Presses(parts);
  }

  #floor(): Floor {
    const [turns, ownWords] = [this.#turns, this.#ownWords];
    return {
      ask: (event, conversation, locale) => turns.accept(event, conversation, locale),
      stopTurn: (turnId) => turns.stop(turnId),
      stopLine: (conversation) => turns.stopLine(conversation),
      startOver: (conversation) => turns.startOver(conversation),
      say: (event, said) => ownWords.say(event, said),
      showButtons: (event, buttons) => ownWords.showButtons(event, buttons),
    };
  }

  #oblivion(): Oblivion {
    const { store, agent, logger, rules } = this.#options;
    const stop = (platform: string, authorId: string) => this.#turns.stopPerson(platform, authorId);
    return new Oblivion({ store, agent, logger, sessionNameSecret: rules.sessionNameSecret, stop });
  }

  /** How many turns run, and how many wait. */
  get depth(): TurnQueue["depth"] {
    return this.#turns.depth;
  }

  async accept(event: InboundEvent): Promise<void> {
    // What arrives too late must not count as taken: the platform offers it to the next process.
    this.#shutdown.signal.throwIfAborted();
    switch (event.type) {
      case "moved":
        return await this.#moves.note(event);
      case "edited":
        return await this.#changeQuestion(event);
      case "deleted":
        return await this.#dropQuestion(event);
    }
    if (!event.author.automated) await this.#acceptFrom(await this.#moves.follow(event));
  }

  async complete(request: CompletionRequest): Promise<readonly Completion[]> {
    return await this.#commands.complete(await this.#moves.follow(request));
  }

  async recentChats(platform: string): Promise<readonly RecentChat[]> {
    return await this.#options.store.recentChats(platform, 0);
  }

  oldestWanted(): number {
    return this.#turns.oldestWanted();
  }

  /** Makes the commands known on a platform. It can fail without harm: they work unregistered where the platform lets them. */
  async registerCommands(adapter: Adapter): Promise<void> {
    try {
      await adapter.registerCommands?.(this.#commands.descriptions);
    } catch (error) {
      this.#options.logger.warn({ platform: adapter.name, err: error }, "could not register the commands");
    }
  }

  /**
   * Brings turns that an earlier process left unfinished to their end, in the order given and before what is accepted
   * from now on. They begin when `ready` resolves.
   */
  async recover(turns: readonly Turn[], ready: Promise<void>): Promise<void> {
    for (const turn of turns) await this.#turns.recover(turn, ready);
    if (turns.length > 0) this.#options.logger.info({ turns: turns.length }, "finishing turns of the last run");
  }

  /** Waits for what runs, at most `graceMs`; what is unfinished then stays in the ledger. */
  async stop(graceMs: number): Promise<void> {
    const cancel = this.#options.clock.after(graceMs, () => this.#leave());
    await Promise.all([this.#turns.whenIdle(), ...this.#errands]);
    cancel();
    this.#leave();
  }

  #leave(): void {
    this.#shutdown.abort(new ShuttingDown());
    this.#turns.stopAll(new ShuttingDown());
  }

  async #changeQuestion({ platform, messageId, text }: EditedEvent): Promise<void> {
    const { store } = this.#options;
    const turn = await store.turnOfEvent(platform, messageId);
    if (turn && text.trim() !== "") await store.changeQuestion(turn.id, text);
  }

  async #dropQuestion({ platform, messageId }: DeletedEvent): Promise<void> {
    const turn = await this.#options.store.turnOfEvent(platform, messageId);
    if (turn) this.#turns.stop(turn.id);
  }

  async #acceptFrom(event: PersonEvent): Promise<void> {
    switch (event.type) {
      case "message":
        return await this.#acceptMessage(event);
      case "command":
        return await this.#acceptCommand(event);
      case "action":
        return this.#runErrand("button", event, () => this.#press(event));
      case "stopped":
        this.#turns.stopLine(conversationOf(event, this.#options.rules));
    }
  }

  async #acceptMessage(event: MessageEvent): Promise<void> {
    if (!event.addressed) return;
    const conversation = conversationOf(event, this.#options.rules);
    const locale = await this.#localeOf(event, conversation);
    if (await this.#waitsForAnother(conversation, event)) {
      return this.#runErrand("word", event, () => this.#ownWords.say(event, words(locale).notYourQuestion));
    }
    await this.#turns.accept(event, conversation, locale);
  }

  /** Files alone say nothing of a language: then it is that of what was said before. */
  async #localeOf({ author, text }: MessageEvent, conversation: ConversationKey): Promise<string> {
    const isSilent = author.locale === undefined && text.trim() === "";
    const before = isSilent ? await this.#options.store.latestTurn(conversation) : undefined;
    return before?.locale ?? chooseLocale(author.locale, text);
  }

  /** Where people share a conversation, a flow's question is for the one who was asked. */
  async #waitsForAnother(conversation: ConversationKey, { author, chat }: MessageEvent): Promise<boolean> {
    if (this.#options.rules.scope !== "chat" || chat.kind === "private") return false;
    // Also while their reply is on its way: should it be refused, the next message would be taken for it.
    const asked = await this.#options.conversations.unanswered(conversation);
    return asked !== undefined && asked.authorId !== author.id;
  }

  async #acceptCommand(event: CommandEvent): Promise<void> {
    // In a group an unknown command is probably meant for another bot.
    if (!this.#commands.knows(event) && event.chat.kind === "group") return;
    const isNew = await this.#options.store.acceptCommand(event);
    if (isNew) this.#runErrand("command", event, () => this.#commands.run(event));
  }

  async #press(event: ActionEvent): Promise<void> {
    const speech = words(chooseLocale(event.author.locale, ""));
    await this.#presses.take({ event, conversation: conversationOf(event, this.#options.rules), words: speech });
  }

  #runErrand(what: string, { platform }: PersonEvent, errand: () => Promise<void>): void {
    const running = errand().catch((error: unknown) => {
      this.#options.logger.warn({ platform, err: error }, `${what} failed`);
    });
    this.#errands.add(running);
    void running.finally(() => this.#errands.delete(running));
  }
}
