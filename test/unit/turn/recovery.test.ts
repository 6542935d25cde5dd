import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { MessageEvent } from "../../../src/adapter.ts";
import { systemClock } from "../../../src/clock.ts";
import { conversationOf } from "../../../src/conversations/conversations.ts";
import { en } from "../../../src/locale/en.ts";
import { gate, say } from "../../../src/playground/coze/index.ts";
import type { Turn } from "../../../src/store/store.ts";
import { closedGate } from "../../support/gate.ts";
import { type ModeName, platformNames } from "../../support/world.ts";
import { createClient, type LiveBridge, modeOf, startLiveBridge } from "../live-bridge.ts";
import { messageEvent } from "../message-event.ts";

/** Puts a message's turn into the ledger as an earlier process would have done. */
async function earlierTurn(live: LiveBridge, event: MessageEvent, mode: ModeName = "agent"): Promise<Turn> {
  const { coze, store } = live;
  const rules = { base: coze.baseUrl, mode: modeOf(coze, mode), scope: "chat-user" as const };
  const conversation = conversationOf(event, rules);
  const turn = await store.acceptMessage(event, { id: "abcdefghijkl", conversation, locale: "en" });
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
  await live.store.saveTurnMessage(turn.id, { part: 0, segment: 0, ref, ...record });
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

  it("asked, with a word about waiting, and nobody can tell what became of it: that takes the place of the word", async () => {
    const live = await startLiveBridge({ platform, mode: "chatflow-app" });
    const turn = await earlierTurn(live, await messageEvent(live, "hi"), "chatflow-app");
    await earlierMessage(live, turn, en.queued);
    await live.store.advanceTurn(turn.id, { state: "asked" });
    await recover(live);
    expect(await live.ended()).toMatchObject({ outcome: "failed", code: "ERR_TURN_RESTARTED" });
    expect(live.texts()).toEqual([en.restarted]);
    expect(live.coze.conversations).toEqual([]);
  });

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

  it("answering, with a word above, and too old by now: keeps what was shown just as well", async () => {
    let isTomorrow = false;
    const now = () => Date.now() + (isTomorrow ? 86_500_000 : 0);
    const live = await startLiveBridge({ platform, clock: { ...systemClock, now } });
    const turn = await earlierTurn(live, await messageEvent(live, "hi"));
    const run = { conversationId: "7", chatId: "8" };
    await live.store.advanceTurn(turn.id, { state: "answering", notice: `${en.startedAfresh}\n\n`, ...run });
    await earlierMessage(live, turn, `${en.startedAfresh}\n\nHalf an`);
    isTomorrow = true;
    await recover(live);
    expect(await live.ended()).toMatchObject({ outcome: "failed", code: "ERR_TURN_TOO_OLD" });
    expect(live.texts()).toEqual([`${en.startedAfresh}\n\nHalf an`, en.tooOld]);
  });

  it("answered, nothing shown: the answer is shown, and the log names the run", async () => {
    const live = await startLiveBridge({ platform });
    const turn = await earlierTurn(live, await messageEvent(live, "hi"));
    const run = { conversationId: "7", chatId: "8" };
    await live.store.advanceTurn(turn.id, { state: "answering", ...run });
    await live.store.advanceTurn(turn.id, { state: "answered", answer: "The **whole** answer" });
    await recover(live);
    expect(await live.ended()).toMatchObject({ outcome: "delivered", ...run });
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

  it("that breaks off stays in the ledger, is not to be stopped any more, and holds up nobody", async () => {
    const live = await startLiveBridge({ platform });
    const event = await messageEvent(live, "old");
    const turn = await earlierTurn(live, event);
    const begin = closedGate();
    await recover(
      live,
      begin.opened.then(() => Promise.reject(new Error("no platform"))),
    );
    begin.open();
    await live.bridge.accept({ ...event, id: `${event.id}/new`, text: "new" });
    await live.ended();
    expect(live.texts()).toEqual(["You said: new"]);
    expect(live.log).toContainEqual(expect.objectContaining({ msg: "turn broke off", level: "error" }));
    const abort = vi.spyOn(AbortController.prototype, "abort");
    onTestFinished(() => abort.mockRestore());
    await live.bridge.accept({ type: "deleted", platform, messageId: event.id });
    expect(abort).not.toHaveBeenCalled();
    expect(await live.state(turn)).toBe("accepted");
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
