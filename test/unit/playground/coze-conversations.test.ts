import { CozeAPI } from "@coze/api";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type CozeEmulator, startCozeEmulator } from "../../../src/playground/coze/index.ts";
import {
  agentQuestion,
  call,
  callJson,
  completedOf,
  jsonOf,
  readEvents,
  tokenFor,
  type WireData,
} from "./coze-caller.ts";

let emulator: CozeEmulator;
let token: string;
let client: CozeAPI;

beforeEach(async () => {
  emulator = await startCozeEmulator();
  token = await tokenFor(emulator, "telegram:1");
  client = new CozeAPI({ baseURL: emulator.baseUrl, token });
});
afterEach(() => emulator.close());

async function say(text: string, id: string): Promise<string> {
  const body = agentQuestion(emulator, text);
  const response = await call(emulator, `POST /v3/chat?conversation_id=${id}`, { token, body });
  return completedOf(await readEvents(response)).join("");
}

it("has ids that a JavaScript number can't hold", async () => {
  const { id } = await client.conversations.create({});
  expect(id).toMatch(/^\d{19}$/);
  expect(String(Number(id))).not.toBe(id);
});

it("creates, retrieves, lists, renames and deletes through the API", async () => {
  const bot_id = emulator.catalog.botId;
  const made = await client.conversations.create({ bot_id, meta_data: { uuid: "x" } });
  expect(made.meta_data).toEqual({ uuid: "x" });
  await say("tea, please", made.id);
  expect(await client.conversations.retrieve(made.id)).toMatchObject({ id: made.id, name: "tea, please" });
  await callJson(emulator, `PUT /v1/conversations/${made.id}`, { token, body: { name: "Tea" } });
  const second = await client.conversations.create({ bot_id });
  const listed = await client.conversations.list({ bot_id, page_size: 1 });
  expect(listed).toMatchObject({ has_more: true, conversations: [{ id: second.id }] });
  const next = await client.conversations.list({ bot_id, page_size: 1, page_num: 2 });
  expect(next).toMatchObject({ has_more: false, conversations: [{ id: made.id, name: "Tea" }] });
  await callJson(emulator, `DELETE /v1/conversations/${made.id}`, { token });
  expect(emulator.conversations.map(({ id }) => id)).toEqual([second.id]);
});

it("drops the context when cleared, in a new section, and keeps the messages", async () => {
  const { id } = await client.conversations.create({});
  await say("I like tea", id);
  const cleared = await callJson(emulator, `POST /v1/conversations/${id}/clear`, { token, body: {} });
  expect(cleared.data.conversation_id).toBe(id);
  expect(await client.conversations.retrieve(id)).toMatchObject({ last_section_id: cleared.data.id });
  expect(await say("what did I say?", id)).not.toContain("tea");
  const listed = await client.conversations.messages.list(id, { order: "asc" });
  expect(listed.data.map(({ content }) => content)).toContain("I like tea");
});

describe("the list of messages", () => {
  it("has questions and answers, newest first, of one chat when asked", async () => {
    const { id } = await client.conversations.create({});
    await say("one", id);
    await say("two", id);
    const path = `POST /v1/conversation/message/list?conversation_id=${id}`;
    const all = await callJson<WireData[]>(emulator, path, { token, body: {} });
    expect(all.data.map(({ type, content }) => `${type} ${content}`)).toEqual([
      "answer You said: two",
      "question two",
      "answer You said: one",
      "question one",
    ]);
    const chat_id = all.data[2]?.chat_id;
    const one = await callJson<WireData[]>(emulator, path, { token, body: { chat_id, order: "asc" } });
    expect(one.data.map(({ content }) => content)).toEqual(["one", "You said: one"]);
  });

  it("is paged by before_id and after_id", async () => {
    const { id } = await client.conversations.create({});
    await say("one", id);
    await say("two", id);
    const path = `POST /v1/conversation/message/list?conversation_id=${id}`;
    const list = (body: object) => callJson<WireData[]>(emulator, path, { token, body });
    const newest = await list({ limit: 1 });
    expect(newest).toMatchObject({ has_more: true, data: [{ content: "You said: two" }] });
    const older = await list({ before_id: newest.data[0]?.id, limit: 3 });
    expect(older.data.map(({ content }) => content)).toEqual(["two", "You said: one", "one"]);
    const newer = await list({ after_id: older.data[1]?.id, order: "asc" });
    expect(newer.data.map(({ content }) => content)).toEqual(["two", "You said: two"]);
  });
});

it.each([
  "GET /v1/conversation/retrieve?conversation_id=ID",
  "PUT /v1/conversations/ID",
  "DELETE /v1/conversations/ID",
  "POST /v1/conversations/ID/clear",
  "POST /v1/conversation/message/list?conversation_id=ID",
])("%s is for the owner alone", async (endpoint) => {
  const { id } = await client.conversations.create({});
  const stranger = await tokenFor(emulator, "telegram:2");
  const body = endpoint.startsWith("GET") ? {} : { body: { name: "mine" } };
  const name = endpoint.replace("ID", id);
  expect((await callJson(emulator, name, { token: stranger, ...body })).code).toBe(4200);
  expect((await callJson(emulator, name, { token, ...body })).code).toBe(0);
});

it.each([
  ["POST /v1/conversation/create", 401],
  ["GET /v1/conversations", 200],
  ["GET /v2/nothing", 404],
  ["DELETE /v3/chat", 404],
])("%s without what it needs is answered %i", async (name, status) => {
  const needs = name.startsWith("POST") ? { token: "" } : {};
  const response = await call(emulator, name, needs);
  const { code, detail } = await jsonOf(response);
  expect([response.status, code]).toEqual([status, status === 401 ? 700012006 : 4000]);
  expect(detail?.logid).toBe(response.headers.get("X-Tt-Logid"));
});
