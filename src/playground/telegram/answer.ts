import type { ServerResponse } from "node:http";
import { Content, DescribedResult } from "./methods/method.ts";
import { Refusal } from "./refusal.ts";

/** What goes back over HTTP. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes and text are sent as they are, anything else as JSON. */
  readonly body: unknown;
}

export function answerTo(result: unknown): Answer {
  if (result instanceof Content) {
    return { status: 200, headers: { "Content-Type": "application/octet-stream" }, body: result.bytes };
  }
  const envelope =
    result instanceof DescribedResult
      ? { ok: true, result: result.result, description: result.description }
      : { ok: true, result };
  return { status: 200, headers: {}, body: envelope };
}

/** A refusal as it is; anything else that was thrown is a mistake of the emulator, told as a server error. */
export function answerToError(error: unknown): Answer {
  const refusal = error instanceof Refusal ? error : new Refusal(500, `Internal Server Error: ${String(error)}`);
  return { status: refusal.status, headers: refusal.headers, body: refusal.body };
}

/** Sends the answer, with a status equal to the body's error code. Text is taken for a page of HTML. */
export function send(response: ServerResponse, { status, headers, body }: Answer): void {
  if (response.destroyed) return;
  if (body instanceof Uint8Array) response.writeHead(status, headers).end(body);
  else if (typeof body === "string") response.writeHead(status, { "Content-Type": "text/html", ...headers }).end(body);
  else response.writeHead(status, { "Content-Type": "application/json", ...headers }).end(JSON.stringify(body));
}
