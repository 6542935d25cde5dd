import type { Logger } from "pino";
import { createDiscordAdapter } from "../adapters/discord/index.ts";
import { createTelegramAdapter } from "../adapters/telegram/index.ts";
import type { Adapter, Inbox } from "./adapter.ts";
import { Bridge } from "./bridge.ts";
import { pause, systemClock } from "./clock.ts";
import type { Config } from "./config/config.ts";
import type { Secrets } from "./config/secrets.ts";
import { Conversations } from "./conversations.ts";
import { createFixedToken, createJwtTokens, type TokenSource } from "./coze/auth.ts";
import { withBreaker } from "./coze/breaker.ts";
import { type CozeClient, type CozeClientOptions, createCozeClient } from "./coze/client.ts";
import { CozeRecord } from "./coze-record.ts";
import { ConfigError, PlatformError } from "./errors.ts";
import { type HealthServer, startHealthServer } from "./health.ts";
import { measured } from "./measured-store.ts";
import { createMetrics } from "./metrics.ts";
import { concernOf, OperatorNotices } from "./operator.ts";
import { operatorChat } from "./operator-chat.ts";
import { PastConversations } from "./past-conversations.ts";
import { askReadiness, type Phase } from "./readiness.ts";
import { watchReception } from "./reception-watch.ts";
import { Budgets } from "./reply/budget.ts";
import { keepPruned } from "./retention.ts";
import { openSqliteStore } from "./store/sqlite.ts";
import type { Turn } from "./store/store.ts";

/** The way to Coze that the configuration describes. */
export function createCoze(
  { coze: config }: Config,
  secrets: Secrets,
  logger: Logger,
  observer?: CozeClientOptions["observer"],
): { coze: CozeClient; tokens: TokenSource } {
  const { base, mode, auth, idleTimeoutMs } = config;
  const connection = { base, idleTimeoutMs, clock: systemClock, logger, ...(observer && { observer }) };
  const { cozePrivateKey, cozeToken = "" } = secrets;
  const tokens =
    auth.kind === "jwt" && cozePrivateKey
      ? createJwtTokens({
          ...connection,
          app: { clientId: auth.clientId, publicKeyId: auth.publicKeyId, privateKey: cozePrivateKey },
        })
      : createFixedToken(cozeToken);
  return { coze: createCozeClient({ ...connection, mode, tokens }), tokens };
}

/** An adapter for every platform that is on. */
export function createAdapters(config: Config, secrets: Secrets, logger: Logger): Adapter[] {
  const adapters: Adapter[] = [];
  const shared = { clock: systemClock, logger };
  if (config.telegram && secrets.telegramToken) {
    adapters.push(createTelegramAdapter({ ...shared, ...config.telegram, token: secrets.telegramToken }));
  }
  if (config.discord && secrets.discordToken) {
    adapters.push(createDiscordAdapter({ ...shared, ...config.discord, token: secrets.discordToken }));
  }
  return adapters;
}

export interface Running {
  /** Rejects when a platform can never be reached as configured (`ConfigError`, `PlatformError`). */
  readonly started: Promise<void>;
  /** Takes no more events, lets running turns end within the grace period, closes the store. */
  readonly stop: () => Promise<void>;
}

/** Wires the parts together and starts them. Throws a StoreError when the database can't be used. */
export function startBridge(config: Config, secrets: Secrets, logger: Logger): Running {
  const clock = systemClock;
  const stopping = new AbortController();
  const { bridge, adapters, store, metrics, notices, coze } = wire(config, secrets, logger, stopping.signal);
  let phase: Phase = "starting";
  let health: Promise<HealthServer> | undefined;
  const readiness = () => askReadiness({ phase: () => phase, store, adapters, coze, clock });
  const stopPruning = keepPruned({ store, clock, logger, days: config.retentionDays });
  const stopWatching = watchReception({ adapters, notices, clock });
  const start = async () => {
    if (config.health) health = startHealthServer({ ...config.health, readiness, metrics });
    await health;
    // Read before anything new can arrive: what is unfinished now was left by an earlier process.
    const owed = await store.unfinishedTurns();
    const startOne = async (adapter: Adapter) => {
      const started = startAdapter(adapter, bridge, logger, stopping.signal);
      const isOurs = (turn: Turn) => turn.platform === adapter.name;
      await Promise.all([started, bridge.recover(owed.filter(isOurs), started)]);
      if (!stopping.signal.aborted) await bridge.registerCommands(adapter);
    };
    await Promise.all(adapters.map(startOne));
    if (stopping.signal.aborted) return;
    phase = "running";
    logger.info({ mode: config.coze.mode.kind, platforms: adapters.map(({ name }) => name) }, "ready");
  };
  return {
    started: start(),
    stop: async () => {
      stopping.abort();
      phase = "stopping";
      stopPruning();
      stopWatching();
      await Promise.all(adapters.map((adapter) => adapter.stopReceiving()));
      const cut = () => Promise.all(adapters.map((adapter) => adapter.stop()));
      // A platform that does not answer would hold the turns, and with them the process, beyond the grace period.
      const cancel = clock.after(config.shutdownGraceMs, cut);
      await bridge.stop(config.shutdownGraceMs);
      cancel();
      await cut();
      // One that could not be opened has told so to whoever started the bridge.
      await health?.then(
        (server) => server.close(),
        () => undefined,
      );
      await store.close();
    },
  };
}

/** Puts the parts together; nothing runs yet. `ending` aborts what the operator would still be told. */
function wire(config: Config, secrets: Secrets, logger: Logger, ending: AbortSignal) {
  const clock = systemClock;
  const metrics = createMetrics();
  const record = new CozeRecord(clock, metrics);
  const agent = withBreaker(createCoze(config, secrets, logger, record).coze, { clock, logger });
  const adapters = createAdapters(config, secrets, logger);
  for (const adapter of adapters) adapter.observeCalls((call) => metrics.platformCall(adapter.name, call));
  const budgets = new Budgets(clock);
  const { adminChat } = config;
  const say = adminChat && operatorChat(adminChat, adapters, { budgets, clock, signal: ending });
  const notices = new OperatorNotices({ clock, logger, ...(say && { say }) });
  const file = openSqliteStore(config.databasePath, {
    clock,
    observer: {
      failed: (err) => notices.report("store", { err }),
      recovered: () => logger.info({}, "the database can be written again"),
    },
  });
  const store = measured(file, metrics);
  const { base, mode, auth } = config.coze;
  if (auth.kind === "token") logger.warn(sharedIdentityWarning);
  const { sessionNameSecret } = secrets;
  const bridge = new Bridge({
    ...{ adapters, store, logger, agent, clock, budgets, observer: metrics.observer },
    past: new PastConversations(store, agent, logger, config.conversationScope),
    conversations: new Conversations(agent, store, { mode, isIdentityShared: auth.kind === "token" }),
    rules: { base, mode, scope: config.conversationScope, ...(sessionNameSecret && { sessionNameSecret }) },
    buttons: config.buttons,
    adminUsers: config.adminUsers,
    turnMaxAgeMs: config.turnMaxAgeMs,
    turnTimeoutMs: config.coze.turnTimeoutMs,
    onTrouble(error, details) {
      const concern = concernOf(error);
      if (concern) notices.report(concern, { ...details, err: error });
    },
  });
  metrics.watch({ queue: () => bridge.depth, adapters });
  return { bridge, adapters, store, metrics, notices, coze: () => record.condition(agent.isOpen) };
}

const sharedIdentityWarning =
  "COZE_API_TOKEN is one identity for everyone: Coze does not keep the memory of different people apart. " +
  "Use it to try things out; set the COZE_JWT_OAUTH_ variables for real use.";

const tokenVariables: Readonly<Record<string, string>> = {
  telegram: "TELEGRAM_BOT_TOKEN",
  discord: "DISCORD_TOKEN",
};

/** What a platform's refusal of the bot means for the operator. */
export function refusedToken(adapter: Adapter, cause: PlatformError): ConfigError {
  const variable = tokenVariables[adapter.name] ?? adapter.name;
  const problem = `${adapter.name} refuses the bot: ${cause.message}.`;
  return new ConfigError([{ variable, problem, next: "Copy the bot's token again from where you made the bot." }], {
    cause,
  });
}

/** A platform that can't be reached is tried again until it can; a refusal is final. */
async function startAdapter(adapter: Adapter, inbox: Inbox, logger: Logger, signal: AbortSignal): Promise<void> {
  for (let attempt = 0; !signal.aborted; attempt += 1) {
    try {
      return await adapter.start(inbox);
    } catch (error) {
      if (!(error instanceof PlatformError)) throw error;
      if (error.code === "forbidden") throw refusedToken(adapter, error);
      if (error.code !== "network" && error.code !== "rate-limited") throw error;
      const waitMs = error.retryAfterMs ?? Math.min(1000 * 2 ** attempt, 30_000);
      logger.warn({ platform: adapter.name, waitMs, err: error }, "could not reach the platform, trying again");
      await pause(systemClock, waitMs, signal);
    }
  }
}
