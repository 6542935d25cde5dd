import type { Logger } from "pino";
import { createDiscordAdapter } from "../adapters/discord/index.ts";
import { createTelegramAdapter } from "../adapters/telegram/index.ts";
import type { Adapter, Inbox } from "./adapter.ts";
import { assemble } from "./assembly.ts";
import { pause, systemClock } from "./clock.ts";
import type { Config } from "./config/config.ts";
import type { Secrets } from "./config/secrets.ts";
import { ConfigError, PlatformError } from "./errors.ts";
import { type HealthServer, startHealthServer } from "./operation/health.ts";
import { askReadiness, type Phase } from "./operation/readiness.ts";
import { watchReception } from "./operation/reception-watch.ts";
import { keepPruned } from "./operation/retention.ts";
import type { Turn } from "./store/store.ts";

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
  const adapters = createAdapters(config, secrets, logger);
  const surroundings = { adapters, logger, ending: stopping.signal };
  const { bridge, store, metrics, notices, coze } = assemble(config, secrets, surroundings);
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
