import { describe, expect, it } from "vitest";
import { en } from "../../../src/locale/en.ts";
import {
  complete,
  cozeError,
  cut,
  fail,
  gate,
  interrupt,
  say,
  silence,
  think,
} from "../../../src/playground/coze/index.ts";
import { closedGate } from "../../support/gate.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import { platformNames } from "../../support/world.ts";
import { type LiveBridge, startLiveBridge } from "../live-bridge.ts";
import { wire } from "../reply/wire.ts";

/** The questions that Coze was asked, oldest first. */
function questions(live: LiveBridge): string[] {
  const asked = live.coze.requests.filter(({ path }) => path === "/v3/chat");
  return asked.map(({ body }) => String((body.additional_messages as { content: string }[])[0]?.content));
}

const cancels = (live: LiveBridge) => live.coze.requests.filter(({ path }) => path === "/v3/chat/cancel");

function keyOf({ coze, chat, person }: LiveBridge) {
  return { agent: `${coze.baseUrl}/agent/${coze.catalog.botId}`, sessionName: `${chat.name}:${person.id}`, place: "" };
}

describe.each(platformNames)("a turn on %s", (platform) => {
  it("writes each step into the ledger before it goes on", async () => {
    const live = await startLiveBridge({ platform });
    const rest = closedGate();
    live.coze.answer = () => [...say("Hello"), gate(rest.opened), ...say(" there.")];
    await live.receive();
    live.say("hi");
    await live.reads("Hello");
    const turn = await live.unfinishedTurn();
    expect(turn).toMatchObject({ state: "answering", text: "hi", locale: "en", conversation: keyOf(live) });
    expect(turn.conversationId).toBe(live.coze.conversations[0]?.id);
    expect(turn.chatId).toBe(live.coze.conversations[0]?.messages[0]?.chatId);
    expect(await live.store.conversation(keyOf(live))).toBe(turn.conversationId);
    rest.open();
    await live.ended();
    expect(await live.store.turnMessages(turn.id)).toMatchObject([{ part: 0, sealed: false }]);
    expect(live.texts()).toEqual(["Hello there."]);
    expect(await live.store.turn(turn.id)).toMatchObject({ state: "delivered", answer: "Hello there." });
    expect(await live.store.unfinishedTurns()).toEqual([]);
  });

  it("shows the answer's messages below each other, and what differs in them in the end", async () => {
    const live = await startLiveBridge({ platform });
    live.coze.answer = () => [think("hm"), ...say("First"), complete(), ...say("Secnd"), complete("Second.")];
    await live.receive();
    live.say("hi");
    expect(await live.ended()).toMatchObject({ outcome: "delivered", level: "info" });
    expect(live.texts()).toEqual(["First\n\nSecond."]);
  });

  it("that the flow ends with a question waits for the person", async () => {
    const live = await startLiveBridge({ platform, mode: "chatflow-bot" });
    live.coze.answer = ({ resumes, text }) => (resumes ? say(`To ${text}`) : [interrupt("Where to?")]);
    await live.receive();
    live.say("book");
    expect(await live.ended()).toMatchObject({ outcome: "waiting" });
    live.say("Paris");
    await live.reads("Where to?", "To Paris");
  });

  it.each<[string, LiveBridge["coze"]["answer"], string, string[]]>([
    ["that is empty", () => [], "ERR_COZE_EMPTY_ANSWER", [en.emptyAnswer]],
    ["of reasoning alone", () => [think("hm")], "ERR_COZE_EMPTY_ANSWER", [en.emptyAnswer]],
    [
      "that fails half way",
      () => [...say("Half an"), fail(4028, "no free quota")],
      "ERR_COZE_QUOTA",
      [`Half an\n\n${en.failedQuota}`],
    ],
    ["that fails at once", () => [fail(5000, "broken")], "ERR_COZE_SERVICE", [en.failedService]],
  ])("with an answer %s says so below what there is", async (_, answer, code, texts) => {
    const live = await startLiveBridge({ platform });
    live.coze.answer = answer;
    await live.receive();
    live.say("hi");
    expect(await live.ended()).toMatchObject({ outcome: "failed", code });
    expect(live.texts()).toEqual(texts);
    live.coze.answer = () => say("Better.");
    live.say("again");
    await live.reads(...texts, "Better.");
  });

  it.each(["reset", "end"] as const)("whose stream is cut (%s) gets the rest when the run has ended", async (how) => {
    const live = await startLiveBridge({ platform });
    const rest = closedGate();
    live.coze.answer = () => [...say("Half"), cut(how), gate(rest.opened), ...say(" and half.")];
    await live.receive();
    live.say("hi");
    await live.reads("Half");
    await live.coze.until("it is followed", () => live.coze.requests.some(({ path }) => path === "/v3/chat/retrieve"));
    rest.open();
    expect(await live.ended()).toMatchObject({ outcome: "delivered" });
    expect(live.texts()).toEqual(["Half and half."]);
    expect(questions(live)).toEqual(["hi"]);
  });

  it.each([
    ["has arrived", true, 1],
    ["has not arrived", false, 2],
  ])("whose question got no answer and %s is answered, and asked no more than needed", async (_, applied, requests) => {
    const live = await startLiveBridge({ platform });
    live.coze.answer = () => say("Hello.");
    live.coze.faults.add({ method: "POST /v3/chat", effect: { kind: "reset", applied } });
    await live.receive();
    live.say("hi");
    expect(await live.ended()).toMatchObject({ outcome: "delivered" });
    expect(live.texts()).toEqual(["Hello."]);
    expect(questions(live)).toHaveLength(requests);
    expect(
      live.coze.conversations.flatMap(({ messages }) => messages.filter(({ role }) => role === "user")),
    ).toHaveLength(1);
  });

  it("of a message without text asks for text, and asks Coze nothing", async () => {
    const live = await startLiveBridge({ platform });
    await live.receive((event) => (event.type === "message" ? { ...event, text: " \n" } : event));
    live.say("(a picture)");
    expect(await live.ended()).toMatchObject({ outcome: "failed", code: "ERR_TURN_EMPTY_MESSAGE", level: "info" });
    expect(live.texts()).toEqual([en.emptyMessage]);
    expect(live.coze.requests).toEqual([]);
  });

  it("in a conversation that Coze lost starts once in a new one and says so", async () => {
    const live = await startLiveBridge({ platform });
    await live.store.saveConversation(keyOf(live), "7000000000000000001");
    await live.receive();
    live.say("hi");
    expect(await live.ended()).toMatchObject({ outcome: "delivered" });
    expect(live.texts()).toEqual([`${en.memoryLost}\n\nYou said: hi`]);
    expect(questions(live)).toEqual(["hi", "hi"]);
    expect(await live.store.conversation(keyOf(live))).toBe(live.coze.conversations[0]?.id);
    live.say("again");
    await live.reads(`${en.memoryLost}\n\nYou said: hi`, "You said: again");
  });

  it("whose conversation Coze loses again and again ends in one plain message", async () => {
    const live = await startLiveBridge({ platform });
    await live.store.saveConversation(keyOf(live), "7000000000000000001");
    live.coze.faults.add({ method: "POST /v3/chat", effect: cozeError(4002, "lost"), times: 9 });
    await live.receive();
    live.say("hi");
    expect(await live.ended()).toMatchObject({ outcome: "failed", code: "ERR_COZE_CONVERSATION_LOST" });
    expect(live.texts()).toEqual([`${en.memoryLost}\n\n${en.failedService}`]);
    expect(questions(live)).toHaveLength(2);
  });

  it("for which Coze misses a conversation that was never there speaks of no lost memory", async () => {
    const live = await startLiveBridge({ platform });
    live.coze.faults.add({ method: "POST /v3/chat", effect: cozeError(4002, "lost"), times: 9 });
    await live.receive();
    live.say("hi");
    expect(await live.ended()).toMatchObject({ outcome: "failed", code: "ERR_COZE_CONVERSATION_LOST" });
    expect(live.texts()).toEqual([en.failedService]);
    expect(questions(live)).toHaveLength(1);
  });

  it("whose answer can't be shown any more is cancelled on Coze and closed without a word", async () => {
    const live = await startLiveBridge({ platform });
    const more = closedGate();
    live.coze.answer = () => [...say("Hello"), gate(more.opened), ...say(" there"), silence()];
    await live.receive();
    live.say("hi");
    await live.reads("Hello");
    const { methods, forbidden } = wire[platform];
    live.chat.faults.add({ method: methods.any, effect: forbidden, times: Number.POSITIVE_INFINITY });
    more.open();
    expect(await live.ended()).toMatchObject({ outcome: "failed", code: "ERR_PLATFORM_FORBIDDEN", level: "warn" });
    await live.coze.until("the run to end", () => live.coze.conversations.every(({ isRunning }) => !isRunning));
    expect(cancels(live)).toHaveLength(1);
    expect(live.texts()).toEqual(["Hello"]);
    expect(await live.store.unfinishedTurns()).toEqual([]);
  });
});

describe.each(platformNames)("stopping on %s", (platform) => {
  const stop = (live: LiveBridge) => live.chat.command(live.person, live.room, "stop");

  it("keeps what was shown, cancels the run and answers the next question", async () => {
    const live = await startLiveBridge({ platform });
    live.coze.answer = () => [...say("Hello"), silence()];
    await live.receive();
    live.say("hi");
    await live.reads("Hello");
    stop(live);
    expect(await live.ended()).toMatchObject({ outcome: "stopped", code: "ERR_TURN_STOPPED", level: "info" });
    expect(cancels(live)).toHaveLength(1);
    await live.reads(`Hello\n\n${en.stoppedHere}`, en.stopDone);
    live.coze.answer = () => say("Next.");
    live.say("next");
    await live.reads(`Hello\n\n${en.stoppedHere}`, en.stopDone, "Next.");
  });

  it("lets the next question wait until Coze has cancelled the run, which takes one at a time", async () => {
    const live = await startLiveBridge({ platform });
    live.coze.answer = ({ text }) => (text === "hi" ? [...say("Hello"), silence()] : say("Next."));
    live.coze.faults.add({ method: "POST /v3/chat/cancel", effect: { kind: "delay", ms: 300 } });
    await live.receive();
    live.say("hi");
    await live.reads("Hello");
    stop(live);
    await live.until("the command's answer", (texts) => texts.includes(en.stopDone));
    live.say("next");
    await live.until("the next answer", (texts) => texts.includes("Next."));
    expect(questions(live)).toEqual(["hi", "next"]);
    const [cancel] = cancels(live);
    expect(live.coze.requests.at(-1)?.at).toBeGreaterThanOrEqual((cancel?.at ?? 0) + 300);
  });

  it("before the first event leaves no trace but the command's answer", async () => {
    const live = await startLiveBridge({ platform });
    live.coze.faults.add({ method: "POST /v3/chat", effect: { kind: "hang", applied: false } });
    await live.receive();
    live.say("hi");
    await live.coze.until("the question", () => questions(live).length === 1);
    const turn = await live.unfinishedTurn();
    expect(turn.state).toBe("asked");
    stop(live);
    expect(await live.ended()).toMatchObject({ outcome: "stopped" });
    await live.reads(en.stopDone);
    expect(await live.state(turn)).toBe("stopped");
    live.say("next");
    await live.reads(en.stopDone, "You said: next");
  });

  it("stops what waits in line as well, which is never asked", async () => {
    const live = await startLiveBridge({ platform });
    live.coze.answer = () => [...say("Hello"), silence()];
    await live.receive();
    live.say("first");
    await live.reads("Hello");
    live.say("second");
    live.say("third");
    await live.accepted(3);
    stop(live);
    await live.ended(3);
    expect(live.log.filter(({ msg }) => msg === "turn ended").map(({ outcome }) => outcome)).toEqual([
      "stopped",
      "stopped",
      "stopped",
    ]);
    expect(questions(live)).toEqual(["first"]);
    await live.until("the command's answer", (texts) => texts.includes(en.stopDone));
    expect([...live.texts()].sort()).toEqual([`Hello\n\n${en.stoppedHere}`, en.stopDone].sort());
  });
});

describe.each(platformNames)("a message on %s that waits for the answer before it", (platform) => {
  async function twoInLine() {
    const clock = createManualClock();
    const live = await startLiveBridge({ platform, clock });
    const first = closedGate();
    live.coze.answer = ({ text }) =>
      text === "first" ? [...say("One"), gate(first.opened), ...say(" done.")] : say("Two done.");
    await live.receive();
    live.say("first");
    await live.reads("One");
    live.say("second");
    await live.accepted(2);
    return { live, clock, first };
  }

  it("is told so after eight seconds, and the answer takes the place of that word", async () => {
    const { live, clock, first } = await twoInLine();
    await clock.advance(7900);
    expect(live.texts()).toEqual(["One"]);
    await clock.advance(100);
    await live.reads("One", en.queued);
    first.open();
    await clock.moveUntil(live.reads("One done.", "Two done."));
    await clock.moveUntil(live.ended(2));
    expect(live.chat.botMessages(live.room)).toHaveLength(2);
  });

  it("is not told anything when its turn comes before", async () => {
    const { live, clock, first } = await twoInLine();
    await clock.advance(5000);
    first.open();
    await clock.moveUntil(live.ended(2));
    await clock.advance(20_000);
    expect(live.texts()).toEqual(["One done.", "Two done."]);
    for (const { revisions } of live.chat.botMessages(live.room)) {
      expect(revisions.map(({ text }) => text).join()).not.toContain("still answering");
    }
  });

  it("says that it was stopped in place of the word about waiting", async () => {
    const { live, clock } = await twoInLine();
    await clock.advance(8000);
    await live.reads("One", en.queued);
    live.chat.command(live.person, live.room, "stop");
    await clock.moveUntil(live.ended(2));
    await live.reads(`One\n\n${en.stoppedHere}`, en.stoppedHere, en.stopDone);
  });

  it("says so too when the word was on its way as it was stopped", async () => {
    const { live, clock } = await twoInLine();
    live.chat.faults.add({ method: wire[platform].methods.post, effect: { kind: "delay", ms: 300 } });
    await clock.advance(8000);
    live.chat.command(live.person, live.room, "stop");
    await clock.moveUntil(live.ended(2));
    await live.until("both words", (texts) => texts.includes(en.stopDone) && texts.includes(en.stoppedHere));
    expect(live.texts()).not.toContain(en.queued);
  });
});
