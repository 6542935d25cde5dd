import { CozeAPI, RoleType } from "@coze/api";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type CozeEmulator, startCozeEmulator } from "../../../src/playground/coze/index.ts";
import { agentQuestion, call, callJson, readEvents, tokenFor } from "./coze-caller.ts";

let emulator: CozeEmulator;
let token: string;
let client: CozeAPI;
let id: string;

beforeEach(async () => {
  emulator = await startCozeEmulator();
  token = await tokenFor(emulator, "telegram:1");
  client = new CozeAPI({ baseURL: emulator.baseUrl, token });
  ({ id } = await client.conversations.create({}));
});
afterEach(() => emulator.close());

const shown = () => emulator.conversations[0]?.messages ?? [];

describe("the official client", () => {
  it("creates, looks up, changes and deletes a message", async () => {
    const { messages } = client.conversations;
    const made = await messages.create(id, {
      role: RoleType.User,
      content: "I like tea",
      content_type: "text",
      meta_data: {},
    });
    expect(made).toMatchObject({ conversation_id: id, role: "user", content: "I like tea", type: "" });
    expect(await messages.retrieve(id, made.id)).toMatchObject({ id: made.id, content: "I like tea" });
    await messages.update(id, made.id, { content: "I like coffee", meta_data: { why: "taste" } });
    expect(await messages.retrieve(id, made.id)).toMatchObject({
      content: "I like coffee",
      meta_data: { why: "taste" },
    });
    const body = agentQuestion(emulator, "what did I say?");
    await readEvents(await call(emulator, `POST /v3/chat?conversation_id=${id}`, { token, body }));
    expect(shown().at(-1)?.text).toContain("I like coffee");
    expect(await messages.delete(id, made.id)).toMatchObject({ id: made.id });
    await expect(messages.retrieve(id, made.id)).rejects.toThrow(/4005/);
    expect(shown()).toHaveLength(2);
  });
});

it("answers a change in a field of its own", async () => {
  const body = { role: "user", content: "a", content_type: "text" };
  const made = await callJson(emulator, `POST /v1/conversation/message/create?conversation_id=${id}`, { token, body });
  const path = `POST /v1/conversation/message/modify?conversation_id=${id}&message_id=${made.data.id}`;
  const changed = await callJson(emulator, path, { token, body: { content: "b" } });
  expect(changed).toMatchObject({ code: 0, message: { content: "b" } });
  expect(changed.data).toBeUndefined();
});

describe("feedback", () => {
  const path = (messageId: string) => `/v1/conversations/${id}/messages/${messageId}/feedback`;
  const rate = async (messageId: string, body: object, method = "POST", bearer = token) =>
    (await callJson(emulator, `${method} ${path(messageId)}`, { token: bearer, body })).code;

  beforeEach(async () => {
    const body = agentQuestion(emulator, "hi");
    await readEvents(await call(emulator, `POST /v3/chat?conversation_id=${id}`, { token, body }));
  });

  it("is kept for an answer, the last of it", async () => {
    const answer = shown()[1]?.id ?? "";
    expect(await rate(answer, { feedback_type: "like", reason_types: ["kind"], comment: "!" })).toBe(0);
    expect(await rate(answer, { feedback_type: "unlike" })).toBe(0);
    expect(shown()).toMatchObject([{ role: "user" }, { role: "assistant", feedback: "unlike" }]);
    expect(await rate(answer, {}, "DELETE")).toBe(0);
    expect(shown()[1]).not.toHaveProperty("feedback");
  });

  it("is refused for anything else", async () => {
    const [question, answer] = shown().map((message) => message.id);
    const like = { feedback_type: "like" };
    expect(await rate(question ?? "", like)).toBe(4005);
    expect(await rate(answer ?? "", like, "POST", emulator.personalToken)).toBe(4200);
    const bad = [
      { feedback_type: "love" },
      { ...like, reason_types: Array(11).fill("x") },
      { ...like, reason_types: ["x".repeat(31)] },
      { ...like, comment: "x".repeat(251) },
    ];
    for (const body of bad) expect(await rate(answer ?? "", body)).toBe(4000);
    expect(shown()[1]).not.toHaveProperty("feedback");
  });
});
