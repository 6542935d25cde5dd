import { ChatEventType, ChatStatus, CozeAPI, RoleType } from "@coze/api";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type CozeEmulator,
  needTools,
  say,
  startCozeEmulator,
  useResults,
} from "../../../src/playground/coze/index.ts";
import { agentQuestion, call, callJson, namesOf, readEvents, tokenFor, type WireData } from "./coze-caller.ts";

let emulator: CozeEmulator;
let token: string;
let client: CozeAPI;

beforeEach(async () => {
  emulator = await startCozeEmulator();
  token = await tokenFor(emulator, "telegram:1");
  client = new CozeAPI({ baseURL: emulator.baseUrl, token });
});
afterEach(() => emulator.close());

const clock = { name: "clock", arguments: {} };

/** The ids of a chat that waits for tools. */
async function wait(more: Record<string, unknown> = {}) {
  const body = agentQuestion(emulator, "what time is it?", more);
  const events = await readEvents(await call(emulator, "POST /v3/chat", { token, body }));
  const chat = events.at(-2)?.data as WireData & {
    required_action: { submit_tool_outputs: { tool_calls: { id: string }[] } };
  };
  const ids = chat.required_action.submit_tool_outputs.tool_calls.map(({ id }) => id);
  return { conversation_id: chat.conversation_id, chat_id: chat.id, ids };
}

const submission = ({ conversation_id, chat_id }: { conversation_id: string; chat_id: string }) =>
  `POST /v3/chat/submit_tool_outputs?conversation_id=${conversation_id}&chat_id=${chat_id}`;

describe("the official client", () => {
  it("submits the results of tools, and the chat goes on as the same", async () => {
    emulator.answer = () => [needTools(clock), useResults(([result]) => say(`It is ${result?.output}.`))];
    const { conversation_id, chat_id, ids } = await wait();
    const outputs = ids.map((id) => ({ tool_call_id: id, output: "noon" }));
    const stream = client.chat.submitToolOutputs({ conversation_id, chat_id, tool_outputs: outputs, stream: true });
    const events: string[] = [];
    let text = "";
    for await (const { event, data } of stream) {
      events.push(event);
      if (event === ChatEventType.CONVERSATION_CHAT_CREATED) expect(data.id).toBe(chat_id);
      if (event === ChatEventType.CONVERSATION_MESSAGE_DELTA) text += data.content;
    }
    expect(text).toBe("It is noon.");
    expect(events.slice(-2)).toEqual(["conversation.chat.completed", "done"]);
    expect(await client.chat.retrieve(conversation_id, chat_id)).toMatchObject({ status: ChatStatus.COMPLETED });
    expect(emulator.conversations[0]?.messages.map((message) => message.text)).toEqual([
      "what time is it?",
      "It is noon.",
    ]);
  });

  it("asks on in the conversation", async () => {
    emulator.answer = ({ turn }) => (turn === 1 ? [needTools(clock)] : say("later"));
    const { conversation_id } = await wait();
    const { chat } = await client.chat.createAndPoll({
      bot_id: emulator.catalog.botId,
      user_id: "1",
      conversation_id,
      additional_messages: [{ role: RoleType.User, content: "never mind", content_type: "text" }],
    });
    expect(chat.status).toBe("completed");
  });
});

it("goes on without a stream, to be looked up", async () => {
  emulator.answer = () => [needTools(clock), ...say("done"), needTools(clock)];
  const chat = await wait();
  const body = { tool_outputs: chat.ids.map((id) => ({ tool_call_id: id, output: "noon" })) };
  const { data } = await callJson(emulator, submission(chat), { token, body });
  expect(data).toMatchObject({ id: chat.chat_id, status: "in_progress" });
  const retrieve = `GET /v3/chat/retrieve?conversation_id=${chat.conversation_id}&chat_id=${chat.chat_id}`;
  await emulator.until("the second wait", () => emulator.conversations[0]?.isRunning === false);
  expect((await callJson(emulator, retrieve, { token })).data.status).toBe("requires_action");
});

it("begins again as the docs' sample does", async () => {
  emulator.answer = () => [needTools(clock), ...say("done", { chunk: 10 })];
  const chat = await wait();
  const body = { stream: true, tool_outputs: chat.ids.map((id) => ({ tool_call_id: id, output: "noon" })) };
  const events = await readEvents(await call(emulator, submission(chat), { token, body }));
  expect(namesOf(events)).toEqual([
    "chat.created",
    "chat.in_progress",
    "message.delta",
    "message.completed",
    "message.completed",
    "chat.completed",
    "done",
  ]);
});

describe("refuses", () => {
  it.each<[string, (ids: readonly string[]) => unknown]>([
    ["no outputs", () => undefined],
    ["an output that is no text", ([id]) => [{ tool_call_id: id, output: 5 }]],
    [
      "an unknown call",
      ([id]) => [
        { tool_call_id: id, output: "" },
        { tool_call_id: "x", output: "" },
      ],
    ],
  ])("%s", async (_, outputsFor) => {
    emulator.answer = () => [needTools(clock)];
    const chat = await wait();
    const body = { tool_outputs: outputsFor(chat.ids) };
    expect((await callJson(emulator, submission(chat), { token, body })).code).toBe(4000);
  });

  it("a chat that was not saved", async () => {
    emulator.answer = () => [needTools(clock)];
    const chat = await wait({ auto_save_history: false });
    const body = { tool_outputs: chat.ids.map((id) => ({ tool_call_id: id, output: "noon" })) };
    expect((await callJson(emulator, submission(chat), { token, body })).code).toBe(5000);
  });

  it("to cancel what waits", async () => {
    emulator.answer = () => [needTools(clock)];
    const { conversation_id, chat_id } = await wait();
    await expect(client.chat.cancel(conversation_id, chat_id)).rejects.toThrow(/4104/);
  });
});

describe("a question's context is refused when it is out of bounds", () => {
  const pairs = Object.fromEntries(Array.from({ length: 17 }, (_, index) => [`k${index}`, "v"]));
  it.each([
    ["too many pairs", { meta_data: pairs }, 4003],
    ["a key too long", { meta_data: { ["k".repeat(65)]: "v" } }, 4003],
    ["a value too long", { meta_data: { k: "v".repeat(513) } }, 4003],
    ["an empty value", { meta_data: { k: "" } }, 4003],
    ["a variable with a digit", { custom_variables: { name1: "x" } }, 4000],
    ["a variable that is no text", { custom_variables: { name: 1 } }, 4000],
  ])("%s", async (_, more, code) => {
    const body = agentQuestion(emulator, "hi", more);
    expect((await callJson(emulator, "POST /v3/chat", { token, body })).code).toBe(code);
  });
});
