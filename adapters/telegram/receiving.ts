import type { Update, User } from "grammy/types";
import { anySignal } from "../../src/abort.ts";
import type { Adapter, AdapterLogger, Identity } from "../../src/adapter.ts";
import type { Clock } from "../../src/clock.ts";
import type { BotApi, GrammySignal } from "./api.ts";
import type { Bundle } from "./bundles.ts";
import { toInboundEvent } from "./inbound.ts";
import { type PollingSetup, type Progress, poll } from "./polling.ts";
import { Reception, STALL_MS } from "./reception.ts";
import { StallWatch } from "./stall-watch.ts";

interface ReceiverConfig {
  readonly clock: Clock;
  readonly logger: AdapterLogger;
}

/** The people's side of the chats, as it comes from Telegram. */
export function createReceiver(
  botApi: BotApi,
  { clock, logger }: ReceiverConfig,
): Pick<Adapter, "start" | "stopReceiving" | "condition"> {
  const { api } = botApi;
  const reception = new Reception(clock);
  let stopping = new AbortController();
  let receiving = Promise.resolve();

  /** Ends the sign of waiting on a pressed button. Telegram sets no limit for it, and nothing depends on it. */
  function acknowledge({ callback_query: query }: Update): void {
    if (query === undefined) return;
    api.answerCallbackQuery(query.id).catch((err: unknown) => {
      logger.debug({ err }, "a press of a button could not be acknowledged");
    });
  }

  return {
    async start(inbox) {
      stopping = new AbortController();
      const { signal } = stopping;
      const me = await api.getMe(signal as GrammySignal);
      const toEvent = (bundle: Bundle) => toInboundEvent(bundle, me, clock.now());
      reception.fails("waiting for the first poll");
      receiving = receive({ botApi, clock, logger, inbox, reception, toEvent, acknowledge }, signal);
      logger.info({ bot: toIdentity(me).name }, "receiving from Telegram");
    },

    async stopReceiving() {
      stopping.abort();
      reception.fails("stopped");
      await receiving;
    },

    condition: () => reception.condition(),
  };
}

export function toIdentity(me: User): Identity {
  return { id: String(me.id), name: `@${me.username}` };
}

interface ReceivingSetup extends Omit<PollingSetup, "api" | "watch"> {
  readonly botApi: BotApi;
}

/**
 * Polls until `signal` is aborted, and anew over a fresh connection when a poll neither ends nor fails, or the inbox
 * takes an update and never says that it is stored. What was not stored is offered again then, while the first offer
 * may still be under way. Never rejects.
 */
async function receive(setup: ReceivingSetup, signal: AbortSignal): Promise<void> {
  const progress: Progress = { offset: 0, webhookRemoved: false, albums: new Set() };
  while (!signal.aborted) await receiveUntilStall(setup, progress, signal);
}

async function receiveUntilStall(setup: ReceivingSetup, progress: Progress, signal: AbortSignal): Promise<void> {
  const { botApi, clock, logger, reception } = setup;
  const connection = botApi.connect();
  const watch = new StallWatch(clock);
  const attempt = new AbortController();
  const { signal: either, release } = anySignal([signal, attempt.signal]);
  const ended = poll({ ...setup, api: connection.api, watch }, progress, either).then(() => undefined);
  const awaited = await Promise.race([ended, watch.stalled]);
  attempt.abort();
  watch.end();
  release();
  connection.close();
  if (awaited === undefined || signal.aborted) return;
  reception.fails(`stalled: waited for ${awaited} in vain`);
  logger.warn({ awaited, waitedMs: STALL_MS }, "receiving from Telegram has stalled; it starts anew");
}
