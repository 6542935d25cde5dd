import type { APIMessage } from "discord.js";
import { describe, expect, it } from "vitest";
import { idBefore, type PageStart, readAfter } from "../../../../adapters/discord/history.ts";
import type { MessageEvent } from "../../../../src/adapter.ts";
import type { FaultEffect } from "../../../../src/playground/faults.ts";
import { createManualClock } from "../../../support/manual-clock.ts";
import { type BridgeSide, bridgeSide, callsOf, emulator, newCore, onlineBridge } from "./bridge-side.ts";

const reading = "GET /channels/:id/messages";
const done = "what was said meanwhile was read";
const forGood = Number.POSITIVE_INFINITY;

/** What people said to the bot, in the order in which the core took it. */
function texts({ events }: Pick<BridgeSide, "events">): readonly string[] {
  return events.flatMap((event) => (event.type === "message" && event.addressed ? [event.text] : []));
}

/** A core that knows a private chat, and no bridge. */
async function leftAlone() {
  const discord = await emulator({ limits: "off" });
  const core = newCore();
  const person = discord.addPerson({ name: "Ann" });
  const room = discord.privateRoom(person);
  const former = await onlineBridge(discord, {}, core);
  discord.say(person, room, "one");
  await former.received(1);
  return { discord, core, person, room, former };
}

describe("after a start", () => {
  it("reads what was said meanwhile in every kind of chat, as if it had been heard", async () => {
    const { discord, core, person, room, former } = await leftAlone();
    const group = discord.addGroup("general", [person]);
    const thread = discord.addThread(group, "plans");
    for (const place of [group, thread]) discord.say(person, place, "hello", { mention: true });
    const live = (await former.received(3)) as readonly MessageEvent[];
    await former.adapter.stop();
    discord.say(person, group, "not for the bot");
    const said = [room, group, thread].map((place) => discord.say(person, place, "again", { mention: true }));
    const missed = said.map(({ room: { id } }) => live.find(({ chat }) => chat.key === id));
    const bridge = await onlineBridge(discord, {}, core);
    await bridge.logged(done);
    for (const [index, { id, room: place }] of said.entries()) {
      const event = core.events.find((each) => each.id === id);
      const { author, chat } = missed[index] ?? {};
      const address = { kind: "channel", channel: place.id, replyTo: id };
      expect(event).toMatchObject({ text: "again", addressed: true, author, chat, target: { address } });
    }
    const unaddressed = core.events.filter((event) => event.type === "message" && !event.addressed);
    expect(unaddressed).toMatchObject([{ text: "", chat: { key: group.id } }]);
  });

  it("reads a chat in the order in which people spoke, and only what is new", async () => {
    const { discord, core, person, room, former } = await leftAlone();
    await former.adapter.stop();
    const said = Array.from({ length: 250 }, (_, index) => discord.say(person, room, `${index}`));
    const bridge = await onlineBridge(discord, {}, core);
    await bridge.logged(done);
    expect(core.events.slice(1).map(({ id }) => id)).toEqual(said.map(({ id }) => id));
    const [first] = callsOf(discord, reading);
    expect(first?.parameters).toMatchObject({ after: core.events[0]?.id, limit: "100" });
  });

  it("leaves out what is too old", async () => {
    const { discord, core, person, room, former } = await leftAlone();
    await former.adapter.stop();
    const old = discord.say(person, room, "too old");
    // Messages of one millisecond have the same time.
    core.oldestWanted = (old.revisions[0]?.at ?? 0) + 1;
    const bridge = await onlineBridge(discord, {}, core);
    await bridge.logged(done);
    expect(texts(bridge)).toEqual(["one"]);
    expect(callsOf(discord, reading)[0]?.parameters).toMatchObject({ after: idBefore(core.oldestWanted) });
  });

  it("passes over a chat that is gone or closed to it, without a word to the operator", async () => {
    const { discord, core, person, room, former } = await leftAlone();
    const groups = ["gone", "closed"].map((title) => discord.addGroup(title, [person]));
    for (const group of groups) discord.say(person, group, "hello", { mention: true });
    await former.received(3);
    await former.adapter.stop();
    const [gone, closed] = groups;
    if (gone) discord.deleteRoom(gone);
    if (closed) discord.setPermission(closed, "VIEW_CHANNEL", false);
    discord.say(person, room, "two");
    const bridge = await onlineBridge(discord, {}, core);
    await bridge.logged(done);
    expect(texts(bridge)).toEqual(["one", "hello", "hello", "two"]);
    expect(bridge.log.filter(({ level }) => level === "warn" || level === "error")).toEqual([]);
    expect(bridge.log.filter(({ level }) => level === "debug")).toHaveLength(2);
  });

  it.each<readonly [string, FaultEffect]>([
    ["the connection is cut", { kind: "reset", applied: false }],
    ["Discord fails", { kind: "reply", status: 500, body: { message: "500: Internal Server Error", code: 0 } }],
    [
      "there is a rate limit",
      { kind: "reply", status: 429, body: { message: "You are being rate limited.", retry_after: 40, global: false } },
    ],
  ])("tries again when %s", async (_, effect) => {
    const { discord, core, person, room, former } = await leftAlone();
    await former.adapter.stop();
    discord.say(person, room, "two");
    discord.faults.add({ method: reading, times: 5, effect });
    const clock = createManualClock();
    const bridge = await onlineBridge(discord, { clock }, core);
    await clock.moveUntil(bridge.received(2));
    expect(texts(bridge)).toEqual(["one", "two"]);
  });

  it("gives up at last, says so, and tries again in the next session", async () => {
    const { discord, core, person, room, former } = await leftAlone();
    await former.adapter.stop();
    discord.say(person, room, "two");
    const heal = discord.faults.add({ method: reading, times: forGood, effect: { kind: "reset", applied: false } });
    const clock = createManualClock();
    const bridge = await onlineBridge(discord, { clock }, core);
    const entry = await clock.moveUntil(bridge.logged("what was said meanwhile in a chat can't be read"));
    expect(entry).toMatchObject({ level: "warn", fields: { chat: room.id } });
    discord.say(person, room, "three");
    await bridge.received(2);
    heal();
    discord.gateway.invalidateSession(false);
    await bridge.received(3);
    expect(texts(bridge)).toEqual(["one", "three", "two"]);
  });

  it("says when the chats are not known, and goes on", async () => {
    const { discord, core, person, room, former } = await leftAlone();
    await former.adapter.stop();
    const bridge = bridgeSide(discord, {}, core);
    bridge.failToRecall();
    await bridge.start();
    expect(await bridge.logged("what was said meanwhile can't be read: the chats are not known")).toMatchObject({
      level: "error",
    });
    discord.say(person, room, "two");
    await bridge.received(2);
  });
});

describe("what is said while the history is read", () => {
  it("waits for what was said before it in the same chat", async () => {
    const { discord, core, person, room, former } = await leftAlone();
    await former.adapter.stop();
    discord.say(person, room, "two");
    discord.faults.add({ method: reading, effect: { kind: "delay", ms: 200 } });
    const bridge = await onlineBridge(discord, {}, core);
    discord.say(person, room, "three");
    await bridge.received(3);
    expect(texts(bridge)).toEqual(["one", "two", "three"]);
  });

  it("waits five seconds, and in another chat not at all", async () => {
    const { discord, core, person, room, former } = await leftAlone();
    await former.adapter.stop();
    discord.faults.add({ method: reading, times: forGood, effect: { kind: "hang", applied: false } });
    const clock = createManualClock();
    const bridge = await onlineBridge(discord, { clock }, core);
    discord.say(person, room, "two");
    const other = discord.addPerson();
    discord.say(other, discord.privateRoom(other), "hello");
    await bridge.received(2);
    expect(texts(bridge)).toEqual(["one", "hello"]);
    await clock.advance(5_000);
    await bridge.received(3);
    expect(texts(bridge)).toEqual(["one", "hello", "two"]);
  });
});

describe("after a cut", () => {
  it("reads what no session told of, before what the new one tells", async () => {
    const { discord, person, room, former } = await leftAlone();
    discord.gateway.goDown({ forgetSessions: true });
    discord.say(person, room, "two");
    discord.gateway.comeBack();
    await discord.until("the new session", () => discord.gateway.identified === 2);
    discord.say(person, room, "three");
    await former.received(3);
    expect(texts(former)).toEqual(["one", "two", "three"]);
  });

  it("reads nothing when the session was resumed", async () => {
    const { discord, core, person, room, former } = await leftAlone();
    discord.gateway.goDown({ forgetSessions: false });
    discord.say(person, room, "two");
    discord.gateway.comeBack();
    await former.received(2);
    await former.logged("Discord's gateway has resumed");
    expect(core.asked).toBe(1);
    expect(callsOf(discord, reading)).toEqual([]);
  });

  it("reads on from where it was when the next session begins too soon", async () => {
    const { discord, core, person, room, former } = await leftAlone();
    await former.adapter.stop();
    discord.say(person, room, "two");
    discord.faults.add({ method: reading, effect: { kind: "hang", applied: false } });
    const clock = createManualClock();
    const bridge = await onlineBridge(discord, { clock }, core);
    await discord.until("the first reading", () => callsOf(discord, reading).length === 1);
    discord.say(person, room, "three");
    await clock.moveUntil(bridge.received(2), 5_000);
    discord.gateway.invalidateSession(false);
    await bridge.recalled(3);
    // The request that hangs is given up; the next one has waited for it.
    await clock.advance(10_000);
    await bridge.received(3);
    await bridge.logged(done);
    expect(texts(bridge)).toEqual(["one", "three", "two"]);
    const readings = callsOf(discord, reading).map(({ parameters }) => parameters.after);
    expect(new Set(readings)).toEqual(new Set([core.events[0]?.id]));
  });
});

it("reads of too much the newest", async () => {
  const ids = Array.from({ length: 1_500 }, (_, index) => String(index + 1));
  const pages: PageStart[] = [];
  async function read(start: PageStart) {
    pages.push(start);
    const later = ids.filter((id) => !("after" in start) || Number(id) > Number(start.after));
    const page = "after" in start ? later.slice(0, 100) : ids.slice(0, before(start)).slice(-100);
    return page.map((id) => ({ id }) as APIMessage);
  }
  const found = await readAfter(read, "20", 3);
  expect(found.map(({ id }) => id)).toEqual(ids.slice(-300));
  expect(pages).toEqual([{ after: "20" }, {}, { before: "1401" }, { before: "1301" }]);
  expect((await readAfter(read, "1250", 3)).map(({ id }) => id)).toEqual(ids.slice(1_250));
});

function before(start: PageStart): number {
  return "before" in start ? Number(start.before) - 1 : forGood;
}

it.each([
  [Date.UTC(2026, 10, 20), "1573125724569599999"],
  [0, "0"],
])("the ids given out since %i are greater than %s", (time, id) => {
  expect(idBefore(time)).toBe(id);
});
