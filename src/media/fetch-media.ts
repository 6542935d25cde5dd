import type { IncomingMessage } from "node:http";
import { type Clock, systemClock } from "../clock.ts";
import { type AddressRules, serverOf } from "./allowed-server.ts";
import { type ContentType, contentTypeOf } from "./content-type.ts";
import { extensionOf, givenName, nameFor } from "./file-name.ts";
import { MediaError } from "./media-error.ts";
import { get } from "./request.ts";
import { type Durations, limitTime, type TimeLimits } from "./time-limits.ts";

export interface MediaLimits extends Durations {
  /** The largest file, in bytes. */
  readonly maxBytes: number;
}

/** What a download asks of its surroundings. Without it: the system's names and clock, and the public internet alone. */
export interface MediaNetwork extends AddressRules {
  readonly clock?: Pick<Clock, "after">;
}

export interface FetchedMedia {
  readonly kind: ContentType["kind"];
  /** Safe for any file system, with the extension of its type. */
  readonly name: string;
  /** By what the bytes are, whatever the server or the name says. */
  readonly mimeType: string;
  readonly data: Uint8Array;
}

/**
 * Downloads the file that a link in an answer leads to. The link comes from a model or a plugin, so it is not trusted:
 * only servers on the public internet are called (see {@link serverOf}), also where a redirect or a name leads elsewhere;
 * no cookies, passwords or proxies go along; size and time are limited. Rejects with a `MediaError`, or with the reason
 * of `signal` when that aborts.
 */
export async function fetchMedia(
  url: string,
  limits: MediaLimits,
  signal: AbortSignal,
  network: MediaNetwork = {},
): Promise<FetchedMedia> {
  const time = limitTime(limits, network.clock ?? systemClock, signal);
  try {
    const { response, url: place } = await follow(url, network, time);
    const data = await bodyOf(response, limits.maxBytes, time);
    return asMedia(data, place, response.headers["content-disposition"]);
  } catch (error) {
    throw asMediaError(error, time.signal);
  } finally {
    time.release();
  }
}

const mostRedirects = 3;

async function follow(
  first: string,
  network: MediaNetwork,
  time: TimeLimits,
): Promise<{ readonly response: IncomingMessage; readonly url: URL }> {
  let url = parsed(first);
  for (let redirects = 0; redirects <= mostRedirects; redirects += 1) {
    const server = await unlessAborted(serverOf(url, network), time.signal);
    time.progress();
    const response = await get(url, server, time.signal);
    time.progress();
    const { statusCode = 0, headers } = response;
    if (statusCode === 200) return { response, url };
    response.destroy();
    if (!redirecting.has(statusCode) || headers.location === undefined) {
      throw new MediaError("refused", `${server.host} answered HTTP ${statusCode}.`, { status: statusCode });
    }
    url = parsed(headers.location, url);
  }
  throw new MediaError("too-many-redirects", `The link leads on more than ${mostRedirects} times.`);
}

const redirecting: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

function parsed(url: string, base?: URL): URL {
  if (!URL.canParse(url, base?.href)) throw new MediaError("bad-address", "The link is no valid address.");
  return new URL(url, base);
}

/** Looking up a name can't be ended, but nobody has to wait for it. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

async function bodyOf(response: IncomingMessage, maxBytes: number, time: TimeLimits): Promise<Buffer> {
  const told = Number(response.headers["content-length"] ?? 0);
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    if (told > maxBytes) throw tooLarge(maxBytes);
    for await (const chunk of response as AsyncIterable<Buffer>) {
      time.progress();
      size += chunk.length;
      if (size > maxBytes) throw tooLarge(maxBytes);
      chunks.push(chunk);
    }
  } finally {
    response.destroy();
  }
  return Buffer.concat(chunks, size);
}

function tooLarge(maxBytes: number): MediaError {
  return new MediaError("too-large", `The file is larger than ${maxBytes} bytes.`);
}

function asMedia(data: Buffer, url: URL, disposition: string | undefined): FetchedMedia {
  const given = givenName(url, disposition);
  const type = contentTypeOf(data, extensionOf(given));
  if (!type) throw new MediaError("not-media", "The link leads to no picture, sound, video or file of a known type.");
  return { kind: type.kind, name: nameFor(type, given), mimeType: type.mimeType, data };
}

function asMediaError(error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  if (error instanceof MediaError) return error;
  return new MediaError("unreachable", "The connection failed or broke before the file was whole.", { cause: error });
}
