import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { type Clock, pause } from "../../clock.ts";
import type { ApiCall } from "../chat-platform.ts";
import type { FaultEffect, FaultPlan } from "../faults.ts";
import type { Files } from "./files.ts";

export interface CdnOptions {
  readonly clock: Clock;
  readonly files: Files;
  readonly faults: FaultPlan;
  readonly record: (call: ApiCall) => void;
}

interface Download {
  readonly status: number;
  readonly type: string;
  readonly body: string | Uint8Array;
}

/** The name of a download in records and fault rules. */
const method = "GET /attachments/:id/:id/:name";

export function isDownload(request: IncomingMessage): boolean {
  return request.url?.startsWith("/attachments/") ?? false;
}

/** Serves what was uploaded, as cdn.discordapp.com does. */
export function cdnListener(options: CdnOptions): RequestListener {
  return (request, response) => void serve(options, request, response);
}

async function serve({ clock, files, faults, record }: CdnOptions, request: IncomingMessage, response: ServerResponse) {
  const url = new URL(request.url ?? "/", "http://cdn");
  const [, , channel_id, attachment_id, name] = url.pathname.split("/").map(decodeURIComponent);
  const parameters = { channel_id, attachment_id, name };
  const at = clock.now();
  const fault = faults.take(method, parameters);
  const download = faultyDownload(fault) ?? openFile(files, url);
  if (fault?.kind === "delay") await pause(clock, fault.ms);
  const isAnswered = fault?.kind !== "reset" && fault?.kind !== "hang";
  if (isAnswered) response.writeHead(download.status, { "Content-Type": download.type }).end(download.body);
  else if (fault.kind === "reset") request.socket.resetAndDestroy();
  record({ at, method, parameters, status: isAnswered ? download.status : 0, response: null });
}

function openFile(files: Files, url: URL): Download {
  const file = files.open(url);
  if (file) return { status: 200, type: file.mimeType, body: file.bytes };
  return { status: 404, type: "text/plain", body: "This content is no longer available." };
}

function faultyDownload(fault: FaultEffect | undefined): Download | undefined {
  if (fault?.kind !== "reply") return undefined;
  return { status: fault.status, type: "text/plain", body: String(fault.body) };
}
