import { inspect } from "node:util";
import { HttpError } from "grammy";
import { describe, expect, it } from "vitest";
import { downloadRefused, refused, unanswered } from "../../../../adapters/telegram/errors.ts";
import { PlatformError, type PlatformErrorCode } from "../../../../src/errors.ts";
import { refusals } from "./refusals.ts";

describe("a refusal", () => {
  it.each(refusals)("is %s: %i %s", (code, error_code, description) => {
    const error = refused("sendMessage", { ok: false, error_code, description });
    expect(error).toBeInstanceOf(PlatformError);
    expect(error).toMatchObject({ code, platform: "telegram", method: "sendMessage", status: error_code });
    expect(error.message).toContain(description);
  });

  it.each<[string, object, number]>([
    ["its field", { error_code: 429, parameters: { retry_after: 33 } }, 33_000],
    ["its text", { error_code: 429, description: "Too Many Requests: retry after 33" }, 33_000],
    ["the slow mode of a group", { error_code: 400, description: "Bad Request: SLOWMODE_WAIT_10" }, 10_000],
    ["the words of Telegram's core", { error_code: 420, description: "FLOOD_WAIT_12" }, 12_000],
    ["nothing, so that the usual time is taken", { error_code: 429 }, 30_000],
  ])("for too many requests tells when to try again, by %s", (_, answer, retryAfterMs) => {
    const flood = { ok: false as const, error_code: 429, description: "Too Many Requests", ...answer };
    expect(refused("editMessageText", flood)).toMatchObject({ code: "rate-limited", retryAfterMs, scope: "chat" });
  });

  it("names the variable when it is the token that is refused", () => {
    const error = refused("getMe", { ok: false, error_code: 401, description: "Unauthorized" });
    expect(error.message).toContain("TELEGRAM_BOT_TOKEN");
  });

  it.each<[PlatformErrorCode, number]>([
    ["not-found", 404],
    ["forbidden", 401],
    ["network", 502],
    ["unknown", 400],
  ])("of a download is %s for HTTP %i", (code, status) => {
    expect(downloadRefused(status)).toMatchObject({ code, status });
  });
});

describe("an answer that did not come", () => {
  const address = "http://127.0.0.1:1/bot700:s3cret/sendMessage";

  it.each<[string, unknown, string]>([
    [
      "a reset connection",
      new HttpError("Network request failed!", new Error(`request to ${address} failed, reason: read ECONNRESET`)),
      "ECONNRESET",
    ],
    [
      "a failed download",
      new TypeError("fetch failed", { cause: new Error(`connect ECONNREFUSED 127.0.0.1:1`) }),
      "ECONNREFUSED",
    ],
    ["an unusable address", new TypeError(`Failed to parse URL from ${address}`), "Failed to parse"],
    ["something that is no error", address, "unknown reason"],
  ])("is a network error that says why and holds no token: %s", (_, reason, expected) => {
    const error = unanswered("sendMessage", reason);
    expect(error).toMatchObject({ code: "network", method: "sendMessage", status: undefined });
    expect(error.message).toContain(expected);
    expect(inspect(error, { depth: Infinity, showHidden: true })).not.toContain("s3cret");
  });
});
