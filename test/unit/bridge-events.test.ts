import { describe, expect, it } from "vitest";
import { en } from "../../src/locale/en.ts";
import { fail, gate, type Script, say } from "../../src/playground/coze/index.ts";
import { closedGate, type Gate } from "../support/gate.ts";
import { platformNames } from "../support/world.ts";
import { type LiveBridge, startLiveBridge } from "./live-bridge.ts";

/** The questions that Coze was asked, oldest first. */
function questions(live: LiveBridge): string[] {
  const asked = live.coze.requests.filter(({ path }) => path === "/v3/chat");
  return asked.map(({ body }) => String((body.additional_messages as { content: string }[])[0]?.content));
}

/** Answers the first question when the gate opens, and any other at once. */
function holdingFirst({ opened }: Gate): LiveBridge["coze"]["answer"] {
  return ({ text }): Script => [...(text === "first" ? [gate(opened)] : []), ...say(`You said: ${text}`)];
}

describe.each(platformNames)("the button of an answer that failed on %s", (platform) => {
  async function failedOnce(): Promise<LiveBridge> {
    const live = await startLiveBridge({ platform });
    live.coze.answer = () => [fail(5000, "broken")];
    await live.receive();
    live.say("hi");
    await live.ended();
    live.coze.answer = () => say("Better.");
    return live;
  }

  it("asks the question again, once, and goes away", async () => {
    const live = await failedOnce();
    const [failed] = live.chat.botMessages(live.room);
    if (!failed) throw new Error("the failure was not told");
    expect(failed.buttons).toEqual([[en.retry]]);
    live.chat.press(live.person, failed, en.retry);
    live.chat.press(live.person, failed, en.retry);
    await live.reads(en.failedService, "Better.");
    await live.chat.until("the button is gone", () => live.chat.botMessages(live.room)[0]?.buttons.length === 0);
    await live.accepted(3);
    expect(questions(live)).toEqual(["hi", "hi"]);
  });

  it("is the asker's alone", async () => {
    const live = await startLiveBridge({ platform });
    const other = live.chat.addPerson({ name: "Bob" });
    const group = live.chat.addGroup("Lounge", [live.person, other]);
    live.coze.answer = () => [fail(5000, "broken")];
    await live.receive();
    live.chat.say(live.person, group, "hi", { mention: true });
    await live.ended();
    const [failed] = live.chat.botMessages(group);
    if (!failed) throw new Error("the failure was not told");
    live.chat.press(other, failed, en.retry);
    await live.accepted(2);
    live.coze.answer = () => say("Better.");
    live.chat.press(live.person, failed, en.retry);
    await live.until("the answer", () => live.texts(group).includes("Better."));
    expect(questions(live)).toHaveLength(2);
  });

  it("says so when its question is no longer kept", async () => {
    const live = await failedOnce();
    const [failed] = live.chat.botMessages(live.room);
    if (!failed) throw new Error("the failure was not told");
    await live.store.prune(Date.now() + 1000);
    live.chat.press(live.person, failed, en.retry);
    await live.reads(en.failedService, en.buttonExpired);
    expect(questions(live)).toEqual(["hi"]);
  });
});

describe.each(platformNames)("a question that waits for its turn on %s", (platform) => {
  it("is asked as the person changed it", async () => {
    const live = await startLiveBridge({ platform });
    const first = closedGate();
    live.coze.answer = holdingFirst(first);
    await live.receive();
    live.say("first");
    const said = live.chat.say(live.person, live.room, "secnod");
    await live.accepted(2);
    live.chat.editMessage(live.person, said, "second");
    await live.accepted(3);
    first.open();
    await live.reads("You said: first", "You said: second");
    expect(questions(live)).toEqual(["first", "second"]);
  });
});

describe("a question that waits for its turn (discord)", () => {
  it("is not asked when the person deletes it, and one that is being answered stops", async () => {
    const live = await startLiveBridge({ platform: "discord" });
    const first = closedGate();
    live.coze.answer = holdingFirst(first);
    await live.receive();
    const running = live.chat.say(live.person, live.room, "first");
    const waiting = live.chat.say(live.person, live.room, "second");
    await live.accepted(2);
    await live.coze.until("the first runs", () => questions(live).length === 1);
    live.chat.deleteMessage(live.person, waiting);
    live.chat.deleteMessage(live.person, running);
    await live.ended(2);
    live.say("third");
    await live.reads("You said: third");
    expect(questions(live)).toEqual(["first", "third"]);
    expect(live.coze.requests.some(({ path }) => path === "/v3/chat/cancel")).toBe(true);
  });
});

describe.each(platformNames)("what comes too late or too fast on %s", (platform) => {
  it("is closed with a word when the platform kept it for too long", async () => {
    const live = await startLiveBridge({ platform });
    await live.receive((event) => (event.type === "message" ? { ...event, sentAt: event.sentAt - 86_500_000 } : event));
    live.say("hi");
    expect(await live.ended()).toMatchObject({ outcome: "failed", code: "ERR_TURN_TOO_OLD" });
    expect(live.texts()).toEqual([en.tooOld]);
    expect(questions(live)).toEqual([]);
  });

  it("is told once of too many messages, of which as many wait as a person can wait for", async () => {
    const live = await startLiveBridge({ platform });
    const first = closedGate();
    live.coze.answer = holdingFirst(first);
    await live.receive();
    live.say("first");
    await live.coze.until("the first runs", () => questions(live).length === 1);
    for (let n = 2; n <= 25; n += 1) live.say(`message ${n}`);
    await live.accepted(25);
    await live.reads(en.tooMany);
    expect(await live.ended()).toMatchObject({ outcome: "failed", code: "ERR_TURN_TOO_MANY" });
    expect(await live.store.unfinishedTurns()).toHaveLength(20);
    first.open();
    await live.until("the next answer", (texts) => texts.includes("You said: message 2"));
    expect(live.texts().filter((text) => text === en.tooMany)).toHaveLength(1);
  });

  it("is stopped, on Coze too, when the agent takes longer than allowed", async () => {
    const live = await startLiveBridge({ platform, turnTimeoutMs: 300 });
    live.coze.answer = () => [...say("Half an"), gate(new Promise(() => undefined))];
    await live.receive();
    live.say("hi");
    expect(await live.ended()).toMatchObject({ outcome: "failed", code: "ERR_TURN_TIMEOUT" });
    expect(live.texts()).toEqual([`Half an\n\n${en.timedOut}`]);
    await live.coze.until("the run ends", () => live.coze.requests.some(({ path }) => path === "/v3/chat/cancel"));
  });
});

describe("a group that becomes a supergroup (telegram)", () => {
  it("keeps its conversation, which goes on under the new id", async () => {
    const live = await startLiveBridge({ platform: "telegram" });
    if (live.chat.name !== "telegram") throw new Error("only Telegram moves groups");
    const group = live.chat.addGroup("Lounge", [live.person]);
    await live.receive();
    live.chat.say(live.person, group, "one", { mention: true });
    await live.ended();
    const moved = live.chat.migrateGroup(group);
    await live.accepted(2);
    live.chat.say(live.person, moved, "two", { mention: true });
    await live.ended(2);
    expect(live.texts(moved)).toContain("You said: two");
    expect(live.coze.conversations).toHaveLength(1);
  });
});
