import { setMaxListeners } from "node:events";
import type {
  ActionEvent,
  Adapter,
  Buttons,
  CommandEvent,
  Completion,
  CompletionRequest,
  DeletedEvent,
  EditedEvent,
  InboundEvent,
  Inbox,
  MessageEvent,
  MessageRef,
  PersonEvent,
  RecentChat,
} from "./adapter.ts";
import { ChatMoves } from "./chat-moves.ts";
import type { Command, CommandDesk, Said } from "./commands/command.ts";
import { asCommand, commandDescriptions, findCommand } from "./commands/registry.ts";
import { type ConversationRules, conversationOf } from "./conversations.ts";
import { createDesk } from "./desk.ts";
import type { FailureCode } from "./failures.ts";
import type { Floor } from "./floor.ts";
import { chooseLocale, words } from "./locale/locale.ts";
import { newId } from "./new-id.ts";
import { Oblivion } from "./oblivion.ts";
import type { PastConversations } from "./past-conversations.ts";
import { Presses } from "./presses.ts";
import { pacedCall } from "./reply/paced-call.ts";
import { say } from "./reply/say.ts";
import type { ConversationKey, Turn, TurnMessage } from "./store/store.ts";
import { TurnRun, type TurnServices } from "./turn.ts";
import { ShuttingDown, StoppedByPerson, TurnQueue } from "./turn-queue.ts";

export interface BridgeOptions extends Omit<TurnServices, "shutdown" | "ownWords" | "foundRuns"> {
  readonly adapters: readonly Adapter[];
  readonly rules: ConversationRules;
  readonly past: PastConversations;
  /** `<platform>:<user id>` of those who may look into the bridge. */
  readonly adminUsers: ReadonlySet<string>;
  /** An unfinished turn older than this is closed with a word, and so is a message that arrives later than this. */
  readonly turnMaxAgeMs: number;
}

/** What an earlier process left of a turn. */
interface EarlierRun {
  readonly sent: readonly TurnMessage[];
  readonly ready: Promise<void>;
}

/** Takes events in, decides what each one is, and sees every turn to its end. */
export class Bridge implements Inbox {
  readonly #options: BridgeOptions;
  readonly #services: TurnServices;
  readonly #adapters: ReadonlyMap<string, Adapter>;
  readonly #queue: TurnQueue;
  readonly #moves: ChatMoves;
  readonly #shutdown = new AbortController();
  readonly #desk: CommandDesk;
  readonly #presses: Presses;
  /** Commands and the like that run beside the lines. */
  readonly #errands = new Set<Promise<void>>();
  /** Ends one turn, by its id, wherever in its line it stands. */
  readonly #stops = new Map<string, (reason: Error) => void>();
  /** The latest messages that no turn accounts for. */
  #ownWords: readonly { readonly budget: string; readonly ref: MessageRef }[] = [];
  /** Lines that were told of too many messages, until they have room again. */
  readonly #flooded = new Set<string>();

  constructor(options: BridgeOptions) {
    this.#options = options;
    // Every turn listens to it, and there is no limit to how many run at once.
    setMaxListeners(0, this.#shutdown.signal);
    const ownWords = (budget: string) => this.#ownWords.filter((said) => said.budget === budget).map(({ ref }) => ref);
    this.#services = { ...options, ownWords, foundRuns: new Set(), shutdown: this.#shutdown.signal };
    this.#adapters = new Map(options.adapters.map((adapter) => [adapter.name, adapter]));
    this.#moves = new ChatMoves(options.store);
    for (const adapter of options.adapters) adapter.observeRates?.((report) => options.budgets.report(report));
    const parts = { ...options, ...this.#helpers(options), signal: this.#shutdown.signal };
    this.#desk = createDesk(parts);
    this.#presses = new Presses(parts);
    this.#queue = new TurnQueue((error) => options.logger.error({ err: error }, "turn broke off"));
  }

  #helpers({ store, agent, logger, past, rules }: BridgeOptions): {
    floor: Floor;
    past: PastConversations;
    oblivion: Oblivion;
  } {
    const stop = (platform: string, authorId: string) => this.#stopPerson(platform, authorId);
    const floor: Floor = {
      ask: (event, conversation, locale) => this.#acceptQuestion(event, conversation, locale),
      stopTurn: (turnId) => this.#stops.get(turnId)?.(new StoppedByPerson()),
      stopLine: (conversation) => this.#stopLine(conversation),
      startOver: (conversation) => this.#startOver(conversation),
      say: (event, said) => this.#say(event, said),
      showButtons: (event, buttons) => this.#showButtons(event, buttons),
    };
    const { sessionNameSecret } = rules;
    return { floor, past, oblivion: new Oblivion({ store, agent, logger, sessionNameSecret, stop }) };
  }

  /** How many turns run, and how many wait. */
  get depth(): TurnQueue["depth"] {
    return this.#queue.depth;
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
    const { past, rules } = this.#options;
    const command = findCommand(request.name);
    if (!command?.complete) return [];
    const event = await this.#moves.follow(asCommand(request));
    const speech = words(chooseLocale(request.author.locale, request.typed));
    return await command.complete(request.typed, { conversation: conversationOf(event, rules), words: speech, past });
  }

  async recentChats(platform: string): Promise<readonly RecentChat[]> {
    return await this.#options.store.recentChats(platform, 0);
  }

  oldestWanted(): number {
    return this.#options.clock.now() - this.#options.turnMaxAgeMs;
  }

  /** Makes the commands known on a platform. It can fail without harm: they work unregistered where the platform lets them. */
  async registerCommands(adapter: Adapter): Promise<void> {
    try {
      await adapter.registerCommands?.(commandDescriptions(this.#options.adminUsers.size > 0));
    } catch (error) {
      this.#options.logger.warn({ platform: adapter.name, err: error }, "could not register the commands");
    }
  }

  /**
   * Brings turns that an earlier process left unfinished to their end, in the order given and before what is accepted
   * from now on. They begin when `ready` resolves.
   */
  async recover(turns: readonly Turn[], ready: Promise<void>): Promise<void> {
    for (const turn of turns) await this.#recoverTurn(turn, ready);
    if (turns.length > 0) this.#options.logger.info({ turns: turns.length }, "finishing turns of the last run");
  }

  /** Waits for what runs, at most `graceMs`; what is unfinished then stays in the ledger. */
  async stop(graceMs: number): Promise<void> {
    const cancel = this.#options.clock.after(graceMs, () => this.#leave());
    await Promise.all([this.#queue.whenIdle(), ...this.#errands]);
    cancel();
    this.#leave();
  }

  #leave(): void {
    this.#shutdown.abort(new ShuttingDown());
    this.#queue.stopAll(new ShuttingDown());
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
        this.#stopLine(conversationOf(event, this.#options.rules));
    }
  }

  async #acceptMessage(event: MessageEvent): Promise<void> {
    if (!event.addressed) return;
    const conversation = conversationOf(event, this.#options.rules);
    const locale = chooseLocale(event.author.locale, event.text);
    if (await this.#waitsForAnother(conversation, event)) {
      return this.#runErrand("word", event, () => this.#say(event, words(locale).notYourQuestion));
    }
    await this.#acceptQuestion(event, conversation, locale);
  }

  /** Where people share a conversation, a flow's question is for the one who was asked. */
  async #waitsForAnother(conversation: ConversationKey, { author, chat }: MessageEvent): Promise<boolean> {
    if (this.#options.rules.scope !== "chat" || chat.kind === "private") return false;
    const latest = await this.#options.store.latestTurn(conversation);
    return latest?.state === "waiting" && latest.authorId !== author.id;
  }

  async #acceptQuestion(event: MessageEvent, conversation: ConversationKey, locale: string): Promise<void> {
    const turn = await this.#options.store.acceptMessage(event, { id: newId(), conversation, locale });
    if (!turn) return;
    const line = lineOf(conversation);
    if (!this.#queue.hasRoom(line)) return await this.#refuse(turn, line);
    this.#flooded.delete(line);
    const isTooOld = event.sentAt < this.oldestWanted();
    this.#enqueue(turn, isTooOld ? close("ERR_TURN_TOO_OLD") : answer);
  }

  /** One word for a flood of messages, and no memory for the rest of them. */
  async #refuse(turn: Turn, line: string): Promise<void> {
    const isTold = this.#flooded.has(line);
    this.#flooded.add(line);
    if (!isTold) return this.#enqueue(turn, close("ERR_TURN_TOO_MANY"), undefined, turn.id);
    await this.#options.store.advanceTurn(turn.id, { state: "failed", error: "ERR_TURN_TOO_MANY" });
  }

  async #recoverTurn(turn: Turn, ready: Promise<void>): Promise<void> {
    const sent = await this.#options.store.turnMessages(turn.id);
    // An answer that is partly shown is completed, however old it is.
    const isBegun = turn.state === "answered" && sent.length > 0;
    const isTooOld = turn.createdAt < this.oldestWanted() && !isBegun;
    this.#enqueue(turn, isTooOld ? close("ERR_TURN_TOO_OLD") : answer, { sent, ready });
  }

  #enqueue(turn: Turn, task: TurnTask, earlier?: EarlierRun, line = lineOf(turn.conversation)): void {
    const adapter = this.#adapters.get(turn.platform);
    if (!adapter) return this.#options.logger.warn({ turn: turn.id, platform: turn.platform }, "platform is off");
    const run = new TurnRun(turn, adapter, this.#services, earlier?.sent);
    if (!earlier) run.wait();
    const stop = this.#queue.enqueue(line, async (signal) => {
      try {
        await earlier?.ready;
        await task(run, signal);
      } finally {
        this.#stops.delete(turn.id);
      }
    });
    this.#stops.set(turn.id, stop);
  }

  async #changeQuestion({ platform, messageId, text }: EditedEvent): Promise<void> {
    const turn = await this.#options.store.turnOfEvent(platform, messageId);
    if (turn?.state === "accepted" && text.trim() !== "") await this.#options.store.changeQuestion(turn.id, text);
  }

  async #dropQuestion({ platform, messageId }: DeletedEvent): Promise<void> {
    const turn = await this.#options.store.turnOfEvent(platform, messageId);
    if (turn) this.#stops.get(turn.id)?.(new StoppedByPerson());
  }

  async #acceptCommand(event: CommandEvent): Promise<void> {
    // In a group an unknown command is probably meant for another bot.
    if (!this.#commandFor(event) && event.chat.kind === "group") return;
    if (await this.#options.store.acceptCommand(event))
      this.#runErrand("command", event, () => this.#runCommand(event));
  }

  #commandFor({ name, platform, author }: CommandEvent): Command | undefined {
    const command = findCommand(name);
    return command?.isForAdmins && !this.#options.adminUsers.has(`${platform}:${author.id}`) ? undefined : command;
  }

  /** What others are not to read goes to the person's private chat, where the platform does not hide it anyway. */
  #inPrivate(event: CommandEvent): CommandEvent {
    const adapter = this.#adapters.get(event.platform);
    return event.chat.kind === "private" || !adapter ? event : { ...event, target: adapter.privateTarget(event) };
  }

  #runErrand(what: string, { platform }: PersonEvent, errand: () => Promise<void>): void {
    const running = errand().catch((error: unknown) => {
      this.#options.logger.warn({ platform, err: error }, `${what} failed`);
    });
    this.#errands.add(running);
    void running.finally(() => this.#errands.delete(running));
  }

  async #runCommand(event: CommandEvent): Promise<void> {
    const locale = chooseLocale(event.author.locale, event.argument);
    const speech = words(locale);
    const conversation = conversationOf(event, this.#options.rules);
    const command = this.#commandFor(event);
    const context = { conversation, event, locale, words: speech, desk: this.#desk };
    const said = command ? await command.run(context) : speech.unknownCommand;
    const isPrivate = command?.isForAdmins || (command?.isPersonal && conversation.place === "");
    if (said !== undefined) await this.#say(isPrivate ? this.#inPrivate(event) : event, said);
  }

  async #press(event: ActionEvent): Promise<void> {
    const speech = words(chooseLocale(event.author.locale, ""));
    await this.#presses.take({ event, conversation: conversationOf(event, this.#options.rules), words: speech });
  }

  async #showButtons({ platform, target, ref }: ActionEvent, buttons: Buttons): Promise<void> {
    const adapter = this.#adapters.get(platform);
    if (!adapter) return;
    const { budgets, clock } = this.#options;
    const times = { clock, signal: this.#shutdown.signal };
    await pacedCall(budgets.of(adapter, target), times, () => adapter.showButtons(ref, buttons));
  }

  async #say({ platform, target }: PersonEvent, said: Said): Promise<void> {
    const adapter = this.#adapters.get(platform);
    const { budgets, clock } = this.#options;
    const onSent = (ref: MessageRef) => {
      this.#ownWords = [...this.#ownWords.slice(-mostOwnWords), { budget: target.budget, ref }];
    };
    const { signal } = this.#shutdown;
    if (adapter) await say({ adapter, target, ...spoken(said), id: newId(), budgets, clock, signal, onSent });
  }

  /** Ends what runs or waits in a person's name, and resolves when that is over. */
  async #stopPerson(platform: string, authorId: string): Promise<void> {
    const turns = await this.#options.store.unfinishedTurns();
    const own = turns.filter((turn) => turn.platform === platform && turn.authorId === authorId);
    for (const { id } of own) this.#stops.get(id)?.(new StoppedByPerson());
    const lines = new Set(own.map(({ conversation }) => lineOf(conversation)));
    const passed = (line: string) => new Promise<void>((resolve) => this.#queue.enqueue(line, async () => resolve()));
    await Promise.all([...lines].map(passed));
  }

  #stopLine(conversation: ConversationKey): boolean {
    const line = lineOf(conversation);
    if (!this.#queue.isBusy(line)) return false;
    this.#queue.stop(line, new StoppedByPerson());
    return true;
  }

  /** Takes its place in the conversation's line, so that what is said after it starts afresh. */
  #startOver(conversation: ConversationKey): Promise<boolean> {
    const { conversations, logger } = this.#options;
    return new Promise((resolve) => {
      this.#queue.enqueue(lineOf(conversation), async () => {
        try {
          await conversations.reset(conversation, this.#shutdown.signal);
          resolve(true);
        } catch (error) {
          logger.warn({ err: error }, "could not start over");
          resolve(false);
        }
      });
    });
  }
}

/** So many of the bridge's own words are remembered: those of the moment in which a lost message is looked for. */
const mostOwnWords = 200;

function spoken(said: Said): { readonly text: string; readonly buttons?: Buttons } {
  return typeof said === "string" ? { text: said } : said;
}

type TurnTask = (run: TurnRun, stop: AbortSignal) => Promise<void>;

const answer: TurnTask = (run, stop) => run.run(stop);

function close(failure: FailureCode): TurnTask {
  return (run) => run.close(failure);
}

/** Turns of one conversation form one line. */
function lineOf({ agent, sessionName, place }: ConversationKey): string {
  return JSON.stringify([agent, sessionName, place]);
}
