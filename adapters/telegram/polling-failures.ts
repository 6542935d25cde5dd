import type { AdapterLogger } from "../../src/adapter.ts";
import { PlatformError } from "../../src/errors.ts";
import { isTokenRefused } from "./errors.ts";

/** Another program polls with the same token, or a webhook is set. */
export function isConflict(error: unknown): boolean {
  return error instanceof PlatformError && error.status === 409;
}

/** How long to wait after so many failures in a row, in milliseconds. */
export function waitAfter(error: unknown, failures: number): number {
  const doubling = 2 ** (failures - 1);
  if (isConflict(error)) return Math.min(60_000, 5000 * doubling);
  if (error instanceof PlatformError && isTokenRefused(error.status)) return 60_000;
  if (error instanceof PlatformError && error.retryAfterMs !== undefined) return Math.max(1000, error.retryAfterMs);
  return Math.min(30_000, 1000 * doubling);
}

/** The failure in a few words. */
export function problemOf(error: unknown): string {
  if (!(error instanceof PlatformError)) return "updates can't be stored";
  if (isConflict(error)) return "another program receives this bot's messages";
  if (isTokenRefused(error.status)) return "Telegram refuses the bot token";
  if (error.code === "rate-limited") return "Telegram limits how often it is asked";
  return error.status === undefined ? "no answer from Telegram" : `Telegram answers with status ${error.status}`;
}

export function report(logger: AdapterLogger, err: unknown, waitMs: number): void {
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
