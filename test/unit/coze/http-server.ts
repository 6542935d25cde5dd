import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { deferred } from "./deferred.ts";

export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingMessage["headers"];
  readonly body: unknown;
}

/** Answers one request; `position` counts from 0. */
export type Responder = (request: ReceivedRequest, response: ServerResponse, position: number) => void;

/** A real HTTP server on a free port of 127.0.0.1, which does with a request whatever the test says. */
export interface HttpServer extends AsyncDisposable {
  readonly base: string;
  readonly requests: readonly ReceivedRequest[];
  /** Resolves when `count` requests have come in all. */
  received(count: number): Promise<void>;
}

export async function startHttpServer(respond: Responder): Promise<HttpServer> {
  const requests: ReceivedRequest[] = [];
  let onRequest = deferred();
  const server = createServer(async (incoming, response) => {
    const request = await describe(incoming);
    const position = requests.push(request) - 1;
    onRequest.resolve();
    onRequest = deferred();
    respond(request, response, position);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async received(count) {
      while (requests.length < count) await onRequest.promise;
    },
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

export function replyJson(response: ServerResponse, body: unknown, status = 200, headers: object = {}): void {
  response.writeHead(status, { "Content-Type": "application/json", ...headers }).end(JSON.stringify(body));
}

export function replyStream(response: ServerResponse, body: string | Uint8Array): void {
  beginStream(response).end(body);
}

export function beginStream(response: ServerResponse): ServerResponse {
  response.writeHead(200, { "Content-Type": "text/event-stream; charset=utf-8", "X-Tt-Logid": "log-of-stream" });
  response.flushHeaders();
  return response;
}

async function describe(incoming: IncomingMessage): Promise<ReceivedRequest> {
  const url = new URL(incoming.url ?? "", "http://server");
  const content = await text(incoming);
  return {
    method: incoming.method ?? "",
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: incoming.headers,
    body: content === "" ? undefined : JSON.parse(content),
  };
}
