import { HttpError } from "grammy";
import type { ApiError } from "grammy/types";
import { PlatformError, type PlatformErrorCode } from "../../src/errors.ts";

const platform = "telegram";

/** Only if a 429 does not tell its time: the usual penalty of an overloaded chat. */
const DEFAULT_PENALTY_MS = 30_000;

/**
 * Descriptions of status 400, as the Bot API server 10.0 words them. Upper-case names come from Telegram's core
 * (core.telegram.org/method/messages.sendMessage lists most).
 */
const descriptions: readonly (readonly [RegExp, PlatformErrorCode])[] = [
  [/(?:SLOWMODE|FLOOD|FLOOD_PREMIUM)_WAIT_\d|too many requests|slow ?mode/i, "rate-limited"],
  [/message is too long|MESSAGE_TOO_LONG|text is too long|caption is too long|file is too big/i, "too-long"],
  [/not enough rights|have no (?:write )?(?:rights|access)|need administrator rights|Logged out/i, "forbidden"],
  [/TOPIC_CLOSED|CHAT_RESTRICTED|CHAT_ADMIN_REQUIRED|PREMIUM_REQUIRED|CHANNEL_PRIVATE|_FORBIDDEN\b/, "forbidden"],
  [/USER_IS_BLOCKED|USER_IS_BOT|USER_BANNED_IN_CHANNEL|USER_NOT_PARTICIPANT|USER_DEACTIVATED/, "forbidden"],
  [/message to (?:edit|delete) not found|message can't be edited|there is no text in the message/i, "not-found"],
  [/MESSAGE_(?:ID_INVALID|AUTHOR_REQUIRED|EDIT_TIME_EXPIRED)/, "not-found"],
  [/chat not found|thread not found|upgraded to a supergroup|group chat was deactivated/i, "not-found"],
  [/TOPIC_DELETED|TOPIC_ID_INVALID|\b(?:PEER|CHAT|CHANNEL)_(?:ID_)?INVALID/, "not-found"],
  [/invalid file_id|wrong file_id/i, "not-found"],
];

/** Telegram answered "no". */
export function refused(method: string, answer: ApiError): PlatformError {
  const code = refusalCode(answer);
  const details = { platform, method, status: answer.error_code };
  if (code === "rate-limited") {
    return new PlatformError(code, answer.description, { ...details, retryAfterMs: penaltyMs(answer) });
  }
  const hint = code === "forbidden" && isTokenRefused(answer.error_code) ? " (is TELEGRAM_BOT_TOKEN right?)" : "";
  return new PlatformError(code, answer.description + hint, details);
}

/** No answer came, or none that can be read: an error page, a reset connection, a time limit. */
export function unanswered(method: string, error: unknown): PlatformError {
  const cause = withoutAddress(error);
  return new PlatformError("network", `no answer from Telegram: ${cause.message}`, { platform, method, cause });
}

/** The file server, which speaks no JSON, answered a download with this status. */
export function downloadRefused(status: number): PlatformError {
  const code = status >= 500 ? "network" : status === 404 ? "not-found" : status === 401 ? "forbidden" : "unknown";
  return new PlatformError(code, `the file could not be downloaded: HTTP ${status}`, {
    platform,
    method: "download",
    status,
  });
}

/** The edit was refused because the message already reads so. */
export function isNotModified(error: unknown): boolean {
  return error instanceof PlatformError && error.message.includes("message is not modified");
}

/** The message that was to be deleted is not there any more. */
export function isGone(error: unknown): boolean {
  return error instanceof PlatformError && /message to delete not found|MESSAGE_ID_INVALID/.test(error.message);
}

/**
 * The picture can't be a photo, but may be a document: too large, too narrow, in no known format (Bot API server 10.0;
 * names of Telegram's core as core.telegram.org/method/messages.sendMedia lists them).
 */
export function isRefusedAsPhoto(error: unknown): boolean {
  return isBadRequest(
    error,
    /too big for a photo|PHOTO_(?:INVALID|EXT_INVALID|SAVE_FILE_INVALID)|IMAGE_PROCESS_FAILED/,
  );
}

/** The person takes no voice messages, which is a setting of theirs; other files may reach them. */
export function isRefusedAsVoice(error: unknown): boolean {
  return isBadRequest(error, /VOICE_MESSAGES_FORBIDDEN/);
}

/** A Bot API server before 10.1: it knows no such method, or sees an edit without text. */
export function lacksRichMessages({ message }: PlatformError): boolean {
  return /method not found|message text is empty/.test(message);
}

function isBadRequest(error: unknown, description: RegExp): boolean {
  return error instanceof PlatformError && error.status === 400 && description.test(error.message);
}

/** 404 is what api.telegram.org says about a token that has not the form of one. */
export function isTokenRefused(status: number | undefined): boolean {
  return status === 401 || status === 404;
}

/** How long nothing may be called: a field tells it, or in older words the description alone (`SLOWMODE_WAIT_10`). */
function penaltyMs({ description, parameters }: ApiError): number {
  const seconds = parameters?.retry_after ?? Number(/(?:_WAIT_|retry after )(\d+)/i.exec(description)?.[1]);
  return Number.isFinite(seconds) ? seconds * 1000 : DEFAULT_PENALTY_MS;
}

function refusalCode({ error_code, description }: ApiError): PlatformErrorCode {
  if (error_code === 429 || error_code === 420) return "rate-limited";
  if (error_code >= 500) return "network";
  if (error_code === 413) return "too-long";
  if (/method not found/.test(description)) return "unknown";
  if (error_code === 403 || isTokenRefused(error_code)) return "forbidden";
  return descriptions.find(([pattern]) => pattern.test(description))?.[1] ?? "unknown";
}

/** Errors of HTTP clients name the address of the request, and a Bot API address holds the token. */
function withoutAddress(error: unknown): Error {
  const inner = error instanceof HttpError ? error.error : error;
  if (!(inner instanceof Error)) return new Error("unknown reason");
  const reasons = inner.cause instanceof Error ? [inner.message, inner.cause.message] : [inner.message];
  return new Error(reasons.join(": ").replaceAll(/\S+:\/\/\S+/g, "<address>"));
}
