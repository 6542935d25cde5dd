import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Chat, MessageEvent } from "../../../src/adapter.ts";
import { systemClock } from "../../../src/clock.ts";
import { type ConversationRules, Conversations, conversationOf } from "../../../src/conversations/conversations.ts";
import type { CozeMode } from "../../../src/coze/agent.ts";
import { type CozeEmulator, cozeError, startCozeEmulator } from "../../../src/playground/coze/index.ts";
import { accumulate, answerText, emptyAnswer } from "../../../src/reply/accumulate.ts";
import { openSqliteStore } from "../../../src/store/sqlite.ts";
import type { ConversationKey, Store } from "../../../src/store/store.ts";
import { type ModeName, modeNames } from "../../support/world.ts";
import { createClient, modeOf } from "../live-bridge.ts";
import { message, newTurn } from "../store/records.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const { signal } = new AbortController();
const clearing = "POST /v1/conversations/:conversation_id/clear";
const creating = "POST /v1/conversation/create";

interface Memory {
  readonly coze: CozeEmulator;
  readonly conversations: Conversations;
  readonly store: Store;
  /** The conversation id that is kept. */
  known(key: ConversationKey): Promise<string | undefined>;
  /** Says something as a turn does, and returns the answer. */
  say(key: ConversationKey, text: string): Promise<string>;
}

async function openMemory(modeName: ModeName, auth: "jwt" | "token" = "jwt"): Promise<Memory> {
  const coze = await startCozeEmulator();
  const store = openSqliteStore(join(temporaryFolder(), "bridge.db"), { clock: systemClock });
  onTestFinished(async () => {
    await Promise.all([coze.close(), store.close()]);
  });
  const mode = modeOf(coze, modeName);
  const agent = createClient(coze, mode, auth);
  const conversations = new Conversations(agent, store, { mode, isIdentityShared: auth === "token" });
  return {
    coze,
    conversations,
    store,
    known: (key) => store.conversation(key),
    async say(key, text) {
      const conversationId = await conversations.find(key, signal);
      const question = { sessionName: key.sessionName, text, ...(conversationId !== undefined && { conversationId }) };
      let answer = emptyAnswer;
      for await (const event of agent.ask(question, signal)) {
        answer = accumulate(answer, event);
        if (event.type === "created") await conversations.save(key, event.conversationId);
      }
      return answerText(answer);
    },
  };
}

const ann: ConversationKey = { agent: "a", sessionName: "telegram:1", place: "" };
const annInGroup: ConversationKey = { ...ann, place: "-100" };
const bob: ConversationKey = { agent: "a", sessionName: "telegram:2", place: "" };
const forgotten = "You have said nothing so far.";

describe.each(modeNames)("conversations of %s", (mode) => {
  it("go on from turn to turn", async () => {
    const memory = await openMemory(mode);
    await memory.say(ann, "ducks");
    const id = await memory.known(ann);
    expect(await memory.say(ann, "what did I say?")).toContain("ducks");
    expect(await memory.known(ann)).toBe(id);
  });

  it("are forgotten for good by a reset, as often as wanted", async () => {
    const memory = await openMemory(mode);
    for (const word of ["ducks", "geese"]) {
      await memory.say(ann, word);
      await memory.conversations.reset(ann, signal);
      expect(await memory.say(ann, "what did I say?")).toBe(forgotten);
      await memory.conversations.reset(ann, signal);
    }
  });

  it("can be reset before anything was said", async () => {
    const memory = await openMemory(mode);
    await memory.conversations.reset(ann, signal);
    expect(await memory.say(ann, "what did I say?")).toBe(forgotten);
  });

  it("are reset although the bridge lost its own memory of them", async () => {
    const memory = await openMemory(mode);
    await memory.say(ann, "ducks");
    await memory.conversations.leave(ann);
    await memory.conversations.reset(ann, signal);
    expect(await memory.say(ann, "what did I say?")).toBe(forgotten);
  });

  it("are apart for each person and each place, also when one of them is reset", async () => {
    const memory = await openMemory(mode);
    const words = ["ducks", "geese", "swans"];
    const keys = [ann, annInGroup, bob];
    for (const [n, key] of keys.entries()) await memory.say(key, words[n] ?? "");
    expect(new Set(await Promise.all(keys.map((key) => memory.known(key)))).size).toBe(3);
    await memory.conversations.reset(annInGroup, signal);
    expect(await memory.say(ann, "what did I say?")).toBe("You said:\n- ducks");
    expect(await memory.say(annInGroup, "what did I say?")).toBe(forgotten);
    expect(await memory.say(bob, "what did I say?")).toBe("You said:\n- swans");
  });

  it("of people who share one identity are apart too, and reset apart", async () => {
    const memory = await openMemory(mode, "token");
    await memory.say(ann, "ducks");
    await memory.say(bob, "swans");
    await memory.conversations.reset(ann, signal);
    expect(await memory.say(ann, "what did I say?")).toBe(forgotten);
    expect(await memory.say(bob, "what did I say?")).toBe("You said:\n- swans");
  });
});

describe("a reset in an app, which keeps one conversation for each identity", () => {
  it("clears the conversation and keeps its id", async () => {
    const memory = await openMemory("chatflow-app");
    await memory.say(ann, "ducks");
    const id = await memory.known(ann);
    await memory.conversations.reset(ann, signal);
    expect(await memory.known(ann)).toBe(id);
  });

  it("keeps none of the files that were meant before", async () => {
    const memory = await openMemory("chatflow-app");
    await memory.say(ann, "ducks");
    const id = (await memory.known(ann)) ?? "";
    const files = [{ kind: "image", fileId: "7369" } as const];
    await memory.store.acceptMessage(message("1"), newTurn("t1"));
    await memory.store.prepareTurn("t1", { text: "ducks", files, notice: "" });
    await memory.store.advanceTurn("t1", { state: "delivered", conversationId: id });
    expect(await memory.store.latestFiles(id)).toEqual(files);
    await memory.conversations.reset(ann, signal);
    expect(await memory.store.latestFiles(id)).toEqual([]);
  });

  it("takes another conversation when Coze does not clear it", async () => {
    const memory = await openMemory("chatflow-app");
    await memory.say(ann, "ducks");
    const id = await memory.known(ann);
    memory.coze.faults.add({ method: clearing, effect: cozeError(4200, "not found") });
    await memory.conversations.reset(ann, signal);
    expect(await memory.known(ann)).not.toBe(id);
    expect(await memory.say(ann, "what did I say?")).toBe(forgotten);
  });

  it("that Coze neither clears nor makes room for rejects, and nothing is changed", async () => {
    const memory = await openMemory("chatflow-app");
    await memory.say(ann, "ducks");
    const id = await memory.known(ann);
    memory.coze.faults.add({ method: clearing, effect: cozeError(4200, "not found") });
    memory.coze.faults.add({ method: creating, effect: cozeError(4101, "no permission"), times: 5 });
    await expect(memory.conversations.reset(ann, signal)).rejects.toMatchObject({ kind: "authentication" });
    expect(await memory.known(ann)).toBe(id);
    memory.coze.faults.clear();
    expect(await memory.say(ann, "what did I say?")).toContain("ducks");
  });

  it("that is broken off rejects with the reason and makes no other conversation", async () => {
    const memory = await openMemory("chatflow-app");
    await memory.say(ann, "ducks");
    const id = await memory.known(ann);
    memory.coze.faults.add({ method: clearing, effect: { kind: "hang", applied: false } });
    const shutdown = new AbortController();
    const reset = memory.conversations.reset(ann, shutdown.signal);
    await memory.coze.until("the call", () => memory.coze.requests.some(({ path }) => path.endsWith("/clear")));
    const reason = new Error("the process ends");
    shutdown.abort(reason);
    await expect(reset).rejects.toBe(reason);
    expect(await memory.known(ann)).toBe(id);
    expect(memory.coze.requests.some(({ path }) => path === "/v1/conversation/create")).toBe(false);
  });
});

describe.each(modeNames)("a new conversation of %s", (mode) => {
  it("begins without memory, and leaves the former one as it is", async () => {
    const memory = await openMemory(mode);
    await memory.say(ann, "ducks");
    const former = await memory.known(ann);
    expect(await memory.conversations.renew(ann, signal)).toBe("left");
    expect(await memory.say(ann, "what did I say?")).toBe(forgotten);
    expect(await memory.known(ann)).not.toBe(former);
    await memory.conversations.save(ann, former ?? "");
    expect(await memory.say(ann, "what did I say?")).toContain("ducks");
  });
});

describe("a new conversation in an app that makes room for none", () => {
  const refused = { method: creating, effect: cozeError(4101, "no permission"), times: 5 };

  it("is the former one, cleared", async () => {
    const memory = await openMemory("chatflow-app");
    await memory.say(ann, "ducks");
    const id = await memory.known(ann);
    memory.coze.faults.add(refused);
    expect(await memory.conversations.renew(ann, signal)).toBe("cleared");
    expect(await memory.known(ann)).toBe(id);
    expect(await memory.say(ann, "what did I say?")).toBe(forgotten);
  });

  it("is none when Coze does not clear either", async () => {
    const memory = await openMemory("chatflow-app");
    await memory.say(ann, "ducks");
    memory.coze.faults.add(refused);
    memory.coze.faults.add({ method: clearing, effect: cozeError(4200, "not found") });
    await expect(memory.conversations.renew(ann, signal)).rejects.toMatchObject({ kind: "authentication" });
    expect(await memory.say(ann, "what did I say?")).toContain("ducks");
  });
});

describe("the conversation of an event", () => {
  const mode: CozeMode = { kind: "agent", botId: "7" };
  const privately: Chat = { key: "1", kind: "private" };
  const topic: Chat = { key: "1/5", kind: "private", isThread: true };
  const group: Chat = { key: "-100", kind: "group" };
  const thread: Chat = { key: "-100/5", kind: "group", isThread: true };

  const event = (chat: Chat, id = "1"): MessageEvent => ({
    ...{ type: "message", id: "m", platform: "telegram", sentAt: 0, text: "", attachments: [], addressed: true },
    author: { id, name: "Ann", automated: false },
    chat,
    target: { budget: "b", rate: [], address: null },
  });
  const conversation = (chat: Chat, rules: Partial<ConversationRules> = {}, id?: string) =>
    conversationOf(event(chat, id), { base: "https://api.coze.cn", mode, scope: "chat-user", ...rules });

  it.each<[ConversationRules["scope"], Chat, string, string]>([
    ["chat-user", privately, "telegram:1", ""],
    ["chat-user", topic, "telegram:1", "1/5"],
    ["chat-user", group, "telegram:1", "-100"],
    ["chat-user", thread, "telegram:1", "-100/5"],
    ["user", privately, "telegram:1", ""],
    ["user", topic, "telegram:1", ""],
    ["user", group, "telegram:1", ""],
    ["user", thread, "telegram:1", ""],
    ["chat", privately, "telegram:1", ""],
    ["chat", topic, "telegram:chat:1/5", "1/5"],
    ["chat", group, "telegram:chat:-100", "-100"],
    ["chat", thread, "telegram:chat:-100/5", "-100/5"],
  ])("with the scope %s in %j belongs to %s at %j", (scope, chat, sessionName, place) => {
    expect(conversation(chat, { scope })).toMatchObject({ sessionName, place });
  });

  it("is everyone's in a group where the chat shares one, and nobody else's otherwise", () => {
    expect(conversation(group, { scope: "chat" }, "2")).toEqual(conversation(group, { scope: "chat" }));
    for (const scope of ["chat-user", "user"] as const) {
      expect(conversation(group, { scope }, "2")).not.toEqual(conversation(group, { scope }));
    }
    expect(conversation({ key: "2", kind: "private" }, { scope: "chat" }, "2")).not.toEqual(
      conversation(privately, { scope: "chat" }),
    );
  });

  it.each<[CozeMode, string]>([
    [{ kind: "agent", botId: "7" }, "/agent/7"],
    [{ kind: "chatflow-app", workflowId: "8", appId: "9" }, "/chatflow/8/app/9"],
    [{ kind: "chatflow-bot", workflowId: "8", botId: "7" }, "/chatflow/8/agent/7"],
  ])("is one of %j on that Coze alone", (cozeMode, path) => {
    expect(conversation(privately, { mode: cozeMode }).agent).toBe(`https://api.coze.cn${path}`);
  });

  it("hides who it is where a secret is set, and is the same every time", () => {
    const rules = { sessionNameSecret: "a secret of sufficient length" };
    const { sessionName } = conversation(privately, rules);
    expect(sessionName).not.toContain("1:");
    expect(sessionName).not.toContain("telegram");
    expect(conversation(privately, rules).sessionName).toBe(sessionName);
    expect(conversation(privately, rules, "2").sessionName).not.toBe(sessionName);
  });
});
