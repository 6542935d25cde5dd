import { inspect } from "node:util";
import { DiscordAPIError, HTTPError, RateLimitError } from "discord.js";
import { describe, expect, it } from "vitest";
import { methodOf, toPlatformError } from "../../../../adapters/discord/errors.ts";

const method = "POST /webhooks/:id/:token";
const url = "https://discord.com/api/v10/webhooks/1/interaction-secret";
const sent = { body: { content: "what a person said" }, files: undefined };

function refusal(code: number, status: number, errors?: unknown): DiscordAPIError {
  return new DiscordAPIError(
    { code, message: "Refused", ...(errors ? { errors } : {}) } as never,
    code,
    status,
    "POST",
    url,
    sent,
  );
}

function limited(fields: Partial<RateLimitError>): RateLimitError {
  return new RateLimitError({
    timeToReset: 100,
    retryAfter: 0,
    limit: 5,
    method: "POST",
    hash: "abc",
    url,
    route: "/webhooks/:id/:token",
    majorParameter: "1/interaction-secret",
    global: false,
    sublimitTimeout: 0,
    scope: "user",
    ...fields,
  });
}

const tooLong = {
  content: { _errors: [{ code: "BASE_TYPE_MAX_LENGTH", message: "Must be 2000 or fewer in length." }] },
};
const otherForm = { content: { _errors: [{ code: "BASE_TYPE_REQUIRED", message: "This field is required" }] } };

describe("translates refusals", () => {
  it.each([
    [10003, 404, "not-found"],
    [10004, 404, "not-found"],
    [10008, 404, "not-found"],
    [10015, 404, "not-found"],
    [10062, 404, "not-found"],
    [50027, 401, "not-found"],
    [50001, 403, "forbidden"],
    [50013, 403, "forbidden"],
    [50007, 403, "forbidden"],
    [50083, 400, "forbidden"],
    [160005, 400, "forbidden"],
    [0, 401, "forbidden"],
    [0, 403, "forbidden"],
    [50006, 400, "unknown"],
    [10013, 404, "not-found"],
    [50005, 403, "forbidden"],
    [50278, 403, "forbidden"],
    [200_000, 400, "unknown"],
    [240_000, 403, "unknown"],
    [20_016, 400, "rate-limited"],
    [20_028, 400, "rate-limited"],
    [20_029, 400, "rate-limited"],
    [30_046, 400, "rate-limited"],
    [40_003, 400, "rate-limited"],
    [40_004, 400, "rate-limited"],
    [40_006, 403, "rate-limited"],
    [40_062, 400, "rate-limited"],
    [130_000, 400, "rate-limited"],
  ])("%i with HTTP %i as %s", (code, status, expected) => {
    const error = toPlatformError(refusal(code, status), method);
    expect(error).toMatchObject({ code: expected, status, method, platform: "discord" });
    expect(error.message).toBe(`Discord refused the request: Refused (${code})`);
  });

  it.each([
    ["a text over the limit", tooLong, "too-long"],
    ["another mistake in the form", otherForm, "unknown"],
  ])("%s", (_, errors, code) => expect(toPlatformError(refusal(50035, 400, errors), method).code).toBe(code));

  it.each([
    ["as long as it says", 30_046, { retry_after: 7.25 }, 7_250],
    ["a while where it does not say", 20_016, {}, 20_000],
  ])("and waits %s", (_, code, fields, retryAfterMs) => {
    const body = { code, message: "Refused", ...fields } as never;
    const error = toPlatformError(new DiscordAPIError(body, code, 400, "PATCH", url, sent), method);
    expect(error).toMatchObject({ code: "rate-limited", scope: "chat", retryAfterMs });
  });
});

it.each([
  [403, { code: "rate-limited", scope: "bot", retryAfterMs: 60_000 }],
  [400, { code: "unknown" }],
  [404, { code: "unknown" }],
])("tells a proxy's page with HTTP %i from a refusal of Discord", (status, expected) => {
  // The SDK leaves what is no JSON as bytes.
  const page = new TextEncoder().encode("<html>").buffer;
  const error = toPlatformError(new DiscordAPIError(page as never, 0, status, "POST", url, sent), method);
  expect(error).toMatchObject({ ...expected, status, method });
});

it.each([
  ["of the whole bot", { timeToReset: 900.2, global: true }, 901, "bot"],
  ["of one route", { timeToReset: 4_321 }, 4_321, "chat"],
  ["that ends just now", { timeToReset: -3 }, 1, "chat"],
])("tells of a call that the SDK did not send for a limit %s", (_, fields, retryAfterMs, scope) => {
  const error = toPlatformError(limited(fields), method);
  expect(error).toMatchObject({ code: "rate-limited", retryAfterMs, scope, status: undefined });
});

describe("translates what has no answer of Discord", () => {
  it.each([
    ["HTTP 502", new HTTPError(502, "Bad Gateway", "POST", url, sent), "network", 502],
    ["HTTP 418", new HTTPError(418, "", "POST", url, sent), "unknown", 418],
    [
      "a cut connection",
      Object.assign(new Error("other side closed"), { code: "UND_ERR_SOCKET" }),
      "network",
      undefined,
    ],
    ["a timeout", new DOMException("This operation was aborted", "AbortError"), "network", undefined],
    ["anything that is no error", "what?", "network", undefined],
  ])("%s", (_, error, code, status) => {
    expect(toPlatformError(error, method)).toMatchObject({ code, status, method });
  });
});

it.each([
  ["a refusal", refusal(50013, 403)],
  ["a rate limit", limited({})],
  ["a failure of the server", new HTTPError(500, "", "POST", url, sent)],
])("keeps tokens and texts out of %s", (_, error) => {
  const everything = inspect(toPlatformError(error, method), { depth: Number.POSITIVE_INFINITY, showHidden: true });
  expect(everything).not.toMatch(/interaction-secret|what a person said/);
});

it.each([
  ["POST", "/channels/123456789012345678/messages", "POST /channels/:id/messages"],
  [
    "PATCH",
    "/webhooks/123456789012345678/aW50.x-y_z/messages/%40original",
    "PATCH /webhooks/:id/:token/messages/@original",
  ],
  ["POST", "/webhooks/123456789012345678/12345678?wait=true", "POST /webhooks/:id/:token"],
  ["POST", "/interactions/123456789012345678/aW50/callback", "POST /interactions/:id/:token/callback"],
])("names %s %s for the log", (verb, route, name) => expect(methodOf(verb, route)).toBe(name));
