import { type Clock, pause } from "../clock.ts";
import { IdleTimeoutError } from "../coze/body-chunks.ts";
import { CozeError } from "../coze/errors.ts";
import { PlatformError } from "../errors.ts";
import { AttachmentError } from "./attachment-error.ts";

export interface TransferOptions {
  readonly clock: Clock;
  readonly logger: TransferLogger;
  readonly signal: AbortSignal;
}

/** The part of pino that is used here. */
export interface TransferLogger {
  warn(fields: object, message: string): void;
}

const MOST_ATTEMPTS = 3;
/** Doubled with the next failure. */
const FIRST_DELAY_MS = 1000;
/** A person waits: what the platform puts off for longer has failed. */
const LONGEST_DELAY_MS = 30_000;

/**
 * Sends one attachment from the platform to Coze, and once more from the beginning where the platform failed in a way
 * that passes; what Coze itself can repeat, its client repeats. Throws an `AttachmentError` or a `CozeError`.
 */
export async function transfer<T>(attempt: () => Promise<T>, { clock, logger, signal }: TransferOptions): Promise<T> {
  for (let failures = 0; ; failures += 1) {
    try {
      return await attempt();
    } catch (error) {
      signal.throwIfAborted();
      const err = meaningOf(error);
      const retryInMs = failures + 1 < MOST_ATTEMPTS ? delayAfter(err, FIRST_DELAY_MS * 2 ** failures) : undefined;
      if (retryInMs === undefined) throw err;
      logger.warn({ err, retryInMs }, "an attachment could not be fetched and is fetched again");
      await pause(clock, retryInMs, signal);
      signal.throwIfAborted();
    }
  }
}

/** Coze docs coze_error_codes: 4302 is a file that is too large, 4303 one of a type that is not taken; 413 is a proxy's. */
function meaningOf(error: unknown): unknown {
  if (error instanceof IdleTimeoutError) {
    return new AttachmentError("unavailable", "The attachment stopped coming.", { cause: error });
  }
  if (!(error instanceof CozeError)) return error;
  const { code, status, message } = error;
  if (code === 4302 || status === 413) return new AttachmentError("too-large", message, { cause: error });
  if (code === 4303) return new AttachmentError("type", message, { cause: error });
  return error;
}

/** Nothing when another attempt would fail as well. */
function delayAfter(error: unknown, usualMs: number): number | undefined {
  if (!(error instanceof AttachmentError) || error.code !== "unavailable") return undefined;
  const { cause } = error;
  if (cause instanceof IdleTimeoutError) return undefined;
  if (!(cause instanceof PlatformError) || cause.code === "network") return usualMs;
  const { code, retryAfterMs = usualMs } = cause;
  return code === "rate-limited" && retryAfterMs <= LONGEST_DELAY_MS ? retryAfterMs : undefined;
}
