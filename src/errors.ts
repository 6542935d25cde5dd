/**
 * What can go wrong between the bridge and a chat platform, in the only words the core understands. An adapter turns
 * every failure of its SDK into one of these; the SDK's own error is the `cause`.
 *
 * | code | meaning for the core |
 * |---|---|
 * | `rate-limited` | refused and not applied; try again after `retryAfterMs` |
 * | `not-found` | the message, chat or thread is gone; a new message may still reach the person |
 * | `forbidden` | the bot may not write here (blocked, kicked, no permission, unauthorized) |
 * | `too-long` | the text or a file is over the platform's limit |
 * | `network` | no answer came: the request may or may not have been applied |
 * | `unknown` | refused and not applied, for any other reason |
 */
export type PlatformErrorCode = "rate-limited" | "not-found" | "forbidden" | "too-long" | "network" | "unknown";

export interface PlatformErrorDetails {
  readonly platform: string;
  /** The platform's method that failed, for the log: `editMessageText`, `PATCH /channels/:id/messages/:id`. */
  readonly method: string;
  readonly cause?: unknown;
  /** HTTP status, when an answer came. */
  readonly status?: number;
  /** Only with `rate-limited`: how long nothing may be called, in milliseconds. */
  readonly retryAfterMs?: number;
  /** Only with `rate-limited`: what is limited. `bot` means every chat. Default `chat`. */
  readonly scope?: "chat" | "bot";
}

export class PlatformError extends Error {
  override readonly name = "PlatformError";
  readonly code: PlatformErrorCode;
  readonly platform: string;
  readonly method: string;
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;
  readonly scope: "chat" | "bot";

  /** `message` says what the platform said, and never holds a token or a URL with one. */
  constructor(code: PlatformErrorCode, message: string, details: PlatformErrorDetails) {
    super(message, { cause: details.cause });
    this.code = code;
    this.platform = details.platform;
    this.method = details.method;
    this.status = details.status;
    this.retryAfterMs = details.retryAfterMs;
    this.scope = details.scope ?? "chat";
  }
}

/** One thing that the operator must change. */
export interface ConfigProblem {
  /** The variable to change, or several joined by `, `. */
  readonly variable: string;
  /** What is wrong with it; never its value when it is a secret. */
  readonly problem: string;
  /** What to do about it. */
  readonly next: string;
}

/** The configuration can't work. Holds every problem that was found, not only the first. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[], options?: ErrorOptions) {
    super(problems.map((p) => `${p.variable}: ${p.problem} ${p.next}`).join("\n"), options);
    this.problems = problems;
  }
}
