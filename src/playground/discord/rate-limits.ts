import { createHash } from "node:crypto";
import type { Clock } from "../../clock.ts";
import { cloudflareBanPage } from "./fault-effects.ts";
import { Refusal } from "./refusals.ts";

/**
 * Which limits are in force. Discord publishes no numbers; these are what was observed.
 *
 * - `A`: per channel 5 posts, 5 edits and 5 typings per 5 s each, 5 deletions per second; per interaction token 5 calls
 *   per 5 s; 50 calls per second in all, interactions left out.
 * - `B`: as `A`, but posts and edits share one bucket.
 * - `C`: as `A`, and messages older than an hour take 3 edits per 20 s in a channel.
 */
export type RateLimitProfile = "A" | "B" | "C";

interface Bucket {
  readonly name: string;
  /** As the headers name it. */
  readonly hash: string;
  readonly limit: number;
  readonly perMs: number;
}

interface Window {
  readonly startedAt: number;
  used: number;
}

type Headers = Readonly<Record<string, string>>;

const create = bucket("create-message", 5, 5_000);
const edit = bucket("edit-message", 5, 5_000);
const typing = bucket("typing", 5, 5_000);
const remove = bucket("delete-message", 5, 1_000);
const webhook = bucket("webhook", 5, 5_000);
const oldEdit: Bucket = { name: "edit-old-message", hash: edit.hash, limit: 3, perMs: 20_000 };
const global = bucket("global", 50, 1_000);

const oldMessageMs = 3_600_000;
/** 401, 403 and 429 answers in ten minutes after which Cloudflare answers instead of Discord. */
const invalidRequests = bucket("invalid", 10_000, 600_000);

/** Counts calls in fixed windows that start at their first call. */
export class RateLimits {
  readonly #clock: Clock;
  readonly #profile: RateLimitProfile | "off";
  readonly #windows = new Map<string, Window>();

  constructor(clock: Clock, profile: RateLimitProfile | "off") {
    this.#clock = clock;
    this.#profile = profile;
  }

  /** Invalid requests of the running ten minutes. */
  get invalidRequests(): number {
    return this.#window(invalidRequests, "").used;
  }

  /** Counts a call and returns the headers of its answer; throws when it is over a limit. */
  admit(method: string, parameters: Readonly<Record<string, unknown>>): Headers {
    if (this.#profile === "off") return {};
    if (this.invalidRequests >= invalidRequests.limit) {
      throw new Refusal({ status: 403, body: cloudflareBanPage });
    }
    if (!isInteractionCall(method)) this.#admitGlobally();
    const bucket = this.#bucketOf(method);
    if (!bucket) return {};
    const window = this.#window(bucket, majorParameter(parameters));
    if (window.used >= bucket.limit) throw this.#exceeded(bucket, window, {});
    window.used += 1;
    return this.#headers(bucket, window);
  }

  /** Counts an edit of a message that was sent at `createdAt`. */
  admitEdit(channelId: string, createdAt: number): void {
    if (this.#profile !== "C" || this.#clock.now() - createdAt < oldMessageMs) return;
    const window = this.#window(oldEdit, channelId);
    if (window.used >= oldEdit.limit) {
      const message = "Maximum number of edits to messages older than 1 hour reached. Try again later";
      throw this.#exceeded(oldEdit, window, { message, code: 30046 });
    }
    window.used += 1;
  }

  /** Counts an answer towards the ban, unless it says that the limit is shared with others. */
  countAnswer(status: number, headers: Headers): void {
    if (![401, 403, 429].includes(status) || headers["X-RateLimit-Scope"] === "shared") return;
    this.#window(invalidRequests, "").used += 1;
  }

  #admitGlobally(): void {
    const window = this.#window(global, "");
    if (window.used >= global.limit) {
      const seconds = this.#secondsLeft(global, window);
      throw tooMany(seconds, { global: true }, { "X-RateLimit-Global": "true", "X-RateLimit-Scope": "global" });
    }
    window.used += 1;
  }

  #bucketOf(method: string): Bucket | undefined {
    if (/^(POST|PATCH|DELETE) \/webhooks\//.test(method)) return webhook;
    switch (method) {
      case "POST /channels/:id/messages":
        return create;
      case "PATCH /channels/:id/messages/:id":
        return this.#profile === "B" ? create : edit;
      case "DELETE /channels/:id/messages/:id":
        return remove;
      case "POST /channels/:id/typing":
        return typing;
      default:
        return undefined;
    }
  }

  #window(bucket: Bucket, major: string): Window {
    const key = `${bucket.name}:${major}`;
    const known = this.#windows.get(key);
    const now = this.#clock.now();
    // A window without a call has not started.
    if (known && known.used > 0 && now - known.startedAt < bucket.perMs) return known;
    const fresh: Window = { startedAt: now, used: 0 };
    this.#windows.set(key, fresh);
    return fresh;
  }

  #secondsLeft(bucket: Bucket, window: Window): number {
    return Math.max(0, window.startedAt + bucket.perMs - this.#clock.now()) / 1_000;
  }

  #headers(bucket: Bucket, window: Window): Headers {
    return {
      "X-RateLimit-Limit": String(bucket.limit),
      "X-RateLimit-Remaining": String(bucket.limit - window.used),
      "X-RateLimit-Reset": ((window.startedAt + bucket.perMs) / 1_000).toFixed(3),
      "X-RateLimit-Reset-After": this.#secondsLeft(bucket, window).toFixed(3),
      "X-RateLimit-Bucket": bucket.hash,
    };
  }

  #exceeded(bucket: Bucket, window: Window, body: object): Refusal {
    const headers = { ...this.#headers(bucket, window), "X-RateLimit-Scope": "user" };
    return tooMany(this.#secondsLeft(bucket, window), { global: false, ...body }, headers);
  }
}

function tooMany(seconds: number, body: object, headers: Headers): Refusal {
  return new Refusal({
    status: 429,
    body: { message: "You are being rate limited.", retry_after: seconds, ...body },
    headers: { ...headers, "Retry-After": String(Math.ceil(seconds)) },
  });
}

function isInteractionCall(method: string): boolean {
  return / \/(interactions|webhooks)\//.test(method);
}

/** A limit counts by its top-level resource: the channel, or the interaction's token. */
function majorParameter(parameters: Readonly<Record<string, unknown>>): string {
  return String(parameters.channel_id ?? parameters.interaction_token ?? "");
}

function bucket(name: string, limit: number, perMs: number): Bucket {
  return { name, hash: createHash("md5").update(name).digest("hex"), limit, perMs };
}
