import {
  Client,
  DiscordjsErrorCodes,
  Events,
  GatewayCloseCodes,
  GatewayDispatchEvents,
  GatewayIntentBits,
  type GatewayInteractionCreateDispatchData,
  type GatewayMessageCreateDispatchData,
  type IShardingStrategy,
  Options,
  SimpleShardingStrategy,
} from "discord.js";
import type { AdapterLogger } from "../../src/adapter.ts";
import { type Clock, pause } from "../../src/clock.ts";
import type { ConfigError, PlatformError } from "../../src/errors.ts";
import { type DiscordAdapterConfig, isTransmissible } from "./config.ts";
import { refusedIntent, refusedToken, toPlatformError } from "./errors.ts";
import type { Directory } from "./inbound.ts";
import { restOptions } from "./rest.ts";

/** What arrives from the gateway, as it came. The listeners must not throw. */
export interface GatewayListener {
  onMessage(data: GatewayMessageCreateDispatchData, directory: Directory): void;
  onInteraction(data: GatewayInteractionCreateDispatchData): void;
}

/** The shards' manager of `@discordjs/ws`; discord.js has another class of that name. */
type ShardManager = ConstructorParameters<typeof SimpleShardingStrategy>[0];

export interface Gateway {
  readonly applicationId: string;
  close(): Promise<void>;
}

/** Longest wait for the session to begin; discord.js would try for ever to reach a gateway that is down. */
const CONNECT_TIMEOUT_MS = 60_000;

const CLOSE_TIMEOUT_MS = 5000;

/** Connects, and resolves when events arrive. Abort `signal` before `close`, and to give up connecting. */
export async function openGateway(
  config: DiscordAdapterConfig,
  listener: GatewayListener,
  signal: AbortSignal,
): Promise<Gateway> {
  if (!isTransmissible(config.token)) throw refusedToken();
  const client = createClient(config, signal);
  logConnection(client, config.logger);
  forwardEvents(client, listener);
  const settled = new AbortController();
  const ending = AbortSignal.any([signal, settled.signal]);
  const givenUp = pause(config.clock, CONNECT_TIMEOUT_MS, ending).then(() => Promise.reject(new Error("Gave up.")));
  try {
    await Promise.race([connected(client, config.token), givenUp]);
  } catch (error) {
    await end(client, config.clock);
    throw toStartError(error);
  } finally {
    settled.abort();
  }
  return { applicationId: client.application?.id ?? "", close: () => end(client, config.clock) };
}

/** discord.js never ends a client whose session is still being opened; nothing comes of it any more. */
async function end(client: Client, clock: Clock): Promise<void> {
  const ended = new AbortController();
  await Promise.race([client.destroy(), pause(clock, CLOSE_TIMEOUT_MS, ended.signal)]);
  ended.abort();
}

function createClient(config: DiscordAdapterConfig, signal: AbortSignal): Client {
  const { Guilds, GuildMessages, DirectMessages, MessageContent } = GatewayIntentBits;
  return new Client({
    intents: [Guilds, GuildMessages, DirectMessages, ...(config.messageContent ? [MessageContent] : [])],
    shards: "auto",
    rest: restOptions(config),
    ws: { buildStrategy: (manager) => stoppable(manager, signal) },
    // Messages are read from the wire as they come; none is kept in memory.
    makeCache: Options.cacheWithLimits({ ...Options.DefaultMakeCacheSettings, MessageManager: 0 }),
  });
}

/**
 * A shard that is destroyed while it waits to reconnect reconnects all the same. It asks for its session first, and after
 * the end gets no answer.
 */
function stoppable(manager: ShardManager, signal: AbortSignal): IShardingStrategy {
  const retrieve = manager.options.retrieveSessionInfo;
  manager.options.retrieveSessionInfo = (shard) => (signal.aborted ? new Promise(() => undefined) : retrieve(shard));
  return new SimpleShardingStrategy(manager);
}

async function connected(client: Client, token: string): Promise<void> {
  const ready = new Promise((resolve) => client.once(Events.ClientReady, resolve));
  await client.login(token);
  await ready;
}

function logConnection(client: Client, logger: AdapterLogger): void {
  /** Shards that are cut off: discord.js tries twice a second to get them back, which is worth one line. */
  const lost = new Set<number>();
  client.on(Events.ShardReady, (shard) => {
    lost.delete(shard);
    logger.info({ shard }, "Discord's gateway is connected");
  });
  client.on(Events.ShardReconnecting, (shard) => {
    if (!lost.has(shard)) logger.warn({ shard }, "Discord's gateway is reconnecting");
    lost.add(shard);
  });
  client.on(Events.ShardResume, (shard, replayed) => {
    lost.delete(shard);
    logger.info({ shard, replayed }, "Discord's gateway has resumed");
  });
  client.on(Events.ShardError, (err, shard) => logger.error({ shard, err }, "Discord's gateway failed"));
  client.on(Events.ShardDisconnect, ({ code }, shard) => {
    logger.error({ shard, code, reason: reasonOf(code) }, "Discord closed the gateway for good");
  });
  // Without a listener such an event would end the process.
  client.on(Events.Error, (err) => logger.error({ err }, "discord.js failed"));
}

function reasonOf(code: number): string | undefined {
  if (code === GatewayCloseCodes.AuthenticationFailed) return refusedToken().message;
  if (code === GatewayCloseCodes.DisallowedIntents) return refusedIntent().message;
  return GatewayCloseCodes[code];
}

/** The events as they are on the wire: they come whether or not discord.js knows the chat, and before it has read them. */
function forwardEvents(client: Client, listener: GatewayListener): void {
  client.ws.on(GatewayDispatchEvents.MessageCreate, (data: GatewayMessageCreateDispatchData) => {
    listener.onMessage(data, directoryOf(client));
  });
  client.ws.on(GatewayDispatchEvents.InteractionCreate, (data: GatewayInteractionCreateDispatchData) => {
    listener.onInteraction(data);
  });
}

function directoryOf(client: Client): Directory {
  const botId = client.user?.id ?? "";
  const roles = (guildId: string) => client.guilds.cache.get(guildId)?.roles;
  return {
    botId,
    channelName(channelId) {
      const channel = client.channels.cache.get(channelId);
      return channel && "name" in channel ? (channel.name ?? undefined) : undefined;
    },
    isThread: (channelId) => client.channels.cache.get(channelId)?.isThread() ?? false,
    roleName: (guildId, roleId) => roles(guildId)?.cache.get(roleId)?.name,
    botRoleId: (guildId) => roles(guildId)?.botRoleFor(botId)?.id,
  };
}

/** discord.js tells refused credentials and intents by the message of its error alone. */
function toStartError(error: unknown): ConfigError | PlatformError {
  const { message, code } = error as { message?: string; code?: unknown };
  if (code === DiscordjsErrorCodes.TokenInvalid || message === "Authentication failed") return refusedToken(error);
  if (message === "Used disallowed intents") return refusedIntent(error);
  return toPlatformError(error, "connect to the gateway");
}
