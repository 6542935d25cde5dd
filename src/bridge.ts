import { randomBytes } from "node:crypto";
import { setMaxListeners } from "node:events";
import type { Adapter, CommandEvent, InboundEvent, Inbox, MessageEvent } from "./adapter.ts";
import type { CommandDesk } from "./commands/command.ts";
import { commandDescriptions, findCommand } from "./commands/registry.ts";
import { type ConversationRules, conversationOf } from "./conversations.ts";
import { chooseLocale, words } from "./locale/locale.ts";
import { Reply } from "./reply/reply.ts";
import type { ConversationKey, Turn, TurnMessage } from "./store/store.ts";
import { TurnRun, type TurnServices } from "./turn.ts";
import { ShuttingDown, StoppedByPerson, TurnQueue } from "./turn-queue.ts";

export interface BridgeOptions extends Omit<TurnServices, "shutdown"> {
  readonly adapters: readonly Adapter[];
  readonly rules: ConversationRules;
  /** An unfinished turn older than this is closed with a word at the start. */
  readonly turnMaxAgeMs: number;
}

type TurnTask = (run: TurnRun, stop: AbortSignal) => Promise<void>;

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
  readonly #shutdown = new AbortController();
  readonly #commands = new Set<Promise<void>>();

  constructor(options: BridgeOptions) {
    this.#options = options;
    // Every turn listens to it, and there is no limit to how many run at once.
    setMaxListeners(0, this.#shutdown.signal);
    this.#services = { ...options, shutdown: this.#shutdown.signal };
    this.#adapters = new Map(options.adapters.map((adapter) => [adapter.name, adapter]));
    for (const adapter of options.adapters) adapter.observeRates?.((report) => options.budgets.report(report));
    this.#queue = new TurnQueue((error) => options.logger.error({ err: error }, "turn broke off"));
  }

  async accept(event: InboundEvent): Promise<void> {
    // What arrives too late must not count as taken: the platform offers it to the next process.
    this.#shutdown.signal.throwIfAborted();
    if (event.author.automated) return;
    switch (event.type) {
      case "message":
        return await this.#acceptMessage(event);
      case "command":
        return await this.#acceptCommand(event);
      case "stopped":
        this.#stopLine(conversationOf(event, this.#options.rules));
    }
  }

  /** Makes the commands known on a platform. It can fail without harm: they work unregistered where the platform lets them. */
  async registerCommands(adapter: Adapter): Promise<void> {
    try {
      await adapter.registerCommands?.(commandDescriptions);
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
    await Promise.all([this.#queue.whenIdle(), ...this.#commands]);
    cancel();
    this.#leave();
  }

  #leave(): void {
    this.#shutdown.abort(new ShuttingDown());
    this.#queue.stopAll(new ShuttingDown());
  }

  async #acceptMessage(event: MessageEvent): Promise<void> {
    if (!event.addressed) return;
    const { store, rules } = this.#options;
    const turn = await store.acceptMessage(event, {
      id: newId(),
      conversation: conversationOf(event, rules),
      locale: chooseLocale(event.author.locale, event.text),
    });
    if (turn) this.#enqueue(turn, (run, stop) => run.run(stop));
  }

  async #recoverTurn(turn: Turn, ready: Promise<void>): Promise<void> {
    const { store, clock, turnMaxAgeMs } = this.#options;
    const sent = await store.turnMessages(turn.id);
    if (turn.state === "answered") return this.#enqueue(turn, (run) => run.deliver(), { sent, ready });
    // What was shown of an answer stays; the word about what happened follows in a message of its own.
    const untouched = sent.map((message) => ({ ...message, sealed: true, textEnd: 0 }));
    const isTooOld = clock.now() - turn.createdAt > turnMaxAgeMs;
    if (isTooOld) return this.#enqueue(turn, (run) => run.close("ERR_TURN_TOO_OLD"), { sent: untouched, ready });
    if (turn.state === "accepted") return this.#enqueue(turn, (run, stop) => run.run(stop), { sent, ready });
    this.#enqueue(turn, (run) => run.close("ERR_TURN_RESTARTED"), { sent: untouched, ready });
  }

  #enqueue(turn: Turn, task: TurnTask, earlier?: EarlierRun): void {
    const adapter = this.#adapters.get(turn.platform);
    if (!adapter) return this.#options.logger.warn({ turn: turn.id, platform: turn.platform }, "platform is off");
    const run = new TurnRun(turn, adapter, this.#services, earlier?.sent);
    if (!earlier) run.wait();
    this.#queue.enqueue(lineOf(turn.conversation), async (stop) => {
      await earlier?.ready;
      await task(run, stop);
    });
  }

  async #acceptCommand(event: CommandEvent): Promise<void> {
    // In a group an unknown command is probably meant for another bot.
    if (!findCommand(event.name) && event.chat.kind === "group") return;
    if (!(await this.#options.store.acceptCommand(event))) return;
    const running = this.#runCommand(event).catch((error: unknown) => {
      this.#options.logger.error({ command: event.name, platform: event.platform, err: error }, "command failed");
    });
    this.#commands.add(running);
    void running.finally(() => this.#commands.delete(running));
  }

  async #runCommand(event: CommandEvent): Promise<void> {
    const speech = words(chooseLocale(event.author.locale, event.argument));
    const conversation = conversationOf(event, this.#options.rules);
    const command = findCommand(event.name);
    const text = await (command?.run({ conversation, words: speech, desk: this.#desk }) ?? speech.unknownCommand);
    await this.#say(event, text);
  }

  async #say(event: CommandEvent, text: string): Promise<void> {
    const adapter = this.#adapters.get(event.platform);
    if (!adapter) return;
    const { budgets, clock } = this.#options;
    const reply = new Reply({
      ...{ adapter, budgets, clock, target: event.target, signal: this.#shutdown.signal, id: newId() },
      record: async () => undefined,
      onFailure: () => undefined,
    });
    reply.annotate(text);
    await reply.finish();
  }

  readonly #desk: CommandDesk = {
    stop: (conversation) => this.#stopLine(conversation),
    startOver: async (conversation) => {
      this.#stopLine(conversation);
      return await this.#startOver(conversation);
    },
  };

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

/** Turns of one conversation form one line. */
function lineOf({ agent, sessionName, place }: ConversationKey): string {
  return JSON.stringify([agent, sessionName, place]);
}

/** 12 characters, lower case: short enough to be a part of a nonce. */
function newId(): string {
  return randomBytes(9)
    .toString("base64url")
    .toLowerCase()
    .replace(/[^a-z0-9]/g, "x");
}
