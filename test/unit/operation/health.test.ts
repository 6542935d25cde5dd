import { once } from "node:events";
import { connect } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { ConfigError } from "../../../src/errors.ts";
import { type HealthServer, startHealthServer } from "../../../src/operation/health.ts";
import { createMetrics } from "../../../src/operation/metrics.ts";
import type { Readiness } from "../../../src/operation/readiness.ts";
import { telegramToken } from "../config/valid-environment.ts";

const ready: Readiness = {
  status: "ready",
  store: { ok: true, ms: 1 },
  platforms: { telegram: { isReceiving: true, heardAt: Date.UTC(2026, 7, 1, 12) } },
  coze: { lastSuccessAt: Date.UTC(2026, 7, 1, 11), breakerOpen: false },
};
const servers: HealthServer[] = [];

async function start(readiness: () => Promise<Readiness> = async () => ready, host = "127.0.0.1", port = 0) {
  const server = await startHealthServer({ host, port, readiness, metrics: createMetrics() });
  servers.push(server);
  return server;
}

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

describe("the answers", () => {
  test("/healthz is ok, whatever the state of the parts", async () => {
    const { address } = await start(async () => ({ ...ready, status: "unready" }));
    const response = await fetch(`${address}/healthz`);
    expect([response.status, await response.text()]).toEqual([200, "ok\n"]);
  });

  test("/readyz tells how each part is, with times that people read", async () => {
    const { address } = await start();
    const response = await fetch(`${address}/readyz`);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("application/json; charset=utf-8");
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(await response.json()).toEqual({
      status: "ready",
      store: { ok: true, ms: 1 },
      platforms: { telegram: { isReceiving: true, heardAt: "2026-08-01T12:00:00.000Z" } },
      coze: { lastSuccessAt: "2026-08-01T11:00:00.000Z", breakerOpen: false },
    });
  });

  test.each(["starting", "stopping", "unready"] as const)("/readyz is 503 while %s", async (status) => {
    const { address } = await start(async () => ({ ...ready, status }));
    const response = await fetch(`${address}/readyz?verbose=1`);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ status });
  });

  test("/metrics speaks Prometheus' text format", async () => {
    const { address } = await start();
    const response = await fetch(`${address}/metrics`);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
    expect(await response.text()).toMatch(/^# TYPE coze_bridge_turns_total counter$/m);
  });

  test("HEAD has no body", async () => {
    const { address } = await start();
    const response = await fetch(`${address}/healthz`, { method: "HEAD" });
    expect([response.status, await response.text()]).toEqual([200, ""]);
  });

  test.each(["/", "/healthz/", "//x", "/metrics2"])("%s is not found", async (path) => {
    const { address } = await start();
    expect((await fetch(`${address}${path}`)).status).toBe(404);
  });

  test.each(["POST", "PUT", "DELETE", "OPTIONS"])("%s is refused", async (method) => {
    const { address } = await start();
    const response = await fetch(`${address}/readyz`, { method });
    expect([response.status, response.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
  });

  test("a failure inside is told without its reason, and the server goes on", async () => {
    const { address } = await start(async () => {
      throw new Error(`no ${telegramToken}`);
    });
    const response = await fetch(`${address}/readyz`);
    expect([response.status, await response.text()]).toEqual([500, "failed inside\n"]);
    expect((await fetch(`${address}/healthz`)).status).toBe(200);
  });

  test("a token in what a part tells of itself does not leave", async () => {
    const problem = `GET /bot${telegramToken}/getUpdates: 409`;
    const { address } = await start(async () => ({
      ...ready,
      status: "unready",
      platforms: { telegram: { isReceiving: false, problem } },
    }));
    const told = (await (await fetch(`${address}/readyz`)).json()) as Readiness;
    expect(told.platforms.telegram?.problem).toBe("GET /bot[redacted]/getUpdates: 409");
  });
});

describe("where it listens", () => {
  test("a port in use is a problem of HEALTH_PORT", async () => {
    const { address } = await start();
    const taken = Number(new URL(address).port);
    const refused = await start(undefined, undefined, taken).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ConfigError);
    expect((refused as ConfigError).problems).toEqual([
      {
        variable: "HEALTH_PORT",
        problem: `Another program listens on 127.0.0.1:${taken}.`,
        next: "Set another port, or stop that program; it may be another coze-bridge.",
      },
    ]);
  });

  test.each(["203.0.113.7", "no-such-host.invalid"])("%s is a problem of HEALTH_HOST", async (host) => {
    const refused = await start(undefined, host).catch((error: unknown) => error);
    expect((refused as ConfigError).problems).toMatchObject([{ variable: "HEALTH_HOST" }]);
  });

  test("an address of version 6 is written so that it can be asked", async () => {
    const { address } = await start(undefined, "::1");
    expect(address).toMatch(/^http:\/\/\[::1\]:\d+$/);
    expect((await fetch(`${address}/healthz`)).status).toBe(200);
  });

  test("closing ends connections that are kept open, and may be repeated", async () => {
    const server = await start();
    const { hostname, port } = new URL(server.address);
    const socket = connect(Number(port), hostname);
    await once(socket, "connect");
    const ended = once(socket, "close");
    socket.on("error", () => undefined);
    await server.close();
    await ended;
    await server.close();
    await expect(fetch(`${server.address}/healthz`)).rejects.toThrow();
  });
});
