import { describe, expect, it } from "vitest";
import type { CommandEvent, MessageEvent } from "../../src/adapter.ts";
import { systemClock } from "../../src/clock.ts";
import { conversationOf } from "../../src/conversations.ts";
import { en } from "../../src/locale/en.ts";
import { zh } from "../../src/locale/zh.ts";
import { gate, say } from "../../src/playground/coze/index.ts";
import type { Turn } from "../../src/store/store.ts";
import { closedGate } from "../support/gate.ts";
import { platformNames } from "../support/world.ts";
import { inboxOf } from "./inbox.ts";
import { createClient, type LiveBridge, modeOf, startLiveBridge } from "./live-bridge.ts";
import { wire } from "./reply/wire.ts";

/** What the adapter makes of a message, without the bridge knowing of it. */
async function messageEvent(live: LiveBridge, text: string): Promise<MessageEvent> {
  const event = await new Promise<MessageEvent>((resolve, reject) => {
    const accept = async (offered: unknown) => resolve(offered as MessageEvent);
    live.adapter.start(inboxOf(accept)).then(() => live.say(text), reject);
  });
  await live.adapter.stopReceiving();
  return event;
}

function commandEvent(event: MessageEvent, name: string, changes: Partial<CommandEvent> = {}): CommandEvent {
  const { text: _, attachments: __, addressed: ___, ...base } = event;
  return { ...base, type: "command", id: `${event.id}/${name}`, name, argument: "", ...changes };
}

/** Puts a message's turn into the ledger as an earlier process would have done. */
async function earlierTurn(live: LiveBridge, event: MessageEvent, id = "abcdefghijkl"): Promise<Turn> {
  const { coze, store } = live;
  const rules = { base: coze.baseUrl, mode: modeOf(coze, "agent"), scope: "chat-user" as const };
  const turn = await store.acceptMessage(event, { id, conversation: conversationOf(event, rules), locale: "en" });
  if (!turn) throw new Error("the event was stored before");
  return turn;
}

/** Sends a message of the answer as an earlier process would have done. */
async function earlierMessage(live: LiveBridge, turn: Turn, text: string, record = { textEnd: 0, sealed: false }) {
  const ref = await live.adapter.post(turn.target, {
    text: { text, ranges: [] },
    reply: true,
    nonce: `${turn.id}-0-0`,
  });
  await live.store.saveTurnMessage(turn.id, { part: 0, ref, ...record });
}

/** Asks as an earlier process would have done, which heard no more than the first event. */
async function askAsBefore(live: LiveBridge, { text, conversation: { sessionName } }: Turn) {
  const client = createClient(live.coze, modeOf(live.coze, "agent"));
  for await (const event of client.ask({ text, sessionName }, new AbortController().signal)) {
    if (event.type === "created") return { conversationId: event.conversationId, chatId: event.chatId };
  }
  throw new Error("Coze did not answer");
}

const recover = async (live: LiveBridge, ready = Promise.resolve()) =>
  await live.bridge.recover(await live.store.unfinishedTurns(), ready);

const asked = (live: LiveBridge) => live.coze.requests.filter(({ path }) => path === "/v3/chat").length;

describe.each(platformNames)("what the bridge does with an event of %s", (platform) => {
  it("answers it once, however often and how fast it is delivered", async () => {
    const live = await startLiveBridge({ platform });
    const event = await messageEvent(live, "hi");
    await Promise.all([live.bridge.accept(event), live.bridge.accept(event)]);
    await live.ended();
    await live.bridge.accept(event);
    await live.bridge.accept({ ...event, id: `${event.id}/next`, text: "next" });
    await live.ended(2);
    expect(live.texts()).toEqual(["You said: hi", "You said: next"]);
    expect(asked(live)).toBe(2);
  });

  it("takes none of bots, nor of people who speak to others", async () => {
    const live = await startLiveBridge({ platform });
    const event = await messageEvent(live, "hi");
    const bot = { ...event.author, automated: true };
    await live.bridge.accept({ ...event, author: bot });
    await live.bridge.accept(commandEvent(event, "help", { author: bot }));
    await live.bridge.accept({ ...event, addressed: false });
    expect(await live.store.unfinishedTurns()).toEqual([]);
    // Not even stored: it would be taken if it were meant for the bot.
    await live.bridge.accept(event);
    await live.ended();
    expect(live.texts()).toEqual(["You said: hi"]);
  });

  it("says that it does not know a command, in private alone", async () => {
    const live = await startLiveBridge({ platform });
    const event = await messageEvent(live, "hi");
    await live.bridge.accept(commandEvent(event, "weather", { chat: { key: "-1", kind: "group" } }));
    await live.bridge.accept(commandEvent(event, "weather", { id: "another" }));
    await live.bridge.stop(10_000);
    expect(live.texts()).toEqual([en.unknownCommand]);
  });

  it("gives a command's answer once, in the person's language", async () => {
    const live = await startLiveBridge({ platform });
    const event = await messageEvent(live, "hi");
    const author = { ...event.author, locale: "zh-CN" };
    await live.bridge.accept(commandEvent(event, "stop", { author }));
    await live.bridge.accept(commandEvent(event, "stop", { author }));
    await live.reads(zh.stopNothing);
    await live.bridge.stop(10_000);
    expect(live.texts()).toEqual([zh.stopNothing]);
  });

  it("works without its commands being registered", async () => {
    const live = await startLiveBridge({ platform });
    const effect = { kind: "reset", applied: false } as const;
    const method = /setMyCommands|PUT .*commands/;
    live.chat.faults.add({ method, times: Number.POSITIVE_INFINITY, effect });
    await live.receive();
    expect(live.log).toContainEqual(expect.objectContaining({ msg: "could not register the commands", level: "warn" }));
    live.say("hi");
    await live.reads("You said: hi");
  });
});

describe.each(platformNames)("a turn that an earlier process left, on %s:", (platform) => {
  it("accepted: is asked and answered", async () => {
    const live = await startLiveBridge({ platform });
    await earlierTurn(live, await messageEvent(live, "hi"));
    await recover(live);
    expect(await live.ended()).toMatchObject({ outcome: "delivered" });
    expect(live.texts()).toEqual(["You said: hi"]);
  });

  it("accepted, with a word about waiting: the answer takes its place", async () => {
    const live = await startLiveBridge({ platform });
    const turn = await earlierTurn(live, await messageEvent(live, "hi"));
    await earlierMessage(live, turn, en.queued);
    await recover(live);
    await live.ended();
    expect(live.texts()).toEqual(["You said: hi"]);
  });

  it("asked, and the question never arrived: is asked and answered", async () => {
    const live = await startLiveBridge({ platform });
    const turn = await earlierTurn(live, await messageEvent(live, "hi"));
    await live.store.advanceTurn(turn.id, { state: "asked" });
    await recover(live);
    expect(await live.ended()).toMatchObject({ outcome: "delivered" });
    expect(live.texts()).toEqual(["You said: hi"]);
    expect(asked(live)).toBe(1);
  });

  it.each(["before", "while"])(
    "asked, and its run ends %s it is looked for: gets its answer from there",
    async (when) => {
      const live = await startLiveBridge({ platform });
      const turn = await earlierTurn(live, await messageEvent(live, "hi"));
      await live.store.advanceTurn(turn.id, { state: "asked" });
      const rest = closedGate();
      live.coze.answer = () => [...say("Half"), gate(rest.opened), ...say(" and half.")];
      await askAsBefore(live, turn);
      if (when === "before") rest.open();
      await recover(live);
      await live.coze.until("it is looked for", () =>
        live.coze.requests.some(({ path }) => path.endsWith("/retrieve")),
      );
      rest.open();
      expect(await live.ended()).toMatchObject({ outcome: "delivered" });
      expect(live.texts()).toEqual(["Half and half."]);
      expect(asked(live)).toBe(1);
    },
  );

  it("answering, and the run has ended: the same message is completed", async () => {
    const live = await startLiveBridge({ platform });
    const turn = await earlierTurn(live, await messageEvent(live, "hi"));
    live.coze.answer = () => say("Half and half.");
    const run = await askAsBefore(live, turn);
    await live.store.advanceTurn(turn.id, { state: "answering", ...run });
    await earlierMessage(live, turn, "Half");
    await recover(live);
    expect(await live.ended()).toMatchObject({ outcome: "delivered", chatId: run.chatId });
    expect(live.texts()).toEqual(["Half and half."]);
    expect(asked(live)).toBe(1);
  });

  it("answering: keeps what was shown, and the word stands below it in a message of its own", async () => {
    const live = await startLiveBridge({ platform });
    const turn = await earlierTurn(live, await messageEvent(live, "hi"));
    await live.store.advanceTurn(turn.id, { state: "answering", conversationId: "7", chatId: "8" });
    await earlierMessage(live, turn, "Half an");
    await recover(live);
    await live.ended();
    expect(live.texts()).toEqual(["Half an", en.restarted]);
    expect(asked(live)).toBe(0);
  });

  it("answered, nothing shown: the answer is shown", async () => {
    const live = await startLiveBridge({ platform });
    const turn = await earlierTurn(live, await messageEvent(live, "hi"));
    await live.store.advanceTurn(turn.id, { state: "answered", answer: "The **whole** answer" });
    await recover(live);
    expect(await live.ended()).toMatchObject({ outcome: "delivered" });
    expect(live.texts()).toEqual(["The whole answer"]);
    expect(await live.state(turn)).toBe("delivered");
  });

  it("answered, partly shown: the rest appears where the answer stopped", async () => {
    const live = await startLiveBridge({ platform });
    const turn = await earlierTurn(live, await messageEvent(live, "hi"));
    await live.store.advanceTurn(turn.id, { state: "answered", answer: "The whole answer" });
    await earlierMessage(live, turn, "The who");
    await recover(live);
    await live.ended();
    expect(live.texts()).toEqual(["The whole answer"]);
  });

  it("answered, one message full: the answer goes on in the next, and the full one stays", async () => {
    const live = await startLiveBridge({ platform });
    const turn = await earlierTurn(live, await messageEvent(live, "hi"));
    await live.store.advanceTurn(turn.id, { state: "answered", answer: "The first part. The second part." });
    await earlierMessage(live, turn, "The first part.", { textEnd: "The first part. ".length, sealed: true });
    await recover(live);
    await live.ended();
    expect(live.texts()).toEqual(["The first part.", "The second part."]);
    expect(live.chat.botMessages(live.room)[0]?.revisions).toHaveLength(1);
  });

  it("answered, after a failure: the sentence about it stands below", async () => {
    const live = await startLiveBridge({ platform });
    const turn = await earlierTurn(live, await messageEvent(live, "hi"));
    await live.store.advanceTurn(turn.id, { state: "answered", answer: "Half an", error: "ERR_COZE_INTERRUPTED" });
    await recover(live);
    expect(await live.ended()).toMatchObject({ outcome: "failed", code: "ERR_COZE_INTERRUPTED" });
    expect(live.texts()).toEqual([`Half an\n\n${en.failedInterrupted}`]);
  });

  it("too old: is closed with a word and not asked", async () => {
    let isTomorrow = false;
    const now = () => Date.now() + (isTomorrow ? 86_500_000 : 0);
    const live = await startLiveBridge({ platform, clock: { ...systemClock, now } });
    const turn = await earlierTurn(live, await messageEvent(live, "hi"));
    isTomorrow = true;
    await recover(live);
    expect(await live.ended()).toMatchObject({ outcome: "failed", code: "ERR_TURN_TOO_OLD" });
    expect(live.texts()).toEqual([en.tooOld]);
    expect(asked(live)).toBe(0);
    expect(await live.state(turn)).toBe("failed");
  });

  it("finished: is left alone", async () => {
    const live = await startLiveBridge({ platform });
    const turn = await earlierTurn(live, await messageEvent(live, "hi"));
    await live.store.advanceTurn(turn.id, { state: "delivered" });
    await recover(live);
    await live.bridge.stop(10_000);
    expect(live.texts()).toEqual([]);
  });

  it("begins when the platform is ready, in line before what is accepted meanwhile", async () => {
    const live = await startLiveBridge({ platform });
    const event = await messageEvent(live, "old");
    await earlierTurn(live, event);
    const ready = closedGate();
    await recover(live, ready.opened);
    await live.bridge.accept({ ...event, id: `${event.id}/new`, text: "new" });
    const someoneElse = { ...event.author, id: "4711" };
    await live.bridge.accept({ ...event, id: `${event.id}/other`, text: "other", author: someoneElse });
    await live.ended();
    expect(live.texts()).toEqual(["You said: other"]);
    ready.open();
    await live.ended(3);
    expect(live.texts()).toEqual(["You said: other", "You said: old", "You said: new"]);
  });

  it("of a platform that is off stays in the ledger", async () => {
    const live = await startLiveBridge({ platform });
    const event = await messageEvent(live, "hi");
    await earlierTurn(live, { ...event, platform: "irc" });
    await recover(live);
    expect(await live.unfinishedTurn()).toMatchObject({ platform: "irc", state: "accepted" });
    expect(live.log).toContainEqual(expect.objectContaining({ msg: "platform is off" }));
  });
});

describe.each(platformNames)("the end of the bridge on %s", (platform) => {
  it("waits for the answers that are being written", async () => {
    const live = await startLiveBridge({ platform });
    const rest = closedGate();
    live.coze.answer = () => [...say("Hello"), gate(rest.opened), ...say(" there.")];
    await live.receive();
    live.say("hi");
    await live.reads("Hello");
    const stopped = live.bridge.stop(60_000);
    rest.open();
    await stopped;
    expect(live.texts()).toEqual(["Hello there."]);
    expect(await live.store.unfinishedTurns()).toEqual([]);
  });

  it("leaves in the ledger what takes longer than the grace, as it stands", async () => {
    const live = await startLiveBridge({ platform });
    live.coze.answer = () => [...say("Hello"), gate(new Promise(() => undefined))];
    await live.receive();
    live.say("hi");
    await live.reads("Hello");
    await live.bridge.stop(0);
    expect(await live.unfinishedTurn()).toMatchObject({ state: "answering" });
    expect(live.texts()).toEqual(["Hello"]);
  });

  it("leaves a final text in the ledger that the platform does not take for now", async () => {
    const live = await startLiveBridge({ platform });
    live.coze.answer = () => say("Hello");
    await live.receive();
    const { methods, tooMany } = wire[platform];
    live.chat.faults.add({ method: methods.any, effect: tooMany(140) });
    live.say("hi");
    await live.chat.until("the refusal", () => live.chat.calls.some(({ status }) => status === 429));
    await live.bridge.stop(50);
    expect(await live.unfinishedTurn()).toMatchObject({ state: "answered", answer: "Hello" });
    expect(live.texts()).toEqual([]);
  });

  it("takes no more events, so that the platform offers them to the next process", async () => {
    const live = await startLiveBridge({ platform });
    const event = await messageEvent(live, "hi");
    await live.bridge.stop(0);
    await expect(live.bridge.accept(event)).rejects.toThrow();
    expect(await live.store.unfinishedTurns()).toEqual([]);
  });
});
