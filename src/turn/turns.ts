import type { Adapter, MessageEvent } from "../adapter.ts";
import { newId } from "../new-id.ts";
import type { ConversationKey, Turn, TurnMessage } from "../store/store.ts";
import type { FailureCode } from "./failures.ts";
import { TurnRun } from "./turn.ts";
import { StoppedByPerson, TurnQueue } from "./turn-queue.ts";
import type { TurnServices } from "./turn-services.ts";

export interface TurnsOptions {
  readonly adapters: ReadonlyMap<string, Adapter>;
  readonly services: TurnServices;
  /** An unfinished turn older than this is closed with a word, and so is a message that arrives later than this. */
  readonly maxAgeMs: number;
}

/** What an earlier process left of a turn. */
interface EarlierRun {
  readonly sent: readonly TurnMessage[];
  readonly ready: Promise<void>;
}

/** All turns of the bridge: those of one conversation form a line, and each is seen to its end. */
export class Turns {
  readonly #options: TurnsOptions;
  readonly #services: TurnServices;
  readonly #queue: TurnQueue;
  /** Ends one turn, by its id, wherever in its line it stands. */
  readonly #stops = new Map<string, (reason: Error) => void>();
  /** Lines that were told of too many messages, until they have room again. */
  readonly #flooded = new Set<string>();

  constructor(options: TurnsOptions) {
    this.#options = options;
    this.#services = options.services;
    this.#queue = new TurnQueue((error) => this.#services.logger.error({ err: error }, "turn broke off"));
  }

  /** How many turns run, and how many wait. */
  get depth(): TurnQueue["depth"] {
    return this.#queue.depth;
  }

  /** Puts a question at the end of its conversation's line, once for each event id. */
  async accept(event: MessageEvent, conversation: ConversationKey, locale: string): Promise<void> {
    const turn = await this.#services.store.acceptMessage(event, { id: newId(), conversation, locale });
    if (!turn) return;
    const line = lineOf(conversation);
    if (!this.#queue.hasRoom(line)) return await this.#refuse(turn, line);
    this.#flooded.delete(line);
    const isTooOld = event.sentAt < this.oldestWanted();
    this.#enqueue(turn, isTooOld ? close("ERR_TURN_TOO_OLD") : answer);
  }

  /** Brings a turn that an earlier process left unfinished to its end. It begins when `ready` resolves. */
  async recover(turn: Turn, ready: Promise<void>): Promise<void> {
    const sent = await this.#services.store.turnMessages(turn.id);
    // An answer that is partly shown is completed, however old it is.
    const isBegun = turn.state === "answered" && sent.length > 0;
    const isTooOld = turn.createdAt < this.oldestWanted() && !isBegun;
    this.#enqueue(turn, isTooOld ? close("ERR_TURN_TOO_OLD") : answer, { sent, ready });
  }

  /** In milliseconds since the epoch. */
  oldestWanted(): number {
    return this.#services.clock.now() - this.#options.maxAgeMs;
  }

  stop(turnId: string): void {
    this.#stops.get(turnId)?.(new StoppedByPerson());
  }

  /** Ends what runs and what waits in a conversation. False when there is nothing. */
  stopLine(conversation: ConversationKey): boolean {
    const line = lineOf(conversation);
    if (!this.#queue.isBusy(line)) return false;
    this.#queue.stop(line, new StoppedByPerson());
    return true;
  }

  /** Ends what runs or waits in a person's name, and resolves when that is over. */
  async stopPerson(platform: string, authorId: string): Promise<void> {
    const turns = await this.#services.store.unfinishedTurns();
    const own = turns.filter((turn) => turn.platform === platform && turn.authorId === authorId);
    for (const { id } of own) this.stop(id);
    const lines = new Set(own.map(({ conversation }) => lineOf(conversation)));
    const passed = (line: string) => new Promise<void>((resolve) => this.#queue.enqueue(line, async () => resolve()));
    await Promise.all([...lines].map(passed));
  }

  /** Makes what is said from now on start afresh; takes its place in the line. False when that did not work. */
  startOver(conversation: ConversationKey): Promise<boolean> {
    const { conversations, logger, shutdown } = this.#services;
    return new Promise((resolve) => {
      this.#queue.enqueue(lineOf(conversation), async () => {
        try {
          await conversations.reset(conversation, shutdown);
          resolve(true);
        } catch (error) {
          logger.warn({ err: error }, "could not start over");
          resolve(false);
        }
      });
    });
  }

  async whenIdle(): Promise<void> {
    await this.#queue.whenIdle();
  }

  stopAll(reason: Error): void {
    this.#queue.stopAll(reason);
  }

  /** One word for a flood of messages, and no memory for the rest of them. */
  async #refuse(turn: Turn, line: string): Promise<void> {
    const isTold = this.#flooded.has(line);
    this.#flooded.add(line);
    if (!isTold) return this.#enqueue(turn, close("ERR_TURN_TOO_MANY"), undefined, turn.id);
    await this.#services.store.advanceTurn(turn.id, { state: "failed", error: "ERR_TURN_TOO_MANY" });
  }

  #enqueue(turn: Turn, task: TurnTask, earlier?: EarlierRun, line = lineOf(turn.conversation)): void {
    const adapter = this.#options.adapters.get(turn.platform);
    if (!adapter) return this.#services.logger.warn({ turn: turn.id, platform: turn.platform }, "platform is off");
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
}

type TurnTask = (run: TurnRun, stop: AbortSignal) => Promise<void>;

const answer: TurnTask = (run, stop) => run.run(stop);

function close(failure: FailureCode): TurnTask {
  return (run) => run.close(failure);
}

function lineOf({ agent, sessionName, place }: ConversationKey): string {
  return JSON.stringify([agent, sessionName, place]);
}
