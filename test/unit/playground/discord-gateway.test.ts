import { type Client, Events } from "discord.js";
import { expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import type { DiscordEmulator } from "../../../src/playground/discord/index.ts";
import { discordJsClient, emulator, manualClock, onlineClient } from "./discord-fixture.ts";

const guildsAndPrivate = (1 << 0) | (1 << 12);

test.for([
  ["a cut line", (discord: DiscordEmulator) => discord.gateway.dropConnections()],
  ["a request to reconnect", (discord: DiscordEmulator) => discord.gateway.requestReconnect()],
  ["an invalid but resumable session", (discord: DiscordEmulator) => discord.gateway.invalidateSession(true)],
  ["a timeout", (discord: DiscordEmulator) => discord.gateway.closeConnections(4009)],
] as const)("discord.js resumes after %s, and hears what was said meanwhile", async ([, disturb]) => {
  const discord = await emulator();
  const ada = discord.addPerson();
  const room = discord.privateRoom(ada);
  const client = await onlineClient(discord);
  const heard = hearMessages(client);
  disturb(discord);
  discord.say(ada, room, "are you there?");
  await discord.until("the resume", () => discord.gateway.resumed === 1);
  await heard.until(1);
  expect(heard.contents).toEqual(["are you there?"]);
  expect(discord.gateway.identified).toBe(1);
});

test("discord.js identifies again after its session was forgotten, and finds in history what it missed", async () => {
  const discord = await emulator();
  const ada = discord.addPerson();
  const room = discord.privateRoom(ada);
  const client = await onlineClient(discord);
  const heard = hearMessages(client);
  discord.gateway.forgetSessions();
  const said = discord.say(ada, room, "before");
  await heard.until(1);
  discord.gateway.dropConnections();
  discord.say(ada, room, "while down");
  await discord.until("the new session", () => discord.gateway.identified === 2);
  discord.say(ada, room, "after");
  await heard.until(2);
  expect(heard.contents).toEqual(["before", "after"]);
  const channel = await (await client.users.fetch(ada.id)).createDM();
  const missed = await channel.messages.fetch({ after: said.id });
  expect([...missed.values()].map((message) => message.content)).toEqual(["after", "while down"]);
});

test("discord.js identifies again after an invalid session", async () => {
  const discord = await emulator();
  const client = await onlineClient(discord);
  const readyAgain = new Promise((resolve) => client.once(Events.ShardReady, resolve));
  discord.gateway.invalidateSession(false);
  await readyAgain;
  expect([discord.gateway.identified, discord.gateway.resumed]).toEqual([2, 0]);
});

test("discord.js comes back when connections are taken again", async () => {
  const discord = await emulator();
  const ada = discord.addPerson();
  const room = discord.privateRoom(ada);
  const client = await onlineClient(discord);
  const heard = hearMessages(client);
  discord.gateway.goDown({ forgetSessions: false });
  client.on(Events.ShardError, () => discord.gateway.comeBack());
  await discord.until("the client to be gone", () => discord.gateway.connected === 0);
  discord.say(ada, room, "hello?");
  await discord.until("the client to be back", () => discord.gateway.connected === 1);
  await heard.until(1);
  expect([discord.gateway.identified, discord.gateway.resumed]).toEqual([1, 1]);
});

test("a gateway that was down tells of that time after a resume, and not when it forgot the session", async () => {
  const discord = await emulator();
  const ada = discord.addPerson();
  const room = discord.privateRoom(ada);
  const client = await onlineClient(discord);
  const heard = hearMessages(client);
  for (const [text, forgetSessions] of [
    ["kept", false],
    ["lost", true],
  ] as const) {
    discord.gateway.goDown({ forgetSessions });
    await discord.until("the client to be gone", () => discord.gateway.connected === 0);
    discord.say(ada, room, text);
    discord.gateway.comeBack();
    await discord.until("the client to be back", () => discord.gateway.connected === 1);
  }
  discord.say(ada, room, "after");
  await heard.until(2);
  expect(heard.contents).toEqual(["kept", "after"]);
  expect([discord.gateway.identified, discord.gateway.resumed]).toEqual([2, 1]);
});

test("discord.js leaves a connection whose heartbeats are ignored", async () => {
  const discord = await emulator({ heartbeatIntervalMs: 100 });
  await onlineClient(discord);
  const answerAgain = discord.gateway.ignoreHeartbeats();
  await discord.until("the zombie to be left", () => discord.gateway.connected === 0);
  answerAgain();
  await discord.until("the resume", () => discord.gateway.resumed === 1);
});

test("a session that has been away for more than three minutes can't be resumed", async () => {
  const clock = manualClock();
  const discord = await emulator({ clock });
  const first = await identify(discord);
  first.terminate();
  await discord.until("the line to be gone", () => discord.gateway.connected === 0);
  clock.advance(180_001);
  const second = connect(discord);
  await second.receive(10);
  second.send({ op: 6, d: { token: token(discord), session_id: first.sessionId, seq: 1 } });
  expect(await second.receive(9)).toMatchObject({ d: false });
});

test("a client that says goodbye gives its session up", async () => {
  const discord = await emulator();
  const first = await identify(discord);
  first.close(1000);
  await discord.until("the line to be gone", () => discord.gateway.connected === 0);
  const second = connect(discord);
  second.send({ op: 6, d: { token: token(discord), session_id: first.sessionId, seq: 1 } });
  expect(await second.receive(9)).toMatchObject({ d: false });
});

test("a resume replays exactly what came after its sequence", async () => {
  const discord = await emulator();
  const ada = discord.addPerson();
  const room = discord.privateRoom(ada);
  const first = await identify(discord);
  discord.say(ada, room, "one");
  const one = await first.receive("MESSAGE_CREATE");
  discord.say(ada, room, "two");
  const second = connect(discord);
  second.send({ op: 6, d: { token: token(discord), session_id: first.sessionId, seq: one.s } });
  expect((await second.receive("MESSAGE_CREATE")).d).toMatchObject({ content: "two" });
  expect((await second.receive("RESUMED")).s).toBe(Number(one.s) + 2);
});

test("sequences rise by one, and only asked-for events come", async () => {
  const discord = await emulator();
  const ada = discord.addPerson();
  const group = discord.addGroup("lounge", [ada]);
  const line = await identify(discord);
  discord.say(ada, group, "not asked for", { mention: true });
  discord.say(ada, discord.privateRoom(ada), "asked for");
  expect(await line.receive("MESSAGE_CREATE")).toMatchObject({ s: 3, d: { content: "asked for" } });
  expect(line.names()).toEqual(["READY", "GUILD_CREATE", "MESSAGE_CREATE"]);
});

test("a private message has its channel type and no guild_id; a server's has a member without user", async () => {
  const discord = await emulator();
  const ada = discord.addPerson({ name: "Ada Lovelace" });
  const group = discord.addGroup("lounge", [ada]);
  const line = await identify(discord, guildsAndPrivate | (1 << 9));
  discord.say(ada, discord.privateRoom(ada), "here");
  const inPrivate = (await line.receive("MESSAGE_CREATE")).d as Record<string, unknown>;
  expect(inPrivate).toMatchObject({ channel_type: 1, type: 0, content: "here" });
  expect(inPrivate).not.toHaveProperty("guild_id");
  expect(inPrivate).not.toHaveProperty("member");
  discord.say(ada, group, "there", { mention: true });
  const inGuild = (await line.receive("MESSAGE_CREATE")).d as Record<string, unknown>;
  expect(inGuild).toMatchObject({ channel_type: 0, mentions: [{ id: discord.botId }], member: { roles: [] } });
  expect(inGuild.member).not.toHaveProperty("user");
  expect(inGuild).not.toHaveProperty("components", null);
  expect(inGuild).not.toHaveProperty("thread");
});

test("a channel that the bot may not see is silent", async () => {
  const discord = await emulator();
  const ada = discord.addPerson();
  const group = discord.addGroup("lounge", [ada]);
  const line = await identify(discord, guildsAndPrivate | (1 << 9));
  discord.setPermission(group, "VIEW_CHANNEL", false);
  discord.say(ada, group, "secret", { mention: true });
  discord.setPermission(group, "VIEW_CHANNEL", true);
  discord.say(ada, group, "public", { mention: true });
  expect((await line.receive("MESSAGE_CREATE")).d).toMatchObject({ content: expect.stringContaining("public") });
});

test.for([
  ["an unknown opcode", { op: 99 }, 4001],
  ["something that is no JSON", "{", 4002],
  ["a payload before it identified", { op: 3, d: {} }, 4003],
  ["a wrong token", { op: 2, d: { token: "wrong", intents: 1 } }, 4004],
  ["an intent that does not exist", { op: 2, d: { token: "TOKEN", intents: 1 << 18 } }, 4013],
  ["an intent that is not granted", { op: 2, d: { token: "TOKEN", intents: 1 << 15 } }, 4014],
] as const)("closes the connection of a client that sends %s", async ([, payload, code]) => {
  const discord = await emulator({ token: "TOKEN" });
  const line = connect(discord);
  line.send(payload);
  expect(await line.closed).toBe(code);
});

test("closes connections that identify twice, resume with a sequence of the future, or speak another version", async () => {
  const discord = await emulator();
  const twice = await identify(discord);
  twice.send({ op: 2, d: { token: token(discord), intents: 1 } });
  expect(await twice.closed).toBe(4005);
  const future = connect(discord);
  future.send({ op: 6, d: { token: token(discord), session_id: twice.sessionId, seq: 999 } });
  expect(await future.closed).toBe(4007);
  expect(await connect(discord, "?v=9&encoding=json").closed).toBe(4012);
});

test("acknowledges heartbeats, also before identifying", async () => {
  const discord = await emulator();
  const line = connect(discord);
  expect(await line.receive(10)).toMatchObject({ d: { heartbeat_interval: 41_250 } });
  line.send({ op: 1, d: null });
  expect(await line.receive(11)).toMatchObject({ op: 11 });
});

test("a login that is refused with 503 fails", async () => {
  const discord = await emulator();
  discord.gateway.goDown({ forgetSessions: false });
  const client = discordJsClient(discord);
  const failure = new Promise((resolve) => client.once(Events.ShardError, resolve));
  client.login(token(discord)).catch(() => undefined);
  expect(String(await failure)).toMatch(/503|non-101/);
});

function token(discord: DiscordEmulator): string {
  return discord.environment.DISCORD_TOKEN ?? "";
}

function hearMessages(client: Client) {
  const contents: string[] = [];
  client.on(Events.MessageCreate, (message) => contents.push(message.content));
  return {
    contents,
    async until(count: number) {
      while (contents.length < count) await new Promise((resolve) => client.once(Events.MessageCreate, resolve));
    },
  };
}

interface Payload {
  readonly op: number;
  readonly s: number | null;
  readonly t: string | null;
  readonly d: unknown;
}

interface Line {
  /** Waits for the next payload of this opcode, or event of this name. */
  receive(what: number | string): Promise<Payload>;
  send(payload: object | string): void;
  names(): readonly string[];
  close(code: number): void;
  terminate(): void;
  readonly closed: Promise<number>;
}

function connect(discord: DiscordEmulator, query = "?v=10&encoding=json"): Line {
  const port = new URL(discord.environment.DISCORD_API_BASE ?? "").port;
  const socket = new WebSocket(`ws://127.0.0.1:${port}/gateway${query}`);
  onTestFinished(() => socket.terminate());
  const received: Payload[] = [];
  const names: string[] = [];
  const wake = new Set<() => void>();
  const opened = new Promise<void>((resolve) => socket.once("open", () => resolve()));
  socket.on("message", (raw) => {
    const payload: Payload = JSON.parse(String(raw));
    received.push(payload);
    if (payload.t) names.push(payload.t);
    for (const check of wake) check();
  });
  return {
    receive: (what) =>
      new Promise((resolve) => {
        const check = () => {
          const index = received.findIndex((payload) => payload.op === what || payload.t === what);
          if (index < 0) return;
          wake.delete(check);
          resolve(received.splice(0, index + 1)[index] as Payload);
        };
        wake.add(check);
        check();
      }),
    send: (payload) => {
      void opened.then(() => socket.send(typeof payload === "string" ? payload : JSON.stringify(payload)));
    },
    names: () => names,
    close: (code) => socket.close(code),
    terminate: () => socket.terminate(),
    closed: new Promise((resolve) => socket.once("close", (code) => resolve(code))),
  };
}

async function identify(discord: DiscordEmulator, intents = guildsAndPrivate): Promise<Line & { sessionId: string }> {
  const line = connect(discord);
  line.send({ op: 2, d: { token: token(discord), intents, properties: {} } });
  const ready = (await line.receive("READY")).d as { readonly session_id: string };
  return { ...line, sessionId: ready.session_id };
}
