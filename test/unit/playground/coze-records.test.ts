import { ChatStatus, CozeAPI } from "@coze/api";
import { afterEach, describe, expect, it } from "vitest";
import {
  type CozeEmulator,
  type CozeEmulatorOptions,
  complete,
  cut,
  fail,
  followUp,
  pauseFor,
  say,
  startCozeEmulator,
  toolCall,
} from "../../../src/playground/coze/index.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import { agentQuestion, call, callJson, eventsOf, flowQuestion, readEvents, type WireData } from "./coze-caller.ts";

let emulator: CozeEmulator;
let client: CozeAPI;

async function start(options: CozeEmulatorOptions = {}): Promise<void> {
  emulator = await startCozeEmulator(options);
  client = new CozeAPI({ baseURL: emulator.baseUrl, token: emulator.personalToken });
}
afterEach(() => emulator.close());

/** The ids of a chat, from its first event; how the stream ends does not matter. */
async function begin(name: "POST /v3/chat" | "POST /v1/workflows/chat", more: Record<string, unknown> = {}) {
  const body = name === "POST /v3/chat" ? agentQuestion(emulator, "hi", more) : flowQuestion(emulator, "hi", more);
  const events = eventsOf(await call(emulator, name, { body }));
  const created = (await events.next()).value?.data;
  if (!created) throw new Error("There was no event.");
  return { chatId: created.id, conversationId: created.conversation_id };
}

describe("an agent's chat whose stream is cut", () => {
  it("goes on, and can be looked up by the official client while it runs and when it has ended", async () => {
    const clock = createManualClock();
    await start({ clock });
    emulator.answer = () => [...say("One."), complete(), cut("reset"), pauseFor(600_000), ...say("Two.")];
    const { chatId, conversationId } = await begin("POST /v3/chat");
    await emulator.until("the pause", () => clock.pending > 0);
    await clock.advance(599_999);
    expect(await client.chat.retrieve(conversationId, chatId)).toMatchObject({ status: ChatStatus.IN_PROGRESS });
    expect(await client.chat.messages.list(conversationId, chatId)).toMatchObject([
      { type: "answer", content: "One." },
    ]);
    await clock.advance(1);
    const ended = await client.chat.retrieve(conversationId, chatId);
    expect(ended).toMatchObject({ status: ChatStatus.COMPLETED, completed_at: (ended.created_at ?? 0) + 600 });
    const { data } = await client.conversations.messages.list(conversationId, { chat_id: chatId, order: "asc" });
    expect(data.map(({ type, content, chat_id }) => [type, content, chat_id])).toEqual([
      ["question", "hi", chatId],
      ["answer", "One.", chatId],
      ["answer", "Two.", chatId],
    ]);
  });
});

describe("the messages of a chat", () => {
  it("come in another order than they were said, without the question", async () => {
    await start();
    emulator.answer = () => [...toolCall("search", {}, "{}"), ...say("One."), complete(), ...say("Two.")];
    const { chatId, conversationId } = await begin("POST /v3/chat");
    await emulator.until("its end", () => !emulator.conversations[0]?.isRunning);
    const messages = await client.chat.messages.list(conversationId, chatId);
    const inOrder = messages.toSorted((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1));
    expect(messages).not.toEqual(inOrder);
    expect(inOrder.map(({ type }) => type)).toEqual(["function_call", "tool_response", "answer", "answer", "verbose"]);
    expect(inOrder.filter(({ type }) => type === "answer").map(({ content }) => content)).toEqual(["One.", "Two."]);
  });

  it("are left out when it failed", async () => {
    await start();
    emulator.answer = () => [...say("One."), complete(), fail(4028, "quota")];
    const { chatId, conversationId } = await begin("POST /v3/chat");
    await emulator.until("its end", () => !emulator.conversations[0]?.isRunning);
    const query = `?conversation_id=${conversationId}&chat_id=${chatId}`;
    const { data } = await callJson<{ last_error: object }>(emulator, `GET /v3/chat/retrieve${query}`);
    expect(data).toMatchObject({ status: "failed", last_error: { code: 4028, msg: "quota" } });
    const list = await callJson(emulator, `GET /v3/chat/message/list${query}`);
    expect(list).toEqual({ code: 0, msg: "", detail: { logid: expect.any(String) } });
  });
});

describe("a flow's chat", () => {
  it("is not known by the endpoints of agents", async () => {
    await start();
    const { chatId, conversationId } = await begin("POST /v1/workflows/chat");
    await expect(client.chat.retrieve(conversationId, chatId)).rejects.toThrow(/4001/);
    await expect(client.chat.messages.list(conversationId, chatId)).rejects.toThrow(/4001/);
  });

  it("is known where the emulator is told so", async () => {
    await start({ retrievesFlowChats: true });
    const { chatId, conversationId } = await begin("POST /v1/workflows/chat");
    await emulator.until("its end", () => !emulator.conversations[0]?.isRunning);
    expect((await client.chat.retrieve(conversationId, chatId)).status).toBe("completed");
    expect(await client.chat.messages.list(conversationId, chatId)).toHaveLength(2);
  });

  it("is in its conversation, with what stands between the answers when asked for", async () => {
    await start();
    emulator.answer = () => [...say("One."), complete(), ...say("Two."), followUp("More?")];
    const { chatId, conversationId } = await begin("POST /v1/workflows/chat");
    await emulator.until("its end", () => !emulator.conversations[0]?.isRunning);
    const typesOf = async (more: object) => {
      const body = { chat_id: chatId, order: "asc", ...more };
      const path = `POST /v1/conversation/message/list?conversation_id=${conversationId}`;
      return (await callJson<WireData[]>(emulator, path, { body })).data.map(({ type }) => type);
    };
    expect(await typesOf({})).toEqual(["question", "answer", "answer"]);
    const whole = ["question", "answer", "answer", "verbose", "follow_up"];
    expect(await typesOf({ include_middle_message: true })).toEqual(whole);
  });

  it("stays created for good on a self-hosted server, which lists its question too", async () => {
    await start({ dialect: "studio" });
    const { chatId, conversationId } = await begin("POST /v1/workflows/chat", {
      parameters: { CONVERSATION_NAME: "any" },
    });
    await emulator.until("its end", () => !emulator.conversations[0]?.isRunning);
    const record = await client.chat.retrieve(conversationId, chatId);
    expect(record).toMatchObject({ id: chatId, status: "created" });
    expect(record).not.toHaveProperty("completed_at");
    const messages = await client.chat.messages.list(conversationId, chatId);
    expect(messages.map(({ type }) => type)).toEqual(["question", "answer"]);
  });
});

it("lists to the official client the conversations that chats made, newest first, with their time", async () => {
  const clock = createManualClock();
  await start({ clock });
  const bot_id = emulator.catalog.botId;
  await readEvents(await call(emulator, "POST /v3/chat", { body: agentQuestion(emulator, "first") }));
  await clock.advance(90_000);
  await readEvents(
    await call(emulator, "POST /v1/workflows/chat", {
      body: flowQuestion(emulator, "second", { app_id: undefined, bot_id }),
    }),
  );
  await readEvents(await call(emulator, "POST /v1/workflows/chat", { body: flowQuestion(emulator, "of the app") }));
  const { conversations } = await client.conversations.list({ bot_id });
  const now = clock.now() / 1000;
  expect(conversations).toMatchObject([
    { name: "second", created_at: now },
    { name: "first", created_at: now - 90 },
  ]);
});
