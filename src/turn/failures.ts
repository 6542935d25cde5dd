import type { CozeErrorKind } from "../coze/errors.ts";
import { CozeError } from "../coze/errors.ts";
import { PlatformError, type PlatformErrorCode } from "../errors.ts";
import type { Words } from "../locale/en.ts";
import { AttachmentError, type AttachmentProblem } from "../preparation/attachment-error.ts";

/** How a turn can end without a complete answer. Stable: stored in the ledger and written to the log. */
export type FailureCode = keyof typeof failures;

interface Failure {
  /** What the person is told; absent when nothing can be said to them any more. */
  readonly sentence?: keyof Words;
  /** `error`: a mistake in the program. `warn`: worth a look when it repeats. `info`: an everyday end. */
  readonly level: "info" | "warn" | "error";
  /** True when asking the same once more may help: the person gets a button for it. */
  readonly retry?: true;
}

/** One row for every way to fail: what the person reads and how loud the log is. */
export const failures = {
  ERR_TURN_STOPPED: { sentence: "stoppedHere", level: "info" },
  ERR_TURN_EMPTY_MESSAGE: { sentence: "emptyMessage", level: "info" },
  ERR_TURN_RESTARTED: { sentence: "restarted", level: "warn", retry: true },
  ERR_TURN_TOO_OLD: { sentence: "tooOld", level: "warn", retry: true },
  ERR_TURN_TOO_MANY: { sentence: "tooMany", level: "warn" },
  ERR_TURN_TIMEOUT: { sentence: "timedOut", level: "warn", retry: true },
  ERR_TURN_TOOL_ROUNDS: { sentence: "toolRounds", level: "warn", retry: true },
  ERR_TURN_FILE_TOO_LARGE: { sentence: "fileTooLarge", level: "info" },
  ERR_TURN_FILE_TYPE: { sentence: "fileType", level: "info" },
  ERR_TURN_FILE_UNAVAILABLE: { sentence: "fileUnavailable", level: "warn", retry: true },
  ERR_TURN_VOICE_UNHEARD: { sentence: "voiceUnheard", level: "info" },
  ERR_TURN_VOICE_UNAVAILABLE: { sentence: "voiceUnavailable", level: "warn" },
  ERR_TURN_INSIDE: { sentence: "failedInside", level: "error", retry: true },
  ERR_COZE_EMPTY_ANSWER: { sentence: "emptyAnswer", level: "warn", retry: true },
  ERR_COZE_CANCELLED: { sentence: "cancelled", level: "warn", retry: true },
  ERR_COZE_AUTHENTICATION: { sentence: "failedAuthentication", level: "warn" },
  ERR_COZE_CONVERSATION_LOST: { sentence: "failedService", level: "warn", retry: true },
  ERR_COZE_BUSY: { sentence: "failedBusy", level: "warn", retry: true },
  ERR_COZE_QUOTA: { sentence: "failedQuota", level: "warn" },
  ERR_COZE_RATE_LIMITED: { sentence: "failedRateLimit", level: "warn", retry: true },
  ERR_COZE_AGENT_UNAVAILABLE: { sentence: "failedAgent", level: "warn" },
  ERR_COZE_REJECTED: { sentence: "failedRejected", level: "warn" },
  ERR_COZE_SERVICE: { sentence: "failedService", level: "warn", retry: true },
  ERR_COZE_INTERRUPTED: { sentence: "failedInterrupted", level: "warn", retry: true },
  ERR_COZE_NETWORK: { sentence: "failedNetwork", level: "warn", retry: true },
  ERR_PLATFORM_FORBIDDEN: { level: "warn" },
  ERR_PLATFORM_NOT_FOUND: { level: "warn" },
  ERR_PLATFORM_REFUSED: { level: "error" },
} as const satisfies Record<string, Failure>;

/** The sentence for a failure in the person's language, or `undefined` when there is nobody to tell. */
export function failureSentence(code: string, words: Words): string | undefined {
  if (!isFailureCode(code)) return words.failedInside;
  const failure: Failure = failures[code];
  return failure.sentence && words[failure.sentence];
}

/** Whether the person is offered to ask the same once more. */
export function isRetryable(code: FailureCode): boolean {
  return "retry" in failures[code];
}

/** The ledger's end state for a turn that failed so. */
export function endStateOf(code: FailureCode): "stopped" | "failed" {
  return code === "ERR_TURN_STOPPED" ? "stopped" : "failed";
}

/** What an error means for the turn in which it happened. */
export function failureOf(error: unknown): FailureCode {
  if (error instanceof CozeError) return cozeFailures[error.kind];
  if (error instanceof AttachmentError) return attachmentFailures[error.code];
  if (error instanceof PlatformError) return platformFailures[error.code] ?? "ERR_PLATFORM_REFUSED";
  return "ERR_TURN_INSIDE";
}

const cozeFailures: Record<CozeErrorKind, FailureCode> = {
  authentication: "ERR_COZE_AUTHENTICATION",
  "conversation-lost": "ERR_COZE_CONVERSATION_LOST",
  busy: "ERR_COZE_BUSY",
  quota: "ERR_COZE_QUOTA",
  "rate-limited": "ERR_COZE_RATE_LIMITED",
  "agent-unavailable": "ERR_COZE_AGENT_UNAVAILABLE",
  rejected: "ERR_COZE_REJECTED",
  service: "ERR_COZE_SERVICE",
  interrupted: "ERR_COZE_INTERRUPTED",
  network: "ERR_COZE_NETWORK",
};

const attachmentFailures: Record<AttachmentProblem, FailureCode> = {
  "too-large": "ERR_TURN_FILE_TOO_LARGE",
  type: "ERR_TURN_FILE_TYPE",
  unavailable: "ERR_TURN_FILE_UNAVAILABLE",
  unheard: "ERR_TURN_VOICE_UNHEARD",
  deaf: "ERR_TURN_VOICE_UNAVAILABLE",
};

const platformFailures: Partial<Record<PlatformErrorCode, FailureCode>> = {
  forbidden: "ERR_PLATFORM_FORBIDDEN",
  "not-found": "ERR_PLATFORM_NOT_FOUND",
};

function isFailureCode(code: string): code is FailureCode {
  return Object.hasOwn(failures, code);
}
