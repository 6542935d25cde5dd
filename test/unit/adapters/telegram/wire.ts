import { inspect } from "node:util";
import { expect, onTestFinished } from "vitest";
import { createTelegramAdapter, type TelegramAdapterConfig } from "../../../../adapters/telegram/index.ts";
import type {
  Adapter,
  AdapterLogger,
  Completion,
  InboundEvent,
  Inbox,
  MessageEvent,
  RecentChat,
  Target,
} from "../../../../src/adapter.ts";
import { PlatformError } from "../../../../src/errors.ts";
import { plainText } from "../../../../src/markdown/formatted-text.ts";
import {
  type Feature,
  startTelegramEmulator,
  type TelegramEmulator,
} from "../../../../src/playground/telegram/index.ts";
import { createManualClock, type ManualClock } from "../../../support/manual-clock.ts";

/** The secret part of the emulated bot's token: it may show up nowhere. */
const secret = "AAsecretPartOfTheTokenThatNobodySees";
const token = `7461203958:${secret}`;

export interface LogLine {
  readonly level: "debug" | "info" | "warn" | "error";
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** The adapter and an emulated Telegram, connected over a real socket. The adapter's time moves only by hand. */
export interface Wire {
  readonly telegram: TelegramEmulator;
  readonly clock: ManualClock;
  readonly adapter: Adapter;
  readonly log: LogBook;
  readonly inbox: RecordingInbox;
  /** The same bot once more, as after a restart. */
  newAdapter(): Adapter;
}

/** The adapter's settings beside its surroundings, and those of the server. */
export interface WireOptions extends Pick<TelegramAdapterConfig, "streamMode" | "format"> {
  readonly without?: readonly Feature[];
  /** Telegram lives in the adapter's time. */
  readonly sharesClock?: boolean;
}

export async function connect({ without = [], sharesClock, ...settings }: WireOptions = {}): Promise<Wire> {
  const clock = createManualClock();
  const telegram = await startTelegramEmulator({ token, limits: "off", without, ...(sharesClock && { clock }) });
  const log = new LogBook();
  const newAdapter = () => {
    const adapter = createTelegramAdapter({ ...settings, token, apiBase: telegram.apiRoot, logger: log, clock });
    onTestFinished(() => adapter.stop());
    return adapter;
  };
  onTestFinished(async () => {
    await telegram.close();
    expectNoToken(log.lines);
  });
  return { telegram, clock, log, inbox: new RecordingInbox(), newAdapter, adapter: newAdapter() };
}

/** A person has written in private; `target` is where an answer goes. */
export async function privateChat(options?: WireOptions) {
  const wire = await connect(options);
  const person = wire.telegram.addPerson({ name: "Ada" });
  const room = wire.telegram.privateRoom(person);
  const said = wire.telegram.say(person, room, "hello");
  await wire.adapter.start(wire.inbox);
  return { ...wire, person, room, said, target: await firstTarget(wire) };
}

export async function firstTarget({ inbox }: Wire): Promise<Target> {
  const [event] = await inbox.taken(1);
  return (event as MessageEvent).target;
}

export function text(content: string) {
  return { text: plainText(content) };
}

export function callsOf({ telegram }: Wire, method: string) {
  return telegram.calls.filter((call) => call.method === method);
}

/** Waits for the failure of a call; whatever it is, it must not hold the token. */
export async function failureOf(call: Promise<unknown>): Promise<PlatformError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(PlatformError);
  expectNoToken(error);
  return error as PlatformError;
}

function expectNoToken(value: unknown): void {
  expect(inspect(value, { depth: Infinity, showHidden: true })).not.toContain(secret);
}

/** Keeps what the adapter logs; `next` waits for a line. */
export class LogBook implements AdapterLogger {
  readonly lines: LogLine[] = [];
  readonly #waiting = new Set<(line: LogLine) => void>();

  debug = (fields: object, message: string) => this.#write("debug", fields, message);
  info = (fields: object, message: string) => this.#write("info", fields, message);
  warn = (fields: object, message: string) => this.#write("warn", fields, message);
  error = (fields: object, message: string) => this.#write("error", fields, message);

  /** Resolves with the next line of the level, written after this call. */
  next(level: LogLine["level"]): Promise<LogLine> {
    return new Promise((resolve) => {
      const look = (line: LogLine) => {
        if (line.level !== level) return;
        this.#waiting.delete(look);
        resolve(line);
      };
      this.#waiting.add(look);
    });
  }

  #write(level: LogLine["level"], fields: object, message: string): void {
    const line = { level, message, fields: { ...fields } };
    this.lines.push(line);
    for (const look of this.#waiting) look(line);
  }
}

/** Takes every event, but for the next `refusals`, which could not be stored. */
export class RecordingInbox implements Inbox {
  readonly events: InboundEvent[] = [];
  /** Events that were offered, taken or not: their ids, and the kinds of those that have none. */
  readonly offered: string[] = [];
  refusals = 0;
  readonly #waiting = new Set<() => void>();
  #held: Promise<void> | undefined;
  #release: (() => void) | undefined;

  /** From now on storing takes until `release`. */
  hold(): void {
    this.#held = new Promise((resolve) => {
      this.#release = resolve;
    });
  }

  /** What is held is stored, and what comes later at once. */
  release(): void {
    this.#release?.();
    this.#held = undefined;
  }

  async accept(event: InboundEvent): Promise<void> {
    this.offered.push("id" in event ? event.id : event.type);
    await this.#held;
    if (this.refusals > 0) {
      this.refusals -= 1;
      throw new Error("disk full");
    }
    this.events.push(event);
    for (const look of this.#waiting) look();
  }

  async complete(): Promise<readonly Completion[]> {
    return [];
  }

  async recentChats(): Promise<readonly RecentChat[]> {
    return [];
  }

  oldestWanted(): number {
    return 0;
  }

  /** Resolves with the first `count` events, once there are so many. */
  taken(count: number): Promise<readonly InboundEvent[]> {
    return new Promise((resolve) => {
      const look = () => {
        if (this.events.length < count) return;
        this.#waiting.delete(look);
        resolve(this.events.slice(0, count));
      };
      this.#waiting.add(look);
      look();
    });
  }

  /** Resolves with the texts of the first `count` messages. */
  async texts(count: number): Promise<readonly string[]> {
    const events = await this.taken(count);
    return events.map((event) =>
      event.type === "message" ? event.text : "name" in event ? `/${event.name} ${event.argument}` : event.type,
    );
  }
}
