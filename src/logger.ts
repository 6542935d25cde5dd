import type { DestinationStream, Logger } from "pino";
import { pino } from "pino";
import { redact } from "./redact.ts";

export const logLevels = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;
export type LogLevel = (typeof logLevels)[number];

/**
 * A logger that writes JSON lines to stdout, or to `destination`. Errors belong under the key `err`. Nothing that looks
 * like a secret passes, in whatever field it stands: whole lines are redacted.
 */
export function createLogger(level: LogLevel, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: describeError },
    hooks: { streamWrite: redact },
  };
  return destination ? pino(options, destination) : pino(options);
}

/**
 * The fields of an error that tell what failed. SDK errors carry more, such as the request with the text of a person or
 * of an answer, which does not belong in a log.
 */
const toldFields = ["code", "status", "kind", "platform", "method", "endpoint", "logid", "retryAfterMs", "scope"];

/** An endless chain of causes ends here. */
const longestChain = 8;

function describeError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return error;
  const { name, message, stack, cause } = error;
  const fields = Object.entries(error).filter(([key, value]) => toldFields.includes(key) && value !== undefined);
  const nested = depth < longestChain;
  return {
    type: name,
    message,
    stack,
    ...Object.fromEntries(fields),
    ...(nested && cause !== undefined && { cause: describeError(cause, depth + 1) }),
    ...(nested && error instanceof AggregateError && { errors: error.errors.map((e) => describeError(e, depth + 1)) }),
  };
}
