import { expect, test } from "vitest";
import { type DiscordEmulator, rateLimited } from "../../../src/playground/discord/index.ts";
import { type Answer, call, emulator, manualClock } from "./discord-fixture.ts";

test("five messages per five seconds and channel, in a window that starts at the first", async () => {
  const clock = manualClock();
  const discord = await emulator({ clock });
  const room = discord.privateRoom(discord.addPerson());
  const first = await post(discord, room.id);
  expect(rateHeaders(first)).toMatchObject({ limit: "5", remaining: "4", "reset-after": "5.000" });
  expect(Number(first.headers.get("x-ratelimit-reset"))).toBe(clock.now() / 1_000 + 5);
  clock.advance(1_500);
  for (const remaining of ["3", "2", "1", "0"]) {
    expect(rateHeaders(await post(discord, room.id)).remaining).toBe(remaining);
  }
  const refused = await post(discord, room.id);
  expect(refused.status).toBe(429);
  expect(refused.body).toEqual({ message: "You are being rate limited.", retry_after: 3.5, global: false });
  expect(rateHeaders(refused)).toMatchObject({ remaining: "0", "reset-after": "3.500", scope: "user" });
  expect(refused.headers.get("retry-after")).toBe("4");
  expect((await post(discord, discord.privateRoom(discord.addPerson()).id)).status).toBe(200);
  clock.advance(3_500);
  expect((await post(discord, room.id)).status).toBe(200);
  expect(discord.botMessages(room)).toHaveLength(6);
});

test("edits, typing and deletions have buckets of their own", async () => {
  const discord = await emulator({ clock: manualClock() });
  const room = discord.privateRoom(discord.addPerson());
  const messages: string[] = [];
  for (let i = 0; i < 5; i++) messages.push((await post(discord, room.id)).body.id);
  for (let i = 0; i < 5; i++) expect((await edit(discord, room.id, messages[0] ?? "")).status).toBe(200);
  expect((await edit(discord, room.id, messages[0] ?? "")).status).toBe(429);
  for (let i = 0; i < 5; i++) expect((await type(discord, room.id)).status).toBe(204);
  expect((await type(discord, room.id)).status).toBe(429);
  for (const id of messages) expect((await remove(discord, room.id, id)).status).toBe(204);
  expect(await remove(discord, room.id, messages[0] ?? "")).toMatchObject({ status: 429, body: { retry_after: 1 } });
});

test("profile B counts messages and edits together, and says so by the bucket's name", async () => {
  const discord = await emulator({ clock: manualClock(), limits: "B" });
  const room = discord.privateRoom(discord.addPerson());
  const sent = await post(discord, room.id);
  const edited = await edit(discord, room.id, sent.body.id);
  expect(rateHeaders(edited).bucket).toBe(rateHeaders(sent).bucket);
  expect(rateHeaders(edited).remaining).toBe("3");
  for (let i = 0; i < 3; i++) await post(discord, room.id);
  expect((await edit(discord, room.id, sent.body.id)).status).toBe(429);
});

test("in profile A messages and edits have different bucket names", async () => {
  const discord = await emulator({ clock: manualClock() });
  const room = discord.privateRoom(discord.addPerson());
  const sent = await post(discord, room.id);
  const edited = await edit(discord, room.id, sent.body.id);
  expect(rateHeaders(edited).bucket).not.toBe(rateHeaders(sent).bucket);
});

test("profile C takes three edits per 20 s of messages older than an hour", async () => {
  const clock = manualClock();
  const discord = await emulator({ clock, limits: "C" });
  const room = discord.privateRoom(discord.addPerson());
  const { body } = await post(discord, room.id);
  clock.advance(3_600_000);
  for (let i = 0; i < 3; i++) expect((await edit(discord, room.id, body.id)).status).toBe(200);
  const refused = await edit(discord, room.id, body.id);
  expect(refused.status).toBe(429);
  expect(refused.body).toEqual({
    message: "Maximum number of edits to messages older than 1 hour reached. Try again later",
    code: 30046,
    retry_after: 20,
    global: false,
  });
  expect(rateHeaders(refused)).toMatchObject({ "reset-after": "20.000", remaining: "0" });
  const { body: fresh } = await post(discord, room.id);
  expect((await edit(discord, room.id, fresh.id)).status).toBe(200);
  clock.advance(20_000);
  expect((await edit(discord, room.id, body.id)).status).toBe(200);
});

test("profile A does not ask how old a message is", async () => {
  const clock = manualClock();
  const discord = await emulator({ clock });
  const room = discord.privateRoom(discord.addPerson());
  const { body } = await post(discord, room.id);
  clock.advance(3_600_000);
  for (let i = 0; i < 5; i++) expect((await edit(discord, room.id, body.id)).status).toBe(200);
});

test("a 429 that others share in does not count towards the ban", async () => {
  const discord = await emulator({ clock: manualClock() });
  const room = discord.privateRoom(discord.addPerson());
  discord.faults.add({ effect: rateLimited(1, { scope: "shared" }) });
  discord.faults.add({ effect: rateLimited(1) });
  expect(rateHeaders(await post(discord, room.id)).scope).toBe("shared");
  expect(discord.invalidRequests).toBe(0);
  expect(rateHeaders(await post(discord, room.id)).scope).toBe("user");
  expect(discord.invalidRequests).toBe(1);
});

test("fifty calls per second in all, interactions left out", async () => {
  const clock = manualClock();
  const discord = await emulator({ clock });
  for (let i = 0; i < 50; i++) expect((await call(discord, "GET /users/@me")).status).toBe(200);
  const refused = await call(discord, "GET /users/@me");
  expect(refused).toMatchObject({ status: 429, body: { global: true, retry_after: 1 } });
  expect(refused.headers.get("x-ratelimit-global")).toBe("true");
  expect(rateHeaders(refused).scope).toBe("global");
  const interaction = await call(discord, "POST /interactions/100000000000000001/token/callback", { type: 5 });
  expect(interaction).toMatchObject({ status: 404, body: { code: 10062 } });
  clock.advance(1_000);
  expect((await call(discord, "GET /users/@me")).status).toBe(200);
});

test("ten thousand invalid requests in ten minutes bring Cloudflare's ban", async () => {
  const clock = manualClock();
  const discord = await emulator({ clock });
  const stranger = "Bot wrong";
  await call(discord, "GET /users/@me", undefined, stranger);
  expect(discord.invalidRequests).toBe(1);
  const batch = () =>
    Promise.all(Array.from({ length: 101 }, () => call(discord, "GET /users/@me", undefined, stranger)));
  for (let i = 0; i < 99; i++) await batch();
  expect(discord.invalidRequests).toBe(10_000);
  const banned = await call(discord, "GET /users/@me");
  expect([banned.status, banned.headers.get("content-type")]).toEqual([403, "text/html; charset=UTF-8"]);
  expect(banned.body).toContain("Error 1015");
  clock.advance(600_000);
  expect((await call(discord, "GET /users/@me")).status).toBe(200);
});

test("limits can be switched off", async () => {
  const discord = await emulator({ clock: manualClock(), limits: "off" });
  const room = discord.privateRoom(discord.addPerson());
  for (let i = 0; i < 60; i++) {
    const answer = await post(discord, room.id);
    expect([answer.status, answer.headers.get("x-ratelimit-limit")]).toEqual([200, null]);
  }
});

function post(discord: DiscordEmulator, channelId: string) {
  return call(discord, `POST /channels/${channelId}/messages`, { content: "x" });
}

function edit(discord: DiscordEmulator, channelId: string, messageId: string) {
  return call(discord, `PATCH /channels/${channelId}/messages/${messageId}`, { content: "y" });
}

function type(discord: DiscordEmulator, channelId: string) {
  return call(discord, `POST /channels/${channelId}/typing`);
}

function remove(discord: DiscordEmulator, channelId: string, messageId: string) {
  return call(discord, `DELETE /channels/${channelId}/messages/${messageId}`);
}

function rateHeaders(answer: Answer): Readonly<Record<string, string>> {
  const prefix = "x-ratelimit-";
  const entries = [...answer.headers].filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(entries.map(([name, value]) => [name.slice(prefix.length), value]));
}
