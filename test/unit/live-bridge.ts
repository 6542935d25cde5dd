import { join } from "node:path";
import { onTestFinished } from "vitest";
import { createDiscordAdapter } from "../../adapters/discord/index.ts";
import { createTelegramAdapter } from "../../adapters/telegram/index.ts";
import type { Adapter, InboundEvent } from "../../src/adapter.ts";
import { Bridge, type BridgeOptions } from "../../src/bridge.ts";
import type { ButtonKind } from "../../src/buttons/offers.ts";
import { type Clock, systemClock } from "../../src/clock.ts";
import { Conversations } from "../../src/conversations/conversations.ts";
import { PastConversations } from "../../src/conversations/past-conversations.ts";
import type { CozeMode } from "../../src/coze/agent.ts";
import { createFixedToken, createJwtTokens } from "../../src/coze/auth.ts";
import { type CozeClient, createCozeClient } from "../../src/coze/client.ts";
import { parsePrivateKey } from "../../src/coze/private-key.ts";
import { createLogger } from "../../src/logger.ts";
import { fetchMedia } from "../../src/media/fetch-media.ts";
import type { TurnReport } from "../../src/operation/observer.ts";
import type { Person, Room } from "../../src/playground/chat-platform.ts";
import { type CozeEmulator, startCozeEmulator } from "../../src/playground/coze/index.ts";
import { Preparation } from "../../src/preparation/preparation.ts";
import { MEGABYTE } from "../../src/preparation/size-limit.ts";
import { Budgets } from "../../src/reply/budget.ts";
import { Slots } from "../../src/reply/slots.ts";
import { openSqliteStore } from "../../src/store/sqlite.ts";
import type { Store, Turn, TurnState } from "../../src/store/store.ts";
import type { DeclaredTools } from "../../src/tools/declared-tool.ts";
import { createTools } from "../../src/tools/tools.ts";
import { createFreshStart } from "../../src/turn/fresh-start.ts";
import { read } from "../support/reading.ts";
import { type Chat, type ModeName, type PlatformName, startChat } from "../support/world.ts";
import { inboxOf } from "./inbox.ts";
import { temporaryFolder } from "./temporary-folder.ts";

export interface LiveBridgeOptions {
  readonly platform: PlatformName;
  readonly mode?: ModeName;
  readonly scope?: BridgeOptions["rules"]["scope"];
  /** The bridge's own; the emulators and the Coze client go by real time. */
  readonly clock?: Clock;
  readonly turnTimeoutMs?: number;
  /** Default: none, so that a short answer is one call. */
  readonly buttons?: readonly ButtonKind[];
  readonly show?: Partial<BridgeOptions["show"]>;
  /** The silence after which a question starts a new conversation, in milliseconds. Default: none. */
  readonly idleMs?: number;
  readonly adminUsers?: ReadonlySet<string>;
  /** Default: none. */
  readonly tools?: DeclaredTools;
}

/** A bridge in this process, with its store in reach, between emulators on real sockets. */
export interface LiveBridge {
  readonly coze: CozeEmulator;
  readonly chat: Chat;
  readonly adapter: Adapter;
  readonly store: Store;
  readonly bridge: Bridge;
  readonly person: Person;
  readonly room: Room;
  readonly log: readonly Readonly<Record<string, unknown>>[];
  /** What the bridge told of turns that ended, and of errors that the operator may have to act on. */
  readonly reports: readonly TurnReport[];
  readonly troubles: readonly unknown[];
  /** The bridge accepts what people say from now on, or what `change` makes of it. */
  receive(change?: (event: InboundEvent) => InboundEvent): Promise<void>;
  /** Resolves when the bridge has accepted so many events. */
  accepted(count: number): Promise<void>;
  say(text: string): void;
  /** What the person reads of the bot, message by message. */
  texts(room?: Room): readonly string[];
  /** Resolves when the person reads exactly these messages. */
  reads(...texts: readonly string[]): Promise<void>;
  until(what: string, condition: (texts: readonly string[]) => boolean): Promise<void>;
  /** Resolves with the turn of a message that was accepted and not yet finished. */
  unfinishedTurn(): Promise<Turn>;
  /** Resolves when the log tells how a turn ended. */
  ended(count?: number): Promise<Readonly<Record<string, unknown>>>;
  state(turn: Turn): Promise<TurnState | undefined>;
}

export async function startLiveBridge(options: LiveBridgeOptions): Promise<LiveBridge> {
  const { platform, mode: modeName = "agent", scope = "chat-user", clock = systemClock } = options;
  const [coze, chat] = await Promise.all([startCozeEmulator(), startChat(platform)]);
  const log = new LogBook();
  const logger = createLogger("debug", log);
  const store = openSqliteStore(join(temporaryFolder(), "bridge.db"), { clock });
  const adapter = createAdapter(chat);
  const mode = modeOf(coze, modeName);
  const agent = createClient(coze, mode);
  const reports: TurnReport[] = [];
  const troubles: unknown[] = [];
  const conversations = new Conversations(agent, store, { mode, isIdentityShared: false });
  const bridge = new Bridge({
    ...{ adapters: [adapter], store, agent, clock, budgets: new Budgets(clock), slots: new Slots(4) },
    logger,
    conversations,
    rules: { base: coze.baseUrl, mode, scope },
    turnMaxAgeMs: 86_400_000,
    turnTimeoutMs: options.turnTimeoutMs ?? 900_000,
    show: { buttons: new Set(options.buttons ?? []), reasoning: "hidden", toolStatus: false, ...options.show },
    adminUsers: options.adminUsers ?? new Set(),
    past: new PastConversations(store, agent, createLogger("silent"), scope),
    observer: { turnEnded: (report) => void reports.push(report), textShown: () => undefined },
    contextOf: () => ({}),
    freshStart: createFreshStart({ store, conversations, logger, idleMs: options.idleMs }),
    preparation: new Preparation({ agent, store, fileParameters: {}, maxBytes: 50 * MEGABYTE, clock, logger }),
    fetchMedia: (url, limits, signal) => fetchMedia(url, limits, signal, { allowPrivate: () => true }),
    tools: createTools(options.tools ?? new Map(), { logger, clock }),
    onTrouble: (error) => void troubles.push(error),
  });
  onTestFinished(async () => {
    await Promise.all([coze.close(), adapter.stop()]);
    await bridge.stop(0);
    await Promise.all([chat.close(), store.close()]);
  });
  const person = chat.addPerson({ name: "Ann" });
  const room = chat.privateRoom(person);
  const arrivals = new Count();
  const texts = (where: Room = room) => chat.botMessages(where).map((message) => read(platform, message).text);
  const until = async (what: string, condition: (texts: readonly string[]) => boolean) =>
    void (await chat.until(what, () => condition(texts())));
  return {
    ...{ coze, chat, adapter, store, bridge, person, room, texts, until, reports, troubles, log: log.lines },
    receive: async (change = (event) => event) => {
      const accept = async (event: InboundEvent) => {
        await bridge.accept(change(event));
        arrivals.note();
      };
      await adapter.start(inboxOf(accept));
      await bridge.registerCommands(adapter);
    },
    accepted: (count) => arrivals.reach(count),
    say: (text) => void chat.say(person, room, text),
    reads: (...expected) => until(expected.join(" | "), (shown) => JSON.stringify(shown) === JSON.stringify(expected)),
    async unfinishedTurn() {
      const [turn] = await store.unfinishedTurns();
      if (!turn) throw new Error("every turn is finished");
      return turn;
    },
    ended: (count = 1) => log.turnEnded(count),
    state: async (turn) => (await store.turn(turn.id))?.state,
  };
}

export function modeOf({ catalog: { botId, workflowId, appId } }: CozeEmulator, kind: ModeName): CozeMode {
  if (kind === "agent") return { kind, botId };
  return kind === "chatflow-app" ? { kind, workflowId, appId } : { kind, workflowId, botId };
}

export function createClient(coze: CozeEmulator, mode: CozeMode, auth: "jwt" | "token" = "jwt"): CozeClient {
  const connection = { base: coze.baseUrl, idleTimeoutMs: 60_000, clock: systemClock };
  const { clientId, keyId: publicKeyId, privateKey } = coze.oauthApp;
  const app = { clientId, publicKeyId, privateKey: parsePrivateKey(privateKey) };
  const tokens = auth === "jwt" ? createJwtTokens({ ...connection, app }) : createFixedToken(coze.personalToken);
  return createCozeClient({ ...connection, mode, tokens });
}

function createAdapter(chat: Chat): Adapter {
  const shared = { logger: createLogger("silent"), clock: systemClock };
  const { environment } = chat;
  if (chat.name === "telegram") {
    const { TELEGRAM_BOT_TOKEN = "", TELEGRAM_API_BASE = "" } = environment;
    return createTelegramAdapter({ ...shared, token: TELEGRAM_BOT_TOKEN, apiBase: TELEGRAM_API_BASE });
  }
  const { DISCORD_TOKEN = "", DISCORD_API_BASE = "" } = environment;
  return createDiscordAdapter({ ...shared, token: DISCORD_TOKEN, apiBase: DISCORD_API_BASE, messageContent: false });
}

/** Wakes whoever waits for a number to be reached. */
class Count {
  #count = 0;
  #waiting: (() => void)[] = [];

  note(): void {
    this.#count += 1;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const look of waiting) look();
  }

  reach(count: number): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (this.#count >= count) resolve();
        else this.#waiting.push(look);
      };
      look();
    });
  }
}

/** Keeps the lines of the log. */
class LogBook {
  readonly lines: Readonly<Record<string, unknown>>[] = [];
  readonly #ended = new Count();

  write(text: string): void {
    const line = JSON.parse(text) as Readonly<Record<string, unknown>>;
    this.lines.push(line);
    if (line.msg === "turn ended") this.#ended.note();
  }

  /** Resolves with the line about the end of a turn, counted from 1. */
  async turnEnded(count: number): Promise<Readonly<Record<string, unknown>>> {
    await this.#ended.reach(count);
    return this.lines.filter(({ msg }) => msg === "turn ended")[count - 1] ?? {};
  }
}
