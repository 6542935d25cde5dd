import { createPrivateKey, generateKeyPairSync } from "node:crypto";
import type { ServerResponse } from "node:http";
import { inspect } from "node:util";
import { decodeProtectedHeader, type JWTPayload, jwtVerify } from "jose";
import { describe, expect, test } from "vitest";
import { createFixedToken, createJwtTokens, type JwtTokenOptions } from "../../../src/coze/auth.ts";
import { createManualClock, type ManualClock } from "../../support/manual-clock.ts";
import { deferred } from "./deferred.ts";
import { type HttpServer, type ReceivedRequest, replyJson, startHttpServer } from "./http-server.ts";

const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const app = { clientId: "1123", publicKeyId: "finger-print", privateKey };
const { signal } = new AbortController();
const path = "/api/permission/oauth2/token";

function tokensFor(base: string, clock: ManualClock, options: Partial<JwtTokenOptions> = {}) {
  return createJwtTokens({ base, clock, idleTimeoutMs: 1_000_000, app, ...options });
}

/** Grants `token-1`, `token-2`, … for `lifeSeconds` each. */
function granting(clock: ManualClock, lifeSeconds = 900) {
  return (_: ReceivedRequest, response: ServerResponse, position: number) =>
    grant(response, clock, position, lifeSeconds);
}

function grant(response: ServerResponse, clock: ManualClock, position: number, lifeSeconds = 900): void {
  replyJson(response, {
    access_token: `token-${position + 1}`,
    expires_in: Math.floor(clock.now() / 1000) + lifeSeconds,
  });
}

function jwtOf(request: ReceivedRequest | undefined): string {
  return (request?.headers.authorization ?? "").replace("Bearer ", "");
}

async function claimsOf(server: HttpServer, clock: ManualClock, position: number): Promise<JWTPayload> {
  const { payload } = await jwtVerify(jwtOf(server.requests[position]), publicKey, {
    currentDate: new Date(clock.now()),
  });
  return payload;
}

describe("the exchange", () => {
  test("is exactly as documented", async () => {
    const clock = createManualClock();
    await using server = await startHttpServer(granting(clock));
    expect(await tokensFor(server.base, clock).token("telegram:42", signal)).toBe("token-1");

    const [request] = server.requests;
    expect(request).toMatchObject({ method: "POST", path });
    expect(request?.headers["content-type"]).toBe("application/json");
    expect(request?.body).toEqual({
      grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
      duration_seconds: 900,
    });
    expect(decodeProtectedHeader(jwtOf(request))).toEqual({ alg: "RS256", typ: "JWT", kid: "finger-print" });
    const seconds = Math.floor(clock.now() / 1000);
    expect(await claimsOf(server, clock, 0)).toEqual({
      iss: "1123",
      aud: new URL(server.base).host,
      iat: seconds,
      exp: seconds + 300,
      jti: expect.stringMatching(/^[0-9a-f]{64}$/),
      session_name: "telegram:42",
    });
  });

  test("asks for the duration that is set", async () => {
    const clock = createManualClock();
    await using server = await startHttpServer(granting(clock));
    await tokensFor(server.base, clock, { durationSeconds: 3600 }).token("a", signal);
    expect(server.requests[0]?.body).toMatchObject({ duration_seconds: 3600 });
  });

  test("works with a key in either format", async () => {
    for (const type of ["pkcs1", "pkcs8"] as const) {
      const clock = createManualClock();
      await using server = await startHttpServer(granting(clock));
      const key = createPrivateKey(privateKey.export({ type, format: "pem" }));
      await tokensFor(server.base, clock, { app: { ...app, privateKey: key } }).token("a", signal);
      expect((await claimsOf(server, clock, 0)).session_name).toBe("a");
    }
  });
});

describe("the cache", () => {
  test("keeps a token per session", async () => {
    const clock = createManualClock();
    await using server = await startHttpServer(granting(clock));
    const tokens = tokensFor(server.base, clock);
    const asked = ["a", "b", "a", "b"];
    const got = [];
    for (const name of asked) got.push(await tokens.token(name, signal));
    expect(got).toEqual(["token-1", "token-2", "token-1", "token-2"]);
    expect((await claimsOf(server, clock, 1)).session_name).toBe("b");
  });

  test("ends a minute before the absolute expiry", async () => {
    const clock = createManualClock();
    await using server = await startHttpServer(granting(clock, 900));
    const tokens = tokensFor(server.base, clock);
    await tokens.token("a", signal);
    await clock.advance(839_999);
    expect(await tokens.token("a", signal)).toBe("token-1");
    await clock.advance(1);
    expect(await tokens.token("a", signal)).toBe("token-2");
  });

  test("forgets the session unused for longest", async () => {
    const clock = createManualClock();
    await using server = await startHttpServer(granting(clock));
    const tokens = tokensFor(server.base, clock, { maxSessions: 2 });
    const got = [];
    for (const name of ["a", "b", "a", "c", "a", "b"]) got.push(await tokens.token(name, signal));
    expect(got).toEqual(["token-1", "token-2", "token-1", "token-3", "token-1", "token-4"]);
  });

  test("drops the refused token and no newer one", async () => {
    const clock = createManualClock();
    await using server = await startHttpServer(granting(clock));
    const tokens = tokensFor(server.base, clock);
    tokens.drop("a", await tokens.token("a", signal));
    expect(await tokens.token("a", signal)).toBe("token-2");
    tokens.drop("a", "token-1");
    expect(await tokens.token("a", signal)).toBe("token-2");
    const ids = await Promise.all([claimsOf(server, clock, 0), claimsOf(server, clock, 1)]);
    expect(ids[0]?.jti).not.toBe(ids[1]?.jti);
  });
});

describe("one exchange at a time for a session", () => {
  test("serves all who ask meanwhile, and other sessions on their own", async () => {
    const clock = createManualClock();
    const open = deferred();
    await using server = await startHttpServer(async (_, response, position) => {
      await open.promise;
      grant(response, clock, position);
    });
    const tokens = tokensFor(server.base, clock);
    const waiting = ["a", "b", "a", "a"].map((name) => tokens.token(name, signal));
    await server.received(2);
    open.resolve();
    const [first, other, ...more] = await Promise.all(waiting);
    expect(more).toEqual([first, first]);
    expect(other).not.toBe(first);
    expect(server.requests).toHaveLength(2);
  });

  test("goes on when one of two leaves, and stops when both have", async () => {
    const clock = createManualClock();
    const open = deferred();
    const hungUp = deferred();
    await using server = await startHttpServer(async (_, response, position) => {
      if (position === 1) return void response.once("close", hungUp.resolve);
      await open.promise;
      grant(response, clock, position);
    });
    const tokens = tokensFor(server.base, clock);
    const leave = [new AbortController(), new AbortController(), new AbortController()];
    const ask = (name: string, position: number) => tokens.token(name, leave[position]?.signal ?? signal);

    const staying = tokens.token("a", signal);
    const leaving = ask("a", 0);
    await server.received(1);
    leave[0]?.abort(new Error("gone"));
    await expect(leaving).rejects.toThrow("gone");
    open.resolve();
    expect(await staying).toBe("token-1");

    const both = Promise.allSettled([ask("b", 1), ask("b", 2)]);
    await server.received(2);
    leave[1]?.abort(new Error("gone"));
    leave[2]?.abort(new Error("gone too"));
    expect(await both).toMatchObject([{ reason: { message: "gone" } }, { reason: { message: "gone too" } }]);
    await hungUp.promise;
    expect(await tokens.token("b", signal)).toBe("token-3");
  });

  test("shares a failure, and tries anew afterwards", async () => {
    const clock = createManualClock();
    await using server = await startHttpServer((_, response, position) => {
      if (position === 0) return replyJson(response, { error_code: "invalid_client", error_message: "no" }, 400);
      grant(response, clock, position);
    });
    const tokens = tokensFor(server.base, clock);
    const failed = await Promise.allSettled([tokens.token("a", signal), tokens.token("a", signal)]);
    expect(failed).toMatchObject([{ status: "rejected" }, { status: "rejected" }]);
    expect(await tokens.token("a", signal)).toBe("token-2");
  });
});

describe("a refused exchange", () => {
  const logid = "20250115-log";
  test.each<[string, number, unknown, object]>([
    [
      "invalid_client",
      400,
      { error_code: "invalid_client", error_message: "verify jwt empty error" },
      { kind: "authentication", message: "invalid_client: verify jwt empty error" },
    ],
    [
      "access_deny",
      403,
      { error_code: "access_deny", error_message: "app deactivated" },
      { kind: "authentication", message: "access_deny: app deactivated" },
    ],
    [
      "a refusal with status 200",
      200,
      { error_code: "invalid_request", error_message: "invalid request: aud" },
      { kind: "authentication", message: "invalid_request: invalid request: aud" },
    ],
    [
      "the usual envelope",
      401,
      { code: 4100, msg: "authentication is invalid", detail: { logid: "of-body" } },
      { kind: "authentication", code: 4100, message: "authentication is invalid", logid: "of-body" },
    ],
    [
      "a server without OAuth",
      404,
      "not found",
      { kind: "authentication", message: "HTTP 404 with an answer that is not Coze's." },
    ],
    [
      "a redirect",
      301,
      {},
      { kind: "agent-unavailable", message: "HTTP 301: the API has moved to http://elsewhere.example." },
    ],
  ])("%s is not repeated", async (_, status, body, expected) => {
    const clock = createManualClock();
    await using server = await startHttpServer((request, response) =>
      replyJson(response, body, status, { "X-Tt-Logid": logid, Location: `http://elsewhere.example${request.path}` }),
    );
    const error = await tokensFor(server.base, clock)
      .token("a", signal)
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: "CozeError", status, logid, endpoint: `POST ${path}`, ...expected });
    expect(server.requests).toHaveLength(1);
  });

  test.each<[string, number, unknown]>([
    ["internal_error", 400, { error_code: "internal_error", error_message: "try later" }],
    ["HTTP 503", 503, "down"],
    ["HTTP 429", 429, {}],
    ["a token that is none", 200, { access_token: "", expires_in: "soon" }],
  ])("%s is repeated, with a new JWT each time", async (_, status, body) => {
    const clock = createManualClock();
    await using server = await startHttpServer((_request, response, position) =>
      position < 3 ? replyJson(response, body, status) : grant(response, clock, position),
    );
    expect(await clock.moveUntil(tokensFor(server.base, clock).token("a", signal))).toBe("token-4");
    const claims = await Promise.all([0, 1, 2, 3].map((position) => claimsOf(server, clock, position)));
    expect(new Set(claims.map(({ jti }) => jti)).size).toBe(4);
  });

  test("ends after three repetitions with the last failure", async () => {
    const clock = createManualClock();
    await using server = await startHttpServer((_, response) => replyJson(response, {}, 502));
    const error = await clock.moveUntil(
      tokensFor(server.base, clock)
        .token("a", signal)
        .catch((reason: unknown) => reason),
    );
    expect(error).toMatchObject({ kind: "service", status: 502 });
    expect(server.requests).toHaveLength(4);
  });

  test("shows neither the JWT nor the key, even when the server quotes the JWT", async () => {
    const clock = createManualClock();
    await using server = await startHttpServer((request, response) =>
      replyJson(response, { error_code: "invalid_client", error_message: `bad ${jwtOf(request)}` }, 400),
    );
    const error = await tokensFor(server.base, clock)
      .token("a", signal)
      .catch((reason: unknown) => reason);
    const shown = inspect(error, { depth: null, showHidden: true }) + JSON.stringify(error);
    expect(shown).toContain("invalid_client: bad [token]");
    expect(shown).not.toContain(jwtOf(server.requests[0]));
    expect(shown).not.toContain("PRIVATE");
  });
});

test("a fixed token is the same for every session, and stays", async () => {
  const tokens = createFixedToken("pat_1");
  tokens.drop("a", "pat_1");
  expect(await Promise.all([tokens.token("a", signal), tokens.token("b", signal)])).toEqual(["pat_1", "pat_1"]);
});
