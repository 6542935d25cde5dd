import type { ResponseLike } from "discord.js";
import type { RateReport } from "../../src/adapter.ts";
import { PlatformError } from "../../src/errors.ts";

/** Which limit a request counts against, in the core's words. */
export type Counted = Pick<RateReport, "budget" | "call">;

/** For a rate limit that came without a time. */
const DEFAULT_RETRY_MS = 1_000;

/** What an answer tells of its limit, or nothing when a header is missing. https://docs.discord.com/developers/topics/rate-limits */
export function rateReportOf(
  { headers, status }: Pick<ResponseLike, "headers" | "status">,
  counted: Counted,
): RateReport | undefined {
  const bucket = headers.get("X-RateLimit-Bucket");
  const limit = numberOf(headers.get("X-RateLimit-Limit"));
  const remaining = status === 429 ? 0 : numberOf(headers.get("X-RateLimit-Remaining"));
  const resetAfter = numberOf(headers.get("X-RateLimit-Reset-After"));
  if (bucket === null || limit === undefined || remaining === undefined || resetAfter === undefined) return undefined;
  return { ...counted, bucket, limit, remaining, resetAfterMs: milliseconds(resetAfter) };
}

/** The fields of a 429's body. */
export interface RateLimitBody {
  /** In seconds, with fractions. */
  readonly retry_after?: number;
  readonly global?: boolean;
  /** Of a limit that is not the bucket's, such as 30046: too many edits of one old message. */
  readonly code?: number;
}

/** Nothing when it is no JSON: then the answer is not Discord's but of Cloudflare before it. */
export async function rateLimitBodyOf(answer: ResponseLike): Promise<RateLimitBody | undefined> {
  const text = await answer.text();
  try {
    return JSON.parse(text) as RateLimitBody;
  } catch {
    return undefined;
  }
}

/** A 429 in the core's words: its time to the millisecond, from the body because `Retry-After` counts whole seconds. */
export function rateLimited(
  { headers }: Pick<ResponseLike, "headers">,
  body: RateLimitBody | undefined,
  method: string,
): PlatformError {
  const seconds = body?.retry_after ?? numberOf(headers.get("Retry-After"));
  const isGlobal = body?.global === true || headers.get("X-RateLimit-Scope") === "global";
  return new PlatformError("rate-limited", "Discord's rate limit is reached.", {
    platform: "discord",
    method,
    status: 429,
    retryAfterMs: seconds === undefined ? DEFAULT_RETRY_MS : milliseconds(seconds),
    // Cloudflare bans the address, and with it every chat.
    scope: isGlobal || body === undefined ? "bot" : "chat",
  });
}

function numberOf(header: string | null): number | undefined {
  const value = header === null || header === "" ? Number.NaN : Number(header);
  return Number.isFinite(value) ? value : undefined;
}

/** Rounded up, but for what the product adds to a number of seconds with three decimals. */
function milliseconds(seconds: number): number {
  return Math.max(0, Math.ceil(Number((seconds * 1_000).toFixed(3))));
}
