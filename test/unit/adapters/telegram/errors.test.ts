import { inspect } from "node:util";
import { HttpError } from "grammy";
import { describe, expect, it } from "vitest";
import { downloadRefused, refused, unanswered } from "../../../../adapters/telegram/errors.ts";
import { PlatformError, type PlatformErrorCode } from "../../../../src/errors.ts";

describe("a refusal", () => {
  it.each<[PlatformErrorCode, number, string]>([
    ["forbidden", 401, "Unauthorized"],
    ["forbidden", 404, "Not Found"],
    ["forbidden", 403, "Forbidden: bot was blocked by the user"],
    ["forbidden", 403, "Forbidden: bot was kicked from the supergroup chat"],
    ["forbidden", 400, "Bad Request: not enough rights to send text messages to the chat"],
    ["forbidden", 400, "Bad Request: have no rights to send a message"],
    ["forbidden", 400, "Bad Request: CHAT_WRITE_FORBIDDEN"],
    ["forbidden", 400, "Bad Request: CHAT_SEND_PLAIN_FORBIDDEN"],
    ["forbidden", 400, "Bad Request: TOPIC_CLOSED"],
    ["not-found", 400, "Bad Request: message to edit not found"],
    ["not-found", 400, "Bad Request: message can't be edited"],
    ["not-found", 400, "Bad Request: chat not found"],
    ["not-found", 400, "Bad Request: message thread not found"],
    ["not-found", 400, "Bad Request: group chat was upgraded to a supergroup chat"],
    ["not-found", 400, "Bad Request: invalid file_id"],
    ["too-long", 400, "Bad Request: message is too long"],
    ["too-long", 400, "Bad Request: MESSAGE_TOO_LONG"],
    ["too-long", 400, "Bad Request: text is too long"],
    ["too-long", 413, "Request Entity Too Large"],
    ["network", 500, "Internal Server Error: restart"],
    ["network", 502, "Bad Gateway"],
    ["unknown", 400, "Bad Request: text must be non-empty"],
    ["unknown", 400, "Bad Request: file is too big"],
  ])("is %s: %i %s", (code, error_code, description) => {
    const error = refused("sendMessage", { ok: false, error_code, description });
    expect(error).toBeInstanceOf(PlatformError);
    expect(error).toMatchObject({ code, platform: "telegram", method: "sendMessage", status: error_code });
    expect(error.message).toContain(description);
  });

  it("for too many requests tells when the chat may be written to again", () => {
    const description = "Too Many Requests: retry after 33";
    const parameters = { retry_after: 33 };
    expect(refused("editMessageText", { ok: false, error_code: 429, description, parameters })).toMatchObject({
      code: "rate-limited",
      retryAfterMs: 33_000,
      scope: "chat",
    });
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
