import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import type { FaultEffect } from "../../../src/playground/faults.ts";
import { say } from "../../../src/reply/say.ts";
import type { TurnMessage } from "../../../src/store/store.ts";
import { ShuttingDown } from "../../../src/turn/turn-queue.ts";
import { platformNames } from "../../support/world.ts";
import { begin, openChat, type TestChat } from "./chat.ts";
import { wire } from "./wire.ts";

const lost: FaultEffect = { kind: "reset", applied: false };
const unheard: FaultEffect = { kind: "reset", applied: true };

/** Moments of the calls, in seconds after the first one. */
function seconds(chat: TestChat): number[] {
  const times = chat.calls().map(({ at }) => at);
  return times.map((at) => (at - (times[0] ?? 0)) / 1000);
}

describe.each(platformNames)("an outage of %s", (name) => {
  const { badGateway } = wire[name];

  it.each<[string, FaultEffect]>([
    ["the connection is reset before the call took effect", lost],
    ["the connection is reset after the call took effect", unheard],
    ["a gateway answers with its own page", badGateway],
  ])("where %s: an edit is made again until it is heard", async (_, effect) => {
    const chat = await openChat(name);
    const { reply } = await begin(chat);
    chat.fail("edit", effect, { times: 4 });
    reply.write("one two");
    await chat.clock.moveUntil(reply.finish());
    expect(chat.texts()).toEqual(["one two"]);
  });

  it("is waited for longer and longer, but no longer than half a minute at once", async () => {
    const chat = await openChat(name);
    const { reply } = await begin(chat);
    const mend = chat.emulator.faults.add({
      method: wire[name].methods.any,
      times: Number.POSITIVE_INFINITY,
      effect: lost,
    });
    reply.write("one two");
    const finished = reply.finish();
    await chat.clock.moveUntil(chat.emulator.until("ten calls", () => chat.calls().length >= 10));
    mend();
    await chat.clock.moveUntil(finished);
    const times = seconds(chat).slice(1);
    expect(times.slice(1).map((at, n) => at - (times[n] ?? 0))).toEqual([0.25, 0.5, 1, 2, 4, 8, 16, 30, 30]);
    expect(chat.texts()).toEqual(["one two"]);
  });

  it("before the first message was made leaves one message in the end", async () => {
    const chat = await openChat(name);
    const { reply } = chat.reply();
    chat.fail("post", lost, { times: 2 });
    reply.write("one");
    await chat.clock.moveUntil(reply.finish());
    expect(chat.texts()).toEqual(["one"]);
  });

  it("does not count against the message's chances to be replaced", async () => {
    const chat = await openChat(name);
    const { reply } = await begin(chat);
    chat.fail("edit", lost, { times: 8 });
    chat.fail("edit", wire[name].gone);
    reply.write("one two");
    await chat.clock.moveUntil(reply.finish());
    expect(chat.texts().at(-1)).toBe("one two");
  });
});

describe("a first message whose answer is lost", () => {
  it("is there once on Discord, which knows the message again", async () => {
    const chat = await openChat("discord");
    const { reply } = chat.reply();
    chat.fail("post", unheard, { times: 5 });
    reply.write("one");
    await chat.clock.moveUntil(chat.until("the first words", (texts) => texts[0] === "one"));
    reply.write("one two");
    await chat.clock.moveUntil(reply.finish());
    expect(chat.texts()).toEqual(["one two"]);
  });

  it("is found again on Telegram by its id, and goes on there", async () => {
    const chat = await openChat("telegram");
    const { reply, records } = chat.reply();
    chat.fail("post", unheard);
    reply.write("one");
    await chat.until("the first words", (texts) => texts[0] === "one");
    reply.write("one two");
    await chat.clock.moveUntil(reply.finish());
    expect(chat.texts()).toEqual(["one two"]);
    expect(records.filter(({ ref }) => ref)).toHaveLength(1);
  });
});

it("words of the bridge's own whose sending got no answer are sent again, and take no answer's place", async () => {
  const chat = await openChat("telegram");
  const { adapter, target, budgets, clock } = chat;
  chat.fail("post", lost);
  const saying = say({
    adapter,
    target,
    budgets,
    clock,
    id: "help",
    text: "What I can do",
    signal: new AbortController().signal,
  });
  await chat.emulator.until("the attempt", () => chat.calls().length > 0);
  const answer = chat.reply();
  answer.reply.write("An answer");
  await chat.clock.moveUntil(Promise.all([saying, answer.reply.finish()]));
  expect([...chat.texts()].sort()).toEqual(["An answer", "What I can do"]);
});

describe.each(platformNames)("a message that an earlier process was sending on %s", (name) => {
  it.each([
    ["is found when it was sent", unheard],
    ["is sent when it was not", lost],
  ])("%s", async (_, effect) => {
    const chat = await openChat(name);
    const first = chat.reply({ record: async (message) => void sent.push(message) });
    const sent: TurnMessage[] = [];
    chat.fail("post", effect, { times: Number.POSITIVE_INFINITY });
    first.reply.write("one");
    await chat.emulator.until("the attempt", () => chat.calls().length > 0);
    first.shutdown.abort(new ShuttingDown());
    // Discord's adapter repeats by itself what carries a nonce.
    await chat.clock.moveUntil(first.reply.finish().catch(() => undefined));
    chat.emulator.faults.clear();
    expect(sent).toMatchObject([{ part: 0, sealed: false }]);
    expect(sent[0]?.ref).toBeUndefined();

    const second = chat.reply({ sent });
    second.reply.write("one two");
    await chat.clock.moveUntil(second.reply.finish());
    expect(chat.texts()).toEqual(["one two"]);
  });

  it("is not mistaken for one that is accounted for", async () => {
    const chat = await openChat(name);
    const other = await begin(chat, "another answer");
    await chat.clock.moveUntil(other.reply.finish());
    const known = async () => other.records.flatMap(({ ref }) => ref ?? []);
    const { reply } = chat.reply({ id: "second", known, sent: [{ part: 0, segment: 0, textEnd: 0, sealed: false }] });
    reply.write("one");
    await chat.clock.moveUntil(reply.finish());
    expect(chat.texts()).toEqual(["another answer", "one"]);
  });
});

describe.each(platformNames)("the shutdown signal on %s", (name) => {
  const { tooMany } = wire[name];

  it.each<[string, (chat: TestChat) => void]>([
    ["in a penalty", (chat) => chat.fail("edit", tooMany(140))],
    ["in an outage", (chat) => chat.fail("edit", lost, { times: Number.POSITIVE_INFINITY })],
  ])("%s ends the reply where it stands and leaves no timer", async (_, provoke) => {
    const chat = await openChat(name);
    const { reply, shutdown } = await begin(chat);
    provoke(chat);
    const before = chat.clock.pending;
    reply.write("one two");
    const finished = reply.finish().catch((error: unknown) => error);
    await chat.emulator.until("the refusal", () => chat.calls()[1] !== undefined);
    await chat.clock.advance(100);
    shutdown.abort(new ShuttingDown());
    expect(await finished).toBeInstanceOf(ShuttingDown);
    expect(chat.clock.pending).toBe(before);
    expect(getEventListeners(shutdown.signal, "abort")).toEqual([]);
    expect(chat.texts()).toEqual(["one"]);
  });

  it("that came before leaves everything unsaid", async () => {
    const chat = await openChat(name);
    const { reply, shutdown } = chat.reply();
    shutdown.abort(new ShuttingDown());
    reply.write("one");
    await expect(reply.finish()).rejects.toBeInstanceOf(ShuttingDown);
    expect(chat.calls()).toEqual([]);
  });
});

it("a store that fails ends the reply with its error", async () => {
  const chat = await openChat("telegram");
  const broken = new Error("disk full");
  const { reply, failures } = chat.reply({ record: () => Promise.reject(broken) });
  reply.write("one");
  await expect(reply.finish()).rejects.toBe(broken);
  expect(failures).toEqual([broken]);
});
