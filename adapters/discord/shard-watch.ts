import { type Client, Events, GatewayCloseCodes, Status } from "discord.js";
import type { Condition } from "../../src/adapter.ts";
import type { DiscordAdapterConfig } from "./config.ts";
import { refusedIntent, refusedToken } from "./errors.ts";

/** For how long discord.js is left to get a shard back by itself; a session can't be resumed much later. */
const RECONNECT_WITHIN_MS = 3 * 60_000;

/** Two of the heartbeats that Discord asks for. */
const SILENT_AFTER_MS = 2 * 41_250;

/** The connections of one discord.js client, of which a large bot has several: logs what becomes of them. */
export class ShardWatch {
  /** Resolves, with the reason in a few words, when this client will not hear anything any more. */
  readonly lost: Promise<string>;
  readonly #client: Client;
  readonly #config: Pick<DiscordAdapterConfig, "clock" | "logger">;
  /** When a session began or went on, by shard. */
  readonly #joinedAt = new Map<number, number>();
  /** Shards that are cut off. The function takes back the end of their time to return. */
  readonly #cutOff = new Map<number, () => void>();
  #isEnded = false;
  #lose: (reason: string) => void = () => undefined;

  constructor(client: Client, config: Pick<DiscordAdapterConfig, "clock" | "logger">) {
    this.#client = client;
    this.#config = config;
    this.lost = new Promise((resolve) => {
      this.#lose = resolve;
    });
    this.#listen();
  }

  condition(): Condition {
    const shards = [...this.#client.ws.shards.values()];
    const heardAt = Math.min(...shards.map((shard) => this.#heardAt(shard)));
    const heard = Number.isFinite(heardAt) ? { heardAt } : {};
    if (shards.length === 0 || shards.some(({ status }) => status !== Status.Ready)) {
      return { ...heard, isReceiving: false, problem: "The gateway is reconnecting." };
    }
    const isSilent = this.#config.clock.now() - heardAt > SILENT_AFTER_MS;
    if (isSilent) return { ...heard, isReceiving: false, problem: "The gateway answers no heartbeats." };
    return { ...heard, isReceiving: true };
  }

  /** Leaves no timer, and takes no notice of how the client ends. */
  end(): void {
    this.#isEnded = true;
    for (const cancel of this.#cutOff.values()) cancel();
    this.#cutOff.clear();
  }

  /** discord.js keeps when the last answered heartbeat was sent, and after how long the answer came. */
  #heardAt({ id, lastPingTimestamp, ping }: { id: number; lastPingTimestamp: number; ping: number }): number {
    const joinedAt = this.#joinedAt.get(id) ?? Number.POSITIVE_INFINITY;
    return lastPingTimestamp < 0 ? joinedAt : Math.max(joinedAt, lastPingTimestamp + ping);
  }

  #listen(): void {
    const { logger } = this.#config;
    this.#client.on(Events.ShardReady, (shard) => {
      this.#joined(shard);
      logger.info({ shard }, "Discord's gateway is connected");
    });
    this.#client.on(Events.ShardResume, (shard, replayed) => {
      this.#joined(shard);
      logger.info({ shard, replayed }, "Discord's gateway has resumed");
    });
    this.#client.on(Events.ShardReconnecting, (shard) => this.#cut(shard));
    this.#client.on(Events.ShardError, (err, shard) => {
      logger[this.#levelOf(shard)]({ shard, err }, "Discord's gateway failed");
    });
    this.#client.on(Events.ShardDisconnect, ({ code }, shard) => {
      logger[this.#levelOf(shard)]({ shard, code, reason: whatToDo(code) }, "Discord closed the gateway for good");
      this.#lose(`Discord closed the gateway for good: ${GatewayCloseCodes[code] ?? "unknown"} (${code}).`);
    });
    // Without a listener such an event would end the process.
    this.#client.on(Events.Error, (err) => logger.error({ err }, "discord.js failed"));
  }

  /**
   * A failure is told once: of a shard that is cut off discord.js tells twice a second, and whoever opens the gateway
   * is told by a rejection.
   */
  #levelOf(shard: number): "debug" | "error" {
    return this.#joinedAt.has(shard) && !this.#cutOff.has(shard) ? "error" : "debug";
  }

  #joined(shard: number): void {
    this.#joinedAt.set(shard, this.#config.clock.now());
    this.#cutOff.get(shard)?.();
    this.#cutOff.delete(shard);
  }

  #cut(shard: number): void {
    if (this.#isEnded || this.#cutOff.has(shard)) return;
    const { clock, logger } = this.#config;
    logger.warn({ shard }, "Discord's gateway is reconnecting");
    const giveUp = () => {
      logger.error({ shard }, "Discord's gateway did not come back; it is opened anew");
      this.#lose("The gateway did not come back.");
    };
    this.#cutOff.set(shard, clock.after(RECONNECT_WITHIN_MS, giveUp));
  }
}

function whatToDo(code: number): string | undefined {
  if (code === GatewayCloseCodes.AuthenticationFailed) return refusedToken().message;
  if (code === GatewayCloseCodes.DisallowedIntents) return refusedIntent().message;
  return GatewayCloseCodes[code];
}
