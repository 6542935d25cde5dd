import { DiscordAPIError, HTTPError, RateLimitError, RESTJSONErrorCodes } from "discord.js";
import { ConfigError, PlatformError, type PlatformErrorCode, type PlatformErrorDetails } from "../../src/errors.ts";

const platform = "discord";

/** For a refusal that passes, where Discord does not say when. */
const REFUSED_RETRY_MS = 20_000;

/** For the page of the proxy in front of Discord that shuts the bot's address out, for minutes up to an hour. */
const SHUT_OUT_RETRY_MS = 60_000;

/** Error codes by https://docs.discord.com/developers/topics/opcodes-and-status-codes#json */
const codes: ReadonlyMap<number, PlatformErrorCode> = new Map<number, PlatformErrorCode>([
  [RESTJSONErrorCodes.UnknownChannel, "not-found"],
  [RESTJSONErrorCodes.UnknownGuild, "not-found"],
  [RESTJSONErrorCodes.UnknownMessage, "not-found"],
  [RESTJSONErrorCodes.UnknownWebhook, "not-found"],
  [RESTJSONErrorCodes.UnknownInteraction, "not-found"],
  [RESTJSONErrorCodes.InvalidWebhookToken, "not-found"],
  [RESTJSONErrorCodes.MissingAccess, "forbidden"],
  [RESTJSONErrorCodes.MissingPermissions, "forbidden"],
  [RESTJSONErrorCodes.CannotSendMessagesToThisUser, "forbidden"],
  [RESTJSONErrorCodes.InvalidActionOnArchivedThread, "forbidden"],
  [RESTJSONErrorCodes.ThreadLocked, "forbidden"],
  [RESTJSONErrorCodes.RequestEntityTooLarge, "too-long"],
  [RESTJSONErrorCodes.MaximumNumberOfEditsToMessagesOlderThanOneHourReached, "rate-limited"],
  [RESTJSONErrorCodes.ActionCannotBePerformedDueToSlowmodeRateLimit, "rate-limited"],
  [RESTJSONErrorCodes.ChannelWriteRateLimit, "rate-limited"],
  [RESTJSONErrorCodes.ServerWriteRateLimit, "rate-limited"],
  [RESTJSONErrorCodes.OpeningDirectMessagesTooFast, "rate-limited"],
  [RESTJSONErrorCodes.SendMessagesHasBeenTemporarilyDisabled, "rate-limited"],
  [RESTJSONErrorCodes.FeatureTemporarilyDisabledServerSide, "rate-limited"],
  [RESTJSONErrorCodes.ServiceResourceIsBeingRateLimited, "rate-limited"],
  [RESTJSONErrorCodes.APIResourceOverloaded, "rate-limited"],
  // What the server's rules block is this one text: others still go through.
  [RESTJSONErrorCodes.MessageWasBlockedByAutomaticModeration, "unknown"],
  [RESTJSONErrorCodes.MessageBlockedByHarmfulLinksFilter, "unknown"],
]);

/**
 * Any failure of a request in the core's words. `method` is the request with its ids left out, such as
 * `PATCH /channels/:id/messages/:id`. The cause is the SDK's error without the URL, which may hold an interaction's
 * token, and without the text that was to be sent.
 */
export function toPlatformError(error: unknown, method: string): PlatformError {
  if (error instanceof PlatformError) return error;
  const cause = withoutSecrets(error, method);
  const details = { platform, method, cause };
  if (cause instanceof RateLimitError) return rateLimited(cause, details);
  if (cause instanceof DiscordAPIError) return refused(cause, details);
  if (cause instanceof HTTPError) {
    const code = cause.status >= 500 ? "network" : "unknown";
    return new PlatformError(code, `Discord answered with HTTP ${cause.status}.`, { ...details, status: cause.status });
  }
  const reason = cause instanceof Error ? cause.message : "";
  const unanswered = cause instanceof Error && cause.name === "AbortError" ? "No answer from Discord in time." : reason;
  return new PlatformError("network", unanswered || "No answer from Discord.", details);
}

/** Discord's own number for what it refused: `10008`. */
export function discordCode(error: PlatformError): number | undefined {
  return error.cause instanceof DiscordAPIError ? Number(error.cause.code) : undefined;
}

/** Waits for a deletion. A message that is gone already is what was wanted. */
export async function succeedIfGone(deletion: Promise<unknown>): Promise<void> {
  try {
    await deletion;
  } catch (error) {
    if (!(error instanceof PlatformError) || discordCode(error) !== RESTJSONErrorCodes.UnknownMessage) throw error;
  }
}

/** `POST /webhooks/:id/:token` for the log: which request it was, without ids and tokens. */
export function methodOf(method: string, route: string): string {
  const pattern = route
    .replaceAll(/\/\d{5,}/g, "/:id")
    .replace(/^(\/(?:webhooks|interactions)\/[^/]+)\/[^/?]+/, "$1/:token")
    .replace("%40", "@")
    .replace(/\?.*$/, "");
  return `${method} ${pattern}`;
}

/** For a token that was never sent, because it fits in no header. */
export function unusableToken(method: string): PlatformError {
  return new PlatformError("forbidden", "The token holds characters that no Discord token has.", { platform, method });
}

export function refusedToken(cause?: unknown): ConfigError {
  return new ConfigError(
    [
      {
        variable: "DISCORD_TOKEN",
        problem: "Discord refused the token.",
        next: "Copy the bot's token from the Developer Portal (https://discord.com/developers/applications → your application → Bot → Reset Token).",
      },
    ],
    { cause },
  );
}

/** Discord closes the gateway with 4014 when an intent is asked for that the application has not switched on. */
export function refusedIntent(cause?: unknown): ConfigError {
  return new ConfigError(
    [
      {
        variable: "DISCORD_MESSAGE_CONTENT",
        problem: "Discord refused the Message Content intent (4014, disallowed intents).",
        next: "Switch it on in the Developer Portal → Bot → Privileged Gateway Intents → Message Content Intent, or set DISCORD_MESSAGE_CONTENT to false.",
      },
    ],
    { cause },
  );
}

/** The SDK's own refusal, after an answer that told it of a limit of the whole bot: nothing was sent, so there is no status. */
function rateLimited({ timeToReset, global }: RateLimitError, details: PlatformErrorDetails): PlatformError {
  return new PlatformError("rate-limited", "Discord's rate limit is reached; nothing was sent.", {
    ...details,
    retryAfterMs: Math.max(1, Math.ceil(timeToReset)),
    scope: global ? "bot" : "chat",
  });
}

function refused(error: DiscordAPIError, details: PlatformErrorDetails): PlatformError {
  const { status } = error;
  if (!isByDiscord(error.rawError)) return shutOut({ ...details, status });
  const code = codes.get(Number(error.code)) ?? byContent(error);
  return new PlatformError(code, `Discord refused the request: ${error.message} (${error.code})`, {
    ...details,
    status,
    ...(code === "rate-limited" && { retryAfterMs: retryAfterMs(error.rawError) }),
  });
}

/** The SDK leaves an answer that is no JSON, such as a proxy's page, as bytes. */
function isByDiscord(body: unknown): boolean {
  return !(body instanceof ArrayBuffer);
}

/** Cloudflare answers 413 to what is too large, and 403 when it has shut the address out, which says nothing about the chat. */
function shutOut(details: PlatformErrorDetails): PlatformError {
  const message = `The proxy in front of Discord refused the request with HTTP ${details.status}.`;
  if (details.status === 413) return new PlatformError("too-long", message, details);
  if (details.status !== 403) return new PlatformError("unknown", message, details);
  return new PlatformError("rate-limited", message, { ...details, retryAfterMs: SHUT_OUT_RETRY_MS, scope: "bot" });
}

function retryAfterMs(body: unknown): number {
  const { retry_after: seconds } = body as { retry_after?: unknown };
  return typeof seconds === "number" ? Math.ceil(seconds * 1_000) : REFUSED_RETRY_MS;
}

function byContent(error: DiscordAPIError): PlatformErrorCode {
  if (error.status === 401 || error.status === 403) return "forbidden";
  if (error.status === 404) return "not-found";
  const tooLong = error.code === RESTJSONErrorCodes.InvalidFormBodyOrContentType && hasTooLongContent(error.rawError);
  return tooLong ? "too-long" : "unknown";
}

/** `{ errors: { content: { _errors: [{ code: "BASE_TYPE_MAX_LENGTH" }] } } }` */
function hasTooLongContent(body: unknown): boolean {
  const { errors } = body as { errors?: { content?: { _errors?: readonly { code?: string }[] } } };
  return errors?.content?._errors?.some((problem) => problem.code === "BASE_TYPE_MAX_LENGTH") ?? false;
}

function withoutSecrets(error: unknown, method: string): unknown {
  if (error instanceof RateLimitError) return Object.assign(error, { url: method, majorParameter: "" });
  if (error instanceof DiscordAPIError || error instanceof HTTPError) {
    return Object.assign(error, { url: method, requestBody: {} });
  }
  return error;
}
