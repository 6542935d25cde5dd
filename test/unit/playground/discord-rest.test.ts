import { Routes } from "discord.js";
import { expect, test } from "vitest";
import {
  apiError,
  cloudflareHtml,
  type DiscordEmulator,
  rateLimited,
  serverError,
} from "../../../src/playground/discord/index.ts";
import { call, emulator, manualClock, onlineClient } from "./discord-fixture.ts";

test("answers unknown routes, methods, versions and tokens as Discord does", async () => {
  const discord = await emulator();
  expect(await call(discord, "GET /nowhere")).toMatchObject({
    status: 404,
    body: { message: "404: Not Found", code: 0 },
  });
  expect(await call(discord, "PUT /users/@me")).toMatchObject({
    status: 405,
    body: { message: "405: Method Not Allowed", code: 0 },
  });
  const stranger = await call(discord, "GET /users/@me", undefined, "Bot wrong");
  expect(stranger).toMatchObject({ status: 401, body: { message: "401: Unauthorized", code: 0 } });
  const old = await fetch(`${discord.environment.DISCORD_API_BASE}/v6/users/@me`);
  expect([old.status, await old.json()]).toEqual([400, { message: "Invalid API version", code: 50041 }]);
});

test("tells who the bot is and where its gateway is", async () => {
  const discord = await emulator({ token: "TOKEN" });
  expect(discord.environment.DISCORD_TOKEN).toBe("TOKEN");
  expect((await call(discord, "GET /users/@me")).body).toMatchObject({ id: discord.botId, bot: true });
  expect((await call(discord, "GET /applications/@me")).body).toMatchObject({ id: discord.botId, flags: 0 });
  expect((await call(discord, "GET /oauth2/applications/@me")).body).toMatchObject({ id: discord.botId });
  expect((await call(discord, "GET /gateway/bot")).body).toMatchObject({
    url: expect.stringMatching(/^ws:\/\/127\.0\.0\.1:\d+\/gateway$/),
    session_start_limit: { total: 1000, remaining: 1000, max_concurrency: 1 },
  });
});

test("ids have 17 to 19 digits and grow, also while the clock stands still", async () => {
  const discord = await emulator({ clock: manualClock(0), limits: "off" });
  const room = discord.privateRoom(discord.addPerson());
  const ids: string[] = [];
  for (const content of ["a", "b", "c"]) ids.push((await post(discord, room.id, { content })).body.id);
  for (const id of ids) expect(id).toMatch(/^\d{17,19}$/);
  expect([...ids].sort((a, b) => Number(BigInt(a) - BigInt(b)))).toEqual(ids);
  expect(new Set(ids).size).toBe(3);
});

test("a message holds 2,000 code points and not one more", async () => {
  const discord = await emulator();
  const room = discord.privateRoom(discord.addPerson());
  expect((await post(discord, room.id, { content: "😀".repeat(2_000) })).status).toBe(200);
  const refused = await post(discord, room.id, { content: "😀".repeat(2_001) });
  expect(refused).toMatchObject({ status: 400 });
  expect(refused.body).toEqual({
    message: "Invalid Form Body",
    code: 50035,
    errors: {
      content: { _errors: [{ code: "BASE_TYPE_MAX_LENGTH", message: "Must be 2000 or fewer in length." }] },
    },
  });
});

test("white space around a message is taken away, and nothing else may not be sent", async () => {
  const discord = await emulator();
  const room = discord.privateRoom(discord.addPerson());
  expect((await post(discord, room.id, { content: "\n hi \n" })).body.content).toBe("hi");
  for (const body of [{}, { content: "" }, { content: " \n " }, { content: null }]) {
    expect(await post(discord, room.id, body)).toMatchObject({ status: 400, body: { code: 50006 } });
  }
});

test.for([
  ["an unknown channel", "POST", "/channels/100000000000000001/messages", 404, 10003],
  ["an unknown message", "PATCH", "/channels/ROOM/messages/100000000000000001", 404, 10008],
  ["an unknown message to read", "GET", "/channels/ROOM/messages/100000000000000001", 404, 10008],
  ["another's message to edit", "PATCH", "/channels/ROOM/messages/SAID", 403, 50005],
  ["another's message to delete", "DELETE", "/channels/ROOM/messages/SAID", 403, 50003],
  ["an unknown user", "GET", "/users/100000000000000001", 404, 10013],
  ["another application", "PUT", "/applications/100000000000000001/commands", 403, 20012],
  ["what is no id", "GET", "/channels/general", 400, 50035],
  ["a history that is too long", "GET", "/channels/ROOM/messages?limit=101", 400, 50035],
] as const)("refuses %s", async ([, method, path, status, code]) => {
  const discord = await emulator();
  const ada = discord.addPerson();
  const room = discord.privateRoom(ada);
  const said = discord.say(ada, room, "mine");
  const real = path.replace("ROOM", room.id).replace("SAID", said.id);
  const answer = await call(discord, `${method} ${real}`, method === "GET" ? undefined : { content: "x" });
  expect([answer.status, answer.body.code]).toEqual([status, code]);
});

test("refuses a body that is no JSON, and one of another type", async () => {
  const discord = await emulator();
  const room = discord.privateRoom(discord.addPerson());
  const url = `${discord.environment.DISCORD_API_BASE}/v10/channels/${room.id}/messages`;
  const headers = { Authorization: `Bot ${discord.environment.DISCORD_TOKEN}` };
  const broken = await fetch(url, {
    method: "POST",
    headers: { ...headers, "Content-Type": "application/json" },
    body: "{",
  });
  expect([broken.status, ((await broken.json()) as ErrorBody).code]).toEqual([400, 50109]);
  const plain = await fetch(url, { method: "POST", headers, body: "hello" });
  expect([plain.status, ((await plain.json()) as ErrorBody).code]).toEqual([400, 50035]);
});

test("the bot writes only where it may", async () => {
  const discord = await emulator();
  const ada = discord.addPerson();
  const group = discord.addGroup("lounge", [ada]);
  const thread = discord.addThread(group, "plans");
  const room = discord.privateRoom(ada);
  const codeIn = async (id: string) => (await post(discord, id, { content: "x" })).body.code;
  discord.setPermission(group, "SEND_MESSAGES", false);
  expect([await codeIn(group.id), await codeIn(thread.id)]).toEqual([50013, undefined]);
  discord.setPermission(group, "SEND_MESSAGES_IN_THREADS", false);
  expect(await codeIn(thread.id)).toBe(50013);
  discord.setPermission(group, "VIEW_CHANNEL", false);
  expect([await codeIn(group.id), await codeIn(thread.id)]).toEqual([50001, 50001]);
  for (const permission of ["SEND_MESSAGES", "SEND_MESSAGES_IN_THREADS", "VIEW_CHANNEL"] as const) {
    discord.setPermission(group, permission, true);
  }
  expect(await codeIn(group.id)).toBeUndefined();
  discord.kickBot(group);
  expect(await codeIn(group.id)).toBe(50001);
  discord.setBlocked(ada, true);
  expect(await codeIn(room.id)).toBe(50007);
  discord.setBlocked(ada, false);
  expect(await codeIn(room.id)).toBeUndefined();
});

test("a message opens an archived thread, an edit does not, and a locked one stays shut", async () => {
  const discord = await emulator();
  const ada = discord.addPerson();
  const thread = discord.addThread(discord.addGroup("lounge", [ada]), "plans");
  const { body: message } = await post(discord, thread.id, { content: "first" });
  discord.archiveThread(thread, { locked: false });
  const edit = () => call(discord, `PATCH /channels/${thread.id}/messages/${message.id}`, { content: "x" });
  expect(await edit()).toMatchObject({ status: 400, body: { code: 50083, message: "Thread is archived" } });
  expect((await post(discord, thread.id, { content: "second" })).status).toBe(200);
  const channel = (await call(discord, `GET /channels/${thread.id}`)).body;
  expect(channel).toMatchObject({ type: 11, thread_metadata: { archived: false } });
  discord.archiveThread(thread, { locked: true });
  expect(await post(discord, thread.id, { content: "third" })).toMatchObject({ status: 400, body: { code: 50083 } });
});

test("an enforced nonce returns the message that is there, for a few minutes", async () => {
  const clock = manualClock();
  const discord = await emulator({ clock });
  const room = discord.privateRoom(discord.addPerson());
  const body = { content: "once", nonce: "abc", enforce_nonce: true };
  const first = await post(discord, room.id, body);
  expect(first.body.nonce).toBe("abc");
  const again = await post(discord, room.id, { ...body, content: "twice" });
  expect([again.status, again.body.id, again.body.content]).toEqual([200, first.body.id, "once"]);
  await post(discord, room.id, { content: "not enforced", nonce: "abc" });
  clock.advance(301_000);
  await post(discord, room.id, { ...body, content: "later" });
  expect(discord.botMessages(room).map((message) => message.text)).toEqual(["once", "not enforced", "later"]);
  expect(await post(discord, room.id, { content: "x", nonce: "x".repeat(26) })).toMatchObject({
    status: 400,
    body: { errors: { nonce: { _errors: [{ code: "BASE_TYPE_MAX_LENGTH" }] } } },
  });
});

test("a reply to a message that is gone is refused, or sent as no reply", async () => {
  const discord = await emulator();
  const ada = discord.addPerson();
  const room = discord.privateRoom(ada);
  const said = discord.say(ada, room, "oops");
  const reply = { content: "re", message_reference: { message_id: said.id } };
  expect((await post(discord, room.id, reply)).body).toMatchObject({
    type: 19,
    referenced_message: { content: "oops" },
  });
  discord.deleteMessage(ada, said);
  expect((await post(discord, room.id, reply)).body).toEqual({
    message: "Invalid Form Body",
    code: 50035,
    errors: {
      message_reference: { _errors: [{ code: "MESSAGE_REFERENCE_UNKNOWN_MESSAGE", message: "Unknown message" }] },
    },
  });
  const lenient = { ...reply, message_reference: { message_id: said.id, fail_if_not_exists: false } };
  const sent = (await post(discord, room.id, lenient)).body;
  expect(sent.type).toBe(0);
  expect(sent).not.toHaveProperty("message_reference");
});

test("deleting answers 204 without a content type", async () => {
  const discord = await emulator();
  const room = discord.privateRoom(discord.addPerson());
  const { body } = await post(discord, room.id, { content: "x" });
  const answer = await call(discord, `DELETE /channels/${room.id}/messages/${body.id}`);
  expect([answer.status, answer.headers.get("content-type"), answer.body]).toEqual([204, null, ""]);
  const typing = await call(discord, `POST /channels/${room.id}/typing`);
  expect([typing.status, typing.headers.get("content-type")]).toEqual([204, null]);
});

test("history goes before, after and around an id, newest first", async () => {
  const discord = await emulator();
  const ada = discord.addPerson();
  const room = discord.privateRoom(ada);
  const said = ["1", "2", "3", "4", "5"].map((text) => discord.say(ada, room, text));
  const read = async (query: string) => {
    const answer = await call(discord, `GET /channels/${room.id}/messages?${query}`);
    return answer.body.map((message: { content: string }) => message.content).join("");
  };
  expect(await read("limit=2")).toBe("54");
  expect(await read(`limit=2&before=${said[3]?.id}`)).toBe("32");
  expect(await read(`limit=2&after=${said[1]?.id}`)).toBe("43");
  expect(await read(`limit=3&around=${said[2]?.id}`)).toBe("432");
});

test("REST hides contents by the portal's setting too", async () => {
  const hidden = await emulator();
  const ada = hidden.addPerson();
  const group = hidden.addGroup("lounge", [ada]);
  const said = hidden.say(ada, group, "among ourselves");
  expect((await call(hidden, `GET /channels/${group.id}/messages/${said.id}`)).body.content).toBe("");
  const asked = hidden.say(ada, group, "you there", { mention: true });
  expect((await call(hidden, `GET /channels/${group.id}/messages/${asked.id}`)).body.content).toContain("you there");
});

test("a bulk overwrite keeps the ids of the commands that stay, and says which one is wrong", async () => {
  const discord = await emulator();
  const path = `/applications/${discord.botId}/commands`;
  const first = (await call(discord, `PUT ${path}`, [{ name: "new", description: "Start over" }])).body;
  const commands = [
    { name: "help", description: "Help" },
    { name: "new", description: "Start again" },
  ];
  const second = (await call(discord, `PUT ${path}`, commands)).body;
  expect(second[1]?.id).toBe(first[0]?.id);
  expect((await call(discord, `GET ${path}`)).body).toEqual(second);
  const wrong = [...commands, { name: "New One", description: "", description_localizations: { zh: "x" } }];
  const refused = await call(discord, `PUT ${path}`, wrong);
  expect(refused).toMatchObject({ status: 400, body: { code: 50035 } });
  expect(Object.keys(refused.body.errors["2"] ?? {})).toEqual(["name", "description", "description_localizations"]);
  expect(discord.registeredCommands()).toEqual(["help", "new"]);
});

test("a planned fault answers instead of Discord, and the call is on record", async () => {
  const discord = await emulator();
  const room = discord.privateRoom(discord.addPerson());
  const create = "POST /channels/:id/messages";
  discord.faults.add({ method: create, effect: rateLimited(1.25) });
  const limited = await post(discord, room.id, { content: "x" });
  expect(limited.body).toEqual({ message: "You are being rate limited.", retry_after: 1.25, global: false });
  expect(Object.fromEntries(limited.headers)).toMatchObject({
    "retry-after": "2",
    "x-ratelimit-remaining": "0",
    "x-ratelimit-reset-after": "1.250",
    "x-ratelimit-scope": "user",
  });
  expect(Number(limited.headers.get("x-ratelimit-reset"))).toBeGreaterThan(Date.now() / 1_000);
  discord.faults.add({ method: create, effect: rateLimited(3, { global: true }) });
  const global = await post(discord, room.id, { content: "x" });
  expect(global.body.global).toBe(true);
  expect(global.headers.get("x-ratelimit-global")).toBe("true");
  discord.faults.add({ method: create, effect: cloudflareHtml(502) });
  const html = await post(discord, room.id, { content: "x" });
  expect([html.status, html.headers.get("content-type")]).toEqual([502, "text/html; charset=UTF-8"]);
  discord.faults.add({ method: create, effect: serverError() });
  expect(await post(discord, room.id, { content: "x" })).toMatchObject({ status: 500, body: { code: 0 } });
  discord.faults.add({ method: create, effect: apiError(403, 50013, "Missing Permissions") });
  expect((await post(discord, room.id, { content: "x" })).body.code).toBe(50013);
  expect(discord.botMessages(room)).toEqual([]);
  expect(discord.calls.map((c) => c.status)).toEqual([429, 429, 502, 500, 403]);
  expect(discord.calls[0]).toMatchObject({ method: create, parameters: { channel_id: room.id, content: "x" } });
});

test("a connection is reset before or after the call took effect", async () => {
  const discord = await emulator();
  const room = discord.privateRoom(discord.addPerson());
  discord.faults.add({ effect: { kind: "reset", applied: false } });
  await expect(post(discord, room.id, { content: "lost" })).rejects.toThrow("fetch failed");
  discord.faults.add({ effect: { kind: "reset", applied: true } });
  await expect(post(discord, room.id, { content: "applied" })).rejects.toThrow("fetch failed");
  expect(discord.botMessages(room).map((message) => message.text)).toEqual(["applied"]);
  expect(discord.calls.map((c) => c.status)).toEqual([0, 0]);
});

test("a delayed call is applied at once and answered when its time has come; latency holds it back whole", async () => {
  const clock = manualClock();
  const discord = await emulator({ clock, latencyMs: 60 });
  const room = discord.privateRoom(discord.addPerson());
  discord.faults.add({ effect: { kind: "delay", ms: 500 } });
  const answer = post(discord, room.id, { content: "slow" });
  await clock.pending();
  expect(discord.botMessages(room)).toEqual([]);
  clock.advance(60);
  await discord.until("the message", () => discord.botMessages(room).length === 1);
  await clock.pending();
  expect(discord.calls).toEqual([]);
  clock.advance(500);
  expect((await answer).status).toBe(200);
});

test("discord.js waits an injected 429 out and sends again", async () => {
  const discord = await emulator();
  const room = discord.privateRoom(discord.addPerson());
  const client = await onlineClient(discord);
  discord.faults.add({ method: /messages$/, effect: rateLimited(0.2) });
  await client.rest.post(Routes.channelMessages(room.id), { body: { content: "at last" } });
  const [refused, sent] = discord.calls.slice(-2);
  expect([refused?.status, sent?.status]).toEqual([429, 200]);
  expect((sent?.at ?? 0) - (refused?.at ?? 0)).toBeGreaterThanOrEqual(200);
});

function post(discord: DiscordEmulator, channelId: string, body: object) {
  return call(discord, `POST /channels/${channelId}/messages`, body);
}

interface ErrorBody {
  readonly code: number;
}
