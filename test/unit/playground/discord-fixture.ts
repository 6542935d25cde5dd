import { Client, GatewayIntentBits, Partials } from "discord.js";
import { onTestFinished } from "vitest";
import type { Clock } from "../../../src/clock.ts";
import {
  type DiscordEmulator,
  type DiscordEmulatorOptions,
  startDiscordEmulator,
} from "../../../src/playground/discord/index.ts";

/** An emulator that is closed when the test ends. */
export async function emulator(options: DiscordEmulatorOptions = {}): Promise<DiscordEmulator> {
  const discord = await startDiscordEmulator(options);
  onTestFinished(() => discord.close());
  return discord;
}

/** A discord.js client that is destroyed when the test ends, and not logged in yet. */
export function discordJsClient(discord: DiscordEmulator, extraIntents: readonly GatewayIntentBits[] = []): Client {
  const client = new Client({
    intents: [
      GatewayIntentBits.Guilds,
      GatewayIntentBits.GuildMessages,
      GatewayIntentBits.GuildMessageReactions,
      GatewayIntentBits.DirectMessages,
      GatewayIntentBits.DirectMessageReactions,
      ...extraIntents,
    ],
    partials: [Partials.Channel, Partials.Message, Partials.Reaction],
    rest: { api: discord.environment.DISCORD_API_BASE ?? "" },
  });
  onTestFinished(() => client.destroy());
  return client;
}

/** A discord.js client that is online. */
export async function onlineClient(
  discord: DiscordEmulator,
  extraIntents: readonly GatewayIntentBits[] = [],
): Promise<Client<true>> {
  const client = discordJsClient(discord, extraIntents);
  const ready = new Promise<Client<true>>((resolve) => client.once("clientReady", resolve));
  await client.login(discord.environment.DISCORD_TOKEN);
  return ready;
}

/** What the tests look at in a JSON answer; a list has it in its items. */
interface AnswerJson {
  readonly id: string;
  readonly content: string;
  readonly code: number;
  /** By field, of code 50035. */
  readonly errors: Readonly<Record<string, object>>;
  readonly [field: string]: unknown;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: AnswerJson & readonly AnswerJson[];
}

/** A call without an SDK, `POST /channels/1/messages`: as the bot, or with another or no authorization. */
export async function call(
  discord: DiscordEmulator,
  methodAndPath: string,
  body?: unknown,
  authorization: string | null = `Bot ${discord.environment.DISCORD_TOKEN}`,
): Promise<Answer> {
  const [method = "", path = ""] = methodAndPath.split(" ");
  const response = await fetch(`${discord.environment.DISCORD_API_BASE}/v10${path}`, {
    method,
    headers: {
      ...(authorization === null ? {} : { Authorization: authorization }),
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const json = response.headers.get("content-type")?.startsWith("application/json");
  return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : text };
}

export interface ManualClock extends Clock {
  /** Moves time and runs what falls due, in order. */
  advance(milliseconds: number): void;
  /** Resolves once something waits for this clock. */
  pending(): Promise<void>;
}

export function manualClock(start = Date.UTC(2026, 8, 1)): ManualClock {
  let now = start;
  const timers = new Set<{ readonly at: number; readonly callback: () => void }>();
  let onTimer: (() => void) | undefined;
  return {
    now: () => now,
    after(delayMs, callback) {
      const timer = { at: now + delayMs, callback };
      timers.add(timer);
      onTimer?.();
      return () => timers.delete(timer);
    },
    advance(milliseconds) {
      const end = now + milliseconds;
      for (;;) {
        const [next] = [...timers].filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at);
        if (!next) break;
        timers.delete(next);
        now = next.at;
        next.callback();
      }
      now = end;
    },
    pending() {
      if (timers.size > 0) return Promise.resolve();
      return new Promise((resolve) => {
        onTimer = resolve;
      });
    },
  };
}
