import { CozeAPI, RoleType } from "@coze/api";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type CozeEmulator,
  fail,
  gate,
  interrupt,
  say,
  startCozeEmulator,
} from "../../../src/playground/coze/index.ts";
import {
  agentQuestion,
  call,
  callJson,
  collect,
  completedOf,
  createDoor,
  eventsOf,
  flowQuestion,
  jsonOf,
  namesOf,
  readEvents,
} from "./coze-caller.ts";

let emulator: CozeEmulator;

beforeEach(async () => {
  emulator = await startCozeEmulator({ dialect: "studio" });
});
afterEach(() => emulator.close());

const named = { parameters: { CONVERSATION_NAME: "anything" } };
const askFlow = (text: string, more: Record<string, unknown> = named) =>
  call(emulator, "POST /v1/workflows/chat", { body: flowQuestion(emulator, text, more) });
const askAgent = (more: Record<string, unknown> = {}) =>
  call(emulator, "POST /v3/chat", { body: agentQuestion(emulator, "hi", more) });

describe("self-hosted authorization", () => {
  it("knows no OAuth", async () => {
    expect((await call(emulator, "POST /api/permission/oauth2/token", { body: {} })).status).toBe(404);
    expect(emulator.environment("agent")).toHaveProperty("COZE_API_TOKEN");
  });

  it("refuses bad tokens in one way, and tells no log id in the body", async () => {
    for (const path of ["POST /v3/chat", "POST /v1/workflows/chat", "POST /v1/conversation/create"]) {
      const response = await call(emulator, path, { token: "pat_x", body: {} });
      expect([response.status, await response.json()]).toEqual([
        200,
        { code: 700012006, msg: expect.stringMatching(/^authentication failed: /) },
      ]);
    }
  });
});

describe("self-hosted agent", () => {
  it("streams unless told not to, and ends with an empty event", async () => {
    const text = await (await askAgent({ stream: undefined })).text();
    expect(text).toMatch(/\n\nevent:conversation\.stream\.done\ndata:\n\n$/);
    const [created] = text.split("\n\n");
    expect(JSON.parse(created?.split("data:")[1] ?? "")).toMatchObject({ completed_at: 0, failed_at: 0 });
    expect(created).not.toContain("last_error");
  });

  it("ends in a way that the official client can't read", async () => {
    const client = new CozeAPI({ baseURL: emulator.baseUrl, token: emulator.personalToken });
    const additional_messages = [{ role: RoleType.User, content: "hi", content_type: "text" as const }];
    const stream = client.chat.stream({ bot_id: emulator.catalog.botId, user_id: "1", additional_messages });
    await expect(collect(stream as never)).rejects.toThrow("Could not parse message into JSON");
  });

  it("answers a chat without stream when it is created", async () => {
    const { data } = await jsonOf(await askAgent({ stream: false }));
    expect(data.status).toBe("created");
  });

  it("stops when it is cancelled, in its own spelling", async () => {
    const door = createDoor();
    emulator.answer = () => [...say("begun"), gate(door.opened), ...say("never")];
    const events = eventsOf(await askAgent());
    const { id: chat_id, conversation_id } = (await events.next()).value?.data ?? { id: "", conversation_id: "" };
    const cancelled = await callJson(emulator, "POST /v3/chat/cancel", { body: { chat_id, conversation_id } });
    expect(cancelled.data.status).toBe("cancelled");
    expect(namesOf(await collect(events)).slice(-2)).toEqual(["chat.cancelled", "stream.done"]);
  });

  it("keeps an interrupt to itself, but for the status", async () => {
    emulator.answer = () => [interrupt("Which size?")];
    const events = await readEvents(await askAgent());
    expect(namesOf(events)).not.toContain("chat.requires_action");
    const { id, conversation_id } = events[0]?.data ?? { id: "", conversation_id: "" };
    const path = `GET /v3/chat/retrieve?conversation_id=${conversation_id}&chat_id=${id}`;
    expect((await callJson(emulator, path)).data.status).toBe("required_action");
  });

  it.each([
    ["POST /v3/chat?conversation_id=", {}, 400, 400],
    ["POST /v3/chat", { parameters: "{}" }, 400, 400],
    ["POST /v3/chat?conversation_id=42", {}, 200, 103000002],
    ["POST /v3/chat", { bot_id: "1" }, 200, 103100002],
  ])("refuses %s with %j", async (path, more, status, code) => {
    const response = await call(emulator, path, { body: agentQuestion(emulator, "hi", more) });
    expect([response.status, (await jsonOf(response)).code]).toEqual([status, code]);
  });
});

describe("self-hosted flow", () => {
  it("numbers its events, marks no answers, and names the execution", async () => {
    const text = await (await askFlow("hi")).text();
    expect(text).toMatch(/^id: 1\nevent: conversation\.chat\.created\ndata: \{/);
    const events = await readEvents(await askFlow("hi"));
    expect(events.map(({ id }) => id)).toEqual(events.map((_, index) => String(index + 1)));
    expect(completedOf(events, "verbose")).toEqual([]);
    expect(events[0]?.data).toHaveProperty("execute_id");
    expect(events.at(-1)).toMatchObject({ event: "done", data: { debug_url: expect.any(String) } });
  });

  it("makes a conversation of any name, and needs one", async () => {
    const [first] = await readEvents(await askFlow("hi"));
    const [second] = await readEvents(await askFlow("hi", { parameters: JSON.stringify(named.parameters) }));
    expect(second?.data.conversation_id).toBe(first?.data.conversation_id);
    expect(await (await askFlow("hi", { parameters: undefined })).json()).toEqual({
      code: 777777775,
      msg: "conversation name is requried",
    });
  });

  it("does not know conversations that were made elsewhere", async () => {
    const { data } = await callJson(emulator, "POST /v1/conversation/create", { body: {} });
    const foreign = await askFlow("hi", { conversation_id: data.id });
    expect(await foreign.json()).toEqual({ code: 777777775, msg: "conversation not found" });
  });

  it("binds a new conversation to a name of its app, and then no longer knows the former one", async () => {
    const create = "POST /v1/workflow/conversation/create";
    const name = { app_id: emulator.catalog.appId, conversation_name: "Default" };
    const first = await callJson(emulator, create, { body: { ...name, get_or_create: true } });
    const same = await callJson(emulator, create, { body: { ...name, get_or_create: true } });
    expect(same.data.id).toBe(first.data.id);
    const second = await callJson(emulator, create, { body: { ...name, get_or_create: false } });
    expect(second.data.id).not.toBe(first.data.id);
    const [created] = await readEvents(await askFlow("hi", { conversation_id: second.data.id }));
    expect(created?.data.conversation_id).toBe(second.data.id);
    expect(await (await askFlow("hi", { conversation_id: first.data.id })).json()).toMatchObject({ code: 777777775 });
  });

  it("makes no conversation of a name that the app does not define", async () => {
    const body = { app_id: emulator.catalog.appId, conversation_name: "mine", get_or_create: true };
    expect(await callJson(emulator, "POST /v1/workflow/conversation/create", { body })).toMatchObject({
      code: 777777762,
    });
  });

  it("fails by an error event without an end", async () => {
    emulator.answer = () => [fail(6023, "timeout")];
    expect((await readEvents(await askFlow("hi"))).at(-1)).toMatchObject({
      event: "error",
      data: { code: "6023", msg: "timeout", debug_url: expect.any(String) },
    });
  });

  it("asks the person without saying what it requires", async () => {
    emulator.answer = () => [interrupt("Which size?")];
    const events = await readEvents(await askFlow("a shirt"));
    expect(namesOf(events).slice(2)).toEqual(["message.delta", "message.completed", "chat.requires_action", "done"]);
    expect(events.at(-2)?.data).not.toHaveProperty("required_action");
  });
});
