import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { FaultEffect, FaultPlan } from "../faults.ts";
import { type Answer, answerTo, answerToError, send } from "./answer.ts";
import type { CallLog } from "./call-log.ts";
import type { Method, Methods } from "./methods/method.ts";
import { Parameters } from "./parameters.ts";
import { notFound, Refusal, unauthorized } from "./refusal.ts";
import { readParameters } from "./request-body.ts";
import { parseRoute } from "./routes.ts";
import type { ScopedClock } from "./scoped-clock.ts";

interface Parts {
  readonly methods: Methods;
  readonly isTokenValid: (token: string) => boolean;
  readonly faults: FaultPlan;
  readonly log: CallLog;
  readonly clock: ScopedClock;
  /** From a call's arrival to its answer; it takes effect half way. */
  readonly latencyMs: number;
}

/** The Bot API over HTTP: finds the method, applies the planned faults, answers in the envelope, logs the call. */
export class ApiServer {
  readonly #parts: Parts;
  readonly #methods: ReadonlyMap<string, readonly [string, Method]>;
  readonly #server: Server;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#methods = new Map(Object.entries(parts.methods).map((entry) => [entry[0].toLowerCase(), entry]));
    this.#server = createServer((request, response) => {
      void this.#serve(request, response);
    });
  }

  /** Listens on the loopback interface and resolves with the port. */
  listen(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(port, "127.0.0.1", () => resolve((this.#server.address() as AddressInfo).port));
    });
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://localhost");
    const route = parseRoute(url.pathname);
    const { sent, problem } = await readParameters(request, url.searchParams).then(
      (parameters) => ({ sent: parameters, problem: undefined }),
      (error: unknown) => ({ sent: new Parameters(), problem: error }),
    );
    if (route === undefined) return send(response, answerToError(notFound()));

    const [name, method] = this.#methods.get(route.name.toLowerCase()) ?? [route.name, unknownMethod];
    const parameters = sent.with(route.parameters);
    const complete = this.#parts.log.open(name, parameters.raw, request.socket);
    const respond = (answer: Answer) => {
      if (!response.destroyed) complete(answer.status, answer.body);
      send(response, answer);
    };
    if (!this.#parts.isTokenValid(route.token)) return respond(answerToError(tokenRefusal(route.token)));
    if (problem !== undefined) return respond(answerToError(problem));

    const fault = this.#parts.faults.take(name, parameters.raw);
    await this.#travel();
    const answer = await this.#outcome(fault, () => answered(method, parameters, response));
    await this.#travel();
    if (answer === "reset") request.socket.resetAndDestroy();
    else if (answer !== "hang") respond(answer);
  }

  async #outcome(fault: FaultEffect | undefined, run: () => Promise<Answer>): Promise<Answer | "reset" | "hang"> {
    switch (fault?.kind) {
      case "reply":
        return { status: fault.status, headers: fault.headers ?? {}, body: fault.body };
      case "reset":
      case "hang":
        if (fault.applied) await run();
        return fault.kind;
      case "delay": {
        const answer = await run();
        await this.#parts.clock.pause(fault.ms);
        return answer;
      }
      default:
        return run();
    }
  }

  async #travel(): Promise<void> {
    const { clock, latencyMs } = this.#parts;
    if (latencyMs > 0) await clock.pause(latencyMs / 2);
  }
}

const unknownMethod: Method = () => {
  throw notFound("method not found");
};

async function answered(method: Method, parameters: Parameters, response: ServerResponse): Promise<Answer> {
  const hangUp = new AbortController();
  const onClose = () => hangUp.abort();
  if (response.destroyed) onClose();
  response.once("close", onClose);
  try {
    return answerTo(await method(parameters, hangUp.signal));
  } catch (error) {
    return answerToError(error);
  } finally {
    response.off("close", onClose);
  }
}

/** A token that can't be one is told apart (tdlib/telegram-bot-api 10.0, ClientManager). */
function tokenRefusal(token: string): Refusal {
  const isMalformed = !token.includes(":") || token.startsWith("0") || token.length > 80;
  return isMalformed ? new Refusal(401, "Unauthorized: invalid token specified") : unauthorized();
}
