import type { CozeErrorKind } from "./errors.ts";

interface Meaning {
  readonly kind: CozeErrorKind;
  /** How often a call that was refused with this code, before its run began, may be repeated. Default 0. */
  readonly retries?: number;
}

/** Coze docs coze_error_codes; from six digits on, codes of flows and of the self-hosted server (coze-studio, errno). */
const CODES: Readonly<Record<number, Meaning>> = {
  // Bad parameter: the ids in the configuration are the only part that a caller chooses.
  4000: { kind: "agent-unavailable" },
  // Invalid chat.
  4001: { kind: "rejected" },
  // Invalid conversation, also another identity's.
  4002: { kind: "conversation-lost" },
  // Over a limit of meta_data, of additional_messages; invalid message.
  4003: { kind: "rejected" },
  4004: { kind: "rejected" },
  4005: { kind: "rejected" },
  // Invalid agent.
  4006: { kind: "agent-unavailable" },
  4007: { kind: "rejected" },
  // The user's daily limit.
  4008: { kind: "quota" },
  // The system is at capacity.
  4009: { kind: "rate-limited", retries: 3 },
  // The prompt is too long.
  4010: { kind: "rejected" },
  4011: { kind: "quota" },
  // Invalid model.
  4012: { kind: "agent-unavailable" },
  // The model's service failed; not a rate limit.
  4013: { kind: "service", retries: 3 },
  4014: { kind: "rejected" },
  // Not published to the API channel.
  4015: { kind: "agent-unavailable" },
  // The conversation already has a running chat.
  4016: { kind: "busy" },
  // Arrears on Volcano Engine.
  4019: { kind: "quota" },
  // The peak of requests per minute is exceeded.
  4020: { kind: "rate-limited", retries: 3 },
  4021: { kind: "agent-unavailable" },
  // The model account is in arrears.
  4022: { kind: "quota" },
  // The free quota is used up.
  4028: { kind: "quota" },
  4100: { kind: "authentication" },
  // No permission, or the token is incorrect.
  4101: { kind: "authentication" },
  // Risk control.
  4102: { kind: "rejected" },
  4104: { kind: "rejected" },
  // Sensitive content.
  4105: { kind: "rejected" },
  // Unknown resource, or an unpublished flow.
  4200: { kind: "agent-unavailable" },
  // Upload: no file, several, too big, of a type that is not taken, broken.
  4300: { kind: "rejected" },
  4301: { kind: "rejected" },
  4302: { kind: "rejected" },
  4303: { kind: "rejected" },
  4304: { kind: "rejected" },
  5000: { kind: "service", retries: 2 },
  // coze-studio: the flow is not published.
  6031: { kind: "agent-unavailable" },
  720702011: { kind: "agent-unavailable" },
  // coze-studio: not this token's agent or conversation; unknown conversation; unknown agent; unknown flow.
  103000001: { kind: "agent-unavailable" },
  103000002: { kind: "conversation-lost" },
  103100002: { kind: "agent-unavailable" },
  103200004: { kind: "agent-unavailable" },
  // coze-studio: unknown chat.
  103200003: { kind: "rejected" },
  // The access token is invalid.
  700012006: { kind: "authentication" },
  // CONVERSATION_NAME is not defined in the app.
  720702204: { kind: "agent-unavailable" },
};

/** These say in words alone which of several resources is missing or not the caller's. */
const CODES_OF_ANY_RESOURCE = [4200, 103000001, 777777775];
const LOST_CONVERSATION = /\bconversation(_id=\S*)?( does)? not (found|exist|match)|\buser not match/i;

/** A file that is unknown or another account's, or can't be taken: the person's doing, not the configuration's. */
const CODES_OF_ANY_PARAMETER = [4000, 4200];
const BAD_FILE = /\bfiles?(_id|_url)?\b/i;

/** What a failed call or run told. `code` is 0 when it told none. */
export interface ToldFailure {
  readonly code: number;
  readonly message: string;
  readonly status?: number;
}

export function kindOf({ code, message, status }: ToldFailure): CozeErrorKind {
  if (CODES_OF_ANY_RESOURCE.includes(code) && LOST_CONVERSATION.test(message)) return "conversation-lost";
  if (CODES_OF_ANY_PARAMETER.includes(code) && BAD_FILE.test(message)) return "rejected";
  return CODES[code]?.kind ?? kindOfStatus(status);
}

/**
 * How often a call that was answered with this failure may be repeated. The service documents no `Retry-After`, and
 * that a call was refused is certain only for its own codes and for what gateways answer in its place.
 */
export function retriesAfter({ code, status = 0 }: { code: number; status: number | undefined }): number {
  const known = CODES[code];
  if (known) return known.retries ?? 0;
  return [429, 502, 503, 504].includes(status) ? 3 : 0;
}

function kindOfStatus(status = 0): CozeErrorKind {
  if (status === 401 || status === 403) return "authentication";
  if (status === 429) return "rate-limited";
  if (status === 413) return "rejected";
  // Another address, another path, or a parameter that the self-hosted server refuses (HTTP 400 without a code of its own).
  if (status >= 300 && status < 500) return "agent-unavailable";
  return "service";
}
