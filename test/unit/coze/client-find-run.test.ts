import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { LostQuestion, Run } from "../../../src/coze/agent.ts";
import type { CozeClient } from "../../../src/coze/client.ts";
import { type CozeEmulator, gate, startCozeEmulator } from "../../../src/playground/coze/index.ts";
import { createManualClock, type ManualClock } from "../../support/manual-clock.ts";
import { emulatedClient, type Kind, kinds } from "./emulated-client.ts";
import { collect } from "./fixtures.ts";

const sessionName = "telegram:1";
const nobody = async () => false;
const { signal } = new AbortController();

let clock: ManualClock;
let coze: CozeEmulator;
let client: CozeClient;

async function start(kind: Kind): Promise<void> {
  clock = createManualClock();
  coze = await startCozeEmulator({ clock });
  client = emulatedClient(coze, kind, clock);
}
afterEach(() => coze.close());

async function ask(text: string, conversationId?: string, by = sessionName): Promise<Run> {
  const question = { sessionName: by, text, ...(conversationId !== undefined && { conversationId }) };
  const [created] = await collect(client.ask(question, signal));
  if (created?.type !== "created") throw new Error("The first event is created.");
  return { sessionName: by, conversationId: created.conversationId, chatId: created.chatId };
}

function find(question: Partial<LostQuestion>): Promise<Run | undefined> {
  const lost = { sessionName, text: "hi", askedAt: clock.now(), isKnown: nobody, ...question };
  return clock.moveUntil(client.findRun(lost, signal), 6000);
}

function looks(path: string): readonly number[] {
  return coze.requests.filter((request) => request.path === path).map(({ at }) => at);
}

describe.each(kinds)("a lost question to a known conversation: %s", (kind) => {
  beforeEach(() => start(kind));

  test("is found by its text", async () => {
    const { conversationId } = await ask("hello");
    const run = await ask("hi", conversationId);
    await ask("later", conversationId);
    expect(await find({ conversationId, text: " hi\n" })).toEqual(run);
  });

  test("is found while its run goes on", async () => {
    const { conversationId } = await ask("hello");
    coze.answer = () => [gate(new Promise(() => undefined))];
    const abort = new AbortController();
    const asked = client.ask({ sessionName, text: "hi", conversationId }, abort.signal)[Symbol.asyncIterator]();
    const { value } = await asked.next();
    abort.abort();
    expect(await find({ conversationId })).toMatchObject({ chatId: value?.chatId });
  });

  test("is not another one of the same words", async () => {
    const first = await ask("hi");
    const { conversationId } = first;
    expect(await find({ conversationId, isKnown: async (chatId) => chatId === first.chatId })).toBeUndefined();
    const second = await ask("hi", conversationId);
    expect(await find({ conversationId, isKnown: async (chatId) => chatId === first.chatId })).toEqual(second);
  });

  test("is not one of long before", async () => {
    const run = await ask("hi");
    const { conversationId } = run;
    const askedAt = clock.now() + 61_000;
    expect(await find({ conversationId, askedAt })).toBeUndefined();
    expect(await find({ conversationId, askedAt: askedAt - 2000 })).toEqual(run);
  });

  test("is looked for twice, two seconds apart", async () => {
    const { conversationId } = await ask("hello");
    const path = "/v1/conversation/message/list";
    expect(await find({ conversationId })).toBeUndefined();
    const [first = 0, second = 0, ...rest] = looks(path);
    expect([second - first, rest]).toEqual([2000, []]);

    const late = find({ conversationId });
    await coze.until("the first look", () => looks(path).length === 3 && coze.requests.at(-1)?.status === 200);
    const run = await ask("hi", conversationId);
    expect(await late).toEqual(run);
  });

  test("can't be looked for in a conversation that is gone", async () => {
    const lost = find({ conversationId: "7000000000000000001" });
    await expect(lost).rejects.toMatchObject({ name: "CozeError", kind: "conversation-lost", code: 4200 });
  });
});

describe.each(["agent", "chatflow-bot"] as const)("a lost question to a new conversation: %s", (kind) => {
  beforeEach(() => start(kind));

  test("is found among the newest conversations of its session", async () => {
    await ask("hi", undefined, "telegram:2");
    const known = await ask("hi");
    const run = await ask("hi");
    await ask("bye");
    expect(await find({ isKnown: async (chatId) => chatId === known.chatId })).toEqual(run);
  });

  test("is not one in a conversation of long before", async () => {
    const { conversationId } = await ask("hello");
    await clock.advance(61_000);
    await ask("hi", conversationId);
    expect(await find({})).toBeUndefined();
    expect(looks("/v1/conversation/message/list")).toEqual([]);
    const [first = 0, second = 0, ...rest] = looks("/v1/conversations");
    expect([second - first, rest]).toEqual([2000, []]);
  });

  test("is looked for as long as Coze can't be reached, but for twenty seconds at most", async () => {
    const run = await ask("hi");
    const method = "GET /v1/conversations";
    const effect = { kind: "reset", applied: false } as const;
    coze.faults.add({ method, times: 4, effect });
    expect(await find({})).toEqual(run);
    coze.faults.add({ method, times: Number.POSITIVE_INFINITY, effect });
    await expect(find({})).rejects.toMatchObject({ name: "CozeError", kind: "network" });
  });
});

test("a message that was written without a run is not a question", async () => {
  await start("agent");
  const conversationId = "7500000000000000001";
  const written = { id: "1", role: "user", type: "", content: "hi", content_type: "text", chat_id: "" };
  coze.faults.add({
    method: "POST /v1/conversation/message/list",
    times: 2,
    effect: { kind: "reply", status: 200, body: { code: 0, data: [written] } },
  });
  expect(await find({ conversationId })).toBeUndefined();
});

test("a lost question to a new conversation of an app can't be looked for", async () => {
  await start("chatflow-app");
  await ask("hi");
  const before = coze.requests.length;
  await expect(find({})).rejects.toMatchObject({ name: "CozeError", kind: "interrupted" });
  expect(coze.requests).toHaveLength(before);
});
