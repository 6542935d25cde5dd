import type { Api } from "grammy";
import type { Update } from "grammy/types";
import type { AdapterLogger, InboundEvent, Inbox } from "../../src/adapter.ts";
import { type Clock, pause } from "../../src/clock.ts";
import { PlatformError } from "../../src/errors.ts";
import { type GrammySignal, POLL_SECONDS } from "./api.ts";
import { isTokenRefused } from "./errors.ts";
import { handledUpdates } from "./inbound.ts";

export interface PollingSetup {
  readonly api: Api;
  readonly clock: Clock;
  readonly logger: AdapterLogger;
  readonly inbox: Inbox;
  readonly toEvent: (update: Update) => InboundEvent | undefined;
}

/**
 * Offers every update to the inbox, in order, until `signal` is aborted; nothing else ends it, and it never rejects.
 * Telegram forgets an update when a later one is asked for, so none is asked for before the inbox has taken it: what was
 * not taken comes again, also after a crash.
 */
export async function poll(setup: PollingSetup, signal: AbortSignal): Promise<void> {
  const progress: Progress = { offset: 0, webhookRemoved: false };
  let failures = 0;
  while (!signal.aborted) {
    try {
      await pollOnce(setup, progress, signal);
      if (failures > 0) setup.logger.info({ failures }, "receiving from Telegram again");
      failures = 0;
    } catch (error) {
      if (signal.aborted) return;
      failures += 1;
      if (isConflict(error)) progress.webhookRemoved = false;
      const waitMs = waitAfter(error, failures);
      report(setup.logger, error, waitMs);
      await pause(setup.clock, waitMs, signal);
    }
  }
}

interface Progress {
  /** The first update that the inbox has not taken yet; 0 is the oldest that Telegram holds. */
  offset: number;
  /** While a webhook is set Telegram refuses every poll. */
  webhookRemoved: boolean;
}

async function pollOnce({ api, ...setup }: PollingSetup, progress: Progress, signal: AbortSignal): Promise<void> {
  if (!progress.webhookRemoved) {
    await api.deleteWebhook({}, signal as GrammySignal);
    progress.webhookRemoved = true;
  }
  const request = { offset: progress.offset, timeout: POLL_SECONDS, limit: 100, allowed_updates: handledUpdates };
  const updates = await api.getUpdates(request, signal as GrammySignal);
  if (!isBatch(updates)) throw unreadable();
  for (const update of updates) {
    if (signal.aborted) return;
    const event = convert(update, setup);
    if (event !== undefined) await setup.inbox.accept(event);
    progress.offset = update.update_id + 1;
  }
}

/** An update without an id could never be passed, so a proxy's answer must not be taken for Telegram's. */
function isBatch(updates: unknown): boolean {
  return Array.isArray(updates) && updates.every((update) => Number.isSafeInteger(update?.update_id));
}

/** An update that can't be understood now never will be: holding on to it would block all that follow. */
function convert(
  update: Update,
  { toEvent, logger }: Pick<PollingSetup, "toEvent" | "logger">,
): InboundEvent | undefined {
  try {
    const event = toEvent(update);
    if (event === undefined) logger.debug({ updateId: update.update_id }, "skipped an update that needs no answer");
    return event;
  } catch (err) {
    logger.debug({ updateId: update.update_id, err }, "skipped an update that could not be understood");
    return undefined;
  }
}

function unreadable(): PlatformError {
  return new PlatformError("unknown", "the answer holds no list of updates", {
    platform: "telegram",
    method: "getUpdates",
  });
}

function isConflict(error: unknown): boolean {
  return error instanceof PlatformError && error.status === 409;
}

function waitAfter(error: unknown, failures: number): number {
  const doubling = 2 ** (failures - 1);
  if (isConflict(error)) return Math.min(60_000, 5000 * doubling);
  if (error instanceof PlatformError && isTokenRefused(error.status)) return 60_000;
  if (error instanceof PlatformError && error.retryAfterMs !== undefined) return Math.max(1000, error.retryAfterMs);
  return Math.min(30_000, 1000 * doubling);
}

function report(logger: AdapterLogger, err: unknown, waitMs: number): void {
  const fields = { err, waitMs };
  if (!(err instanceof PlatformError)) {
    logger.error(fields, "an update could not be stored; it will be asked for again");
  } else if (isConflict(err)) {
    logger.warn(fields, "another program receives this bot's messages: stop it, or give it a bot of its own");
  } else if (isTokenRefused(err.status)) {
    logger.error(fields, "Telegram refuses the bot token: set TELEGRAM_BOT_TOKEN to the one that @BotFather shows");
  } else {
    logger.warn(fields, "no messages from Telegram for the moment; trying again");
  }
}
