import { expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import type { Person, Room } from "../../../src/playground/chat-platform.ts";
import type { DiscordEmulator } from "../../../src/playground/discord/index.ts";
import { call, emulator, type ManualClock, manualClock } from "./discord-fixture.ts";

test("a command that is not answered within 3 s has failed, and its token is void", async () => {
  const { discord, clock, ada, room, given } = await commandGiven();
  clock.advance(3_000);
  expect(discord.failedInteractions).toEqual([
    { at: clock.now(), person: ada, room, name: "ask", reason: "not answered within 3 s" },
  ]);
  expect(discord.transcript()).toContain(`! Ada's "ask" failed: not answered within 3 s`);
  expect(await callback(discord, given, { type: 5 })).toMatchObject({
    status: 404,
    body: { message: "Unknown interaction", code: 10062 },
  });
  expect(await editOriginal(discord, given, "late")).toMatchObject({ status: 404, body: { code: 10015 } });
  expect(discord.botMessages(room)).toEqual([]);
});

test("a command that was deferred in time can be filled in for 15 minutes", async () => {
  const { discord, clock, room, given } = await commandGiven();
  clock.advance(2_999);
  expect((await callback(discord, given, { type: 5 })).status).toBe(204);
  clock.advance(897_000);
  expect((await editOriginal(discord, given, "just in time")).body).toMatchObject({
    content: "just in time",
    flags: 0,
  });
  clock.advance(1);
  expect(await editOriginal(discord, given, "too late")).toMatchObject({
    status: 401,
    body: { message: "Invalid Webhook Token", code: 50027 },
  });
  expect(discord.botMessages(room)).toMatchObject([{ text: "just in time" }]);
  expect(discord.failedInteractions).toEqual([]);
});

test("a deferred answer that is never filled in fails when the token ends", async () => {
  const { discord, clock, given } = await commandGiven();
  await callback(discord, given, { type: 5 });
  clock.advance(900_000);
  expect(discord.failedInteractions).toMatchObject([{ name: "ask", reason: "still loading after 15 min" }]);
});

test("a second first answer is refused, and so is an answer before the first", async () => {
  const { discord, given } = await commandGiven();
  expect(await followUp(discord, given, { content: "x" })).toMatchObject({ status: 404, body: { code: 10015 } });
  expect((await callback(discord, given, { type: 4, data: { content: "one" } })).status).toBe(204);
  expect(await callback(discord, given, { type: 4, data: { content: "two" } })).toMatchObject({
    status: 400,
    body: { message: "Interaction has already been acknowledged.", code: 40060 },
  });
});

test("an answer that is refused for its form leaves the interaction waiting", async () => {
  const { discord, given } = await commandGiven();
  const long = await callback(discord, given, { type: 4, data: { content: "x".repeat(2_001) } });
  expect(long.body).toMatchObject({ code: 50035, errors: { data: { content: { _errors: [{}] } } } });
  expect(await callback(discord, given, { type: 4, data: {} })).toMatchObject({ body: { code: 50006 } });
  expect(await callback(discord, given, { type: 7, data: { content: "x" } })).toMatchObject({
    body: { code: 50035, errors: { type: { _errors: [{ code: "BASE_TYPE_CHOICES" }] } } },
  });
  expect((await callback(discord, given, { type: 4, data: { content: "short" } })).status).toBe(204);
});

test("a callback with response tells the message", async () => {
  const { discord, room, given } = await commandGiven();
  const path = `/interactions/${given.id}/${given.token}/callback?with_response=true`;
  const answer = await call(discord, `POST ${path}`, { type: 4, data: { content: "hi", flags: 64 } }, null);
  const [shown] = discord.botMessages(room);
  expect(answer.body).toMatchObject({
    interaction: { id: given.id, type: 2, response_message_id: shown?.id, response_message_ephemeral: true },
    resource: { type: 4, message: { id: shown?.id, content: "hi", flags: 64, webhook_id: discord.botId } },
  });
});

test("an ephemeral answer is for one person, and unknown to the channel's routes and history", async () => {
  const { discord, ada, room, given } = await commandGiven();
  await callback(discord, given, { type: 5, data: { flags: 64 } });
  await editOriginal(discord, given, "psst");
  const [shown] = discord.botMessages(room);
  expect(shown).toMatchObject({ text: "psst", onlyFor: ada });
  const one = `/channels/${room.id}/messages/${shown?.id}`;
  expect(await call(discord, `PATCH ${one}`, { content: "x" })).toMatchObject({ status: 404, body: { code: 10008 } });
  expect((await call(discord, `GET /channels/${room.id}/messages`)).body).toEqual([]);
});

test("the original is found under both spellings, read and deleted; follow-ups are edited and deleted", async () => {
  const { discord, room, given } = await commandGiven();
  await callback(discord, given, { type: 4, data: { content: "one" } });
  const webhook = `/webhooks/${discord.botId}/${given.token}`;
  expect((await call(discord, `GET ${webhook}/messages/%40original`, undefined, null)).body.content).toBe("one");
  const further = await followUp(discord, given, { content: "two" });
  expect(further.body).toMatchObject({ content: "two", type: 19, application_id: discord.botId });
  await call(discord, `PATCH ${webhook}/messages/${further.body.id}`, { content: "two!" }, null);
  expect(discord.botMessages(room).map((message) => message.text)).toEqual(["one", "two!"]);
  expect((await call(discord, `DELETE ${webhook}/messages/${further.body.id}`, undefined, null)).status).toBe(204);
  expect((await call(discord, `DELETE ${webhook}/messages/@original`, undefined, null)).status).toBe(204);
  expect(await editOriginal(discord, given, "x")).toMatchObject({ status: 404, body: { code: 10008 } });
  expect(discord.botMessages(room)).toEqual([]);
});

test("one interaction takes five calls per five seconds, whatever the channel and the bot have left", async () => {
  const { discord, clock, room, given } = await commandGiven();
  await callback(discord, given, { type: 5 });
  for (let i = 0; i < 3; i++) expect((await editOriginal(discord, given, `${i}`)).status).toBe(200);
  for (let i = 0; i < 2; i++) expect((await followUp(discord, given, { content: "more" })).status).toBe(200);
  clock.advance(1_600);
  const refused = await editOriginal(discord, given, "6");
  expect(refused).toMatchObject({ status: 429, body: { retry_after: 3.4, global: false } });
  expect(refused.headers.get("x-ratelimit-reset-after")).toBe("3.400");
  expect((await call(discord, `POST /channels/${room.id}/messages`, { content: "x" })).status).toBe(200);
  clock.advance(3_400);
  expect((await editOriginal(discord, given, "7")).status).toBe(200);
});

test("of the flags an edit changes the previews of links alone", async () => {
  const { discord, room, given } = await commandGiven();
  await callback(discord, given, { type: 5, data: { flags: 64 } });
  const answer = `PATCH /webhooks/${discord.botId}/${given.token}/messages/@original`;
  const flagsAfter = async (body: object) => (await call(discord, answer, { content: "x", ...body }, null)).body.flags;
  expect(await flagsAfter({ flags: 4 })).toBe(64 | 4);
  expect(await flagsAfter({})).toBe(64 | 4);
  expect(await flagsAfter({ flags: 4_096 })).toBe(64);
  expect((await followUp(discord, given, { content: "y", flags: 64 | 4 })).body.flags).toBe(64 | 4);
  const { body } = await call(discord, `POST /channels/${room.id}/messages`, { content: "z", flags: 4 | 64 });
  expect(body.flags).toBe(4);
});

test("one interaction's token does not reach other messages", async () => {
  const { discord, ada, room, given } = await commandGiven();
  await callback(discord, given, { type: 4, data: { content: "one" } });
  const said = discord.say(ada, room, "mine");
  const path = `/webhooks/${discord.botId}/${given.token}/messages/${said.id}`;
  expect(await call(discord, `PATCH ${path}`, { content: "x" }, null)).toMatchObject({
    status: 404,
    body: { code: 10008 },
  });
  const foreign = `/webhooks/${discord.botId}/nonsense/messages/@original`;
  expect(await call(discord, `GET ${foreign}`, undefined, null)).toMatchObject({ status: 401, body: { code: 50027 } });
});

test("answers by token need no permission in the channel", async () => {
  const { discord, room, given } = await commandGiven();
  discord.setPermission(room, "SEND_MESSAGES", false);
  expect((await callback(discord, given, { type: 4, data: { content: "allowed" } })).status).toBe(204);
});

test("five calls per five seconds and token", async () => {
  const { discord, given } = await commandGiven();
  await callback(discord, given, { type: 4, data: { content: "0" } });
  for (let i = 1; i <= 5; i++) expect((await editOriginal(discord, given, String(i))).status).toBe(200);
  expect(await followUp(discord, given, { content: "x" })).toMatchObject({ status: 429, body: { retry_after: 5 } });
});

test("a press is answered within three seconds, by nothing yet or by a change of its message", async () => {
  const { discord, clock, ada, room, press } = await buttonShown();
  const first = await press();
  expect(first).toMatchObject({ type: 3, data: { custom_id: "go", component_type: 2 }, message: { content: "x" } });
  expect((await callback(discord, first, { type: 6 })).status).toBe(204);
  expect(discord.botMessages(room)).toMatchObject([{ text: "x", buttons: [["Go", "Wait"]], loading: false }]);
  const second = await press();
  await callback(discord, second, { type: 7, data: { content: "y", components: [] } });
  expect(discord.botMessages(room)).toMatchObject([{ text: "y", buttons: [] }]);
  const [shown] = discord.botMessages(room);
  if (!shown) throw new Error("no message");
  expect(() => discord.press(ada, shown, "Go")).toThrow('no button "Go"');
  await call(discord, `PATCH /channels/${room.id}/messages/${shown.id}`, { components: row([button("Go", "go")]) });
  await press();
  clock.advance(3_000);
  expect(discord.failedInteractions).toMatchObject([{ person: ada, name: "go", reason: "not answered within 3 s" }]);
});

test.for([
  ["a sixth row", Array.from({ length: 6 }, (_, at) => row([button("x", `${at}`)])[0]), ["components"]],
  ["a sixth button", row("abcdef".split("").map((id) => button(id, id))), ["components", "0", "components"]],
  ["a row without buttons", row([]), ["components", "0", "components"]],
  ["a long label", row([button("x".repeat(81), "a")]), ["components", "0", "components", "0", "label"]],
  ["a long id", row([button("x", "a".repeat(101))]), ["components", "0", "components", "0", "custom_id"]],
  [
    "two buttons of one id",
    row([button("x", "a"), button("y", "a")]),
    ["components", "0", "components", "1", "custom_id"],
  ],
] as const)("buttons are refused with %s", async ([, components, path]) => {
  const { discord, room } = await buttonShown();
  const { status, body } = await call(discord, `POST /channels/${room.id}/messages`, { content: "x", components });
  expect([status, body.code]).toEqual([400, 50035]);
  const place = path.reduce<unknown>((node, step) => (node as Record<string, unknown>)[step], body.errors);
  expect(place).toMatchObject({ _errors: [{ code: expect.any(String) }] });
});

function button(label: string, custom_id: string) {
  return { type: 2, style: 2, label, custom_id };
}

function row(components: readonly object[]) {
  return [{ type: 1, components }];
}

/** A message with two buttons, of which Ada can press one. */
async function buttonShown() {
  const clock = manualClock();
  const discord = await emulator({ clock });
  const ada = discord.addPerson({ name: "Ada" });
  const room = discord.addGroup("lounge", [ada]);
  const components = row([button("Go", "go"), button("Wait", "wait")]);
  await call(discord, `POST /channels/${room.id}/messages`, { content: "x", components });
  const press = async () => {
    const interaction = listen(discord);
    const identified = discord.gateway.identified;
    await discord.until("the client", () => discord.gateway.identified === identified + 1);
    const [shown] = discord.botMessages(room);
    if (shown) discord.press(ada, shown, "Go");
    return interaction;
  };
  return { discord, clock, ada, room, press };
}

test("people can only give commands that are offered to them", async () => {
  const { discord, ada, room } = await commandGiven();
  const ben = discord.addPerson({ name: "Ben" });
  const offer = "It offers: /ask, /new.";
  expect(() => discord.command(ada, room, "stop")).toThrow(`The bot offers no /stop in "lounge". ${offer}`);
  expect(() => discord.command(ada, room, "new", "text")).toThrow("/new takes no text.");
  expect(() => discord.command(ada, room, "ask")).toThrow('/ask needs its option "question".');
  expect(() => discord.command(ben, room, "new")).toThrow('Ben is not in "lounge".');
  const inPrivate = discord.privateRoom(ada);
  expect(() => discord.command(ada, inPrivate, "ask", "why?")).toThrow("It offers: /new.");
});

test("an interaction carries what its place asks for", async () => {
  const { discord, clock, ada, given } = await commandGiven();
  expect(given).toMatchObject({
    application_id: discord.botId,
    type: 2,
    version: 1,
    locale: "zh-CN",
    context: 0,
    member: { user: { id: ada.id }, permissions: expect.stringMatching(/^\d+$/) },
    channel: { type: 0 },
    entitlements: [],
    data: { name: "ask", type: 1, options: [{ name: "question", type: 3, value: "why?" }] },
  });
  expect(given).not.toHaveProperty("user");
  const next = listen(discord);
  await discord.until("both clients", () => discord.gateway.connected === 2);
  discord.command(ada, discord.privateRoom(ada), "new");
  const inPrivate = await next;
  expect(inPrivate).toMatchObject({ user: { id: ada.id }, context: 1, channel: { type: 1 } });
  expect(inPrivate).not.toHaveProperty("guild_id");
  expect(inPrivate).not.toHaveProperty("member");
  clock.advance(1);
});

interface Given {
  readonly id: string;
  readonly token: string;
}

/** A server, commands for it, and Ada's `/ask why?` as the bot received it. */
async function commandGiven(): Promise<{
  readonly discord: DiscordEmulator;
  readonly clock: ManualClock;
  readonly ada: Person;
  readonly room: Room;
  readonly given: Given;
}> {
  const clock = manualClock();
  const discord = await emulator({ clock });
  const ada = discord.addPerson({ name: "Ada", locale: "zh-CN" });
  const room = discord.addGroup("lounge", [ada]);
  const question = { type: 3, name: "question", description: "What you ask", required: true };
  await call(discord, `PUT /applications/${discord.botId}/commands`, [
    { name: "ask", description: "Ask", options: [question], contexts: [0] },
    { name: "new", description: "Start over" },
  ]);
  const interaction = listen(discord);
  await discord.until("the client", () => discord.gateway.connected === 1);
  discord.command(ada, room, "ask", "why?");
  return { discord, clock, ada, room, given: await interaction };
}

/** The next interaction that a client without an SDK hears of. */
function listen(discord: DiscordEmulator): Promise<Given> {
  const port = new URL(discord.environment.DISCORD_API_BASE ?? "").port;
  const socket = new WebSocket(`ws://127.0.0.1:${port}/gateway?v=10&encoding=json`);
  onTestFinished(() => socket.terminate());
  const identify = { op: 2, d: { token: discord.environment.DISCORD_TOKEN, intents: 0, properties: {} } };
  socket.once("open", () => socket.send(JSON.stringify(identify)));
  return new Promise((resolve) => {
    socket.on("message", (raw) => {
      const payload = JSON.parse(String(raw));
      if (payload.t === "INTERACTION_CREATE") resolve(payload.d);
    });
  });
}

function callback(discord: DiscordEmulator, given: Given, body: object) {
  return call(discord, `POST /interactions/${given.id}/${given.token}/callback`, body, null);
}

function editOriginal(discord: DiscordEmulator, given: Given, content: string) {
  return call(discord, `PATCH /webhooks/${discord.botId}/${given.token}/messages/@original`, { content }, null);
}

function followUp(discord: DiscordEmulator, given: Given, body: object) {
  return call(discord, `POST /webhooks/${discord.botId}/${given.token}`, body, null);
}
