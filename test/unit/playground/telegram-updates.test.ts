import { once } from "node:events";
import { createConnection } from "node:net";
import { Bot, GrammyError } from "grammy";
import type { Update } from "grammy/types";
import { describe, expect, it, vi } from "vitest";
import type { TelegramEmulator } from "../../../src/playground/telegram/index.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import { call, emulate, pendingUpdates, personInChat, type RawAnswer, succeed } from "./telegram-fixture.ts";

const HOUR = 3_600_000;

const textsOf = (updates: readonly Update[]) => updates.map(({ message }) => message?.text);

function poll(emulator: TelegramEmulator, parameters: object): Promise<Update[]> {
  return succeed<Update[]>(emulator, "getUpdates", parameters);
}

/** Sends a poll and waits until it is held; the answer comes later. */
async function hold(emulator: TelegramEmulator): Promise<{ readonly answer: Promise<RawAnswer> }> {
  const answer = call(emulator, "getUpdates", { timeout: 30 });
  await emulator.until("the poll is held", () => emulator.isPolled);
  return { answer };
}

describe("getUpdates", () => {
  it("numbers updates upwards from a large random id", async () => {
    const emulator = await emulate();
    const { person, room } = personInChat(emulator);
    emulator.say(person, room, "again");
    const [first, second] = await pendingUpdates(emulator);
    expect(first?.update_id).toBeGreaterThanOrEqual(2_000_000);
    expect(second?.update_id).toBe((first?.update_id ?? 0) + 1);
  });

  it("keeps updates until a higher offset is asked for, and forgets them at that moment", async () => {
    const emulator = await emulate();
    const { person, room } = personInChat(emulator);
    emulator.say(person, room, "two");
    const [first] = await pendingUpdates(emulator);
    expect(textsOf(await pendingUpdates(emulator))).toEqual(["hello", "two"]);

    const socket = createConnection(Number(new URL(emulator.apiRoot).port), "127.0.0.1");
    await once(socket, "connect");
    socket.write(
      `GET /bot${emulator.token}/getUpdates?offset=${(first?.update_id ?? 0) + 1} HTTP/1.1\r\nHost: x\r\n\r\n`,
    );
    await emulator.until("the offset is applied", () => emulator.pendingUpdates === 1);
    socket.destroy();
    expect(textsOf(await pendingUpdates(emulator))).toEqual(["two"]);
  });

  it("keeps only the last ones for a negative offset", async () => {
    const emulator = await emulate();
    const { person, room } = personInChat(emulator);
    for (const text of ["b", "c", "d"]) emulator.say(person, room, text);
    expect(textsOf(await poll(emulator, { offset: -2 }))).toEqual(["c", "d"]);
    expect(emulator.pendingUpdates).toBe(2);
  });

  it("takes an offset far in the future for none", async () => {
    const emulator = await emulate();
    personInChat(emulator);
    expect(await poll(emulator, { offset: 2_000_000_000 })).toHaveLength(1);
  });

  it("clamps limit and timeout instead of refusing them", async () => {
    const clock = createManualClock();
    const emulator = await emulate({ clock });
    const { person, room } = personInChat(emulator);
    emulator.say(person, room, "two");
    expect(await poll(emulator, { limit: 0 })).toHaveLength(1);
    await clock.advance(1000);
    expect(await poll(emulator, { limit: 1000 })).toHaveLength(2);
    await clock.advance(1000);
    const start = clock.now();
    const held = poll(emulator, { offset: -1, timeout: 9999 }).then(() =>
      poll(emulator, { offset: 2_000, timeout: 9999 }),
    );
    await clock.moveUntil(held);
    expect(clock.now() - start).toBeLessThanOrEqual(50_000);
  });

  it("holds a poll until something comes, and answers what came in one step at once", async () => {
    const emulator = await emulate();
    const held = await hold(emulator);
    const { person, room } = personInChat(emulator);
    emulator.say(person, room, "two");
    const { body } = await held.answer;
    expect(textsOf(body.result as Update[])).toEqual(["hello", "two"]);
  });

  it("answers a held poll with nothing when its time is over", async () => {
    const clock = createManualClock();
    const emulator = await emulate({ clock });
    const start = clock.now();
    expect(await clock.moveUntil(poll(emulator, { timeout: 30 }))).toEqual([]);
    expect(clock.now() - start).toBe(30_000);
  });

  it("ends the older of two polls with 409, and slows further conflicts down", async () => {
    const clock = createManualClock();
    const emulator = await emulate({ clock });
    const first = await hold(emulator);
    const second = call(emulator, "getUpdates", { timeout: 30 });
    expect((await first.answer).body).toEqual({
      ok: false,
      error_code: 409,
      description: "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    });
    await emulator.until("the second poll is held", () => emulator.isPolled);
    emulator.pollElsewhere();
    const start = clock.now();
    expect((await clock.moveUntil(second)).status).toBe(409);
    expect(clock.now() - start).toBe(3000);
  });

  it("does not end the held poll for one that can be answered", async () => {
    const emulator = await emulate();
    const held = await hold(emulator);
    personInChat(emulator);
    expect((await held.answer).status).toBe(200);
    expect(await pendingUpdates(emulator)).toHaveLength(1);
  });

  it("forgets a poll whose client has gone", async () => {
    const emulator = await emulate();
    const gone = new AbortController();
    const polling = fetch(`${emulator.apiRoot}/bot${emulator.token}/getUpdates?timeout=30`, { signal: gone.signal });
    await emulator.until("the poll is held", () => emulator.isPolled);
    gone.abort();
    await expect(polling).rejects.toThrow();
    await vi.waitUntil(() => !emulator.isPolled);
    expect(emulator.calls.at(-1)?.status).toBe(0);
    personInChat(emulator);
    expect(await pendingUpdates(emulator)).toHaveLength(1);
  });

  it("slows a bot down that asks for the same again and again", async () => {
    const clock = createManualClock();
    const emulator = await emulate({ clock });
    const { person, room } = personInChat(emulator);
    emulator.say(person, room, "two");
    expect(await poll(emulator, { offset: 0 })).toHaveLength(2);
    expect(await poll(emulator, { offset: 0 })).toHaveLength(1);
    await clock.advance(500);
    expect(await poll(emulator, { offset: 0 })).toHaveLength(2);
    const last = (await pendingUpdates(emulator)).at(-1)?.update_id ?? 0;
    await clock.advance(500);
    const next = last + (await pendingUpdates(emulator)).length;
    expect(await poll(emulator, { offset: next })).toEqual([]);
    const start = clock.now();
    expect(await clock.moveUntil(poll(emulator, { offset: next }))).toEqual([]);
    expect(clock.now() - start).toBe(3000);
  });

  it("drops messages after 24 hours and presses after 150 seconds", async () => {
    const clock = createManualClock();
    const emulator = await emulate({ clock });
    const { person, room, chatId } = personInChat(emulator);
    const reply_markup = { inline_keyboard: [[{ text: "Stop", callback_data: "stop" }]] };
    await succeed(emulator, "sendMessage", { chat_id: chatId, text: "?", reply_markup });
    const [question] = emulator.botMessages(room);
    if (question !== undefined) emulator.press(person, question, "Stop");
    expect(emulator.pendingUpdates).toBe(2);
    await clock.advance(150_000);
    expect(emulator.pendingUpdates).toBe(1);
    await clock.advance(24 * HOUR - 150_001);
    expect(emulator.pendingUpdates).toBe(1);
    await clock.advance(1);
    expect(await pendingUpdates(emulator)).toEqual([]);
  });

  it("remembers which updates are wanted, from the moment they come to be", async () => {
    const emulator = await emulate();
    const { person, room, hello } = personInChat(emulator);
    await poll(emulator, { allowed_updates: ["Edited_Message"] });
    emulator.say(person, room, "not wanted");
    emulator.editMessage(person, hello, "hello!");
    const kinds = (await pendingUpdates(emulator)).map((update) => Object.keys(update)[1]);
    expect(kinds).toEqual(["message", "edited_message"]);
    expect(await succeed(emulator, "getWebhookInfo")).toMatchObject({ allowed_updates: ["edited_message"] });

    for (const ignored of ["[nonsense", { message: true }, [1]]) await poll(emulator, { allowed_updates: ignored });
    emulator.say(person, room, "still not wanted");
    expect(emulator.pendingUpdates).toBe(2);
    await poll(emulator, { allowed_updates: [] });
    emulator.say(person, room, "wanted");
    expect(emulator.pendingUpdates).toBe(3);
  });

  it("delivers an update again on demand, though it was confirmed", async () => {
    const emulator = await emulate();
    const { person, room } = personInChat(emulator);
    const [update] = await pendingUpdates(emulator);
    const offset = (update?.update_id ?? 0) + 1;
    emulator.say(person, room, "two");
    expect(textsOf(await poll(emulator, { offset }))).toEqual(["two"]);
    expect(await poll(emulator, { offset: offset + 1 })).toEqual([]);
    emulator.repeatUpdate();
    expect(textsOf(await pendingUpdates(emulator))).toEqual(["two"]);
    expect(await pendingUpdates(emulator)).toEqual([]);
  });
});

describe("webhooks", () => {
  it("shut getUpdates out while one is set", async () => {
    const emulator = await emulate();
    const held = await hold(emulator);
    const url = "https://example.com/hook";
    expect((await call(emulator, "setWebhook", { url })).body).toEqual({
      ok: true,
      result: true,
      description: "Webhook was set",
    });
    expect((await held.answer).body.description).toBe("Conflict: terminated by setWebhook request");
    expect(await succeed(emulator, "getWebhookInfo")).toEqual({
      url,
      has_custom_certificate: false,
      pending_update_count: 0,
      max_connections: 40,
    });
    const later = createManualClock();
    const other = await emulate({ clock: later });
    await call(other, "setWebhook", { url });
    expect((await call(other, "getUpdates")).body).toEqual({
      ok: false,
      error_code: 409,
      description:
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
    });
    expect((await call(other, "deleteWebhook")).body.description).toBe("Webhook was deleted");
    expect((await call(other, "deleteWebhook")).body.description).toBe("Webhook is already deleted");
    expect((await call(other, "getUpdates")).body).toEqual({ ok: true, result: [] });
  });

  it("are set over https only, once a second, and say when nothing changed", async () => {
    const clock = createManualClock();
    const emulator = await emulate({ clock });
    const plain = await call(emulator, "setWebhook", { url: "http://example.com" });
    expect(plain.body.description).toBe("Bad Request: bad webhook: An HTTPS URL must be provided for webhook");
    const url = "https://example.com/hook";
    await call(emulator, "setWebhook", { url });
    const hasty = await call(emulator, "setWebhook", { url });
    expect([hasty.status, hasty.headers.get("retry-after")]).toEqual([429, "1"]);
    await clock.advance(1000);
    expect((await call(emulator, "setWebhook", { url })).body.description).toBe("Webhook is already set");
  });

  it("drop what is pending when asked to", async () => {
    const emulator = await emulate();
    personInChat(emulator);
    await call(emulator, "deleteWebhook", { drop_pending_updates: true });
    expect(emulator.pendingUpdates).toBe(0);
  });
});

describe("grammY polling the emulator", () => {
  const botFor = (emulator: TelegramEmulator) => new Bot(emulator.token, { client: { apiRoot: emulator.apiRoot } });

  it("gets messages and answers them", async () => {
    const emulator = await emulate();
    const bot = botFor(emulator);
    bot.on("message:text", (context) => context.reply(`You said ${context.message.text}`));
    const done = bot.start();
    const { room } = personInChat(emulator);
    const answer = await emulator.until("the bot answers", () => emulator.botMessages(room)[0]);
    expect(answer.text).toBe("You said hello");
    await bot.stop();
    await done;
    expect(emulator.pendingUpdates).toBe(0);
  });

  it("gets an update again that it had not confirmed when it crashed", async () => {
    const clock = createManualClock();
    const emulator = await emulate({ clock });
    const { person, room } = personInChat(emulator);
    emulator.say(person, room, "second");
    const crashing = botFor(emulator);
    const seen: string[] = [];
    crashing.on("message:text", () => new Promise<never>(() => seen.push("crashed")));
    void crashing.start();
    await vi.waitUntil(() => seen.length > 0);

    const next = botFor(emulator);
    next.on("message:text", (context) => void seen.push(context.message.text));
    const done = next.start();
    await emulator.until("all is confirmed", () => emulator.pendingUpdates === 0 && emulator.isPolled);
    await clock.moveUntil(next.stop(), 5000);
    await done;
    expect(seen).toEqual(["crashed", "hello", "second"]);
  });

  it("is stopped by another instance and by a revoked token", async () => {
    const emulator = await emulate();
    const first = botFor(emulator).start();
    await emulator.until("the bot polls", () => emulator.isPolled);
    emulator.pollElsewhere();
    await expect(first).rejects.toMatchObject({ error_code: 409, method: "getUpdates" });

    const second = botFor(emulator).start();
    await emulator.until("the bot polls again", () => emulator.isPolled);
    emulator.revokeToken();
    const error = await second.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(GrammyError);
    expect(error).toMatchObject({ error_code: 401, description: "Unauthorized" });
  });
});
