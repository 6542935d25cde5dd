import { describe, expect, it } from "vitest";
import type { CommandEvent, MessageRef } from "../../../../src/adapter.ts";
import { apiError, rateLimited } from "../../../../src/playground/discord/index.ts";
import { createManualClock } from "../../../support/manual-clock.ts";
import { bridgeSide, callsOf, failureOf, message, stored } from "./bridge-side.ts";
import { answerRemoval, command, create, followUp, original, removal, update } from "./chat.ts";

const quarterHourMs = 15 * 60_000;

describe("through an interaction", () => {
  it("fills in the deferred answer, follows up, edits and deletes both", async () => {
    const { discord, bridge, room, target } = await command("private", {}, { limits: "off" });
    await bridge.adapter.startTyping(target);
    const refs: MessageRef[] = [];
    for (const text of ["one", "two"]) refs.push(stored(await bridge.adapter.post(target, message(text))));
    for (const ref of refs) await bridge.adapter.edit(ref, message("edited @everyone"));
    expect(discord.botMessages(room)).toMatchObject([
      { text: "edited @everyone", loading: false, pings: [] },
      { text: "edited @everyone", loading: false, pings: [] },
    ]);
    for (const ref of refs) await bridge.adapter.delete(ref);
    expect(discord.botMessages(room)).toEqual([]);
    expect(callsOf(discord, create)).toEqual([]);
    expect(callsOf(discord, "POST /channels/:id/typing")).toEqual([]);
  });

  it("shows the answer in a server to the person who asked alone", async () => {
    const { discord, bridge, room, person, target } = await command("group");
    for (const text of ["one", "two"]) await bridge.adapter.post(target, message(text));
    expect(discord.botMessages(room).map(({ text, onlyFor }) => [text, onlyFor?.id])).toEqual([
      ["one", person.id],
      ["two", person.id],
    ]);
  });

  it("repeats the deferred answer when no answer comes, and a follow-up never", async () => {
    const { discord, bridge, room, target } = await command("private");
    discord.faults.add({ method: original, effect: { kind: "reset", applied: true } });
    await bridge.adapter.post(target, message("one"));
    discord.faults.add({ method: followUp, effect: { kind: "reset", applied: true } });
    const failure = await failureOf(bridge.adapter.post(target, message("two")), discord);
    expect(failure).toMatchObject({ code: "network", method: followUp });
    expect(discord.botMessages(room).map(({ text }) => text)).toEqual(["one", "two"]);
  });

  it("follows up where the person has dismissed the deferred answer", async () => {
    const { discord, bridge, room, target } = await command("private");
    discord.faults.add({ method: original, effect: apiError(404, 10008, "Unknown Message") });
    await bridge.adapter.post(target, message("anyway"));
    expect(callsOf(discord, followUp)).toHaveLength(1);
    expect(callsOf(discord, create)).toEqual([]);
    expect(discord.botMessages(room).map(({ text }) => text)).toContain("anyway");
  });

  it("overwrites nothing that an earlier run of the program has filled in", async () => {
    const { discord, bridge, room, target } = await command("private");
    await bridge.adapter.post(target, message("one"));
    const later = bridgeSide(discord, { clock: laterClock() });
    await later.adapter.post(target, message("two"));
    expect(discord.botMessages(room).map(({ text }) => text)).toEqual(["one", "two"]);
  });

  it("fills in what an earlier run of the program left deferred", async () => {
    const { discord, room, target } = await command("private");
    const later = bridgeSide(discord, { clock: laterClock() });
    await later.adapter.post(target, message("one"));
    expect(discord.botMessages(room)).toMatchObject([{ text: "one", loading: false }]);
  });

  it("tells a rate limit without the interaction's token", async () => {
    const { discord, bridge, target } = await command("private");
    discord.faults.add({ method: original, effect: rateLimited(4) });
    const failure = await failureOf(bridge.adapter.post(target, message("one")), discord);
    expect(failure).toMatchObject({
      code: "rate-limited",
      method: "PATCH /webhooks/:id/:token/messages/@original",
      retryAfterMs: 4_000,
    });
  });

  it("takes a deleted answer for gone, and asks no other route", async () => {
    const { discord, bridge, target } = await command("private");
    const ref = await bridge.adapter.post(target, message("one"));
    await bridge.adapter.delete(ref);
    await bridge.adapter.delete(ref);
    expect(await failureOf(bridge.adapter.edit(ref, message("x")), discord)).toMatchObject({ code: "not-found" });
    expect(callsOf(discord, answerRemoval)).toHaveLength(2);
    expect([...callsOf(discord, removal), ...callsOf(discord, update)]).toEqual([]);
  });
});

describe("once the token is old", () => {
  it.each([
    ["a millisecond before, through the webhook", quarterHourMs - 1, [original, answerRemoval]],
    ["at the quarter of an hour, through the channel", quarterHourMs, [update, removal]],
  ])("%s", async (_, laterMs, methods) => {
    const clock = createManualClock();
    const { discord, bridge, room, target } = await command("private", { clock });
    const refs: MessageRef[] = [];
    for (const text of ["one", "two"]) refs.push(stored(await bridge.adapter.post(target, message(text))));
    const [first, second] = refs as [MessageRef, MessageRef];
    await clock.advance(laterMs);
    const before = discord.calls.length;
    await bridge.adapter.edit(first, message("edited late"));
    await bridge.adapter.delete(second);
    expect(discord.calls.slice(before).map(({ method }) => method)).toEqual(methods);
    expect(discord.botMessages(room).map(({ text }) => text)).toEqual(["edited late"]);
  });

  it("posts in the private chat where the command was given", async () => {
    const clock = createManualClock();
    const { discord, bridge, room, target } = await command("private", { clock });
    await bridge.adapter.post(target, message("in time"));
    await clock.advance(quarterHourMs);
    await bridge.adapter.post(target, message("late"));
    expect(discord.botMessages(room).map(({ text }) => text)).toEqual(["in time", "late"]);
    expect(callsOf(discord, create)).toHaveLength(1);
  });

  it("tells others nothing of what one person alone could see", async () => {
    const clock = createManualClock();
    const { discord, bridge, room, privateRoom, target } = await command("group", { clock });
    const ref = await bridge.adapter.post(target, message("in time"));
    await clock.advance(quarterHourMs);
    expect(await failureOf(bridge.adapter.edit(ref, message("late")), discord)).toMatchObject({ code: "not-found" });
    expect(await failureOf(bridge.adapter.delete(ref), discord)).toMatchObject({ code: "not-found" });
    await bridge.adapter.post(target, message("late"));
    expect(discord.botMessages(room).map(({ text }) => text)).toEqual(["in time"]);
    expect(discord.botMessages(privateRoom).map(({ text }) => text)).toEqual(["late"]);
  });

  it.each([
    [401, 50027, "Invalid Webhook Token"],
    [404, 10015, "Unknown Webhook"],
  ])("goes by Discord's word for it, %i %i", async (status, code, text) => {
    const { discord, bridge, room, target } = await command("private");
    discord.faults.add({ method: original, effect: apiError(status, code, text) });
    await bridge.adapter.post(target, message("anyway"));
    expect(callsOf(discord, create)).toHaveLength(1);
    expect(discord.botMessages(room).map((shown) => shown.text)).toContain("anyway");
  });
});

describe("what one person alone is to read", () => {
  it("goes through the command", async () => {
    const { bridge, event } = await command("group");
    expect(bridge.adapter.privateTarget(event)).toEqual(event.target);
  });

  it("goes into the private chat where the command was not acknowledged", async () => {
    const c = await command("group");
    const effect = apiError(404, 10062, "Unknown interaction");
    c.discord.faults.add({ method: "POST /interactions/:id/:token/callback", effect });
    c.discord.command(c.person, c.room, "help");
    const event = (await c.bridge.received(3))[2] as CommandEvent;
    const ref = stored(await c.bridge.adapter.post(stored(c.bridge.adapter.privateTarget(event)), message("psst")));
    await c.bridge.adapter.edit(ref, message("psst!"));
    expect(c.discord.botMessages(c.privateRoom)).toMatchObject([{ text: "psst!" }]);
    expect(c.discord.botMessages(c.room)).toMatchObject([{ loading: true }]);
  });
});

/** A minute ahead: what happens now happened before a program that starts by it. */
function laterClock() {
  return createManualClock(Date.now() + 60_000);
}
