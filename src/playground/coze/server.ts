import { createServer, type Server, type ServerResponse } from "node:http";
import { type Clock, pause } from "../../clock.ts";
import type { FaultEffect, FaultPlan } from "../faults.ts";
import type { ApiRequest, Endpoint, Fields, Reply } from "./api.ts";
import type { Dialect } from "./dialect.ts";
import { createLogId } from "./ids.ts";
import type { RecordedRequest, Recorder } from "./record.ts";
import { invalidParameter, Refusal, unknownPath } from "./refusal.ts";
import { readBody } from "./request-body.ts";
import { HttpChannel, unheard, type Writing } from "./stream.ts";
import type { Identity, Tokens } from "./tokens.ts";

export interface ServerParts {
  readonly clock: Clock;
  readonly dialect: Dialect;
  readonly endpoints: readonly Endpoint[];
  readonly tokens: Tokens;
  readonly faults: FaultPlan;
  readonly recorder: Recorder;
  readonly writing: Readonly<Writing>;
  readonly closing: AbortSignal;
}

/** The HTTP side: finds the endpoint, applies the faults planned for it, and writes the answer. */
export function createApiServer(parts: ServerParts): Server {
  const routes = parts.endpoints.map((endpoint) => ({ endpoint, pattern: patternOf(endpoint.name) }));
  return createServer(async (incoming, response) => {
    const received = await readBody(incoming);
    if (!received) return;
    const url = new URL(incoming.url ?? "/", "http://emulator");
    const name = `${incoming.method} ${url.pathname}`;
    const route = routes.find(({ pattern }) => pattern.test(name));
    const parameters: Fields = { ...route?.pattern.exec(name)?.groups };
    const { fields: body, files } = received;
    const request: ApiRequest = {
      method: incoming.method ?? "",
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      parameters,
      headers: incoming.headers,
      body: body ?? {},
      files,
    };
    const answer = body && route?.endpoint.answer;
    const refuse = () => {
      throw body
        ? unknownPath(request.method, request.path)
        : invalidParameter("the body is neither a JSON object nor a form");
    };
    await new Exchange(parts, request, response).run(route?.endpoint.name ?? name, answer || refuse);
  });
}

/** One request and its answer. */
class Exchange {
  readonly #parts: ServerParts;
  readonly #request: ApiRequest;
  readonly #response: ServerResponse;
  readonly #identity: Identity | undefined;
  readonly #entry: ReturnType<Recorder["add"]>;
  readonly #logid: string;
  /** Whether the answer is ended here, so that an end before it is the client's doing. */
  #endedHere = () => this.#response.writableEnded;

  constructor(parts: ServerParts, request: ApiRequest, response: ServerResponse) {
    this.#parts = parts;
    this.#request = request;
    this.#response = response;
    this.#identity = parts.tokens.identify(request.headers.authorization);
    this.#logid = createLogId(parts.clock.now());
    response.setHeader("X-Tt-Logid", this.#logid);
    this.#entry = parts.recorder.add(recordOf(request, this.#identity, parts.clock.now()));
    response.once("close", () => {
      if (!this.#endedHere() && !parts.closing.aborted) this.#entry.aborted();
    });
  }

  async run(name: string, answer: Endpoint["answer"]): Promise<void> {
    const { query, parameters, body } = this.#request;
    const { sessionName } = this.#identity ?? {};
    const effect = this.#parts.faults.take(name, { ...body, ...query, ...parameters, sessionName });
    if (effect?.kind === "reply") return this.#sendFault(effect);
    if (effect && effect.kind !== "delay" && !effect.applied) return this.#loseAnswer(effect.kind);
    const reply = await this.#reply(answer);
    if (effect?.kind === "reset" || effect?.kind === "hang") {
      this.#loseAnswer(effect.kind);
      return playUnheard(reply, closed(this.#response));
    }
    if (effect) await pause(this.#parts.clock, effect.ms, this.#parts.closing);
    if (this.#response.destroyed) return playUnheard(reply, Promise.resolve());
    await this.#send(reply);
  }

  async #reply(answer: Endpoint["answer"]): Promise<Reply> {
    try {
      return await answer(this.#request, this.#identity);
    } catch (error) {
      const refusal = error instanceof Refusal ? error : internalError(error);
      const { status, code, msg } = refusal.wording(this.#parts.dialect);
      return { kind: "json", status, body: { code, msg, ...this.#detail() } };
    }
  }

  async #send(reply: Reply): Promise<void> {
    if (reply.kind === "json") return this.#sendJson(reply.status, reply.body);
    if (reply.kind === "success") return this.#sendJson(200, { code: 0, msg: "", ...reply.fields, ...this.#detail() });
    if (reply.kind === "bytes") return this.#sendBytes(reply.contentType, reply.bytes);
    const channel = new HttpChannel(this.#response, reply.framing, this.#parts.writing);
    this.#endedHere = () => channel.endedHere;
    this.#entry.answered(200);
    await reply.play(channel);
  }

  #sendJson(status: number, body: Fields): void {
    this.#response.writeHead(status, { "Content-Type": "application/json; charset=utf-8" });
    this.#response.end(JSON.stringify(body));
    this.#entry.answered(status);
  }

  #sendBytes(type: string, bytes: Uint8Array): void {
    this.#response.writeHead(200, { "Content-Type": type }).end(bytes);
    this.#entry.answered(200);
  }

  #sendFault({ status, body, headers }: Extract<FaultEffect, { kind: "reply" }>): void {
    const isHtml = typeof body === "string";
    this.#response.setHeader("Content-Type", isHtml ? "text/html; charset=utf-8" : "application/json; charset=utf-8");
    for (const [name, value] of Object.entries(headers ?? {})) this.#response.setHeader(name, value);
    this.#response.writeHead(status);
    this.#response.end(isHtml ? body : JSON.stringify(body));
    this.#entry.answered(status);
  }

  #loseAnswer(how: "reset" | "hang"): void {
    if (how === "hang") return;
    this.#endedHere = () => true;
    this.#response.socket?.resetAndDestroy();
  }

  /** The self-hosted server tells no log id in its bodies. */
  #detail(): Fields {
    return this.#parts.dialect === "hosted" ? { detail: { logid: this.#logid } } : {};
  }
}

/** A script that throws is a mistake of the test: it is shown, as the server error that it is. */
function internalError(error: unknown): Refusal {
  return new Refusal({ status: 500, code: 5000, msg: `The emulator failed: ${String(error)}` });
}

function recordOf(
  { method, path, query, headers, body }: ApiRequest,
  identity: Identity | undefined,
  at: number,
): Omit<RecordedRequest, "status" | "aborted"> {
  const caller = identity?.sessionName === undefined ? {} : { sessionName: identity.sessionName };
  return { at, method, path, query, headers, body, ...caller };
}

function patternOf(name: string): RegExp {
  const source = name.replaceAll(".", "\\.").replaceAll(/:(\w+)/g, "(?<$1>[^/]+)");
  return new RegExp(`^${source}$`);
}

/** What an answer does even if it reaches nobody: a run goes to its end. */
async function playUnheard(reply: Reply, left: Promise<void>): Promise<void> {
  if (reply.kind === "stream") await reply.play(unheard(left));
}

function closed(response: ServerResponse): Promise<void> {
  if (response.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    response.once("close", () => resolve());
  });
}
