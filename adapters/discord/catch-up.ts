import type { AdapterLogger, Inbox, RecentChat } from "../../src/adapter.ts";
import { type Clock, pause } from "../../src/clock.ts";
import { PlatformError } from "../../src/errors.ts";
import { deliver } from "./delivery.ts";
import { idBefore, isNewer, type PageStart, readAfter, readPage } from "./history.ts";
import { type Directory, toMessageEvent } from "./inbound.ts";
import { newLifetime } from "./lifetime.ts";
import type { DiscordApi } from "./rest.ts";

/** Chats that are read at the same time, and how long each reader rests after one: the bot's 50 calls a second are for answers. */
const READERS = 2;
const REST_MS = 100;

/** How far back one chat is read: 1,000 messages. */
const PAGES = 10;

/** Waits before a page is asked for again. */
const RETRY_DELAYS_MS = [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 60_000];

/** Longest time that something new waits for what was said before it. */
const HOLD_MS = 5_000;

export interface CatchUpParts {
  readonly api: DiscordApi;
  readonly inbox: Inbox;
  readonly clock: Clock;
  readonly logger: AdapterLogger;
  /** Aborted when the adapter receives no more. */
  readonly signal: AbortSignal;
}

/** A chat whose history has to be read on from where the core left off. */
interface UnreadChat {
  readonly recent: RecentChat;
  readonly settled: Promise<void>;
  /** It was read, or can't be. */
  settle(): void;
}

/**
 * Reads from the channels' history what was said while no session told of it, and offers it, oldest first. A chat stays
 * unread until that is done: a new session reads on from the same message, whatever came in meanwhile.
 */
export class CatchUp {
  readonly #parts: CatchUpParts;
  readonly #unread = new Map<string, UnreadChat>();
  #noted: Promise<void> = Promise.resolve();
  #run = newLifetime();

  constructor(parts: CatchUpParts) {
    this.#parts = parts;
    parts.signal.addEventListener("abort", () => this.#run.abort(), { once: true });
  }

  /** A session begins: takes down where each chat stands, before anything that it tells is offered. */
  sessionBegan(): void {
    this.#run.abort();
    this.#run = newLifetime();
    if (!this.#parts.signal.aborted) this.#noted = this.#note();
  }

  /** Resolves when something new of this channel may be offered: after what was said before it. */
  async precede(channel: string): Promise<void> {
    await this.#noted;
    const chat = this.#unread.get(channel);
    if (!chat) return;
    const isSettled = newLifetime();
    await Promise.race([chat.settled, pause(this.#parts.clock, HOLD_MS, isSettled.signal)]);
    isSettled.abort();
  }

  /** Reads what is unread. It never rejects. */
  async read(directory: Directory): Promise<void> {
    const { signal } = this.#run;
    await this.#noted;
    const { clock, logger } = this.#parts;
    const chats = [...this.#unread.values()].sort((a, b) => b.recent.lastSentAt - a.recent.lastSentAt);
    const total = chats.length;
    let offered = 0;
    const reader = async () => {
      for (let chat = chats.shift(); chat && !signal.aborted; chat = chats.shift()) {
        offered += await this.#readChat(chat, directory, signal);
        if (chats.length > 0) await pause(clock, REST_MS, signal);
      }
    };
    await Promise.all(Array.from({ length: READERS }, reader));
    if (total > 0 && !signal.aborted)
      logger.info({ chats: total, messages: offered }, "what was said meanwhile was read");
  }

  async #note(): Promise<void> {
    try {
      for (const recent of await this.#parts.inbox.recentChats("discord")) {
        // What an earlier session left unread begins further back.
        if (!this.#unread.has(recent.chat.key)) this.#unread.set(recent.chat.key, unread(recent));
      }
    } catch (err) {
      this.#parts.logger.error({ err }, "what was said meanwhile can't be read: the chats are not known");
    }
  }

  /** Offers what was missed in a chat, and resolves with the number of messages. */
  async #readChat(chat: UnreadChat, directory: Directory, signal: AbortSignal): Promise<number> {
    const { inbox, logger } = this.#parts;
    const { key } = chat.recent.chat;
    let offered = 0;
    try {
      for (const message of await this.#missed(chat.recent, signal)) {
        const event = toMessageEvent(message, chat.recent.chat, directory);
        if (signal.aborted) return offered;
        if (!event) continue;
        await deliver(inbox, event, this.#parts);
        offered += 1;
      }
      if (!signal.aborted) this.#unread.delete(key);
    } catch (err) {
      if (signal.aborted) return offered;
      const isPassing = isUnanswered(err);
      if (!isPassing) this.#unread.delete(key);
      logger[isPassing ? "warn" : "debug"]({ chat: key, err }, "what was said meanwhile in a chat can't be read");
    }
    if (!signal.aborted) chat.settle();
    return offered;
  }

  #missed({ chat, lastId }: RecentChat, signal: AbortSignal) {
    const { api, inbox } = this.#parts;
    const oldest = idBefore(inbox.oldestWanted());
    const read = (start: PageStart) => this.#patiently(() => readPage(api, chat.key, start), signal);
    return readAfter(read, isNewer(oldest, lastId) ? oldest : lastId, PAGES);
  }

  async #patiently<T>(call: () => Promise<T>, signal: AbortSignal): Promise<T> {
    for (const delayMs of RETRY_DELAYS_MS) {
      try {
        return await call();
      } catch (error) {
        if (signal.aborted || !isUnanswered(error)) throw error;
        await pause(this.#parts.clock, Math.max(delayMs, error.retryAfterMs ?? 0), signal);
      }
    }
    return call();
  }
}

function unread(recent: RecentChat): UnreadChat {
  let settle: () => void = () => undefined;
  const settled = new Promise<void>((resolve) => {
    settle = resolve;
  });
  return { recent, settled, settle: () => settle() };
}

/** Whether the same call can bring an answer later. */
function isUnanswered(error: unknown): error is PlatformError {
  return error instanceof PlatformError && (error.code === "network" || error.code === "rate-limited");
}
