import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { withBreaker } from "../../../src/coze/breaker.ts";
import type { CozeClient } from "../../../src/coze/client.ts";
import { type CozeEmulator, cozeError, say, startCozeEmulator } from "../../../src/playground/coze/index.ts";
import { emulatedClient, kinds, worlds } from "./emulated-client.ts";
import { bodyOf, collect } from "./fixtures.ts";

const { signal } = new AbortController();
const sessionName = "telegram:1";
let coze: CozeEmulator;
let client: CozeClient;

beforeEach(async () => {
  coze = await startCozeEmulator();
  client = emulatedClient(coze, "agent");
});
afterEach(() => coze.close());

/** One question and its answer message, where it stands. */
async function talk(asking = client) {
  const events = await collect(asking.ask({ sessionName, text: "hi" }, signal));
  const [created] = events;
  const message = events.find(({ type }) => type === "message");
  if (created?.type !== "created" || message?.type !== "message") throw new Error("No answer.");
  return { sessionName, conversationId: created.conversationId, messageId: message.messageId };
}

describe("an opinion", () => {
  test.each(kinds)("of an answer is given and changed: %s", async (kind) => {
    const answer = await talk(emulatedClient(coze, kind));
    const opinion = () => coze.conversations[0]?.messages.find(({ id }) => id === answer.messageId)?.feedback;
    await client.rate(answer, "like", signal);
    expect(opinion()).toBe("like");
    await client.rate(answer, "unlike", signal);
    expect(opinion()).toBe("unlike");
  });

  test("of another's answer, or of none, is refused", async () => {
    const answer = await talk();
    await expect(client.rate({ ...answer, sessionName: "telegram:2" }, "like", signal)).rejects.toMatchObject({
      kind: "conversation-lost",
    });
    await expect(client.rate({ ...answer, messageId: "42" }, "like", signal)).rejects.toMatchObject({ code: 4005 });
  });
});

describe.each(worlds)("$dialect, $kind", ({ dialect, kind }) => {
  beforeEach(async () => {
    await coze.close();
    coze = await startCozeEmulator({ dialect });
    client = emulatedClient(coze, kind);
  });

  test("a conversation gets another title", async () => {
    const { conversationId } = await talk();
    await client.renameConversation(sessionName, conversationId, "🦆".repeat(100), signal);
    expect(coze.conversations).toMatchObject([{ id: conversationId, name: "🦆".repeat(100) }]);
  });

  test("a conversation is deleted, and one that is gone too", async () => {
    const { conversationId } = await talk();
    await client.deleteConversation(sessionName, conversationId, signal);
    expect(coze.conversations).toEqual([]);
    await client.deleteConversation(sessionName, conversationId, signal);
  });
});

test("a conversation that can't be deleted is not said to be", async () => {
  const { conversationId } = await talk();
  coze.faults.add({ method: /^DELETE/, effect: cozeError(4101, "no permission", 403), times: 2 });
  await expect(client.deleteConversation(sessionName, conversationId, signal)).rejects.toMatchObject({ code: 4101 });
  expect(coze.conversations).toHaveLength(1);
});

describe("a question with files", () => {
  const file = (name: string) => ({ name, open: async () => bodyOf([Buffer.from(name)]) });
  const files = async () => [
    { kind: "image", fileId: await client.upload(sessionName, file("a.png"), signal) } as const,
    { kind: "audio", fileId: await client.upload(sessionName, file("b.ogg"), signal) } as const,
  ];
  const answerOf = async (text: string, which: readonly ("image" | "audio")[]) => {
    const sent = (await files()).filter(({ kind }) => which.includes(kind));
    const events = await collect(client.ask({ sessionName, text, files: sent }, signal));
    return events.find((event) => event.type === "message")?.text;
  };

  test.each([...worlds])("arrives by the message: $dialect, $kind", async ({ dialect, kind }) => {
    await coze.close();
    coze = await startCozeEmulator({ dialect });
    client = emulatedClient(coze, kind);
    coze.answer = ({ text, files: got }) => say(`${text}|${got.map(({ kind, name }) => `${kind} ${name}`).join()}`);
    expect(await answerOf("hi", ["image", "audio"])).toBe("hi|image a.png,audio b.ogg");
    expect(await answerOf("hi", ["audio"])).toBe("hi|audio b.ogg");
    expect(await answerOf("", ["audio"])).toBe("|audio b.ogg");
    expect(await answerOf("", ["image"])).toBe("📎|image a.png");
  });

  test("arrives by the inputs that are named", async () => {
    client = emulatedClient(coze, "chatflow-app", undefined, { fileParameters: { image: "photo" } });
    coze.answer = ({ text, files: got }) => say(`${text}|${got.map(({ kind, name }) => `${kind} ${name}`).join()}`);
    expect(await answerOf("", ["image"])).toBe("📎|photo a.png");
    expect(await answerOf("hi", ["image", "audio"])).toBe("hi|audio b.ogg,photo a.png");
  });

  test("another person's file is refused as what was asked, not as what is configured", async () => {
    const [image] = await files();
    const asked = collect(client.ask({ sessionName: "telegram:2", text: "hi", files: image ? [image] : [] }, signal));
    await expect(asked).rejects.toMatchObject({ kind: "rejected", code: 4000, received: false });
  });

  test("is found again", async () => {
    const question = { sessionName, text: "what is this?", files: await files() };
    const askedAt = Date.now();
    await collect(client.ask(question, signal));
    const isKnown = async () => false;
    const run = await client.findRun({ ...question, askedAt, isKnown }, signal);
    expect(run).toMatchObject({ conversationId: coze.conversations[0]?.id });
  });
});

test("context reaches the agent", async () => {
  coze.answer = ({ customVariables, parameters }) =>
    say(JSON.stringify({ customVariables, parameters }), { chunk: 500 });
  const context = {
    customVariables: { user_name: "Ann" },
    parameters: { plan: "free" },
    metaData: { chat: "7" },
  };
  const events = await collect(client.ask({ sessionName, text: "hi", context }, signal));
  const message = events.find((event) => event.type === "message");
  expect(JSON.parse(message?.text ?? "")).toEqual({
    customVariables: { user_name: "Ann" },
    parameters: { plan: "free" },
  });
  expect(coze.requests.at(-1)?.body.meta_data).toEqual({ chat: "7" });
});

test("a flow gets the parameters alone", async () => {
  client = emulatedClient(coze, "chatflow-bot");
  const context = { customVariables: { a: "b" }, parameters: { plan: "free" }, metaData: { chat: "7" } };
  await collect(client.ask({ sessionName, text: "hi", context }, signal));
  const body = coze.requests.at(-1)?.body;
  expect(body).toMatchObject({ parameters: { plan: "free" } });
  expect(Object.keys(body ?? {})).not.toEqual(expect.arrayContaining(["custom_variables"]));
  expect(Object.keys(body ?? {})).not.toEqual(expect.arrayContaining(["meta_data"]));
});

test("the breaker lets all of it through", async () => {
  const guarded = withBreaker(client, {
    clock: { now: () => 0, after: () => () => undefined },
    logger: { info: () => undefined, warn: () => undefined },
  });
  const recording = { name: "b.ogg", open: async () => bodyOf([Buffer.from("x")]) };
  expect(await guarded.transcribe(sessionName, recording, signal)).toBe("What is said in b.ogg.");
  expect(Buffer.from(await guarded.speak(sessionName, "hi", "1", signal)).toString("latin1", 0, 4)).toBe("OggS");
  expect(await guarded.upload(sessionName, recording, signal)).toBe(coze.files[0]?.id);
  const answer = await talk();
  await guarded.rate(answer, "like", signal);
  await guarded.renameConversation(sessionName, answer.conversationId, "Title", signal);
  expect(coze.conversations).toMatchObject([{ name: "Title" }]);
  const submitted = collect(guarded.submitToolOutputs({ ...answer, chatId: "1" }, [], signal));
  await expect(submitted).rejects.toMatchObject({ code: 4001 });
  await guarded.deleteConversation(sessionName, answer.conversationId, signal);
  expect(coze.conversations).toEqual([]);
});
