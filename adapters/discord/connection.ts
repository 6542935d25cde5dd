import type { Condition } from "../../src/adapter.ts";
import { pause } from "../../src/clock.ts";
import { ConfigError } from "../../src/errors.ts";
import type { CallLog } from "./call-log.ts";
import type { DiscordAdapterConfig } from "./config.ts";
import { type Gateway, type GatewayListener, openGateway } from "./gateway.ts";

/** A gateway that is opened anew whenever it is lost. */
export interface Connection {
  readonly applicationId: string;
  condition(): Condition;
  /** Abort the connection's signal before this. */
  close(): Promise<void>;
}

/** Waits before a lost gateway is opened anew, and again; the last one for as long as it takes. */
const REOPEN_DELAYS_MS = [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000];

/**
 * The wait where the operator has to change something. Discord resets the token of a bot that begins 1,000 sessions
 * in a day, refused ones among them: this leaves room for 720.
 */
const REFUSED_DELAY_MS = 120_000;

/** A gateway that lasted this long was sound: the waits begin anew. */
const SOUND_AFTER_MS = 60_000;

/** Connects for the first time, and resolves when events arrive; keeps connected from then on, until `signal`. */
export async function connect(
  config: DiscordAdapterConfig,
  calls: CallLog,
  listener: GatewayListener,
  signal: AbortSignal,
): Promise<Connection> {
  const open = () => openGateway(config, calls, listener, signal);
  return new GatewayKeeper(await open(), open, config, signal);
}

class GatewayKeeper implements Connection {
  readonly applicationId: string;
  readonly #open: () => Promise<Gateway>;
  readonly #config: DiscordAdapterConfig;
  readonly #signal: AbortSignal;
  readonly #kept: Promise<void>;
  #gateway: Gateway;
  /** Why there is no gateway at the moment. */
  #problem: string | undefined;
  /** Gateways in a row that were lost soon, or not even opened. */
  #failures = 0;

  constructor(gateway: Gateway, open: () => Promise<Gateway>, config: DiscordAdapterConfig, signal: AbortSignal) {
    this.applicationId = gateway.applicationId;
    this.#gateway = gateway;
    this.#open = open;
    this.#config = config;
    this.#signal = signal;
    this.#kept = this.#keep();
  }

  condition(): Condition {
    const condition = this.#gateway.condition();
    return this.#problem === undefined ? condition : { ...condition, isReceiving: false, problem: this.#problem };
  }

  async close(): Promise<void> {
    await this.#kept;
    await this.#gateway.close();
  }

  async #keep(): Promise<void> {
    const ended = new Promise<undefined>((resolve) => {
      if (this.#signal.aborted) resolve(undefined);
      this.#signal.addEventListener("abort", () => resolve(undefined), { once: true });
    });
    for (;;) {
      const { clock } = this.#config;
      const openedAt = clock.now();
      const problem = await Promise.race([this.#gateway.lost, ended]);
      if (problem === undefined) return;
      this.#problem = problem;
      if (clock.now() - openedAt >= SOUND_AFTER_MS) this.#failures = 0;
      await this.#gateway.close();
      const gateway = await this.#reopen();
      if (!gateway) return;
      this.#gateway = gateway;
      this.#problem = undefined;
    }
  }

  /** Nothing when the signal came first. */
  async #reopen(): Promise<Gateway | undefined> {
    const { clock, logger } = this.#config;
    let delayMs = this.#nextDelayMs();
    let logged: string | undefined;
    for (;;) {
      await pause(clock, delayMs, this.#signal);
      if (this.#signal.aborted) return undefined;
      try {
        return await this.#open();
      } catch (err) {
        if (this.#signal.aborted) return undefined;
        const { message } = err as Error;
        const isNews = message !== logged;
        logged = message;
        this.#problem = message;
        delayMs = err instanceof ConfigError ? REFUSED_DELAY_MS : this.#nextDelayMs();
        logger[isNews ? "error" : "debug"](
          { err, delayMs },
          "Discord's gateway can't be opened; it will be tried again",
        );
      }
    }
  }

  #nextDelayMs(): number {
    const delayMs = REOPEN_DELAYS_MS[Math.min(this.#failures, REOPEN_DELAYS_MS.length - 1)] ?? 0;
    this.#failures += 1;
    return delayMs;
  }
}
