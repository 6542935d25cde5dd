import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, isIPv6 } from "node:net";
import { ConfigError, type ConfigProblem } from "../errors.ts";
import { redact } from "../redact.ts";
import type { Metrics } from "./metrics.ts";
import type { Readiness } from "./readiness.ts";

export interface HealthParts {
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  readonly readiness: () => Promise<Readiness>;
  readonly metrics: Pick<Metrics, "text" | "contentType">;
}

export interface HealthServer {
  /** Where it answers: `http://127.0.0.1:9464`. */
  readonly address: string;
  /** Ends the server and its connections. May be called twice. */
  close(): Promise<void>;
}

/**
 * Serves `/healthz` (the process answers), `/readyz` (it can do its work) and `/metrics` (for Prometheus). Rejects with a
 * ConfigError when it can't listen there.
 */
export async function startHealthServer({ host, port, ...parts }: HealthParts): Promise<HealthServer> {
  const server = createServer(answerWith(parts));
  await listen(server, host, port);
  // Too many open files, say: a reason not to be asked, and none to end the bridge.
  server.on("error", () => undefined);
  const { address, port: taken } = server.address() as AddressInfo;
  return {
    address: `http://${isIPv6(address) ? `[${address}]` : address}:${taken}`,
    close: () => close(server),
  };
}

type Sources = Pick<HealthParts, "readiness" | "metrics">;

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

const endpoints: Readonly<Record<string, (sources: Sources) => Answer | Promise<Answer>>> = {
  "/healthz": () => plain(200, "ok"),
  "/readyz": async ({ readiness }) => {
    const told = await readiness();
    const body = `${JSON.stringify(told, isoTimes)}\n`;
    return { status: told.status === "ready" ? 200 : 503, type: "application/json; charset=utf-8", body };
  },
  "/metrics": async ({ metrics }) => ({ status: 200, type: metrics.contentType, body: await metrics.text() }),
};

function answerWith(sources: Sources): RequestListener {
  return async (request, response) => {
    try {
      send(response, await answer(request, sources));
    } catch {
      send(response, plain(500, "failed inside"));
    }
  };
}

async function answer({ url = "", method = "" }: IncomingMessage, sources: Sources): Promise<Answer> {
  const path = url.split("?", 1)[0] ?? "";
  const endpoint = endpoints[path];
  if (!endpoint) return plain(404, "There is /healthz, /readyz and /metrics.");
  if (method !== "GET" && method !== "HEAD") return plain(405, "Only GET.");
  return await endpoint(sources);
}

/** Whatever a part tells of itself: no token leaves. */
function send(response: ServerResponse, { status, type, body }: Answer): void {
  const allow = status === 405 ? { Allow: "GET, HEAD" } : {};
  response.writeHead(status, { "Content-Type": type, "Cache-Control": "no-store", ...allow });
  response.end(redact(body));
}

function plain(status: number, text: string): Answer {
  return { status, type: "text/plain; charset=utf-8", body: `${text}\n` };
}

/** `…At` in the form that people read. */
function isoTimes(key: string, value: unknown): unknown {
  return key.endsWith("At") && typeof value === "number" ? new Date(value).toISOString() : value;
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  server.listen(port, host);
  try {
    await once(server, "listening");
  } catch (cause) {
    const problem = cause instanceof Error && "code" in cause && problemOf(String(cause.code), host, port);
    if (!problem) throw cause;
    throw new ConfigError([problem], { cause });
  }
}

function problemOf(code: string, host: string, port: number): ConfigProblem | undefined {
  const here = `${host}:${port}`;
  if (code === "EADDRINUSE") {
    const next = "Set another port, or stop that program; it may be another coze-bridge.";
    return { variable: "HEALTH_PORT", problem: `Another program listens on ${here}.`, next };
  }
  if (code === "EACCES") {
    const next = "Take one above 1023.";
    return { variable: "HEALTH_PORT", problem: `The bridge's user may not listen on ${here}.`, next };
  }
  if (code !== "EADDRNOTAVAIL" && code !== "ENOTFOUND" && code !== "EAI_AGAIN") return undefined;
  const next = "Use 127.0.0.1, 0.0.0.0 or an address that this machine has.";
  return { variable: "HEALTH_HOST", problem: `${host} is no address of this machine.`, next };
}

async function close(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, "close");
  server.close();
  server.closeAllConnections();
  await closed;
}
