import { describe, expect, it } from "vitest";
import type { MessageEvent } from "../../../../src/adapter.ts";
import { plainText } from "../../../../src/markdown/formatted-text.ts";
import type { FaultEffect } from "../../../../src/playground/faults.ts";
import {
  badGatewayPage,
  pollingConflict,
  restarting,
  tokenRevoked,
  tooManyRequests,
  webhookActive,
} from "../../../../src/playground/telegram/index.ts";
import { connect, failureOf, type Wire } from "./wire.ts";

/** A started adapter and a person who has a private chat with the bot. */
async function started() {
  const wire = await connect();
  const person = wire.telegram.addPerson();
  await wire.adapter.start(wire.inbox);
  return { ...wire, person, room: wire.telegram.privateRoom(person) };
}

function polls({ telegram }: Wire) {
  return telegram.calls.filter(({ method }) => method === "getUpdates");
}

/** Resolves when the adapter waits for updates. */
async function held({ telegram }: Wire): Promise<void> {
  await expect.poll(() => telegram.isPolled, { interval: 5, timeout: 10_000 }).toBe(true);
}

/** Resolves when nobody waits for updates any more. */
async function released({ telegram }: Wire): Promise<void> {
  await expect.poll(() => telegram.isPolled, { interval: 5, timeout: 10_000 }).toBe(false);
}

describe("start", () => {
  it("removes a webhook but nothing that waits, then asks for what it understands alone", async () => {
    const wire = await connect();
    const person = wire.telegram.addPerson();
    wire.telegram.say(person, wire.telegram.privateRoom(person), "while you were away");
    await wire.adapter.start(wire.inbox);
    expect(await wire.inbox.texts(1)).toEqual(["while you were away"]);
    expect(wire.telegram.calls.map(({ method }) => method).slice(0, 3)).toEqual([
      "getMe",
      "deleteWebhook",
      "getUpdates",
    ]);
    expect(wire.telegram.calls[1]?.parameters.drop_pending_updates).toBeUndefined();
    const allowed_updates = ["message", "edited_message", "callback_query", "stopped_message_generation"];
    expect(polls(wire)[0]?.parameters).toEqual({ offset: 0, timeout: 0, limit: 100, allowed_updates });
  });

  it.each<[string, FaultEffect, string]>([
    ["a refused token", tokenRevoked(), "forbidden"],
    ["a server error", restarting(), "network"],
    ["a reset connection", { kind: "reset", applied: false }, "network"],
  ])("rejects because of %s and polls for nothing", async (_, effect, code) => {
    const wire = await connect();
    wire.telegram.faults.add({ method: "getMe", effect });
    expect(await failureOf(wire.adapter.start(wire.inbox))).toMatchObject({ code, method: "getMe" });
    expect(polls(wire)).toEqual([]);
  });
});

describe("updates", () => {
  it("reach the inbox in order and are confirmed by the next poll", async () => {
    const wire = await started();
    wire.telegram.say(wire.person, wire.room, "one");
    wire.telegram.command(wire.person, wire.room, "new", "please");
    wire.telegram.say(wire.person, wire.room, "three");
    expect(await wire.inbox.texts(3)).toEqual(["one", "/new please", "three"]);
    await held(wire);
    expect(wire.telegram.pendingUpdates).toBe(0);
  });

  it("of a group are addressed by mention, reply and command", async () => {
    const wire = await connect();
    const { telegram, adapter, inbox } = wire;
    telegram.setPrivacyMode(false);
    const person = telegram.addPerson();
    const group = telegram.addGroup("Walks", [person]);
    await adapter.start(inbox);
    telegram.say(person, group, "will it rain?", { mention: true });
    const [asked] = await inbox.taken(1);
    await adapter.post((asked as MessageEvent).target, { text: plainText("no") });
    const [answer] = telegram.botMessages(group);
    telegram.say(person, group, "and then?", answer && { replyTo: answer });
    telegram.say(person, group, "let us go");
    telegram.command(person, group, "new");

    const events = await inbox.taken(4);
    expect(
      events.map((event) => (event.type === "message" ? [event.text, event.addressed] : "name" in event && event.name)),
    ).toEqual([["will it rain?", true], ["and then?", true], ["let us go", false], "new"]);
  });

  it("of topics are not addressed for being in a topic that the bot opened", async () => {
    const { telegram, adapter, inbox } = await connect();
    telegram.setPrivacyMode(false);
    const person = telegram.addPerson();
    const topic = telegram.addThread(telegram.addGroup("Walks", [person], { forum: true }), "Sunday");
    await adapter.start(inbox);
    telegram.say(person, topic, "let us go");
    expect(await inbox.taken(1)).toMatchObject([{ addressed: false, chat: { key: topic.id.replace(":", "/") } }]);
  });

  it("that could not be stored come again, before any later one", async () => {
    const wire = await connect();
    const person = wire.telegram.addPerson();
    const room = wire.telegram.privateRoom(person);
    for (const text of ["one", "two", "three"]) wire.telegram.say(person, room, text);
    wire.inbox.refusals = 2;
    const report = wire.log.next("error");
    await wire.adapter.start(wire.inbox);
    expect(await report).toMatchObject({ fields: { waitMs: 1000 }, message: expect.stringContaining("stored") });
    expect(await wire.clock.moveUntil(wire.inbox.texts(3))).toEqual(["one", "two", "three"]);
    const [first = ""] = wire.inbox.offered;
    expect(wire.inbox.offered.slice(0, 3)).toEqual([first, first, first]);
  });

  it("that were not stored before a stop come again to the next process, with the same id", async () => {
    const wire = await started();
    wire.inbox.refusals = 1;
    const report = wire.log.next("error");
    wire.telegram.say(wire.person, wire.room, "one");
    await report;
    await wire.adapter.stop();
    await wire.newAdapter().start(wire.inbox);
    await wire.inbox.taken(1);
    expect(wire.inbox.offered).toEqual([wire.inbox.offered[0], wire.inbox.offered[0]]);
  });

  it("that can't be understood are passed by", async () => {
    const wire = await connect();
    const body = {
      ok: true,
      result: [
        { update_id: 2_000_000_000, message: { message_id: 1, from: { id: 1 }, text: "no chat" } },
        { update_id: 2_000_000_001, some_news: {} },
        {
          update_id: 2_000_000_002,
          message: {
            message_id: 2,
            date: 1,
            from: { id: 5, first_name: "A" },
            chat: { id: 5, type: "private" },
            text: "a",
          },
        },
      ],
    };
    wire.telegram.faults.add({ method: "getUpdates", effect: { kind: "reply", status: 200, body } });
    await wire.adapter.start(wire.inbox);
    expect(await wire.inbox.texts(1)).toEqual(["a"]);
    await held(wire);
    expect(polls(wire)[1]?.parameters.offset).toBe(2_000_000_003);
    expect(wire.log.lines.filter(({ level }) => level === "debug")).toHaveLength(2);
  });
});

describe("a poll that fails", () => {
  it.each<[string, FaultEffect, number[]]>([
    ["a conflict", pollingConflict(), [5000, 10_000, 20_000, 40_000, 60_000, 60_000]],
    ["a webhook", webhookActive(), [5000]],
    ["a refused token", tokenRevoked(), [60_000, 60_000]],
    ["a flood", tooManyRequests(7), [7000, 7000]],
    ["a bad gateway's page", badGatewayPage(), [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]],
    ["a reset connection", { kind: "reset", applied: false }, [1000, 2000]],
    ["an answer without updates", { kind: "reply", status: 200, body: { ok: true, result: true } }, [1000, 2000]],
    ["an update without an id", { kind: "reply", status: 200, body: { ok: true, result: [{}] } }, [1000]],
  ])("is repeated after a while, however often: %s", async (_, effect, waits) => {
    const wire = await connect();
    const person = wire.telegram.addPerson();
    const room = wire.telegram.privateRoom(person);
    wire.telegram.faults.add({ method: "getUpdates", times: waits.length, effect });
    wire.telegram.say(person, room, "one");
    await wire.adapter.start(wire.inbox);
    expect(await wire.clock.moveUntil(wire.inbox.texts(1), 65_000)).toEqual(["one"]);
    expect(wire.log.lines.flatMap(({ fields }) => fields.waitMs ?? [])).toEqual(waits);
    await held(wire);
    expect(wire.log.lines.at(-1)).toMatchObject({ level: "info", message: "receiving from Telegram again" });
  });

  it("starts with the short wait again after it worked", async () => {
    const wire = await started();
    for (let round = 0; round < 2; round += 1) {
      await held(wire);
      wire.telegram.faults.add({ method: "getUpdates", effect: restarting() });
      const report = wire.log.next("warn");
      wire.telegram.say(wire.person, wire.room, "next");
      expect((await report).fields.waitMs).toBe(1000);
      await wire.clock.advance(1000);
    }
  });

  it("says what to do about a second program", async () => {
    const wire = await started();
    await held(wire);
    const report = wire.log.next("warn");
    wire.telegram.pollElsewhere();
    expect((await report).message).toContain("another program");
  });

  it("names the variable when the token is revoked", async () => {
    const wire = await started();
    await held(wire);
    const report = wire.log.next("error");
    wire.telegram.revokeToken();
    expect((await report).message).toContain("TELEGRAM_BOT_TOKEN");
  });

  it("removes a webhook that was set meanwhile", async () => {
    const wire = await connect();
    wire.telegram.faults.add({ method: "getUpdates", effect: webhookActive() });
    const report = wire.log.next("warn");
    await wire.adapter.start(wire.inbox);
    await report;
    await wire.clock.advance(5000);
    await held(wire);
    expect(wire.telegram.calls.filter(({ method }) => method === "deleteWebhook")).toHaveLength(2);
  });

  it("by neither answering nor failing is given up after 70 seconds", async () => {
    const wire = await connect();
    wire.telegram.faults.add({ method: "getUpdates", effect: { kind: "hang", applied: false } });
    await wire.adapter.start(wire.inbox);
    await wire.telegram.until("it polls", () => polls(wire).length === 1);
    const report = wire.log.next("warn");
    await wire.clock.advance(69_000);
    expect(wire.log.lines.filter(({ level }) => level === "warn")).toEqual([]);
    await wire.clock.advance(1000);
    await report;
    await wire.clock.advance(1000);
    await held(wire);
  });
});

describe("stop", () => {
  it("ends a held poll at once and leaves no timer", async () => {
    const wire = await started();
    await held(wire);
    await wire.adapter.stop();
    await released(wire);
    expect(wire.clock.pending).toBe(0);
    expect(wire.log.lines.filter(({ level }) => level !== "info")).toEqual([]);
  });

  it("ends a wait after a failure at once", async () => {
    const wire = await connect();
    wire.telegram.faults.add({ method: "getUpdates", times: Infinity, effect: tokenRevoked() });
    const report = wire.log.next("error");
    await wire.adapter.start(wire.inbox);
    await report;
    await wire.adapter.stop();
    expect(wire.clock.pending).toBe(0);
    expect(polls(wire)).toHaveLength(1);
  });

  it("waits for the event that is being stored and takes no further one", async () => {
    const wire = await connect();
    const person = wire.telegram.addPerson();
    for (const text of ["one", "two"]) wire.telegram.say(person, wire.telegram.privateRoom(person), text);
    wire.inbox.hold();
    await wire.adapter.start(wire.inbox);
    await expect.poll(() => wire.inbox.offered.length, { interval: 5, timeout: 10_000 }).toBe(1);
    let isStopped = false;
    const stopped = wire.adapter.stop().then(() => {
      isStopped = true;
    });
    await wire.clock.advance(0);
    expect(isStopped).toBe(false);
    wire.inbox.release();
    await stopped;
    expect(wire.inbox.events).toHaveLength(1);
    expect(wire.inbox.offered).toHaveLength(1);
  });

  it("may be called twice, and before start", async () => {
    const wire = await connect();
    await wire.adapter.stop();
    await wire.adapter.stop();
    await wire.adapter.start(wire.inbox);
    await held(wire);
    await wire.adapter.stop();
    await wire.adapter.stop();
  });

  it("makes a start that is under way fail", async () => {
    const wire = await connect();
    wire.telegram.faults.add({ method: "getMe", effect: { kind: "hang", applied: false } });
    const failure = failureOf(wire.adapter.start(wire.inbox));
    await wire.telegram.until("it asks who it is", () => wire.telegram.calls.length === 1);
    await wire.adapter.stop();
    expect(await failure).toMatchObject({ code: "network" });
    expect(wire.clock.pending).toBe(0);
  });
});
