import { type RawFile, REST, type RESTOptions, RequestMethod } from "discord.js";
import type { RateReport } from "../../src/adapter.ts";
import { pause } from "../../src/clock.ts";
import type { PlatformError } from "../../src/errors.ts";
import type { CallLog } from "./call-log.ts";
import { type DiscordAdapterConfig, defaultApiBase, isTransmissible } from "./config.ts";
import { methodOf, toPlatformError, unusableToken } from "./errors.ts";
import { newLifetime } from "./lifetime.ts";
import type { Counted } from "./rate-limits.ts";
import { Wire } from "./wire.ts";

/** Discord's HTTP API. Every failure is a `PlatformError`. */
export interface DiscordApi {
  /** Makes one request and returns the parsed answer. */
  call(request: ApiRequest): Promise<unknown>;
  /** Calls `listener` with what the answers to `counts` requests tell of their limits. */
  observeRates(listener: (report: RateReport) => void): void;
  /** Gives up what is under way. */
  abort(): void;
}

export interface ApiRequest {
  readonly method: keyof typeof RequestMethod;
  readonly route: `/${string}`;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Sent beside the body as `files[0]`, `files[1]`, …. */
  readonly files?: readonly RawFile[];
  /** False for webhooks and interactions: their URL holds a token of its own. */
  readonly auth?: boolean;
  /** True when twice has the same effect as once, so that the request may be repeated when no answer came. */
  readonly repeatable?: boolean;
  /** Longest wait for the answer, its body included. Default 15 s, with files 60 s. */
  readonly timeoutMs?: number;
  /** The limit whose state the answer's headers tell. */
  readonly counts?: Counted;
}

/** Routes whose pace is the core's: what would wait in the SDK's queue is refused at once instead. */
const pacedRoutes = ["/channels", "/webhooks", "/interactions"];

const requestTimeoutMs = 15_000;
const uploadTimeoutMs = 60_000;

/** Waits before a repeatable request is made again. */
const repeatDelaysMs = [250, 1_000];

/** What discord.js needs to reach the API, here and in its gateway client. */
export function restOptions(
  config: Pick<DiscordAdapterConfig, "apiBase">,
  calls: CallLog,
): Pick<RESTOptions, "api" | "timeout" | "makeRequest"> {
  const api = (config.apiBase ?? defaultApiBase).replace(/\/+$/, "");
  return { api, timeout: requestTimeoutMs, makeRequest: calls.send };
}

export function createDiscordApi(config: DiscordAdapterConfig, calls: CallLog): DiscordApi {
  const wire = new Wire(calls.send);
  const rest = new REST({
    ...restOptions(config, calls),
    timeout: uploadTimeoutMs,
    // Left to itself the SDK repeats a failed request within milliseconds, whatever its effect,
    retries: 0,
    // holds requests in a queue, where a text grows old,
    rejectOnRateLimit: pacedRoutes,
    // and counts answers to interactions as if they were not exempt.
    globalRequestsPerSecond: Number.POSITIVE_INFINITY,
    makeRequest: wire.send,
  });
  let lifetime = newLifetime();

  async function attempt(
    request: ApiRequest,
    signal: AbortSignal,
    delaysMs: readonly number[],
    unanswered?: PlatformError,
  ): Promise<unknown> {
    const method = methodOf(RequestMethod[request.method], request.route);
    if (!isTransmissible(config.token)) throw unusableToken(method);
    try {
      const carried = {
        method,
        isPaced: pacedRoutes.some((start) => request.route.startsWith(start)),
        counts: request.counts,
      };
      return await wire.carry(carried, () => callOnce(rest, config, request, signal));
    } catch (error) {
      const failure = toPlatformError(error, method);
      const [delayMs, ...later] = delaysMs;
      // A refusal says nothing about an earlier attempt that was left without an answer.
      if (failure.code !== "network" || delayMs === undefined) throw unanswered ?? failure;
      await pause(config.clock, delayMs, signal);
      return attempt(request, signal, later, unanswered ?? failure);
    }
  }

  return {
    call: (request) => attempt(request, lifetime.signal, request.repeatable ? repeatDelaysMs : []),
    observeRates: (listener) => wire.observeRates(listener),
    abort() {
      lifetime.abort();
      lifetime = newLifetime();
      rest.clearHashSweeper();
      rest.clearHandlerSweeper();
    },
  };
}

async function callOnce(
  rest: REST,
  config: DiscordAdapterConfig,
  request: ApiRequest,
  lifetime: AbortSignal,
): Promise<unknown> {
  const controller = new AbortController();
  const giveUp = () => controller.abort();
  if (lifetime.aborted) giveUp();
  lifetime.addEventListener("abort", giveUp, { once: true });
  // The SDK's own timeout is one for all requests and ends with the headers of the answer; this one holds for the body too.
  const timeoutMs = request.timeoutMs ?? (request.files ? uploadTimeoutMs : requestTimeoutMs);
  const cancelTimeout = config.clock.after(timeoutMs, giveUp);
  // One answer of 401 makes the SDK forget the token for good.
  rest.setToken(config.token);
  try {
    return await rest.request({
      fullRoute: request.route,
      method: RequestMethod[request.method],
      body: request.body,
      ...(request.files && { files: [...request.files] }),
      query: new URLSearchParams(request.query),
      auth: request.auth ?? true,
      signal: controller.signal,
    });
  } finally {
    cancelTimeout();
    lifetime.removeEventListener("abort", giveUp);
  }
}
