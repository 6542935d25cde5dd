import { describe, expect, test } from "vitest";
import type { CozeMode } from "../../../src/coze/agent.ts";
import { createFixedToken } from "../../../src/coze/auth.ts";
import { type CozeClient, createCozeClient } from "../../../src/coze/client.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import { collect, fixture } from "./fixtures.ts";
import { type Responder, replyJson, replyStream, startHttpServer } from "./http-server.ts";

const agent: CozeMode = { kind: "agent", botId: "7379" };
const flowOfApp: CozeMode = { kind: "chatflow-app", workflowId: "7522", appId: "7442" };
const flowOfBot: CozeMode = { kind: "chatflow-bot", workflowId: "7522", botId: "7379" };
const { signal } = new AbortController();
const message = { role: "user", type: "question", content: "hi", content_type: "text" };
const question = { sessionName: "telegram:42", text: "hi" };

function clientFor(base: string, mode: CozeMode): CozeClient {
  const clock = createManualClock();
  return createCozeClient({ base, mode, clock, tokens: createFixedToken("pat_1"), idleTimeoutMs: 1_000_000 });
}

const answering: Responder = (_, response) => replyStream(response, fixture("agent-success"));

describe("a question is sent as documented", () => {
  const agentBody = {
    bot_id: "7379",
    user_id: "telegram:42",
    stream: true,
    auto_save_history: true,
    additional_messages: [message],
  };
  const flowBody = { workflow_id: "7522", additional_messages: [message], parameters: {} };
  const conversationId = "7381473525342978089";
  const cases = [
    { name: "agent, new conversation", mode: agent, query: {}, body: agentBody },
    { name: "agent", mode: agent, conversationId, query: { conversation_id: conversationId }, body: agentBody },
    { name: "chatflow of an app, new conversation", mode: flowOfApp, query: {}, body: { ...flowBody, app_id: "7442" } },
    {
      name: "chatflow of an app",
      mode: flowOfApp,
      conversationId,
      query: {},
      body: { ...flowBody, app_id: "7442", conversation_id: conversationId },
    },
    {
      name: "chatflow with a bot, new conversation",
      mode: flowOfBot,
      query: {},
      body: { ...flowBody, bot_id: "7379" },
    },
    {
      name: "chatflow with a bot",
      mode: flowOfBot,
      conversationId,
      query: {},
      body: { ...flowBody, bot_id: "7379", conversation_id: conversationId },
    },
  ];

  test.each(cases)("$name", async ({ name: _, mode, query, body, ...where }) => {
    await using server = await startHttpServer(answering);
    await collect(clientFor(`${server.base}/`, mode).ask({ ...question, ...where }, signal));
    expect(server.requests).toMatchObject([
      { method: "POST", path: mode.kind === "agent" ? "/v3/chat" : "/v1/workflows/chat" },
    ]);
    expect(server.requests[0]?.query).toEqual(query);
    expect(server.requests[0]?.body).toEqual(body);
    expect(server.requests[0]?.headers).toMatchObject({
      authorization: "Bearer pat_1",
      "content-type": "application/json",
      "user-agent": "coze-bridge",
    });
  });
});

describe("a server that wants a conversation's name for a flow", () => {
  const wanting: Responder = ({ body }, response) => {
    const { parameters = {}, conversation_id } = body as { parameters?: object; conversation_id?: string };
    if ("CONVERSATION_NAME" in parameters || conversation_id) return replyStream(response, fixture("studio-chatflow"));
    replyJson(response, { code: 777777775, msg: "Workflow operation failure: conversation name is requried" });
  };
  const nameIn = (body: unknown) => (body as { parameters: Record<string, string> }).parameters.CONVERSATION_NAME;

  test.each([flowOfApp, flowOfBot])("gets a new one for each new conversation: $kind", async (mode) => {
    await using server = await startHttpServer(wanting);
    const client = clientFor(server.base, mode);
    await collect(client.ask(question, signal));
    await collect(client.ask(question, signal));
    await collect(client.ask({ ...question, conversationId: "7" }, signal));
    const names = server.requests.map(({ body }) => nameIn(body));
    expect(names).toEqual([
      undefined,
      expect.stringMatching(/^[\w-]{36}$/),
      expect.stringMatching(/^[\w-]{36}$/),
      undefined,
    ]);
    expect(names[1]).not.toBe(names[2]);
  });

  test("may be asked by several at once", async () => {
    await using server = await startHttpServer(wanting);
    const client = clientFor(server.base, flowOfApp);
    const answers = await Promise.all([1, 2, 3].map(() => collect(client.ask(question, signal))));
    expect(answers.map((events) => events.at(-1)?.type)).toEqual(["debug", "debug", "debug"]);
  });

  test("is refused only once when a name does not help", async () => {
    await using server = await startHttpServer((_, response) =>
      replyJson(response, { code: 777777775, msg: "conversation name is requried" }),
    );
    await expect(collect(clientFor(server.base, flowOfApp).ask(question, signal))).rejects.toMatchObject({
      code: 777777775,
    });
    expect(server.requests).toHaveLength(2);
  });
});

describe("cancel", () => {
  const run = { sessionName: "telegram:42", conversationId: "11", chatId: "22" };

  test("names the run in the body", async () => {
    await using server = await startHttpServer((_, response) =>
      replyJson(response, { code: 0, data: { status: "canceled" } }),
    );
    await clientFor(server.base, agent).cancel(run, signal);
    expect(server.requests).toMatchObject([
      { method: "POST", path: "/v3/chat/cancel", body: { conversation_id: "11", chat_id: "22" } },
    ]);
  });

  test.each([4104, 103200005])("is done when the run has ended: %i", async (code) => {
    await using server = await startHttpServer((_, response) =>
      replyJson(response, { code, msg: "can not be canceled" }),
    );
    await clientFor(server.base, agent).cancel(run, signal);
    expect(server.requests).toHaveLength(1);
  });

  test("fails otherwise", async () => {
    await using server = await startHttpServer((_, response) =>
      replyJson(response, { code: 4001, msg: "invalid chat" }),
    );
    await expect(clientFor(server.base, agent).cancel(run, signal)).rejects.toMatchObject({
      kind: "rejected",
      code: 4001,
      endpoint: "POST /v3/chat/cancel",
    });
  });
});

describe("conversations", () => {
  test("are cleared by id", async () => {
    await using server = await startHttpServer((_, response) => replyJson(response, { code: 0, data: { id: "2" } }));
    await clientFor(server.base, flowOfApp).clearConversation("telegram:42", "11", signal);
    expect(server.requests).toMatchObject([{ method: "POST", path: "/v1/conversations/11/clear", body: {} }]);
  });

  const general = "/v1/conversation/create";
  const ofApp = "/v1/workflow/conversation/create";
  const creating: Responder = ({ path }, response) =>
    path === ofApp
      ? replyJson(response, { code: 4000, msg: "no such endpoint" }, 404)
      : replyJson(response, { code: 0, data: { id: "77" } });

  test.each<[CozeMode, [string, object][]]>([
    [agent, [[general, { bot_id: "7379" }]]],
    [flowOfBot, [[general, { bot_id: "7379" }]]],
    [
      flowOfApp,
      [
        [ofApp, { app_id: "7442" }],
        [general, {}],
      ],
    ],
  ])("are created so that questions accept them: $kind", async (mode, requests) => {
    await using server = await startHttpServer(creating);
    expect(await clientFor(server.base, mode).createConversation("telegram:42", signal)).toBe("77");
    expect(server.requests).toMatchObject(requests.map(([path, body]) => ({ method: "POST", path, body })));
  });

  test("of an app are left to the questions on a self-hosted server, and no conversation there changes", async () => {
    await using server = await startHttpServer((_, response) =>
      replyJson(response, { code: 777777762, msg: "Conversation not found." }),
    );
    expect(await clientFor(server.base, flowOfApp).createConversation("telegram:42", signal)).toBeUndefined();
    expect(server.requests).toMatchObject([
      {
        path: ofApp,
        body: { app_id: "7442", workflow_id: "7522", conversation_name: expect.any(String), get_or_create: true },
      },
    ]);
  });

  test("of an app are made by the documented call on Coze itself", async () => {
    const called: string[] = [];
    const client = createCozeClient({
      base: "https://api.coze.cn",
      mode: flowOfApp,
      clock: createManualClock(),
      tokens: createFixedToken("pat_1"),
      idleTimeoutMs: 1_000_000,
      fetch: async (address) => {
        called.push(String(address));
        return Response.json({ code: 0, data: { id: "99" } });
      },
    });
    expect(await client.createConversation("telegram:42", signal)).toBe("99");
    expect(called).toEqual([`https://api.coze.cn${general}`]);
  });

  test("without an id are an error", async () => {
    await using server = await startHttpServer((_, response) => replyJson(response, { code: 0, data: {} }));
    await expect(clientFor(server.base, agent).createConversation("a", signal)).rejects.toMatchObject({
      kind: "service",
      message: "The new conversation has no id.",
    });
  });
});

describe("identifyAgent", () => {
  const missing: [number, unknown] = [404, { code: 4000, msg: "no such endpoint" }];
  test.each<[string, CozeMode, Record<string, [number, unknown]>, object]>([
    ["an agent", agent, { "/v1/bots/7379": [200, { code: 0, data: { name: "Weather" } }] }, { name: "Weather" }],
    [
      "an agent of an older server",
      agent,
      { "/v1/bot/get_online_info": [200, { code: 0, data: { name: "Old" } }] },
      { name: "Old" },
    ],
    ["an agent nobody can tell of", agent, {}, {}],
    [
      "a flow",
      flowOfApp,
      { "/v1/workflows/7522": [200, { code: 0, data: { workflow_detail: { workflow_name: "Trip" } } }] },
      { name: "Trip" },
    ],
    ["a flow nobody can tell of", flowOfBot, {}, {}],
    ["a nameless flow", flowOfBot, { "/v1/workflows/7522": [200, { code: 0, data: {} }] }, {}],
  ])("finds %s", async (_, mode, replies, expected) => {
    await using server = await startHttpServer(({ path }, response) => {
      const [status, body] = replies[path] ?? missing;
      replyJson(response, body, status);
    });
    expect(await clientFor(server.base, mode).identifyAgent(signal)).toEqual(expected);
    expect(server.requests.every(({ method }) => method === "GET")).toBe(true);
  });

  test.each([4200, 4015, 4101])("fails with code %i", async (code) => {
    await using server = await startHttpServer((_, response) => replyJson(response, { code, msg: "no" }));
    await expect(clientFor(server.base, agent).identifyAgent(signal)).rejects.toMatchObject({ code });
  });
});
