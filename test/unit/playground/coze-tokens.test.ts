import { generateKeyPairSync } from "node:crypto";
import { getJWTToken, type JWTToken } from "@coze/api";
import { importPKCS8, SignJWT } from "jose";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type CozeEmulator, startCozeEmulator } from "../../../src/playground/coze/index.ts";
import { createManualClock, type ManualClock } from "../../support/manual-clock.ts";
import { agentQuestion, call, callJson, flowQuestion, jsonOf, signJwt, tokenFor } from "./coze-caller.ts";

const GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const EXCHANGE = "POST /api/permission/oauth2/token";

interface OAuthError {
  readonly error_code: string;
}

let clock: ManualClock;
let emulator: CozeEmulator;

beforeEach(async () => {
  clock = createManualClock(Date.now());
  emulator = await startCozeEmulator({ clock });
});
afterEach(() => emulator.close());

function exchange(jwt: string, body: Record<string, unknown> = { grant_type: GRANT }): Promise<Response> {
  return call(emulator, EXCHANGE, { token: jwt, body });
}

describe("token exchange", () => {
  it.each(["privateKey", "privateKeyPkcs1"] as const)("gives the official client a token for its %s", async (key) => {
    const { oauthApp, baseUrl } = emulator;
    const token = await getJWTToken({
      baseURL: baseUrl,
      appId: oauthApp.clientId,
      aud: new URL(baseUrl).host,
      keyid: oauthApp.keyId,
      privateKey: oauthApp[key],
      sessionName: "telegram:1",
      durationSeconds: 600,
    });
    expect(token.access_token).toMatch(/^czs_/);
    expect(token.expires_in).toBe(Math.floor(clock.now() / 1000) + 600);
    expect([...emulator.exchanges]).toEqual([["telegram:1", 1]]);
  });

  it("lasts 900 seconds by default, and no longer", async () => {
    const { access_token: token, expires_in } = await jsonOf<JWTToken>(await exchange(await signJwt(emulator)));
    expect(expires_in).toBe(Math.floor(clock.now() / 1000) + 900);
    await clock.advance(899_000 - (clock.now() % 1000));
    expect((await callJson(emulator, "POST /v1/conversation/create", { token, body: {} })).code).toBe(0);
    await clock.advance(1000);
    expect((await call(emulator, "POST /v1/conversation/create", { token, body: {} })).status).toBe(401);
  });

  it("refuses a JWT that was used before", async () => {
    const jwt = await signJwt(emulator);
    expect((await exchange(jwt)).status).toBe(200);
    const again = await exchange(jwt);
    expect(again.status).toBe(400);
    expect(await again.json()).toMatchObject({
      error_code: "invalid_client",
      error_message: expect.stringContaining("jti"),
    });
  });

  const now = Math.floor(Date.now() / 1000);
  it.each([
    ["of another app", { iss: "999" }],
    ["for the whole URL instead of the host", { aud: "http://127.0.0.1" }],
    ["for the host without its port", { aud: "127.0.0.1" }],
    ["that has expired", { iat: now - 700, exp: now - 100 }],
    ["that expires when it begins", { iat: now + 60, exp: now + 60 }],
    ["without an issue time", { iat: undefined }],
    ["with times in milliseconds", { iat: now * 1000, exp: now * 1000 + 600_000 }],
    ["without an id", { jti: undefined }],
    ["with a session name that is no text", { session_name: 42 }],
  ])("refuses a JWT %s", async (_what, claims) => {
    const response = await exchange(await signJwt(emulator, claims));
    expect(response.status).toBe(400);
    expect(response.headers.get("X-Tt-Logid")).toBeTruthy();
    expect((await jsonOf<OAuthError>(response)).error_code).toBe("invalid_client");
    expect(emulator.exchanges.size).toBe(0);
  });

  it("refuses a JWT with another key id, and one signed by another key", async () => {
    expect((await exchange(await signJwt(emulator, {}, { kid: "other" }))).status).toBe(400);
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const { iss, aud, iat, exp, jti } = JSON.parse(
      Buffer.from((await signJwt(emulator)).split(".")[1] ?? "", "base64url").toString(),
    );
    const forged = await new SignJWT({ iss, aud, iat, exp, jti })
      .setProtectedHeader({ alg: "RS256", typ: "JWT", kid: emulator.oauthApp.keyId })
      .sign(await importPKCS8(String(privateKey.export({ type: "pkcs8", format: "pem" })), "RS256"));
    expect(await (await exchange(forged)).json()).toMatchObject({ error_code: "invalid_client" });
  });

  it("reads the JWT from the header alone", async () => {
    const assertion = await signJwt(emulator);
    const response = await exchange("", { grant_type: GRANT, assertion });
    expect(await response.json()).toMatchObject({ error_message: "verify jwt empty error" });
  });

  it.each([
    [{}, "invalid_request"],
    [{ grant_type: "password" }, "unsupported_grant_type"],
    [{ grant_type: GRANT, duration_seconds: 86_400 }, "invalid_request"],
    [{ grant_type: GRANT, duration_seconds: "900" }, "invalid_request"],
  ])("answers the body %j with %s", async (body, code) => {
    const refusal = await jsonOf<OAuthError>(await exchange(await signJwt(emulator), body));
    expect(refusal.error_code).toBe(code);
  });
});

describe("authorization", () => {
  it("refuses bad tokens in the words of each endpoint", async () => {
    const refusals = await Promise.all(
      [
        call(emulator, "POST /v3/chat", { token: "", body: agentQuestion(emulator, "hi") }),
        call(emulator, "POST /v3/chat", { token: "pat_x", body: agentQuestion(emulator, "hi", { bot_id: "1" }) }),
        call(emulator, "GET /v3/chat/retrieve?conversation_id=1&chat_id=1", { token: "pat_x" }),
        call(emulator, "POST /v1/conversation/create", { token: "pat_x", body: {} }),
        call(emulator, "POST /v1/workflows/chat", { token: "pat_x", body: flowQuestion(emulator, "hi") }),
      ].map(async (response) => [(await response).status, (await jsonOf(await response)).code]),
    );
    expect(refusals).toEqual([
      [200, 4101],
      [200, 4200],
      [401, 700012006],
      [401, 700012006],
      [401, 4100],
    ]);
  });

  it("revokes all issued tokens at once, and leaves the personal one", async () => {
    const token = await tokenFor(emulator, "telegram:1");
    emulator.revokeTokens();
    const refused = await callJson(emulator, "POST /v3/chat", { token, body: agentQuestion(emulator, "hi") });
    expect(refused.code).toBe(4101);
    expect((await callJson(emulator, "POST /v1/conversation/create", { body: {} })).code).toBe(0);
  });

  it("records who called, without the token", async () => {
    const token = await tokenFor(emulator, "telegram:1");
    await call(emulator, "POST /v1/conversation/create?a=b", { token, body: { name: "n" } });
    const request = emulator.requests.at(-1);
    expect(request).toMatchObject({
      method: "POST",
      path: "/v1/conversation/create",
      query: { a: "b" },
      body: { name: "n" },
      sessionName: "telegram:1",
      status: 200,
      at: clock.now(),
      aborted: false,
    });
    expect(JSON.stringify(emulator.requests)).not.toContain(token);
  });
});

describe("environment", () => {
  it("names the agent, or the flow and what it runs for", () => {
    const { botId, workflowId, appId } = emulator.catalog;
    const base = { COZE_API_BASE: emulator.baseUrl, COZE_API_TOKEN: emulator.personalToken };
    expect(emulator.environment("agent", "token")).toEqual({ ...base, COZE_BOT_ID: botId });
    expect(emulator.environment("chatflow-app", "token")).toEqual({
      ...base,
      COZE_WORKFLOW_ID: workflowId,
      COZE_APP_ID: appId,
    });
    expect(emulator.environment("chatflow-bot", "token")).toEqual({
      ...base,
      COZE_WORKFLOW_ID: workflowId,
      COZE_BOT_ID: botId,
    });
  });

  it("has the private key in one line", async () => {
    const { COZE_JWT_OAUTH_PRIVATE_KEY: key = "", COZE_JWT_OAUTH_CLIENT_ID: clientId } = emulator.environment("agent");
    expect(clientId).toBe(emulator.oauthApp.clientId);
    expect(key).not.toContain("\n");
    expect(key.replaceAll("\\n", "\n")).toBe(emulator.oauthApp.privateKey.trim());
  });
});
