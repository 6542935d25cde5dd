import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { type Clock, pause } from "../../clock.ts";
import type { ApiCall } from "../chat-platform.ts";
import type { FaultEffect, FaultPlan } from "../faults.ts";
import type { RateLimits } from "./rate-limits.ts";
import { type ApiAnswer, Refusal, refuse } from "./refusals.ts";
import { type RequestBody, readBody } from "./request-body.ts";
import { type Match, matchRoute, type Route, requireSnowflakes, routeName } from "./router.ts";

export interface RestOptions {
  readonly clock: Clock;
  readonly token: string;
  /** How long every call takes before it has an effect, in milliseconds. */
  readonly latencyMs: number;
  readonly routes: readonly Route[];
  readonly limits: RateLimits;
  readonly faults: FaultPlan;
  readonly record: (call: ApiCall) => void;
}

/** What is known of a call before it is handled. */
interface Call {
  readonly at: number;
  readonly name: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly query: URLSearchParams;
  readonly body: RequestBody;
  readonly match: Match | Refusal;
  readonly authorization: string | undefined;
}

/** Discord's REST API, version 10, below `/api/v10`. */
export function restListener(options: RestOptions): RequestListener {
  return (request, response) => {
    serve(options, request, response).catch((error: unknown) => {
      // A client that went away in the middle of its request.
      response.destroy(error instanceof Error ? error : undefined);
    });
  };
}

async function serve(options: RestOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const call = await receive(options, request);
  if (options.latencyMs > 0) await pause(options.clock, options.latencyMs);
  const fault = options.faults.take(call.name, call.parameters);
  const answer = fault ? await answerWithFault(options, call, fault) : handle(options, call);
  options.limits.countAnswer(answer?.status ?? 0, answer?.headers ?? {});
  if (answer) write(response, withResetTime(answer, options.clock.now()));
  else if (fault?.kind === "reset") request.socket.resetAndDestroy();
  options.record({
    at: call.at,
    method: call.name,
    parameters: call.parameters,
    status: answer?.status ?? 0,
    response: answer?.body ?? null,
  });
}

async function receive(options: RestOptions, request: IncomingMessage): Promise<Call> {
  const url = new URL(request.url ?? "/", "http://discord");
  const method = request.method ?? "GET";
  const at = options.clock.now();
  let match = refusalOf(() => matchVersion(options.routes, method, url.pathname));
  let body: RequestBody = { fields: {}, files: [] };
  try {
    body = await readBody(request);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    match = match instanceof Refusal ? match : error;
  }
  const path = match instanceof Refusal ? {} : match.path;
  const files = body.files.map(({ field, name, type, bytes }) => ({ field, name, type, size: bytes.length }));
  return {
    at,
    name: match instanceof Refusal ? `${method} ${url.pathname}` : routeName(match.route),
    parameters: {
      ...Object.fromEntries(url.searchParams),
      ...body.fields,
      ...(files.length > 0 ? { files } : {}),
      ...path,
    },
    query: url.searchParams,
    body,
    match,
    authorization: request.headers.authorization,
  };
}

function matchVersion(routes: readonly Route[], method: string, pathname: string): Match {
  const versioned = /^\/api\/v(\d+)(\/.*)$/.exec(pathname);
  if (!versioned) throw refuse("notFound");
  if (versioned[1] !== "10") throw refuse("invalidApiVersion");
  return matchRoute(routes, method, versioned[2] ?? "");
}

/** Undefined when no answer is to be sent. */
async function answerWithFault(options: RestOptions, call: Call, fault: FaultEffect): Promise<ApiAnswer | undefined> {
  switch (fault.kind) {
    case "reply":
      return { status: fault.status, body: fault.body, ...(fault.headers ? { headers: fault.headers } : {}) };
    case "delay": {
      const answer = handle(options, call);
      await pause(options.clock, fault.ms);
      return answer;
    }
    case "reset":
    case "hang":
      if (fault.applied) handle(options, call);
      return undefined;
  }
}

function handle(options: RestOptions, call: Call): ApiAnswer {
  let headers: Readonly<Record<string, string>> = {};
  try {
    if (call.match instanceof Refusal) throw call.match;
    const { route, path } = call.match;
    if (route.needsToken && call.authorization !== `Bot ${options.token}`) throw refuse("unauthorized");
    headers = options.limits.admit(call.name, call.parameters);
    requireSnowflakes(path);
    const answer = route.handle({ path, query: call.query, body: call.body });
    return { ...answer, headers: { ...headers, ...answer.headers } };
  } catch (error) {
    if (error instanceof Refusal) return { ...error.answer, headers: { ...headers, ...error.answer.headers } };
    // The emulator itself is wrong: say where, so that the test that meets it shows it.
    return { status: 500, body: { message: error instanceof Error ? error.stack : String(error), code: 0 } };
  }
}

function refusalOf(find: () => Match): Match | Refusal {
  try {
    return find();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

/** Fills in the absolute time beside `X-RateLimit-Reset-After`. */
function withResetTime(answer: ApiAnswer, now: number): ApiAnswer {
  const after = answer.headers?.["X-RateLimit-Reset-After"];
  if (after === undefined || answer.headers?.["X-RateLimit-Reset"] !== undefined) return answer;
  const reset = (now / 1_000 + Number(after)).toFixed(3);
  return { ...answer, headers: { ...answer.headers, "X-RateLimit-Reset": reset } };
}

/** A 204 has no content type: discord.js would try to parse what is not there. A string is HTML. */
function write(response: ServerResponse, answer: ApiAnswer): void {
  for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value);
  response.statusCode = answer.status;
  if (answer.body === undefined) {
    response.end();
    return;
  }
  const html = typeof answer.body === "string";
  response.setHeader("Content-Type", html ? "text/html; charset=UTF-8" : "application/json");
  response.end(html ? answer.body : JSON.stringify(answer.body));
}
