import { GatewayCloseCodes } from "discord.js";
import { describe, expect, it } from "vitest";
import { apiError, type DiscordEmulator } from "../../../../src/playground/discord/index.ts";
import { createManualClock } from "../../../support/manual-clock.ts";
import { type BridgeSide, bridgeSide, callsOf, emulator, onlineBridge } from "./bridge-side.ts";

const gatewayBot = "GET /gateway/bot";
const closed = "Discord closed the gateway for good";
const unopened = "Discord's gateway can't be opened; it will be tried again";

/** How often the gateway was opened. */
function opened(discord: DiscordEmulator): number {
  return callsOf(discord, gatewayBot).length;
}

function entries(bridge: BridgeSide, message: string) {
  return bridge.log.filter((entry) => entry.message === message);
}

describe("the condition", () => {
  it("is good while the gateway is connected, and tells when it was last heard", async () => {
    const discord = await emulator({ heartbeatIntervalMs: 50 });
    const { adapter, start } = bridgeSide(discord);
    expect(adapter.condition()).toEqual({ isReceiving: false, problem: "The gateway is not connected yet." });
    const before = Date.now();
    await start();
    const { heardAt = 0 } = adapter.condition();
    expect(adapter.condition()).toEqual({ isReceiving: true, heardAt });
    expect(heardAt).toBeGreaterThanOrEqual(before);
    await expect.poll(() => adapter.condition().heardAt).toBeGreaterThan(heardAt);
    await adapter.stop();
    expect(adapter.condition()).toMatchObject({ isReceiving: false });
  });

  it("is bad while the gateway is down, and good again afterwards", async () => {
    const discord = await emulator();
    const bridge = await onlineBridge(discord);
    discord.gateway.goDown({ forgetSessions: false });
    await bridge.logged("Discord's gateway is reconnecting");
    expect(bridge.adapter.condition()).toEqual({
      isReceiving: false,
      heardAt: expect.any(Number),
      problem: "The gateway is reconnecting.",
    });
    discord.gateway.comeBack();
    await bridge.logged("Discord's gateway has resumed");
    expect(bridge.adapter.condition()).toMatchObject({ isReceiving: true });
  });

  it("is bad when no heartbeat was answered for two of them", async () => {
    const discord = await emulator();
    const clock = createManualClock();
    const { adapter } = await onlineBridge(discord, { clock });
    await clock.advance(82_500);
    expect(adapter.condition().isReceiving).toBe(true);
    await clock.advance(1);
    expect(adapter.condition()).toMatchObject({ isReceiving: false, problem: "The gateway answers no heartbeats." });
  });
});

describe("a gateway that Discord closes for good", () => {
  it.each([
    [4004, "DISCORD_TOKEN"],
    [4014, "DISCORD_MESSAGE_CONTENT"],
    [4011, "ShardingRequired"],
  ])("with %i is explained with %s and opened anew, and nothing is missed", async (code, reason) => {
    const discord = await emulator();
    const clock = createManualClock();
    const bridge = await onlineBridge(discord, { clock });
    const person = discord.addPerson();
    const room = discord.privateRoom(person);
    discord.say(person, room, "one");
    await bridge.received(1);
    discord.gateway.closeConnections(code);
    const entry = await bridge.logged(closed);
    expect(entry).toMatchObject({ level: "error", fields: { code, reason: expect.stringContaining(reason) } });
    await expect
      .poll(() => bridge.adapter.condition().problem)
      .toMatch(`for good: ${GatewayCloseCodes[code]} (${code}).`);
    expect(bridge.adapter.condition().isReceiving).toBe(false);
    discord.say(person, room, "two");
    await clock.moveUntil(bridge.received(2), 1_000);
    expect(bridge.adapter.condition()).toMatchObject({ isReceiving: true });
    expect(opened(discord)).toBe(2);
  });

  it("is tried again every two minutes while the token is refused, and said once", async () => {
    const discord = await emulator();
    const clock = createManualClock();
    const bridge = await onlineBridge(discord, { clock });
    const unauthorized = apiError(401, 0, "401: Unauthorized");
    const heal = discord.faults.add({ method: gatewayBot, times: Number.POSITIVE_INFINITY, effect: unauthorized });
    discord.gateway.closeConnections(4004);
    await clock.moveUntil(bridge.logged(unopened), 1_000);
    expect(bridge.adapter.condition()).toMatchObject({
      isReceiving: false,
      problem: expect.stringContaining("DISCORD_TOKEN: Discord refused the token."),
    });
    for (const attempts of [3, 4]) {
      await clock.advance(119_999);
      expect(opened(discord)).toBe(attempts - 1);
      await clock.advance(1);
      await discord.until("the next attempt", () => opened(discord) === attempts);
      await expect.poll(() => entries(bridge, unopened).length).toBe(attempts - 1);
    }
    expect(entries(bridge, unopened).map(({ level }) => level)).toEqual(["error", "debug", "debug"]);
    heal();
    await clock.moveUntil(
      discord.until("the gateway", () => discord.gateway.connected === 1),
      120_000,
    );
  });

  it("is tried again ever more slowly when it is lost as soon as it is there", async () => {
    const discord = await emulator();
    const clock = createManualClock();
    const bridge = await onlineBridge(discord, { clock });
    for (const [losses, seconds] of [1, 2, 4, 8].entries()) {
      discord.gateway.closeConnections(4004);
      await expect.poll(() => entries(bridge, closed).length).toBe(losses + 1);
      // The client that lost it ends first.
      await expect.poll(() => clock.pending).toBe(1);
      await clock.advance(seconds * 1_000 - 1);
      expect(opened(discord)).toBe(losses + 1);
      await clock.advance(1);
      await expect.poll(() => bridge.adapter.condition().isReceiving).toBe(true);
    }
    await clock.advance(60_000);
    discord.gateway.closeConnections(4004);
    await expect.poll(() => entries(bridge, closed).length).toBe(5);
    await clock.moveUntil(
      discord.until("the gateway", () => opened(discord) === 6),
      1_000,
    );
  });

  it("is left closed when the adapter stops", async () => {
    const discord = await emulator();
    const clock = createManualClock();
    const bridge = await onlineBridge(discord, { clock });
    discord.gateway.closeConnections(4004);
    await bridge.logged(closed);
    await bridge.adapter.stop();
    expect(clock.pending).toBe(0);
    await clock.advance(60_000);
    expect(opened(discord)).toBe(1);
  });
});

describe("a gateway that stays away", () => {
  it("is opened anew after three minutes, until it is there", async () => {
    const discord = await emulator();
    const clock = createManualClock();
    const bridge = await onlineBridge(discord, { clock });
    const person = discord.addPerson();
    const room = discord.privateRoom(person);
    discord.say(person, room, "one");
    await bridge.received(1);
    discord.gateway.goDown({ forgetSessions: true });
    await bridge.logged("Discord's gateway is reconnecting");
    await clock.advance(179_999);
    expect(opened(discord)).toBe(1);
    discord.say(person, room, "two");
    await clock.moveUntil(bridge.logged(unopened), 60_000);
    expect(entries(bridge, "Discord's gateway did not come back; it is opened anew")).toHaveLength(1);
    expect(bridge.adapter.condition()).toMatchObject({ isReceiving: false, problem: expect.any(String) });
    discord.gateway.comeBack();
    await clock.moveUntil(bridge.received(2), 60_000);
    expect(bridge.events).toMatchObject([{ text: "one" }, { text: "two" }]);
  });

  it("is said once, however often it can't be reached", async () => {
    const discord = await emulator();
    const bridge = await onlineBridge(discord);
    discord.gateway.goDown({ forgetSessions: false });
    await expect.poll(() => entries(bridge, "Discord's gateway failed").length, { timeout: 5_000 }).toBeGreaterThan(1);
    discord.gateway.comeBack();
    await bridge.logged("Discord's gateway has resumed");
    const loud = bridge.log.filter(({ level }) => level === "warn" || level === "error");
    expect(loud).toMatchObject([{ message: "Discord's gateway is reconnecting" }]);
  });
});
