import { onTestFinished, vi } from "vitest";
import { createDiscordAdapter } from "../../../adapters/discord/index.ts";
import { createTelegramAdapter } from "../../../adapters/telegram/index.ts";
import type { Adapter, InboundEvent, MessageEvent, Target } from "../../../src/adapter.ts";
import type { Clock } from "../../../src/clock.ts";
import { createLogger } from "../../../src/logger.ts";
import type { ApiCall, Person, Room, ShownMessage } from "../../../src/playground/chat-platform.ts";
import { startDiscordEmulator } from "../../../src/playground/discord/index.ts";
import type { FaultEffect } from "../../../src/playground/faults.ts";
import { startTelegramEmulator } from "../../../src/playground/telegram/index.ts";
import { Budgets } from "../../../src/reply/budget.ts";
import type { ChatBudget } from "../../../src/reply/chat-budget.ts";
import { Reply, type ReplyOptions } from "../../../src/reply/reply.ts";
import type { TurnMessage } from "../../../src/store/store.ts";
import { createManualClock, type ManualClock } from "../../support/manual-clock.ts";
import { read } from "../../support/reading.ts";
import type { Chat, PlatformName } from "../../support/world.ts";
import { inboxOf } from "../inbox.ts";
import { wire } from "./wire.ts";

/** A person's chat with the bot on an emulated platform, through the real adapter, in time that moves by hand. */
export interface TestChat {
  readonly emulator: Chat;
  readonly adapter: Adapter;
  readonly budgets: Budgets;
  readonly budget: ChatBudget;
  readonly clock: ManualClock;
  readonly person: Person;
  readonly room: Room;
  /** Where an answer to the person's message goes. */
  readonly target: Target;
  /** Calls that post or edit a message, oldest first. */
  calls(): readonly ApiCall[];
  /** Calls that show the bot as typing. */
  typings(): readonly ApiCall[];
  /** What the person reads, message by message. */
  texts(): readonly string[];
  messages(): readonly ShownMessage[];
  /** Resolves when the person's reading satisfies `condition`. */
  until(what: string, condition: (texts: readonly string[]) => boolean): Promise<void>;
  /** Hits posts or edits with a fault; see `FaultRule`. */
  fail(
    call: "post" | "edit" | "any",
    effect: FaultEffect,
    rule?: { readonly skip?: number; readonly times?: number },
  ): void;
  reply(options?: Partial<ReplyOptions>): TestReply;
}

export interface TestReply {
  readonly reply: Reply;
  readonly records: readonly TurnMessage[];
  readonly failures: readonly unknown[];
  /** Resolves with the first failure. */
  readonly failed: Promise<unknown>;
  readonly shutdown: AbortController;
}

/** Settings of the adapters that change how an answer is shown. */
export interface ShowingSettings {
  readonly streamMode?: "edit" | "draft";
  readonly finish?: "edit" | "fresh";
}

export async function openChat(name: PlatformName, settings: ShowingSettings = {}): Promise<TestChat> {
  // discord.js reads the time of rate limits from the global clock.
  vi.useFakeTimers({ toFake: ["Date"] });
  onTestFinished(() => void vi.useRealTimers());
  const manual = createManualClock();
  const clock = withGlobalTime(manual);
  const emulator = await (name === "telegram" ? startTelegramEmulator : startDiscordEmulator)({ clock, limits: "off" });
  const adapter = createAdapter(emulator, withoutTimeLimits(clock), settings);
  onTestFinished(async () => {
    await adapter.stop();
    await emulator.close();
  });
  const person = emulator.addPerson({ name: "Ann" });
  const room = emulator.privateRoom(person);
  const budgets = new Budgets(clock);
  adapter.observeRates?.((report) => budgets.report(report));
  const { target } = await firstEvent(adapter, () => emulator.say(person, room, "hello"));
  await adapter.stopReceiving();

  const { isMessageCall, isTypingCall, methods } = wire[name];
  const messages = () => emulator.botMessages(room);
  const texts = () => messages().map((message) => read(name, message).text);
  return {
    ...{ emulator, adapter, budgets, clock, person, room, target, messages, texts },
    budget: budgets.of(adapter, target),
    calls: () => emulator.calls.filter(isMessageCall),
    typings: () => emulator.calls.filter(isTypingCall),
    until: async (what, condition) => void (await emulator.until(what, () => condition(texts()))),
    fail: (call, effect, rule) => void emulator.faults.add({ method: methods[call], effect, ...rule }),
    reply: (options) => openReply({ adapter, target, budgets, clock, ...options }),
  };
}

/** Starts a reply whose first words are to be seen, and lets the distance to the next step go by. */
export async function begin(chat: TestChat, text = "one"): Promise<TestReply> {
  const started = chat.reply();
  started.reply.write(text);
  await chat.until("the first words", (texts) => texts.length === 1);
  await chat.clock.advance(2000);
  return started;
}

function openReply(
  options: Partial<ReplyOptions> & Pick<ReplyOptions, "adapter" | "target" | "budgets" | "clock">,
): TestReply {
  const records: TurnMessage[] = [];
  const failures: unknown[] = [];
  const shutdown = new AbortController();
  let onFailed: (error: unknown) => void = () => undefined;
  const failed = new Promise<unknown>((resolve) => {
    onFailed = resolve;
  });
  const reply = new Reply({
    id: "abcdefghijkl",
    signal: shutdown.signal,
    record: async (message) => void records.push(message),
    known: async () => [],
    onFailure: (error) => {
      failures.push(error);
      onFailed(error);
    },
    ...options,
  });
  return { reply, records, failures, failed, shutdown };
}

function createAdapter(
  emulator: Chat,
  clock: Clock,
  { streamMode = "edit", finish = "edit" }: ShowingSettings,
): Adapter {
  const logger = createLogger("silent");
  const { environment } = emulator;
  if (emulator.name === "telegram") {
    const { TELEGRAM_BOT_TOKEN = "", TELEGRAM_API_BASE = "" } = environment;
    return createTelegramAdapter({ token: TELEGRAM_BOT_TOKEN, apiBase: TELEGRAM_API_BASE, streamMode, logger, clock });
  }
  const { DISCORD_TOKEN = "", DISCORD_API_BASE = "" } = environment;
  return createDiscordAdapter({
    token: DISCORD_TOKEN,
    apiBase: DISCORD_API_BASE,
    messageContent: false,
    finish,
    logger,
    clock,
  });
}

function firstEvent(adapter: Adapter, provoke: () => void): Promise<MessageEvent> {
  return new Promise((resolve, reject) => {
    const accept = async (event: InboundEvent) => void (event.type === "message" && resolve(event));
    adapter.start(inboxOf(accept)).then(provoke, reject);
  });
}

/** Moves the global time along whenever someone looks at this one. */
function withGlobalTime(clock: ManualClock): ManualClock {
  const now = () => {
    vi.setSystemTime(clock.now());
    return clock.now();
  };
  now();
  return {
    ...clock,
    now,
    get pending() {
      return clock.pending;
    },
  };
}

/** Requests over local sockets are answered in real time, so their time limits mean nothing here. */
function withoutTimeLimits(clock: Clock): Clock {
  const shortestLimitMs = 15_000;
  return {
    now: clock.now,
    after: (delayMs, callback) => (delayMs >= shortestLimitMs ? () => undefined : clock.after(delayMs, callback)),
  };
}
