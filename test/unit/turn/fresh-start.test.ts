import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { Conversations } from "../../../src/conversations/conversations.ts";
import { createLogger } from "../../../src/logger.ts";
import { type CozeEmulator, cozeError, interrupt, say, startCozeEmulator } from "../../../src/playground/coze/index.ts";
import { accumulate, answerText, emptyAnswer } from "../../../src/reply/accumulate.ts";
import { openSqliteStore } from "../../../src/store/sqlite.ts";
import type { ConversationKey, Store, Turn } from "../../../src/store/store.ts";
import { createFreshStart } from "../../../src/turn/fresh-start.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import { type ModeName, modeNames } from "../../support/world.ts";
import { createClient, modeOf } from "../live-bridge.ts";
import { message } from "../store/records.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const hour = 3_600_000;
const key: ConversationKey = { agent: "a", sessionName: "telegram:42", place: "" };
const { signal } = new AbortController();
const whole =
  "ℹ️ We had not talked for a while, so this is a new conversation. /conversations leads back to the earlier one.";

interface Talk {
  readonly coze: CozeEmulator;
  readonly store: Store;
  readonly log: readonly string[];
  wait(hours: number): Promise<void>;
  /** Takes a question in. */
  accept(text: string, how?: { readonly locale?: string; readonly eventId?: string }): Promise<Turn>;
  /** What is told above the answer. */
  begin(turn: Turn, stop?: AbortSignal): Promise<string>;
  /** Asks a question as a turn does, and returns the answer. */
  ask(turn: Turn): Promise<string>;
  /** Both of a new question. */
  talk(text: string): Promise<readonly [notice: string, answer: string]>;
}

/** A person's conversation, with an end after a silence of a day. */
async function open(modeName: ModeName, { idleMs }: { idleMs?: number } = { idleMs: 24 * hour }): Promise<Talk> {
  const coze = await startCozeEmulator();
  const clock = createManualClock();
  const store = openSqliteStore(join(temporaryFolder(), "bridge.db"), { clock });
  onTestFinished(async () => {
    await Promise.all([coze.close(), store.close()]);
  });
  const mode = modeOf(coze, modeName);
  const agent = createClient(coze, mode);
  const conversations = new Conversations(agent, store, { mode, isIdentityShared: false });
  const log: string[] = [];
  const logger = createLogger("debug", { write: (line: string) => void log.push(line) });
  const freshStart = createFreshStart({ store, conversations, logger, idleMs });
  let count = 0;
  const it: Talk = {
    ...{ coze, store, log },
    wait: (hours) => clock.advance(hours * hour),
    async accept(text, { locale = "en", eventId = `m${count}` } = {}) {
      count += 1;
      const turn = await store.acceptMessage(message(eventId, text), { id: `t${count}`, conversation: key, locale });
      if (!turn) throw new Error("accepted before");
      return turn;
    },
    begin: (turn, stop = signal) => freshStart(turn, stop),
    async ask({ id, text }) {
      const conversationId = await conversations.find(key, signal);
      const question = { sessionName: key.sessionName, text, ...(conversationId !== undefined && { conversationId }) };
      let answer = emptyAnswer;
      for await (const event of agent.ask(question, signal)) {
        answer = accumulate(answer, event);
        if (event.type !== "created") continue;
        await conversations.save(key, event.conversationId);
        await store.advanceTurn(id, { state: "answering", chatId: event.chatId, conversationId: event.conversationId });
      }
      await store.advanceTurn(id, { state: answer.outcome === "waiting-for-reply" ? "waiting" : "delivered" });
      return answerText(answer);
    },
    async talk(text) {
      const turn = await it.accept(text);
      return [await it.begin(turn), await it.ask(turn)];
    },
  };
  return it;
}

const recall = "what did I say?";
const forgotten = "You have said nothing so far.";

describe.each(modeNames)("after a silence, %s", (mode) => {
  it("has a new conversation, and keeps the earlier one for the person to go back to", async () => {
    const { talk, wait, store } = await open(mode);
    expect((await talk("ducks"))[0]).toBe("");
    const earlier = await store.conversation(key);
    await wait(25);
    expect(await talk(recall)).toEqual([whole, forgotten]);
    expect(await store.conversation(key)).not.toBe(earlier);
    expect(await store.pastConversations(key)).toHaveLength(2);
    await store.saveConversation(key, earlier ?? "");
    expect((await talk(recall))[1]).toContain("ducks");
  });

  it("says it once, and goes on in the new conversation", async () => {
    const { talk, wait } = await open(mode);
    await talk("ducks");
    await wait(25);
    expect((await talk("geese"))[0]).toBe(whole);
    await wait(23);
    expect(await talk(recall)).toEqual(["", "You said:\n- geese"]);
  });

  it("goes on where nobody was silent for too long, or a silence does not matter", async () => {
    for (const [rules, hours] of [
      [{ idleMs: 24 * hour }, 24],
      [{}, 9000],
    ] as const) {
      const { talk, wait } = await open(mode, rules);
      await talk("ducks");
      await wait(hours);
      expect(await talk(recall)).toEqual(["", "You said:\n- ducks"]);
    }
  });

  it("goes on when Coze does not answer, and the operator reads why", async () => {
    const { talk, wait, coze, accept, begin, ask, log, store } = await open(mode);
    await talk("ducks");
    const earlier = await store.conversation(key);
    await wait(25);
    coze.faults.add({ method: "POST /v1/conversation/create", effect: cozeError(4101, "no permission"), times: 9 });
    coze.faults.add({
      method: "POST /v1/conversations/:conversation_id/clear",
      effect: cozeError(4200, "not found"),
      times: 9,
    });
    const turn = await accept(recall);
    const notice = await begin(turn);
    // Only an app needs Coze for it.
    if (mode !== "chatflow-app") return expect(notice).toBe(whole);
    expect(notice).toBe("");
    expect(log.join()).toMatch(/"turn":"t2".*could not start a new conversation after a silence/);
    expect(await store.conversation(key)).toBe(earlier);
    expect(await ask(turn)).toContain("ducks");
  });
});

it("a person who speaks Chinese reads it in Chinese", async () => {
  const { talk, wait, accept, begin } = await open("agent");
  await talk("鸭子");
  await wait(25);
  const notice = await begin(await accept("你好", { locale: "zh" }));
  expect(notice).toBe("ℹ️ 我们有一阵子没聊了，所以这是一段新的对话。发送 /conversations 可以回到之前的对话。");
});

it("no way back is promised where the earlier conversation had to be cleared", async () => {
  const { talk, wait, coze } = await open("chatflow-app");
  await talk("ducks");
  await wait(25);
  coze.faults.add({ method: "POST /v1/conversation/create", effect: cozeError(4101, "no permission"), times: 9 });
  expect(await talk(recall)).toEqual(["ℹ️ We had not talked for a while, so this is a new conversation.", forgotten]);
});

it("it is cleared once, although nothing was asked in it yet", async () => {
  const { talk, wait, coze, accept, begin } = await open("chatflow-app");
  await talk("ducks");
  await wait(25);
  coze.faults.add({ method: "POST /v1/conversation/create", effect: cozeError(4101, "no permission"), times: 9 });
  const turn = await accept(recall);
  expect(await begin(turn)).not.toBe("");
  expect(await begin(turn)).toBe("");
  expect(await begin(await accept("hi"))).toBe("");
  expect(coze.requests.filter(({ path }) => path.endsWith("/clear"))).toHaveLength(1);
});

it("a turn that is stopped meanwhile ends with the reason, and nothing has changed", async () => {
  const { talk, wait, coze, accept, begin, store } = await open("chatflow-app");
  await talk("ducks");
  const earlier = await store.conversation(key);
  await wait(25);
  coze.faults.add({ method: "POST /v1/conversation/create", effect: { kind: "hang", applied: false } });
  const stop = new AbortController();
  const begun = begin(await accept("hi"), stop.signal);
  await coze.until("the call", () => coze.requests.some(({ path }) => path === "/v1/conversation/create"));
  const reason = new Error("stopped");
  stop.abort(reason);
  await expect(begun).rejects.toBe(reason);
  expect(await store.conversation(key)).toBe(earlier);
});

describe("no silence is", () => {
  it("what comes before the first question", async () => {
    const { talk } = await open("agent");
    expect((await talk("hi"))[0]).toBe("");
  });

  it("the wait for the reply to a flow's question, also when a reply did not get through", async () => {
    const { talk, wait, coze, accept, store } = await open("chatflow-bot");
    coze.answer = ({ resumes }) => (resumes ? say("Thanks") : [interrupt("Which one?")]);
    expect(await talk("hi")).toEqual(["", "Which one?"]);
    await wait(100);
    const { id } = await accept("lost");
    const conversationId = (await store.conversation(key)) ?? "";
    await store.advanceTurn(id, { state: "failed", conversationId });
    await wait(100);
    expect(await talk("the second")).toEqual(["", "Thanks"]);
    await wait(100);
    expect((await talk("hi"))[0]).toBe(whole);
  });

  it("the time in which the bridge was away", async () => {
    const { talk, wait, accept, begin } = await open("agent");
    await talk("ducks");
    const turn = await accept(recall);
    await wait(100);
    expect(await begin(turn)).toBe("");
  });

  it("the time since a conversation that the person has just gone back to", async () => {
    const { talk, wait, accept, begin, store } = await open("agent");
    await talk("ducks");
    await wait(100);
    await store.saveConversation(key, (await store.conversation(key)) ?? "");
    expect(await begin(await accept(recall))).toBe("");
  });

  it("anything before a button is pressed below an answer", async () => {
    const { talk, wait, accept, begin } = await open("agent");
    await talk("ducks");
    await wait(100);
    expect(await begin(await accept("And geese?", { eventId: "button:q1" }))).toBe("");
  });
});
