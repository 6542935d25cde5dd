import {
  Client,
  DiscordjsErrorCodes,
  Events,
  GatewayDispatchEvents,
  GatewayIntentBits,
  type GatewayInteractionCreateDispatchData,
  type GatewayMessageCreateDispatchData,
  type GatewayMessageDeleteBulkDispatchData,
  type GatewayMessageDeleteDispatchData,
  type GatewayMessageUpdateDispatchData,
  type IShardingStrategy,
  Options,
  SimpleShardingStrategy,
} from "discord.js";
import { anySignal } from "../../src/abort.ts";
import type { Condition } from "../../src/adapter.ts";
import { type Clock, pause } from "../../src/clock.ts";
import type { ConfigError, PlatformError } from "../../src/errors.ts";
import type { CallLog } from "./call-log.ts";
import { type DiscordAdapterConfig, isTransmissible } from "./config.ts";
import { refusedIntent, refusedToken, toPlatformError } from "./errors.ts";
import type { Directory } from "./inbound.ts";
import { newLifetime } from "./lifetime.ts";
import { restOptions } from "./rest.ts";
import { ShardWatch } from "./shard-watch.ts";

/** What arrives from the gateway, as it came. The listeners must not throw. */
export interface GatewayListener {
  /** A session begins, which tells nothing of what happened before it. A session that is resumed goes on. */
  onSession(): void;
  /** The session's servers are known. */
  onReady(directory: Directory): void;
  onMessage(data: GatewayMessageCreateDispatchData, directory: Directory): void;
  onEdit(data: GatewayMessageUpdateDispatchData, directory: Directory): void;
  onDeletion(channel: string, messages: readonly string[]): void;
  onInteraction(data: GatewayInteractionCreateDispatchData): void;
}

/** The shards' manager of `@discordjs/ws`; discord.js has another class of that name. */
type ShardManager = ConstructorParameters<typeof SimpleShardingStrategy>[0];

export interface Gateway {
  readonly applicationId: string;
  /** Resolves, with the reason in a few words, when nothing will arrive any more. */
  readonly lost: Promise<string>;
  condition(): Condition;
  close(): Promise<void>;
}

/** Longest wait for the session to begin; discord.js would try for ever to reach a gateway that is down. */
const CONNECT_TIMEOUT_MS = 60_000;

const UNREACHED = "Discord's gateway began no session within 60 seconds.";

const CLOSE_TIMEOUT_MS = 5000;

/** Connects, and resolves when events arrive. `signal` gives up connecting. */
export async function openGateway(
  config: DiscordAdapterConfig,
  calls: CallLog,
  listener: GatewayListener,
  signal: AbortSignal,
): Promise<Gateway> {
  if (!isTransmissible(config.token)) throw refusedToken();
  const ended = newLifetime();
  const client = createClient(config, calls, ended.signal);
  const watch = new ShardWatch(client, config);
  forwardEvents(client, listener);
  const close = () => {
    ended.abort();
    watch.end();
    return end(client, config.clock);
  };
  const settled = new AbortController();
  const waiting = anySignal([signal, settled.signal]);
  const givenUp = pause(config.clock, CONNECT_TIMEOUT_MS, waiting.signal).then(() =>
    Promise.reject(new Error(UNREACHED)),
  );
  try {
    await Promise.race([connected(client, config.token), givenUp]);
  } catch (error) {
    await close();
    throw toStartError(error);
  } finally {
    settled.abort();
    waiting.release();
  }
  return {
    applicationId: client.application?.id ?? "",
    lost: watch.lost,
    condition: () => watch.condition(),
    close,
  };
}

/** discord.js never ends a client whose session is still being opened; nothing comes of it any more. */
async function end(client: Client, clock: Clock): Promise<void> {
  const ended = new AbortController();
  await Promise.race([client.destroy(), pause(clock, CLOSE_TIMEOUT_MS, ended.signal)]);
  ended.abort();
}

function createClient(config: DiscordAdapterConfig, calls: CallLog, ended: AbortSignal): Client {
  const { Guilds, GuildMessages, DirectMessages, MessageContent } = GatewayIntentBits;
  return new Client({
    intents: [Guilds, GuildMessages, DirectMessages, ...(config.messageContent ? [MessageContent] : [])],
    shards: "auto",
    rest: restOptions(config, calls),
    ws: { buildStrategy: (manager) => stoppable(manager, ended) },
    // Messages are read from the wire as they come; none is kept in memory.
    makeCache: Options.cacheWithLimits({ ...Options.DefaultMakeCacheSettings, MessageManager: 0 }),
  });
}

/**
 * A shard that is destroyed while it waits to reconnect reconnects all the same. It asks for its session first, and after
 * the end gets no answer.
 */
function stoppable(manager: ShardManager, ended: AbortSignal): IShardingStrategy {
  const retrieve = manager.options.retrieveSessionInfo;
  manager.options.retrieveSessionInfo = (shard) => (ended.aborted ? new Promise(() => undefined) : retrieve(shard));
  return new SimpleShardingStrategy(manager);
}

async function connected(client: Client, token: string): Promise<void> {
  const ready = new Promise((resolve) => client.once(Events.ClientReady, resolve));
  await client.login(token);
  await ready;
}

/** The events as they are on the wire: they come whether or not discord.js knows the chat, and before it has read them. */
function forwardEvents(client: Client, listener: GatewayListener): void {
  const directory = () => directoryOf(client);
  client.on(Events.ShardReady, () => listener.onReady(directory()));
  client.ws.on(GatewayDispatchEvents.Ready, () => listener.onSession());
  client.ws.on(GatewayDispatchEvents.MessageCreate, (data: GatewayMessageCreateDispatchData) => {
    listener.onMessage(data, directory());
  });
  client.ws.on(GatewayDispatchEvents.MessageUpdate, (data: GatewayMessageUpdateDispatchData) => {
    listener.onEdit(data, directory());
  });
  client.ws.on(GatewayDispatchEvents.MessageDelete, (data: GatewayMessageDeleteDispatchData) => {
    listener.onDeletion(data.channel_id, [data.id]);
  });
  client.ws.on(GatewayDispatchEvents.MessageDeleteBulk, (data: GatewayMessageDeleteBulkDispatchData) => {
    listener.onDeletion(data.channel_id, data.ids);
  });
  client.ws.on(GatewayDispatchEvents.InteractionCreate, (data: GatewayInteractionCreateDispatchData) => {
    listener.onInteraction(data);
  });
}

function directoryOf(client: Client): Directory {
  const botId = client.user?.id ?? "";
  const servers = client.guilds.cache;
  return {
    botId,
    channelName(channelId) {
      const channel = client.channels.cache.get(channelId);
      return channel && "name" in channel ? (channel.name ?? undefined) : undefined;
    },
    isThread: (channelId) => client.channels.cache.get(channelId)?.isThread() ?? false,
    roleName: (roleId) => servers.find(({ roles }) => roles.cache.has(roleId))?.roles.cache.get(roleId)?.name,
    isBotRole: (roleId) => servers.some(({ roles }) => roles.botRoleFor(botId)?.id === roleId),
  };
}

/** discord.js tells refused credentials and intents by the message of its error alone. */
function toStartError(error: unknown): ConfigError | PlatformError {
  const { message, code } = error as { message?: string; code?: unknown };
  if (code === DiscordjsErrorCodes.TokenInvalid || message === "Authentication failed") return refusedToken(error);
  if (message === "Used disallowed intents") return refusedIntent(error);
  return toPlatformError(error, "connect to the gateway");
}
