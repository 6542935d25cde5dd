import { inspect } from "node:util";
import { expect, onTestFinished } from "vitest";
import { createDiscordAdapter, type DiscordAdapterConfig } from "../../../../adapters/discord/index.ts";
import type {
  Adapter,
  CompletionRequest,
  InboundEvent,
  Inbox,
  MessageRef,
  OutgoingMessage,
  PersonEvent,
  RecentChat,
  Target,
} from "../../../../src/adapter.ts";
import { systemClock } from "../../../../src/clock.ts";
import { PlatformError } from "../../../../src/errors.ts";
import { plainText } from "../../../../src/markdown/formatted-text.ts";
import {
  type DiscordEmulator,
  type DiscordEmulatorOptions,
  startDiscordEmulator,
} from "../../../../src/playground/discord/index.ts";

export interface LogEntry {
  readonly level: "debug" | "info" | "warn" | "error";
  readonly fields: object;
  readonly message: string;
}

/** The core's side of an adapter: what it was offered, and what was logged. */
export interface BridgeSide {
  readonly adapter: Adapter;
  /** What people did, each once. */
  readonly events: readonly PersonEvent[];
  /** What people changed and deleted. */
  readonly changes: readonly InboundEvent[];
  /** What the core was asked while people typed. */
  readonly completions: readonly CompletionRequest[];
  readonly log: readonly LogEntry[];
  /** What the core offers from now on; at first nothing. */
  completeWith(complete: Inbox["complete"]): void;
  /** How often the next events are refused as not storable. */
  refuse(times: number): void;
  /** From now on the recent chats can't be told. */
  failToRecall(): void;
  /** Resolves with all events once there are `count`. */
  received(count: number): Promise<readonly PersonEvent[]>;
  /** Resolves with all changes once there are `count`. */
  changed(count: number): Promise<readonly InboundEvent[]>;
  /** Resolves with what the core was asked while people typed, once it was asked `count` times. */
  typed(count: number): Promise<readonly CompletionRequest[]>;
  /** Resolves once the recent chats were asked for `count` times, as every session does. */
  recalled(count: number): Promise<number>;
  /** Resolves with the first entry of the log that has this message. */
  logged(message: string): Promise<LogEntry>;
  start(): Promise<void>;
}

/** What the core keeps while bridges come and go. */
export interface Core {
  readonly events: PersonEvent[];
  /** What was said before this is not wanted. */
  oldestWanted: number;
  /** How often `recentChats` was asked. */
  asked: number;
}

export function newCore(): Core {
  return { events: [], oldestWanted: 0, asked: 0 };
}

/** An emulator that is closed when the test ends. */
export async function emulator(options: DiscordEmulatorOptions = {}): Promise<DiscordEmulator> {
  const discord = await startDiscordEmulator(options);
  onTestFinished(() => discord.close());
  return discord;
}

/** An adapter for the emulator, stopped when the test ends. Its log may hold neither of the emulator's kinds of tokens. */
export function bridgeSide(
  discord: DiscordEmulator,
  config: Partial<DiscordAdapterConfig> = {},
  core: Core = newCore(),
): BridgeSide {
  const { events } = core;
  const changes: InboundEvent[] = [];
  const completions: CompletionRequest[] = [];
  const log: LogEntry[] = [];
  const watchers = new Set<() => void>();
  let refusals = 0;
  let recalls = true;
  let complete: Inbox["complete"] = async () => [];
  const changed = () => {
    for (const watcher of watchers) watcher();
  };
  const record = (level: LogEntry["level"]) => (fields: object, message: string) => {
    log.push({ level, fields, message });
    changed();
  };
  const adapter = createDiscordAdapter({
    token: discord.environment.DISCORD_TOKEN ?? "",
    apiBase: discord.environment.DISCORD_API_BASE ?? "",
    messageContent: false,
    clock: systemClock,
    logger: { debug: record("debug"), info: record("info"), warn: record("warn"), error: record("error") },
    ...config,
  });
  const inbox: Inbox = {
    async accept(event) {
      if (refusals > 0) {
        refusals -= 1;
        throw new Error("The disk is full.");
      }
      if (!("author" in event)) changes.push(event);
      else if (!events.some(({ id }) => id === event.id)) events.push(event);
      changed();
    },
    complete(request) {
      completions.push(request);
      changed();
      return complete(request);
    },
    async recentChats() {
      core.asked += 1;
      changed();
      if (!recalls) throw new Error("The disk is gone.");
      return recentChatsOf(events);
    },
    oldestWanted: () => core.oldestWanted,
  };
  const until = <T>(condition: () => T | undefined): Promise<T> =>
    new Promise((resolve) => {
      const watcher = () => {
        const value = condition();
        if (value === undefined) return;
        watchers.delete(watcher);
        resolve(value);
      };
      watchers.add(watcher);
      watcher();
    });
  onTestFinished(async () => {
    await adapter.stop();
    expectNoSecret(log, discord);
  });
  return {
    adapter,
    events,
    changes,
    completions,
    log,
    completeWith: (next) => {
      complete = next;
    },
    refuse: (times) => {
      refusals = times;
    },
    failToRecall: () => {
      recalls = false;
    },
    received: (count) => until(() => (events.length >= count ? events : undefined)),
    changed: (count) => until(() => (changes.length >= count ? changes : undefined)),
    recalled: (count) => until(() => (core.asked >= count ? core.asked : undefined)),
    typed: (count) => until(() => (completions.length >= count ? completions : undefined)),
    logged: (message) => until(() => log.find((entry) => entry.message === message)),
    start: () => adapter.start(inbox),
  };
}

/** The last message to the bot of each chat. */
function recentChatsOf(events: readonly PersonEvent[]): readonly RecentChat[] {
  const chats = new Map<string, RecentChat>();
  for (const event of events) {
    if (event.type !== "message" || !event.addressed || event.author.automated) continue;
    chats.set(event.chat.key, { chat: event.chat, lastId: event.id, lastSentAt: event.sentAt });
  }
  return [...chats.values()];
}

/** A started adapter. */
export async function onlineBridge(
  discord: DiscordEmulator,
  config: Partial<DiscordAdapterConfig> = {},
  core: Core = newCore(),
): Promise<BridgeSide> {
  const bridge = bridgeSide(discord, config, core);
  await bridge.start();
  return bridge;
}

export function message(text: string, more: Partial<OutgoingMessage> = {}): OutgoingMessage {
  return { text: plainText(text), ...more };
}

/** As the core does: what an adapter gave comes back from storage. */
export function stored<T extends Target | MessageRef>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

/** The `PlatformError` that a call ends with; it may hold no token, however deep one looks. */
export async function failureOf(call: Promise<unknown>, discord: DiscordEmulator): Promise<PlatformError> {
  const error: unknown = await call.then(
    () => "no failure",
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(PlatformError);
  expectNoSecret(error, discord);
  return error as PlatformError;
}

export function expectNoSecret(value: unknown, discord: DiscordEmulator): void {
  const everything = inspect(value, { depth: Number.POSITIVE_INFINITY, showHidden: true });
  expect(everything).not.toContain(discord.environment.DISCORD_TOKEN);
  const interactionTokens = discord.calls.map(({ parameters }) => parameters.interaction_token);
  for (const token of interactionTokens) if (typeof token === "string") expect(everything).not.toContain(token);
}

/** The calls that the bot made with this name, oldest first. */
export function callsOf(discord: DiscordEmulator, method: string) {
  return discord.calls.filter((call) => call.method === method);
}
