import { Api, GrammyError, HttpError, InputFile } from "grammy";
import { describe, expect, it } from "vitest";
import * as telegram from "../../../src/playground/telegram/index.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import { call, emulate, personInChat, send, urlOf } from "./telegram-fixture.ts";

describe("the Telegram emulator on the wire", () => {
  it("answers in the envelope and tells who the bot is", async () => {
    const emulator = await emulate();
    const { status, headers, body } = await call(emulator, "getMe");
    expect(status).toBe(200);
    expect(headers.get("content-type")).toBe("application/json");
    expect(body).toMatchObject({
      ok: true,
      result: { id: 7461203958, is_bot: true, username: "coze_playground_bot", can_read_all_group_messages: false },
    });
  });

  it("takes parameters from the query, a form, JSON and multipart alike", async () => {
    const emulator = await emulate();
    const { chatId, room } = personInChat(emulator);
    const fields = { chat_id: String(chatId), text: "x", entities: '[{"type":"bold","offset":0,"length":1}]' };
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    const url = urlOf(emulator, "sendMessage");
    const answers = await Promise.all([
      fetch(`${url}?${new URLSearchParams(fields)}`),
      fetch(url, { method: "POST", body: new URLSearchParams(fields) }),
      fetch(url, { method: "POST", body: form }),
      fetch(url, {
        method: "POST",
        headers: { "Content-Type": "application/json; charset=utf-8" },
        body: JSON.stringify({ ...fields, chat_id: chatId, entities: JSON.parse(fields.entities) }),
      }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const bold = [{ type: "bold", offset: 0, length: 1 }];
    expect(emulator.botMessages(room).map(({ revisions }) => revisions[0]?.entities)).toEqual([bold, bold, bold, bold]);
  });

  it("takes grammY's multipart upload, in which the parameter points to the part", async () => {
    const emulator = await emulate();
    const api = new Api(emulator.token, { apiRoot: emulator.apiRoot });
    await api.setWebhook("https://example.com/hook", { certificate: new InputFile(Buffer.from("PEM"), "cert.pem") });
    expect(await api.getWebhookInfo()).toMatchObject({ url: "https://example.com/hook", has_custom_certificate: true });
  });

  it("finds methods in any case and below /test/", async () => {
    const emulator = await emulate();
    for (const method of ["GETME", "getme", "test/getMe"]) expect((await call(emulator, method)).status).toBe(200);
    expect(emulator.calls.map((made) => made.method)).toEqual(["getMe", "getMe", "getMe"]);
  });

  it.each([
    ["an unknown method", "/bot<token>/sendNothing", 404, "Not Found: method not found"],
    ["a file's name as a method", "/bot<token>/file", 404, "Not Found: method not found"],
    ["another path", "/hello", 404, "Not Found"],
    ["an unknown token", "/bot1:AAAA/getMe", 401, "Unauthorized"],
    ["a malformed token", "/botAAAA/getMe", 401, "Unauthorized: invalid token specified"],
  ])("refuses %s", async (_what, path, status, description) => {
    const emulator = await emulate();
    const response = await fetch(emulator.apiRoot + path.replace("<token>", emulator.token));
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({ ok: false, error_code: status, description });
  });

  it("takes a token whose colon is escaped", async () => {
    const emulator = await emulate();
    const response = await fetch(urlOf(emulator, "getMe", encodeURIComponent(emulator.token)));
    expect(response.status).toBe(200);
  });

  it.each([
    ["no JSON", "{", 400, "Bad Request: JSON object expected"],
    ["a JSON array", "[]", 400, "Bad Request: JSON object expected"],
    ["more than 1 MiB", JSON.stringify({ text: "x".repeat(1 << 20) }), 413, "Request Entity Too Large"],
  ])("refuses a body that is %s", async (_what, body, status, description) => {
    const emulator = await emulate();
    const headers = { "Content-Type": "application/json" };
    const response = await fetch(urlOf(emulator, "sendMessage"), { method: "POST", headers, body });
    expect([response.status, await response.json()]).toEqual([status, { ok: false, error_code: status, description }]);
  });

  it("logs every call with its parameters, answer and connection, never with the token", async () => {
    const emulator = await emulate();
    const { chatId } = personInChat(emulator);
    await send(emulator, chatId, "hi");
    await call(emulator, "sendMessage", { chat_id: 1, text: "hi" });
    expect(emulator.calls).toMatchObject([
      { method: "sendMessage", parameters: { chat_id: chatId, text: "hi" }, status: 200, response: { ok: true } },
      { method: "sendMessage", status: 400, response: { description: "Bad Request: chat not found" } },
    ]);
    expect(emulator.calls.every(({ connection }) => connection > 0)).toBe(true);
    expect(JSON.stringify(emulator.calls)).not.toContain(emulator.token.split(":")[1]);
  });

  it("stops taking a token that was revoked", async () => {
    const emulator = await emulate();
    emulator.revokeToken();
    const answer = await call(emulator, "getMe");
    expect(answer.body).toEqual({ ok: false, error_code: 401, description: "Unauthorized" });
  });

  it("refuses connections once it is closed", async () => {
    const emulator = await emulate();
    await emulator.close();
    await expect(fetch(urlOf(emulator, "getMe"))).rejects.toThrow();
  });
});

describe("planned faults", () => {
  it("answers 429 with the seconds in body and header, and does not apply the call", async () => {
    const emulator = await emulate();
    const { chatId, room } = personInChat(emulator);
    emulator.faults.add({ method: "sendMessage", effect: telegram.tooManyRequests(33) });
    const { status, headers, body } = await call(emulator, "sendMessage", { chat_id: chatId, text: "a" });
    expect(status).toBe(429);
    expect(headers.get("retry-after")).toBe("33");
    expect(body).toEqual({
      ok: false,
      error_code: 429,
      description: "Too Many Requests: retry after 33",
      parameters: { retry_after: 33 },
    });
    expect(emulator.botMessages(room)).toEqual([]);
    await send(emulator, chatId, "b");
    expect(emulator.botMessages(room)).toHaveLength(1);
  });

  it.each([
    [telegram.internalServerError(), 500, "Internal Server Error"],
    [telegram.restarting(), 500, "Internal Server Error: restart"],
    [telegram.tokenRevoked(), 401, "Unauthorized"],
    [
      telegram.pollingConflict(),
      409,
      "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    ],
    [
      telegram.webhookActive(),
      409,
      "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
    ],
    [telegram.botBlocked(), 403, "Forbidden: bot was blocked by the user"],
    [telegram.userDeactivated(), 403, "Forbidden: user is deactivated"],
    [telegram.botKicked(), 403, "Forbidden: bot was kicked from the supergroup chat"],
    [telegram.chatNotFound(), 400, "Bad Request: chat not found"],
    [telegram.messageThreadNotFound(), 400, "Bad Request: message thread not found"],
    [telegram.topicClosed(), 400, "Bad Request: TOPIC_CLOSED"],
    [telegram.messageToEditNotFound(), 400, "Bad Request: message to edit not found"],
    [telegram.messageCantBeEdited(), 400, "Bad Request: message can't be edited"],
    [
      telegram.messageNotModified(),
      400,
      "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message",
    ],
    [telegram.messageTooLong(), 400, "Bad Request: message is too long"],
    [telegram.messageTooLongToEdit(), 400, "Bad Request: MESSAGE_TOO_LONG"],
  ])("have the bodies of the real server: case %#", async (effect, status, description) => {
    const emulator = await emulate();
    emulator.faults.add({ method: "getMe", effect });
    const answer = await call(emulator, "getMe");
    expect(answer.status).toBe(status);
    expect(answer.body).toEqual({ ok: false, error_code: status, description });
  });

  it("shows grammY an outage as the error it is", async () => {
    const emulator = await emulate();
    const api = new Api(emulator.token, { apiRoot: emulator.apiRoot });
    emulator.faults.add({ method: "getMe", effect: telegram.badGateway() });
    await expect(api.getMe()).rejects.toMatchObject({ error_code: 502, description: "Bad Gateway" });
    emulator.faults.add({ method: "getMe", effect: telegram.badGatewayPage() });
    await expect(api.getMe()).rejects.toBeInstanceOf(HttpError);
    emulator.faults.add({ method: "getMe", effect: telegram.truncatedBody() });
    await expect(api.getMe()).rejects.toBeInstanceOf(HttpError);
    await expect(api.getMe()).resolves.toMatchObject({ is_bot: true });
  });

  it.each([
    [false, 0],
    [true, 1],
  ])("resets the connection, applied: %s", async (applied, sent) => {
    const emulator = await emulate();
    const { chatId, room } = personInChat(emulator);
    const api = new Api(emulator.token, { apiRoot: emulator.apiRoot });
    emulator.faults.add({ method: "sendMessage", effect: { kind: "reset", applied } });
    const error = await api.sendMessage(chatId, "a").catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(HttpError);
    expect(error).not.toBeInstanceOf(GrammyError);
    expect(emulator.botMessages(room)).toHaveLength(sent);
    expect(emulator.calls.at(-1)).toMatchObject({ method: "sendMessage", status: 0 });
  });

  it("leaves a call hanging until the client gives up", async () => {
    const emulator = await emulate();
    const { chatId, room } = personInChat(emulator);
    const api = new Api(emulator.token, { apiRoot: emulator.apiRoot });
    emulator.faults.add({ method: "sendMessage", effect: { kind: "hang", applied: true } });
    const giveUp = new AbortController();
    const sending = api.sendMessage(chatId, "a", {}, giveUp.signal as never);
    await emulator.until("the message is there", () => emulator.botMessages(room).length === 1);
    giveUp.abort();
    await expect(sending).rejects.toThrow();
    expect(emulator.calls.at(-1)).toMatchObject({ status: 0, response: undefined });
  });

  it("answers late, having applied the call at once", async () => {
    const clock = createManualClock();
    const emulator = await emulate({ clock });
    const { chatId, room } = personInChat(emulator);
    emulator.faults.add({ method: "sendMessage", effect: { kind: "delay", ms: 4000 } });
    const sending = send(emulator, chatId, "a");
    await emulator.until("the message is there", () => emulator.botMessages(room).length === 1);
    expect(emulator.calls.at(-1)).toMatchObject({ status: 0 });
    expect(await clock.moveUntil(sending)).toMatchObject({ text: "a" });
  });

  it("lets calls take effect half way through the latency", async () => {
    const clock = createManualClock();
    const emulator = await emulate({ clock, latencyMs: 60 });
    const { chatId, room } = personInChat(emulator);
    const start = clock.now();
    await clock.moveUntil(send(emulator, chatId, "a"));
    expect(emulator.botMessages(room)[0]?.revisions[0]?.at).toBe(start + 30);
    expect(emulator.calls.at(-1)).toMatchObject({ at: start, answeredAt: start + 60 });
  });
});
