import type { Adapter, AdapterLogger, CommandEvent, InboundEvent, Inbox, MessageEvent } from "../../src/adapter.ts";
import { type Clock, systemClock } from "../../src/clock.ts";
import { Changes } from "../../src/playground/changes.ts";

/** What an adapter is made with, beside its platform's address and token. */
export interface Surroundings {
  readonly clock: Clock;
  readonly logger: AdapterLogger;
}

/** The core's side of an adapter: takes its events and keeps its time. */
export class BridgeSide implements Inbox {
  readonly adapter: Adapter;
  readonly events: InboundEvent[] = [];
  /** Ids of all events that were offered, taken or not. */
  readonly offered: string[] = [];
  /** How many of the next events can't be stored. */
  refusals = 0;
  readonly clock = new CountingClock();
  readonly #changes = new Changes(() => JSON.stringify(this.events));

  constructor(createAdapter: (surroundings: Surroundings) => Adapter) {
    const quiet = () => undefined;
    const logger = { debug: quiet, info: quiet, warn: quiet, error: quiet };
    this.adapter = createAdapter({ clock: this.clock, logger });
  }

  async accept(event: InboundEvent): Promise<void> {
    this.offered.push("id" in event ? event.id : event.type);
    if (this.refusals > 0) {
      this.refusals -= 1;
      throw new Error("The disk is full.");
    }
    this.events.push(event);
    this.#changes.announce();
  }

  async complete(): Promise<[]> {
    return [];
  }

  async recentChats(): Promise<[]> {
    return [];
  }

  oldestWanted(): number {
    return 0;
  }

  /** Resolves with the message that reads `text`, once it was taken. */
  message(text: string): Promise<MessageEvent> {
    const isIt = (event: InboundEvent): event is MessageEvent => event.type === "message" && event.text === text;
    return this.#changes.until(`the message "${text}"`, () => this.events.find(isIt));
  }

  /** Resolves with the command of this name, once it was taken. */
  command(name: string): Promise<CommandEvent> {
    const isIt = (event: InboundEvent): event is CommandEvent => event.type === "command" && event.name === name;
    return this.#changes.until(`the command ${name}`, () => this.events.find(isIt));
  }
}

/** The system's clock, and how many of its timers are still to come. */
class CountingClock implements Clock {
  pending = 0;

  now(): number {
    return systemClock.now();
  }

  after(delayMs: number, callback: () => void): () => void {
    this.pending += 1;
    let isOver = false;
    const end = () => {
      if (!isOver) this.pending -= 1;
      isOver = true;
    };
    const cancel = systemClock.after(delayMs, () => {
      end();
      callback();
    });
    return () => {
      cancel();
      end();
    };
  }
}
