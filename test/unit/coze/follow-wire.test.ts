import { describe, expect, test } from "vitest";
import { createFixedToken } from "../../../src/coze/auth.ts";
import { createCozeClient } from "../../../src/coze/client.ts";
import type { AnswerEvent } from "../../../src/coze/events.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import { type ReceivedRequest, replyJson, startHttpServer } from "./http-server.ts";

const run = { sessionName: "telegram:1", conversationId: "71", chatId: "72" };
const token = "pat_0123456789abcdef";

/** What each endpoint answers: one body forever, or one after the other. */
interface Records {
  readonly chats: readonly object[];
  readonly messages: readonly unknown[];
}

interface Followed {
  readonly events: readonly AnswerEvent[];
  readonly error?: unknown;
  readonly requests: readonly ReceivedRequest[];
  readonly ms: number;
}

async function follow(kind: "agent" | "chatflow-bot", { chats, messages }: Records): Promise<Followed> {
  const clock = createManualClock();
  const answers: Record<string, readonly unknown[]> = {
    "/v3/chat/retrieve": chats.map((data) => ("code" in data ? data : { code: 0, data })),
    "/v3/chat/message/list": messages.map((data) => ({ code: 0, data })),
    "/v1/conversation/message/list": messages.map((data) => ({ code: 0, data })),
  };
  const counts = new Map<string, number>();
  await using server = await startHttpServer(({ path }, response) => {
    const count = counts.get(path) ?? 0;
    counts.set(path, count + 1);
    replyJson(response, answers[path]?.[Math.min(count, (answers[path]?.length ?? 0) - 1)]);
  });
  const mode = kind === "agent" ? ({ kind, botId: "7" } as const) : ({ kind, botId: "7", workflowId: "8" } as const);
  const client = createCozeClient({
    base: server.base,
    mode,
    clock,
    tokens: createFixedToken(token),
    idleTimeoutMs: 120_000,
  });
  const events: AnswerEvent[] = [];
  const began = clock.now();
  const work = async () => {
    for await (const event of client.follow(run, new AbortController().signal)) events.push(event);
  };
  const error = await clock.moveUntil(work(), 6000).then(
    () => undefined,
    (failure: unknown) => failure,
  );
  return { events, requests: server.requests, ms: clock.now() - began, ...(error !== undefined && { error }) };
}

const message = <Fields extends object>(fields: Fields) => ({
  role: "assistant",
  type: "answer",
  content_type: "text",
  conversation_id: "71",
  chat_id: "72",
  ...fields,
});
const textsOf = ({ events }: Followed) => events.flatMap((event) => (event.type === "message" ? [event.text] : []));

describe("the status of a chat", () => {
  const messages = [[message({ id: "1", content: "Said." })]];
  test.each([
    ["completed", { type: "completed" }],
    ["canceled", { type: "cancelled" }],
    ["cancelled", { type: "cancelled" }],
    ["requires_action", { type: "waiting", for: "reply" }],
    ["required_action", { type: "waiting", for: "reply" }],
  ])("%s is an end", async (status, end) => {
    const followed = await follow("agent", {
      chats: [{ status: "created" }, { status: "in_progress" }, { status }],
      messages,
    });
    expect(followed.events).toEqual([{ type: "message", messageId: "1", text: "Said." }, end]);
    expect(followed.ms).toBe(2000);
  });

  test.each([
    ["failed", { code: 4013, msg: `with ${token}` }, { kind: "service", code: 4013, message: "with [token]" }],
    ["failed", undefined, { kind: "service", code: 0, message: "Coze gave no reason." }],
    ["expired", undefined, { kind: "service", code: 0 }],
  ])("%s is a failure", async (status, last_error, expected) => {
    const { error, events } = await follow("agent", { chats: [{ status, last_error }], messages });
    expect(error).toMatchObject({ name: "CozeError", received: true, ...expected });
    expect(events).toEqual([]);
  });

  test("nobody knows says nothing of the end", async () => {
    const { error } = await follow("agent", { chats: [{ status: "deleted" }], messages });
    expect(error).toMatchObject({
      kind: "interrupted",
      received: true,
      message: 'Coze does not tell how the run ended: The run has the status "deleted".',
    });
  });
});

describe("the messages of an agent's run", () => {
  const chats = [{ status: "completed" }];

  test("are put in order by second, then by id, which no number can hold", async () => {
    const followed = await follow("agent", {
      chats,
      messages: [
        [
          message({ id: "7500000000000000003", content: "3", created_at: 10 }),
          message({ id: "7500000000000000001", content: "4", created_at: "11" }),
          message({ id: "7500000000000000002", content: "2", created_at: 10 }),
          message({ id: "999", content: "1", created_at: 10 }),
        ],
      ],
    });
    expect(textsOf(followed)).toEqual(["1", "2", "3", "4"]);
  });

  test("are put in order by id where no time is told", async () => {
    const messages = [[message({ id: "12", content: "b" }), message({ id: "9", content: "a" })]];
    expect(textsOf(await follow("agent", { chats, messages }))).toEqual(["a", "b"]);
  });

  test("are read as in a stream: cards, thoughts, other types, the question", async () => {
    const { events } = await follow("agent", {
      chats,
      messages: [
        [
          message({ id: "1", role: "user", type: "question", content: "hi" }),
          message({ id: "2", type: "verbose", content: '{"msg_type":"knowledge_recall"}' }),
          message({ id: "3", content: '{"data":{"text":"Pick one"}}', content_type: "card", reasoning_content: "Hm." }),
          message({ id: "4", type: "mystery", content: "?" }),
          message({ id: "5", content: "" }),
          message({ id: "6", type: "follow_up", content: "More?" }),
        ],
      ],
    });
    expect(events).toEqual([
      { type: "reasoning", messageId: "3", text: "Hm." },
      { type: "message", messageId: "3", text: "Pick one" },
      { type: "follow-up", text: "More?" },
      { type: "completed" },
    ]);
  });

  test.each([[undefined], [null], [[]]])("may be none: %j", async (messages) => {
    expect((await follow("agent", { chats, messages: [messages] })).events).toEqual([{ type: "completed" }]);
  });

  test.each([["text"], [{}], [[1]]])("are never guessed: %j", async (messages) => {
    const { error } = await follow("agent", { chats, messages: [messages] });
    expect(error).toMatchObject({ kind: "interrupted", received: true, endpoint: "GET /v3/chat/message/list" });
  });
});

describe("the messages of a flow's run", () => {
  /** As coze-studio leaves it for good. */
  const chats = [{ status: "created" }];

  test("may have no type", async () => {
    const messages = [[message({ id: "2", type: "", content: "Said." }), message({ id: "1", role: "user", type: "" })]];
    expect(textsOf(await follow("chatflow-bot", { chats, messages }))).toEqual(["Said."]);
  });

  test("have to stay as they are for five seconds when nothing marks their end", async () => {
    const first = message({ id: "1", content: "First." });
    const messages = [[], [], [first], [first], [first], [first], [first, message({ id: "2", content: "Second." })]];
    const followed = await follow("chatflow-bot", { chats, messages });
    expect(textsOf(followed)).toEqual(["First.", "Second."]);
    expect(followed.ms).toBe(11_000);
  });

  test("have to stay as they are for a second when something does", async () => {
    const finish = message({ id: "3", type: "verbose", content: '{"msg_type":"generate_answer_finish"}' });
    const answers = [message({ id: "1", content: "First." }), finish];
    const messages = [answers, [...answers, message({ id: "4", type: "follow_up", content: "More?" })]];
    const followed = await follow("chatflow-bot", { chats, messages });
    expect(followed.events.map(({ type }) => type)).toEqual(["message", "follow-up", "completed"]);
    expect(followed.ms).toBe(2000);
  });

  test.each([
    ["an unknown chat", { code: 4001, msg: "no" }],
    ["an unknown resource", { code: 4200, msg: "no" }],
    ["an unknown chat of coze-studio", { code: 103200003, msg: "no" }],
    ["a token without this permission", { code: 4101, msg: "no" }],
  ])("tell of it although its status is refused: %s", async (_, refusal) => {
    const interrupt = message({ id: "2", type: "verbose", content: '{"msg_type":"interrupt"}' });
    const messages = [[message({ id: "1", content: "Where to?" }), interrupt]];
    const { events } = await follow("chatflow-bot", { chats: [refusal], messages });
    expect(events).toMatchObject([{ text: "Where to?" }, { type: "waiting", for: "reply" }]);
  });

  test("are asked for by the run's id, those between the answers included", async () => {
    const messages = [[message({ id: "1", content: "Said." })]];
    const { requests } = await follow("chatflow-bot", { chats, messages });
    expect(requests.at(-1)).toMatchObject({
      method: "POST",
      query: { conversation_id: "71" },
      body: { chat_id: "72", order: "asc", limit: 50, include_middle_message: true },
    });
  });

  test("are not doubled by a server that does not page", async () => {
    const page = Array.from({ length: 50 }, (_, index) => message({ id: String(100 + index), content: `${index}` }));
    const followed = await follow("chatflow-bot", { chats: [{ status: "completed" }], messages: [page] });
    expect(textsOf(followed)).toEqual(page.map(({ content }) => content));
  });
});
