import { describe, expect, it } from "vitest";
import type { FaultEffect } from "../../../../src/playground/faults.ts";
import { badGateway, pollingConflict, restarting, tokenRevoked } from "../../../../src/playground/telegram/index.ts";
import { callsOf, connect, failureOf, text, type Wire } from "./wire.ts";

async function withPerson() {
  const wire = await connect();
  const person = wire.telegram.addPerson();
  const room = wire.telegram.privateRoom(person);
  return { ...wire, person, room, say: (words: string) => wire.telegram.say(person, room, words) };
}

/** Resolves when the adapter waits for updates. */
async function held({ telegram }: Wire): Promise<void> {
  await telegram.until("it polls", () => telegram.isPolled);
}

async function offered({ inbox }: Wire, count: number): Promise<void> {
  await expect.poll(() => inbox.offered.length, { interval: 5, timeout: 10_000 }).toBe(count);
}

describe("receiving that stalls", () => {
  it("because the inbox never says that it stored an update starts anew after two minutes, and loses nothing", async () => {
    const wire = await withPerson();
    const { adapter, clock, inbox, log, say, telegram } = wire;
    await adapter.start(inbox);
    await held(wire);
    inbox.hold();
    say("one");
    await offered(wire, 1);
    const polls = callsOf(wire, "getUpdates").length;
    const report = log.next("warn");
    await clock.advance(119_999);
    expect(callsOf(wire, "getUpdates")).toHaveLength(polls);
    await clock.advance(1);
    expect(await report).toMatchObject({ fields: { awaited: "the inbox", waitedMs: 120_000 } });
    await offered(wire, 2);
    expect(inbox.offered[1]).toBe(inbox.offered[0]);
    const [before, after] = callsOf(wire, "getUpdates").slice(polls - 1);
    expect(after?.parameters.offset).toBe(before?.parameters.offset);
    expect(after?.connection).not.toBe(before?.connection);

    inbox.release();
    say("two");
    expect(await inbox.texts(3)).toEqual(["one", "one", "two"]);
    await expect.poll(() => telegram.pendingUpdates, { interval: 5 }).toBe(0);
    await held(wire);
    expect(adapter.condition()).toMatchObject({ isReceiving: true });
    expect(callsOf(wire, "getUpdates").filter(({ status }) => status === 409)).toEqual([]);
    expect(inbox.offered).toHaveLength(3);
  });

  it("starts anew without harm to what is being sent", async () => {
    const wire = await withPerson();
    const { adapter, clock, inbox, log, person, say, telegram } = wire;
    inbox.hold();
    say("one");
    await adapter.start(inbox);
    await offered(wire, 1);
    await clock.advance(110_000);
    telegram.faults.add({ method: "sendMessage", effect: { kind: "hang", applied: true } });
    const failure = failureOf(adapter.post(adapter.chatTarget(person.id), text("an answer")));
    await telegram.until("it is sent", () => callsOf(wire, "sendMessage").length === 1);
    const report = log.next("warn");
    await clock.advance(10_000);
    await report;
    await clock.advance(20_000);
    expect((await failure).message).toContain("nothing within 30 s");
    inbox.release();
  });

  it("is not mistaken for slow storing, or for a wait that Telegram asked for", async () => {
    const wire = await withPerson();
    const { adapter, clock, inbox, log, say, telegram } = wire;
    telegram.faults.add({ method: "getUpdates", effect: floodOf(300) });
    const flood = log.next("warn");
    await adapter.start(inbox);
    await flood;
    await clock.advance(299_000);
    expect(callsOf(wire, "getUpdates")).toHaveLength(1);
    inbox.hold();
    say("one");
    await clock.advance(1000);
    await offered(wire, 1);
    await clock.advance(100_000);
    inbox.release();
    await inbox.taken(1);
    expect(log.lines.filter(({ message }) => message.includes("stalled"))).toEqual([]);
  });

  it("lets a stop settle, though the inbox never does", async () => {
    const wire = await withPerson();
    wire.inbox.hold();
    wire.say("one");
    await wire.adapter.start(wire.inbox);
    await offered(wire, 1);
    const stopped = wire.adapter.stop();
    await wire.clock.advance(120_000);
    await stopped;
    expect(wire.clock.pending).toBe(0);
    await expect.poll(openSockets, { interval: 5 }).toBe(0);
  });
});

/** Both ends of every connection, as the emulator lives in this process too. */
function openSockets(): number {
  return process.getActiveResourcesInfo().filter((name) => name === "TCPSocketWrap").length;
}

function floodOf(retry_after: number): FaultEffect {
  const description = `Too Many Requests: retry after ${retry_after}`;
  const body = { ok: false, error_code: 429, description, parameters: { retry_after } };
  return { kind: "reply", status: 429, body };
}

describe("another program that polls for a minute", () => {
  it("loses nothing, and receiving is back within a minute after it", async () => {
    const wire = await withPerson();
    const { adapter, clock, inbox, telegram, say } = wire;
    const takeBack = telegram.faults.add({ method: "getUpdates", times: Infinity, effect: pollingConflict() });
    await adapter.start(inbox);
    say("meanwhile");
    await telegram.until("the first conflict", () => callsOf(wire, "getUpdates").some(({ status }) => status === 409));
    for (let second = 0; second < 60; second += 1) await clock.advance(1000);
    expect(inbox.events).toEqual([]);
    takeBack();
    const peaceAt = clock.now();
    expect(await clock.moveUntil(inbox.texts(1))).toEqual(["meanwhile"]);
    expect(clock.now() - peaceAt).toBeLessThanOrEqual(60_000);
  });
});

describe("the condition", () => {
  it("is good from the first answer on, which comes at once, until receiving is stopped", async () => {
    const wire = await withPerson();
    const { adapter, clock, inbox } = wire;
    expect(adapter.condition()).toEqual({ isReceiving: false, problem: "not started" });
    await adapter.start(inbox);
    await held(wire);
    const heardAt = clock.now();
    expect(adapter.condition()).toEqual({ isReceiving: true, heardAt });
    const stopping = adapter.stopReceiving();
    expect(adapter.condition()).toEqual({ isReceiving: false, heardAt, problem: "stopped" });
    await stopping;
    expect(adapter.condition()).toMatchObject({ isReceiving: false });
  });

  it("is bad when no poll has ended well for two minutes, also while updates are stored one by one", async () => {
    const wire = await withPerson();
    const { adapter, clock, inbox, log, say } = wire;
    await adapter.start(inbox);
    say("before");
    await inbox.taken(1);
    await held(wire);
    inbox.hold();
    for (const words of ["one", "two", "three"]) say(words);
    await offered(wire, 2);
    const heardAt = clock.now();
    await clock.advance(70_000);
    inbox.release();
    inbox.hold();
    await offered(wire, 3);
    await clock.advance(49_999);
    expect(adapter.condition()).toEqual({ isReceiving: true, heardAt });
    await clock.advance(1);
    const problem = "no poll has ended well for two minutes";
    expect(adapter.condition()).toEqual({ isReceiving: false, heardAt, problem });
    expect(log.lines.filter(({ level }) => level === "warn")).toEqual([]);
    inbox.release();
  });

  it.each<[string, FaultEffect, string]>([
    ["another program", pollingConflict(), "another program receives this bot's messages"],
    ["a refused token", tokenRevoked(), "Telegram refuses the bot token"],
    ["a failing server", restarting(), "Telegram answers with status 500"],
    ["a gateway", badGateway(), "Telegram answers with status 502"],
    ["a flood", floodOf(20), "Telegram limits how often it is asked"],
    ["the network", { kind: "reset", applied: false }, "no answer from Telegram"],
  ])("names what keeps updates away, until a poll ends well: %s", async (_, effect, problem) => {
    const wire = await withPerson();
    const { adapter, clock, inbox, say, telegram } = wire;
    await adapter.start(inbox);
    await held(wire);
    const heardAt = clock.now();
    telegram.faults.add({ method: "getUpdates", effect });
    say("one");
    await expect.poll(() => adapter.condition(), { interval: 5 }).toEqual({ isReceiving: false, heardAt, problem });
    say("two");
    expect(await clock.moveUntil(inbox.texts(2))).toEqual(["one", "two"]);
    await held(wire);
    expect(adapter.condition()).toEqual({ isReceiving: true, heardAt: clock.now() });
  });

  it("names the store when it takes no updates", async () => {
    const { adapter, inbox, say } = await withPerson();
    inbox.refusals = Infinity;
    say("one");
    await adapter.start(inbox);
    const problem = "updates can't be stored";
    await expect.poll(() => adapter.condition(), { interval: 5 }).toMatchObject({ isReceiving: false, problem });
  });
});

describe("a press of a button", () => {
  async function pressed() {
    const wire = await withPerson();
    const { adapter, person, room, say, telegram } = wire;
    say("hello");
    await adapter.post(adapter.chatTarget(person.id), {
      ...text("?"),
      buttons: [[{ label: "Stop", value: "stop" }]],
    });
    say("before it");
    const [message] = telegram.botMessages(room);
    if (message !== undefined) telegram.press(person, message, "Stop");
    return wire;
  }

  it("is acknowledged at once, while earlier updates wait to be stored", async () => {
    const wire = await pressed();
    wire.inbox.hold();
    await wire.adapter.start(wire.inbox);
    await wire.telegram.until("the press is acknowledged", () =>
      callsOf(wire, "answerCallbackQuery").some(({ status }) => status === 200),
    );
    expect(wire.inbox.events).toEqual([]);
    expect(wire.inbox.offered).toHaveLength(1);
    wire.inbox.release();
    expect(await wire.inbox.texts(3)).toEqual(["hello", "before it", "action"]);
  });

  it.each<[string, FaultEffect]>([
    ["refused", restarting()],
    ["cut", { kind: "reset", applied: true }],
  ])("is offered also when that is %s, which only the debug log tells", async (_, effect) => {
    const wire = await pressed();
    wire.telegram.faults.add({ method: "answerCallbackQuery", effect });
    const report = wire.log.next("debug");
    await wire.adapter.start(wire.inbox);
    expect((await report).message).toContain("acknowledged");
    expect(await wire.inbox.texts(3)).toContain("action");
    expect(wire.log.lines.filter(({ level }) => level === "warn" || level === "error")).toEqual([]);
  });

  it("that hangs in being acknowledged ends with a stop", async () => {
    const wire = await pressed();
    wire.telegram.faults.add({ method: "answerCallbackQuery", effect: { kind: "hang", applied: false } });
    await wire.adapter.start(wire.inbox);
    await wire.inbox.taken(3);
    await wire.telegram.until("the call", () => callsOf(wire, "answerCallbackQuery").length === 1);
    await wire.adapter.stop();
    expect(wire.clock.pending).toBe(0);
  });
});

describe("what people change", () => {
  it("is offered: texts and groups", async () => {
    const { adapter, inbox, person, say, telegram } = await withPerson();
    const group = telegram.addGroup("Walks", [person]);
    await adapter.start(inbox);
    telegram.editMessage(person, say("before"), "after");
    const supergroup = telegram.migrateGroup(group);
    const [message, ...changes] = await inbox.taken(4);
    const moved = { type: "moved", platform: "telegram", from: group.id, to: supergroup.id };
    expect(message).toMatchObject({ type: "message", text: "before" });
    const messageId = message !== undefined && "id" in message ? message.id : undefined;
    expect(changes).toEqual([{ type: "edited", platform: "telegram", messageId, text: "after" }, moved, moved]);
  });
});
