import { ChatEventType, CozeAPI, RoleType } from "@coze/api";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type CozeEmulator, gate, interrupt, say, startCozeEmulator } from "../../../src/playground/coze/index.ts";
import {
  call,
  callJson,
  completedOf,
  createDoor,
  flowQuestion,
  jsonOf,
  namesOf,
  readEvents,
  tokenFor,
} from "./coze-caller.ts";

let emulator: CozeEmulator;
let token: string;

beforeEach(async () => {
  emulator = await startCozeEmulator();
  token = await tokenFor(emulator, "discord:1");
});
afterEach(() => emulator.close());

/** Asks the flow; where the answer was given, and what it was. */
async function ask(text: string, more: Record<string, unknown> = {}, by = token) {
  const response = await call(emulator, "POST /v1/workflows/chat", {
    token: by,
    body: flowQuestion(emulator, text, more),
  });
  const events = await readEvents(response);
  return { events, id: events[0]?.data.conversation_id ?? "", answer: completedOf(events).join("") };
}

const forBot = () => ({ app_id: undefined, bot_id: emulator.catalog.botId });
const named = (name: string) => ({ parameters: { CONVERSATION_NAME: name } });

it("streams to the official client", async () => {
  const client = new CozeAPI({ baseURL: emulator.baseUrl, token });
  const { workflowId, appId } = emulator.catalog;
  const deltas: string[] = [];
  const events: string[] = [];
  for await (const { event, data } of client.workflows.chat.stream({
    workflow_id: workflowId,
    app_id: appId,
    parameters: {},
    additional_messages: [{ role: RoleType.User, content: "hello, flow", content_type: "text" }],
  })) {
    if (event === ChatEventType.CONVERSATION_MESSAGE_DELTA) deltas.push(data.content);
    else events.push(event);
  }
  expect(deltas.join("")).toBe("You said: hello, flow");
  expect(events.slice(0, 2)).toEqual(["conversation.chat.created", "conversation.chat.in_progress"]);
  expect(events.slice(-2)).toEqual(["conversation.chat.completed", "done"]);
});

describe("with app_id", () => {
  it("one conversation belongs to each name and identity", async () => {
    const first = await ask("I like tea");
    expect((await ask("what did I say?")).id).toBe(first.id);
    expect((await ask("what did I say?", named("Default"))).answer).toContain("I like tea");
    expect((await ask("hi", named("Support"))).id).not.toBe(first.id);
    expect((await ask("hi", { connector_id: "999" })).id).not.toBe(first.id);
    const other = await ask("what did I say?", {}, await tokenFor(emulator, "discord:2"));
    expect(other.id).not.toBe(first.id);
    expect(other.answer).not.toContain("tea");
  });

  it("a conversation_id wins over the name", async () => {
    const support = await ask("I like tea", named("Support"));
    const again = await ask("what did I say?", { ...named("Default"), conversation_id: support.id });
    expect(again.answer).toContain("I like tea");
  });

  it("a name that the app does not define fails within the stream", async () => {
    const body = flowQuestion(emulator, "hi", named("Nowhere"));
    const response = await call(emulator, "POST /v1/workflows/chat", { token, body });
    expect(response.headers.get("Content-Type")).toBe("text/event-stream");
    expect(await response.text()).toBe(
      'event: conversation.chat.failed\ndata: {"code":"720702204","msg":"会话名不存在"}\n\n',
    );
  });

  it("clearing empties the conversation that the name still leads to", async () => {
    const { id } = await ask("I like tea");
    await callJson(emulator, `POST /v1/conversations/${id}/clear`, { token });
    const after = await ask("what did I say?");
    expect(after.id).toBe(id);
    expect(after.answer).not.toContain("tea");
  });

  it("deleting makes the name lead to a new conversation", async () => {
    const { id } = await ask("I like tea");
    expect((await callJson(emulator, `DELETE /v1/conversations/${id}`, { token })).code).toBe(0);
    expect((await ask("hi")).id).not.toBe(id);
  });

  it("a conversation of one's own making is accepted", async () => {
    const { data } = await callJson(emulator, "POST /v1/conversation/create", { token, body: {} });
    await ask("I like tea", { conversation_id: data.id });
    expect((await ask("what did I say?", { conversation_id: data.id })).answer).toContain("I like tea");
  });
});

describe("with bot_id", () => {
  it("every call without an id makes a new conversation, and the id continues it", async () => {
    const first = await ask("I like tea", forBot());
    expect((await ask("what did I say?", forBot())).answer).not.toContain("tea");
    const again = await ask("what did I say?", { ...forBot(), conversation_id: first.id });
    expect(again.answer).toContain("I like tea");
  });
});

describe("an interrupted flow", () => {
  it("ends with the question and is resumed in the same conversation", async () => {
    emulator.answer = ({ resumes, text }) => (resumes ? say(`size ${text}`) : [interrupt("Which size?")]);
    const { events, id } = await ask("a shirt", forBot());
    expect(namesOf(events)).toEqual([
      "chat.created",
      "chat.in_progress",
      "message.delta",
      "message.completed",
      "message.completed",
      "message.completed",
      "chat.requires_action",
      "done",
    ]);
    expect(completedOf(events, "verbose")).toEqual([
      '{"msg_type":"interrupt","data":"","from_module":null,"from_unit":null}',
      '{"msg_type":"generate_answer_finish","data":"{\\"finish_reason\\":1,\\"FinData\\":\\"\\"}","from_module":null,"from_unit":null}',
    ]);
    expect((await ask("large", { ...forBot(), conversation_id: id })).answer).toBe("size large");
  });

  it("may go without the event that announces it", async () => {
    emulator.answer = () => [interrupt("Which size?", { announced: false })];
    const { events } = await ask("a shirt");
    expect(namesOf(events).slice(-2)).toEqual(["message.completed", "done"]);
  });
});

it("one chat at a time runs in a conversation", async () => {
  const door = createDoor();
  emulator.answer = () => [gate(door.opened)];
  const running = await call(emulator, "POST /v1/workflows/chat", { token, body: flowQuestion(emulator, "one") });
  const busy = await callJson(emulator, "POST /v1/workflows/chat", { token, body: flowQuestion(emulator, "two") });
  expect(busy.code).toBe(4016);
  door.open();
  await running.text();
});

it("describes the flow", async () => {
  const { workflowId } = emulator.catalog;
  const { data } = await callJson(emulator, `GET /v1/workflows/${workflowId}`, { token });
  expect(data).toMatchObject({ workflow_detail: { workflow_id: workflowId } });
});

describe("a bad flow request", () => {
  it.each([
    ["with neither app_id nor bot_id", { app_id: undefined }, 4000],
    ["with both", { bot_id: "7379462189365198898" }, 4000],
    ["without parameters", { parameters: undefined }, 4000],
    ["without messages", { additional_messages: [] }, 4000],
    ["for an unpublished flow", { workflow_id: "7522804697494009999" }, 4200],
    ["for an unknown app", { app_id: "1" }, 4200],
    ["in an unknown conversation", { conversation_id: "1" }, 4002],
  ])("%s is refused in JSON", async (_what, more, code) => {
    const body = flowQuestion(emulator, "hi", more);
    const response = await call(emulator, "POST /v1/workflows/chat", { token, body });
    expect([response.headers.get("Content-Type"), (await jsonOf(response)).code]).toEqual([
      "application/json; charset=utf-8",
      code,
    ]);
  });

  it("in a conversation of another identity is refused", async () => {
    const { id } = await ask("my secret");
    const stranger = await tokenFor(emulator, "discord:2");
    const body = flowQuestion(emulator, "what did I say?", { conversation_id: id });
    expect((await callJson(emulator, "POST /v1/workflows/chat", { token: stranger, body })).code).toBe(4002);
  });
});
