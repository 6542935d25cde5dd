import type { Clock } from "../clock.ts";
import type { CallObserver } from "./call-observer.ts";
import { CozeError } from "./errors.ts";
import { SilenceLimit } from "./silence-limit.ts";
import { StreamedBody, type StreamedContent } from "./streamed-body.ts";

/** How Coze is reached. */
export interface Connection {
  /** `https://api.coze.cn`, with or without a slash at its end. */
  readonly base: string;
  readonly clock: Clock;
  /** The longest silence, in milliseconds: until an answer begins, and then between any two pieces of it. */
  readonly idleTimeoutMs: number;
  /** Default: the global one. */
  readonly fetch?: typeof globalThis.fetch;
  readonly observer?: CallObserver;
}

export interface ApiRequest {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: object;
  /** Sent as it is, in place of `body`. */
  readonly content?: StreamedContent;
}

/** Method and path: how a request is named in errors and logs. */
export function endpointOf({ method, path }: ApiRequest): string {
  return `${method} ${path}`;
}

/**
 * Sends a request and resolves with the answer's head, whatever its status. Throws a `CozeError` of the kind `network`
 * when no answer came, the reason of `signal`, or what the source of the content failed with. Redirects are not followed:
 * the token is for this host alone.
 */
export async function send(
  connection: Connection,
  request: ApiRequest,
  token: string,
  signal: AbortSignal,
): Promise<Response> {
  signal.throwIfAborted();
  const endpoint = endpointOf(request);
  assertToken(token, endpoint);
  const limit = new SilenceLimit({ ...connection, signal });
  const streamed = request.content && new StreamedBody(request.content, limit);
  try {
    limit.begin();
    const body = streamed ? await streamed.open() : jsonOf(request);
    const fetch = connection.fetch ?? globalThis.fetch;
    return await fetch(addressOf(connection.base, request), {
      method: request.method,
      headers: headersOf(request, token),
      body,
      duplex: "half",
      ...(streamed ? sentOnce : { redirect: "manual" }),
      signal: limit.signal,
    });
  } catch (error) {
    const isLate = limit.isExceeded;
    limit.abort();
    streamed?.close();
    signal.throwIfAborted();
    if (streamed?.failure) throw streamed.failure.error;
    if (!isLate) throw connectionError(error, endpoint);
    throw new CozeError(`No answer within ${connection.idleTimeoutMs} ms.`, { kind: "network", endpoint });
  } finally {
    limit.release();
  }
}

/**
 * Without both, `fetch` keeps a copy of the body to send it once more, and with it all of a file in memory (WHATWG Fetch,
 * HTTP-network-or-cache fetch, step 8: httpRequest is a clone).
 */
const sentOnce = { redirect: "error", window: null } as const;

/** Whether the connection failed before anything was sent, so that the request can't have been applied. */
export function wasNeverSent({ cause }: CozeError): boolean {
  return cause instanceof Error && "code" in cause && NOTHING_SENT.includes(String(cause.code));
}

const NOTHING_SENT = [
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
];

/** A header can't carry every character, and the error that `fetch` throws then may quote the token. */
function assertToken(token: string, endpoint: string): void {
  if (/^[\x21-\x7e]+$/.test(token)) return;
  throw new CozeError("The access token holds a character that no token has.", { kind: "authentication", endpoint });
}

function addressOf(base: string, { path, query }: ApiRequest): URL {
  const address = new URL(base.replace(/\/+$/, "") + path);
  for (const [name, value] of Object.entries(query ?? {})) address.searchParams.set(name, value);
  return address;
}

function headersOf({ body, content }: ApiRequest, token: string): Record<string, string> {
  return {
    Authorization: `Bearer ${token}`,
    Accept: "text/event-stream, application/json, */*",
    "User-Agent": "coze-bridge",
    ...(body && { "Content-Type": "application/json" }),
    ...(content && { "Content-Type": content.type }),
    ...(content?.length !== undefined && { "Content-Length": String(content.length) }),
  };
}

function jsonOf({ body }: ApiRequest): string | null {
  return body === undefined ? null : JSON.stringify(body);
}

/** `fetch` says "fetch failed"; why is in its cause. */
function connectionError(error: unknown, endpoint: string): CozeError {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "no reason given";
  return new CozeError(`No connection: ${code}.`, { kind: "network", endpoint, cause });
}
