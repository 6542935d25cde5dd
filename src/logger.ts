import type { DestinationStream, Logger } from "pino";
import { pino } from "pino";
import { redact } from "./redact.ts";

export const logLevels = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;
export type LogLevel = (typeof logLevels)[number];

/**
 * A logger that writes JSON lines to stdout, or to `destination`. Errors belong under the key `err`; wherever they stand,
 * only what tells the failure is written of them. Nothing that looks like a secret passes, in whatever field it stands:
 * whole lines are redacted.
 */
export function createLogger(level: LogLevel, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }), log: describeFields },
    // In place of pino's own, which would add every field of an error again.
    serializers: { err: describe },
    hooks: { streamWrite: redact },
  };
  return destination ? pino(options, destination) : pino(options);
}

function describeFields(fields: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, describe(value)]));
}

/** An endless chain of causes ends here. */
const longestChain = 8;

function describe(value: unknown, depth = 0): unknown {
  if (Array.isArray(value)) return value.map((item) => describe(item, depth));
  return value instanceof Error ? describeError(value, depth) : value;
}

/**
 * The fields of an error that tell what failed. SDK errors carry more, such as the request with the text of a person or
 * of an answer, which does not belong in a log.
 */
const toldFields = ["code", "status", "kind", "platform", "method", "endpoint", "logid", "retryAfterMs", "scope"];

function describeError(error: Error, depth: number): object {
  const { name, message, stack, cause } = error;
  const fields = Object.entries(error).filter(([key, value]) => toldFields.includes(key) && value !== undefined);
  const nested = depth < longestChain;
  return {
    type: name,
    message,
    stack,
    ...Object.fromEntries(fields),
    ...(nested && cause !== undefined && { cause: describe(cause, depth + 1) }),
    ...(nested && error instanceof AggregateError && { errors: describe(error.errors, depth + 1) }),
  };
}
