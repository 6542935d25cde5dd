import type { Attachment } from "../../src/adapter.ts";
import type { Clock } from "../../src/clock.ts";
import { PlatformError } from "../../src/errors.ts";

const method = "GET attachment";

/** The hosts that serve what people upload. A URL elsewhere did not come from Discord and is not opened. */
const attachmentHosts = ["cdn.discordapp.com", "media.discordapp.net"];

/** A server that takes a request and then says nothing must not hold a question. */
const answerLimitMs = 30_000;

export interface AttachmentServers {
  /** A further place that may serve attachments, as local servers do. */
  readonly apiBase: string;
  readonly clock: Clock;
}

/** Opens an attachment. Its stream ends with `signal`, also when it has begun. */
export async function openAttachment(
  attachment: Attachment,
  { apiBase, clock }: AttachmentServers,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array>> {
  const { url } = attachment.address as { url: string };
  if (!isServed(url, apiBase)) throw failure("forbidden", "The attachment is not on a server of Discord.");
  const response = await request(url, clock, signal);
  if (response.ok && response.body) return response.body;
  await response.body?.cancel();
  if (response.status >= 500) throw failure("network", `The attachment's server answered HTTP ${response.status}.`);
  // An attachment's URL is signed for about a day; 403 and 404 are what it says afterwards.
  throw failure("not-found", `The attachment is gone (HTTP ${response.status}).`);
}

function isServed(url: string, apiBase: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, host, origin } = new URL(url);
  return (protocol === "https:" && attachmentHosts.includes(host)) || origin === new URL(apiBase).origin;
}

async function request(url: string, clock: Clock, signal: AbortSignal): Promise<Response> {
  const limit = new AbortController();
  const cancel = clock.after(answerLimitMs, () => limit.abort());
  try {
    return await fetch(url, { signal: AbortSignal.any([signal, limit.signal]), redirect: "error" });
  } catch (error) {
    if (signal.aborted) throw error;
    throw failure("network", "The attachment could not be fetched.", error);
  } finally {
    cancel();
  }
}

function failure(code: "forbidden" | "network" | "not-found", message: string, cause?: unknown): PlatformError {
  return new PlatformError(code, message, { platform: "discord", method, cause });
}
