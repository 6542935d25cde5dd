import { describe, expect, it } from "vitest";
import { ConfigError } from "../../../../src/errors.ts";
import { createManualClock } from "../../../support/manual-clock.ts";
import { bridgeSide, emulator, expectNoSecret, failureOf, onlineBridge } from "./bridge-side.ts";

const wrongToken = "MTAwMDAwMDAwMDAwMDAwMDAw.Wrong1.this-token-belongs-to-nobody-at-all";

async function configErrorOf(call: Promise<unknown>): Promise<ConfigError> {
  const error: unknown = await call.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ConfigError);
  return error as ConfigError;
}

describe("identify", () => {
  it("tells who the bot is without a start", async () => {
    const discord = await emulator();
    const { adapter } = bridgeSide(discord);
    expect(await adapter.identify()).toEqual({ id: discord.botId, name: expect.stringMatching(/^@./) });
    expect(discord.gateway.identified).toBe(0);
  });

  it("fails as forbidden with a wrong token, and works on with a right one after a 401", async () => {
    const discord = await emulator();
    const { adapter } = bridgeSide(discord, { token: wrongToken });
    expect(await failureOf(adapter.identify(), discord)).toMatchObject({ code: "forbidden", status: 401 });
    const { adapter: right } = bridgeSide(discord);
    const unauthorized = { kind: "reply", status: 401, body: { message: "401: Unauthorized", code: 0 } } as const;
    discord.faults.add({ method: "GET /users/@me", effect: unauthorized });
    expect(await failureOf(right.identify(), discord)).toMatchObject({ code: "forbidden" });
    expect(await right.identify()).toMatchObject({ id: discord.botId });
  });

  it("does not send a token that fits in no header", async () => {
    const discord = await emulator();
    const { adapter } = bridgeSide(discord, { token: "se\ncret" });
    const failure = await failureOf(adapter.identify(), discord);
    expect(failure).toMatchObject({ code: "forbidden" });
    expect(`${failure.message}${failure.stack}`).not.toMatch(/se\s*cret/);
  });

  it("fails as network when nothing listens", async () => {
    const discord = await emulator();
    const { adapter } = bridgeSide(discord);
    await discord.close();
    expect(await failureOf(adapter.identify(), discord)).toMatchObject({ code: "network", method: "GET /users/@me" });
  });
});

describe("start", () => {
  it("resolves when events arrive", async () => {
    const discord = await emulator();
    const { log } = await onlineBridge(discord);
    expect(discord.gateway.connected).toBe(1);
    expect(log).toContainEqual(expect.objectContaining({ level: "info", message: "Discord's gateway is connected" }));
  });

  it("explains a token that the API refuses", async () => {
    const discord = await emulator();
    const error = await configErrorOf(bridgeSide(discord, { token: wrongToken }).start());
    expect(error.problems).toMatchObject([{ variable: "DISCORD_TOKEN", problem: "Discord refused the token." }]);
    expect(error.message).not.toContain(wrongToken);
  });

  it("explains a token that the gateway refuses", async () => {
    const discord = await emulator();
    const url = `${discord.environment.DISCORD_API_BASE?.replace("http", "ws").replace("/api", "/gateway")}`;
    const limit = { total: 1_000, remaining: 1_000, reset_after: 3_600_000, max_concurrency: 1 };
    const body = { url, shards: 1, session_start_limit: limit };
    discord.faults.add({ method: "GET /gateway/bot", effect: { kind: "reply", status: 200, body } });
    const error = await configErrorOf(bridgeSide(discord, { token: wrongToken }).start());
    expect(error.problems).toMatchObject([{ variable: "DISCORD_TOKEN", problem: "Discord refused the token." }]);
  });

  it("explains a refused message-content intent", async () => {
    const discord = await emulator({ messageContentIntent: false });
    const bridge = bridgeSide(discord, { messageContent: true });
    const error = await configErrorOf(bridge.start());
    // Once is enough.
    expect(bridge.log.filter(({ level }) => level !== "debug")).toEqual([]);
    expect(error.problems).toHaveLength(1);
    expect(error.problems[0]).toMatchObject({ variable: "DISCORD_MESSAGE_CONTENT" });
    expect(error.message).toContain("Developer Portal → Bot → Privileged Gateway Intents → Message Content Intent");
    expect(error.message).toContain("set DISCORD_MESSAGE_CONTENT to false");
    expectNoSecret(error, discord);
  });

  it("asks for the message-content intent where it is granted", async () => {
    const discord = await emulator({ messageContentIntent: true });
    await onlineBridge(discord, { messageContent: true });
    expect(discord.gateway.connected).toBe(1);
  });

  it("fails as network when nothing listens", async () => {
    const discord = await emulator();
    const bridge = bridgeSide(discord);
    await discord.close();
    expect(await failureOf(bridge.start(), discord)).toMatchObject({ code: "network" });
  });

  it("gives up on a gateway that is down", async () => {
    const discord = await emulator();
    discord.gateway.goDown({ forgetSessions: false });
    const clock = createManualClock();
    const bridge = bridgeSide(discord, { clock });
    const failure = failureOf(bridge.start(), discord);
    await discord.until("GET /gateway/bot", () => discord.calls.some(({ method }) => method === "GET /gateway/bot"));
    await clock.advance(60_000);
    expect(await failure).toMatchObject({ code: "network" });
  });
});

describe("the connection", () => {
  it("resumes after a cut and brings what was said meanwhile", async () => {
    const discord = await emulator();
    const bridge = await onlineBridge(discord);
    const person = discord.addPerson();
    discord.gateway.dropConnections();
    discord.say(person, discord.privateRoom(person), "are you there?");
    const [event] = await bridge.received(1);
    expect(event).toMatchObject({ text: "are you there?" });
    await bridge.logged("Discord's gateway has resumed");
    expect(bridge.log.map(({ message }) => message)).toContain("Discord's gateway is reconnecting");
  });
});

describe("stop", () => {
  it("closes the connection, and may be called twice and before a start", async () => {
    const discord = await emulator();
    const bridge = bridgeSide(discord);
    await bridge.adapter.stop();
    await bridge.start();
    await Promise.all([bridge.adapter.stop(), bridge.adapter.stop()]);
    await bridge.adapter.stop();
    expect(bridge.log.map(({ level }) => level)).toEqual(["info"]);
    await discord.until("no connection", () => discord.gateway.connected === 0);
  });

  it("ends a start that is under way", async () => {
    const discord = await emulator();
    discord.gateway.goDown({ forgetSessions: false });
    const bridge = bridgeSide(discord);
    const failure = failureOf(bridge.start(), discord);
    await discord.until("GET /gateway/bot", () => discord.calls.some(({ method }) => method === "GET /gateway/bot"));
    await bridge.adapter.stop();
    expect(await failure).toMatchObject({ code: "network" });
  });

  it("ends a call that is left without an answer", async () => {
    const discord = await emulator();
    const clock = createManualClock();
    const bridge = bridgeSide(discord, { clock });
    discord.faults.add({ method: "GET /users/@me", effect: { kind: "hang", applied: false } });
    const failure = failureOf(bridge.adapter.identify(), discord);
    await discord.until("GET /users/@me", () => discord.calls.some(({ method }) => method === "GET /users/@me"));
    await bridge.adapter.stop();
    expect(await failure).toMatchObject({ code: "network" });
    expect(clock.pending).toBe(0);
  });

  it("leaves no connection when it comes while the gateway reconnects", async () => {
    const discord = await emulator();
    const bridge = await onlineBridge(discord);
    const other = await onlineBridge(discord);
    discord.gateway.dropConnections();
    await bridge.logged("Discord's gateway is reconnecting");
    await bridge.adapter.stop();
    // The other one was cut later, so by the time that it is back the first would have been, too.
    await other.logged("Discord's gateway has resumed");
    await other.adapter.identify();
    expect(discord.gateway.connected).toBe(1);
  });
});

it.each([
  [undefined, "edit"],
  ["edit", "edit"],
  ["fresh", "fresh"],
] as const)("ends an answer, set to %s, with %s", async (setting, finish) => {
  const { adapter } = bridgeSide(await emulator(), setting ? { finish: setting } : {});
  expect(adapter.capabilities).toMatchObject({ finish, maxLength: 2_000, botRate: [{ count: 50, perMs: 1_000 }] });
});
