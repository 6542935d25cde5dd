import { ChatEventType, CozeAPI, RoleType } from "@coze/api";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type CozeEmulator,
  followUp,
  gate,
  interrupt,
  needTools,
  say,
  silence,
  startCozeEmulator,
  toolCall,
} from "../../../src/playground/coze/index.ts";
import {
  agentQuestion,
  call,
  callJson,
  collect,
  completedOf,
  createDoor,
  eventsOf,
  jsonOf,
  namesOf,
  readEvents,
  tokenFor,
} from "./coze-caller.ts";

let emulator: CozeEmulator;
let client: CozeAPI;
let token: string;

beforeEach(async () => {
  emulator = await startCozeEmulator();
  token = await tokenFor(emulator, "telegram:1");
  client = new CozeAPI({ baseURL: emulator.baseUrl, token });
});
afterEach(() => emulator.close());

function question(text: string, conversationId?: string) {
  return {
    bot_id: emulator.catalog.botId,
    user_id: "telegram:1",
    additional_messages: [{ role: RoleType.User, content: text, content_type: "text" as const }],
    ...(conversationId === undefined ? {} : { conversation_id: conversationId }),
  };
}

/** Asks through the official client: the whole answer, and the conversation it was given in. */
async function ask(text: string, conversationId?: string): Promise<{ answer: string; id: string }> {
  let [answer, id] = ["", ""];
  for await (const { event, data } of client.chat.stream(question(text, conversationId))) {
    if (event === ChatEventType.CONVERSATION_CHAT_CREATED) id = data.conversation_id;
    if (event === ChatEventType.CONVERSATION_MESSAGE_COMPLETED && data.type === "answer") answer += data.content;
  }
  return { answer, id };
}

function post(text: string, conversationId: string, more: Record<string, unknown> = {}): Promise<Response> {
  const body = agentQuestion(emulator, text, more);
  return call(emulator, `POST /v3/chat?conversation_id=${conversationId}`, { token, body });
}

describe("the official client", () => {
  it("streams an echo in several deltas", async () => {
    const deltas: string[] = [];
    const events: string[] = [];
    for await (const { event, data } of client.chat.stream(question("hello, emulator"))) {
      if (event === ChatEventType.CONVERSATION_MESSAGE_DELTA) deltas.push(data.content);
      else events.push(event);
    }
    expect(deltas.join("")).toBe("You said: hello, emulator");
    expect(deltas.length).toBeGreaterThan(2);
    expect(events).toEqual([
      "conversation.chat.created",
      "conversation.chat.in_progress",
      "conversation.message.completed",
      "conversation.message.completed",
      "conversation.chat.completed",
      "done",
    ]);
  });

  it("is remembered in its conversation, and begins a new one without the id", async () => {
    const { id } = await ask("I like tea");
    expect((await ask("what did I say?", id)).answer).toContain("I like tea");
    const elsewhere = await ask("我说了什么");
    expect(elsewhere.id).not.toBe(id);
    expect(elsewhere.answer).not.toContain("tea");
  });

  it("polls a chat without stream, and lists its messages", async () => {
    emulator.answer = () => [...toolCall("search", { q: "tea" }, "found"), ...say("Here."), followUp("More?")];
    const { chat, messages } = await client.chat.createAndPoll(question("find tea"));
    expect(chat).toMatchObject({ status: "completed", usage: { input_count: 8 } });
    expect(messages?.map(({ type }) => type)).toEqual([
      "tool_response",
      "verbose",
      "function_call",
      "answer",
      "follow_up",
    ]);
  });

  it("describes the agent by both endpoints", async () => {
    const { botId, unpublishedBotId } = emulator.catalog;
    expect(await client.bots.retrieve({ bot_id: botId })).toMatchObject({ bot_id: botId });
    expect(await client.bots.retrieveNew(botId)).toMatchObject({ bot_id: botId });
    await expect(client.bots.retrieve({ bot_id: unpublishedBotId })).rejects.toThrow(/4015/);
  });
});

describe("a chat without stream", () => {
  it("is in progress at first, by GET and by POST, and completes unwatched", async () => {
    const door = createDoor();
    emulator.answer = () => [gate(door.opened), ...say("at last")];
    const { id, conversation_id, status } = await client.chat.create(question("hi"));
    expect(status).toBe("in_progress");
    expect((await client.chat.retrieve(conversation_id, id)).status).toBe("in_progress");
    door.open();
    await emulator.until("the end of the run", () => emulator.conversations[0]?.isRunning === false);
    const path = `GET /v3/chat/retrieve?conversation_id=${conversation_id}&chat_id=${id}`;
    expect((await callJson(emulator, path, { token })).data).toMatchObject({ id, status: "completed" });
    const list = `GET /v3/chat/message/list?conversation_id=${conversation_id}&chat_id=${id}`;
    const messages = await callJson<{ content: string }[]>(emulator, list, { token });
    expect(messages.data.map(({ content }) => content)).toContain("at last");
  });

  it("needs its history saved", async () => {
    const body = agentQuestion(emulator, "hi", { stream: false, auto_save_history: false });
    expect((await callJson(emulator, "POST /v3/chat", { body })).code).toBe(4007);
  });
});

describe("a cancelled chat", () => {
  it("streams on, and its turn is forgotten", async () => {
    const { id } = await ask("I like tea");
    const door = createDoor();
    emulator.answer = () => [...say("begun "), gate(door.opened), ...say("ended")];
    const events = eventsOf(await post("I like coffee", id));
    const created = (await events.next()).value;
    const chatId = created?.data.id ?? "";
    expect((await client.chat.cancel(id, chatId)).status).toBe("canceled");

    emulator.answer = ({ history }) => say(history.map(({ text }) => text).join("|"), { chunk: 100 });
    expect((await ask("and now?", id)).answer).toBe("I like tea|You said: I like tea");

    door.open();
    const rest = await collect(events);
    expect(completedOf(rest)).toEqual(["begun ended"]);
    expect(rest.at(-2)).toMatchObject({ event: "conversation.chat.canceled", data: { status: "canceled" } });
    await expect(client.chat.cancel(id, chatId)).rejects.toThrow(/4104/);
  });

  it("ends its silence", async () => {
    emulator.answer = () => [...say("well"), silence()];
    const events = eventsOf(await call(emulator, "POST /v3/chat", { token, body: agentQuestion(emulator, "hi") }));
    const { id, conversation_id } = (await events.next()).value?.data ?? { id: "", conversation_id: "" };
    await client.chat.cancel(conversation_id, id);
    expect((await collect(events)).at(-1)?.event).toBe("done");
  });
});

describe("a conversation", () => {
  it("takes one chat at a time, also when the client has hung up", async () => {
    const { id } = await ask("first");
    const door = createDoor();
    emulator.answer = () => [gate(door.opened)];
    const hangUp = new AbortController();
    const body = agentQuestion(emulator, "second");
    const path = `POST /v3/chat?conversation_id=${id}`;
    const response = await call(emulator, path, { token, body, signal: hangUp.signal });
    const busy = await post("third", id);
    expect([busy.status, (await jsonOf(busy)).code]).toEqual([200, 4016]);
    hangUp.abort();
    await expect(response.text()).rejects.toThrow();
    await emulator.until("the client's hang-up", () => emulator.requests.some(({ aborted }) => aborted));
    expect(emulator.requests.filter(({ aborted }) => aborted)).toMatchObject([
      { body: { additional_messages: [{ content: "second" }] } },
    ]);
    expect((await jsonOf(await post("fourth", id))).code).toBe(4016);
    door.open();
    await emulator.until("the end of the run", () => emulator.conversations.every(({ isRunning }) => !isRunning));
    expect((await readEvents(await post("fifth", id))).at(-1)?.event).toBe("done");
  });

  it("is the query's; an id in the body has no effect", async () => {
    const { id } = await ask("I like tea");
    const body = agentQuestion(emulator, "what did I say?", { conversation_id: id });
    const [created] = await readEvents(await call(emulator, "POST /v3/chat", { token, body }));
    expect(created?.data.conversation_id).not.toBe(id);
  });

  it("is its owner's alone", async () => {
    const { id } = await ask("my secret");
    const stranger = await tokenFor(emulator, "telegram:2");
    const body = agentQuestion(emulator, "what did I say?");
    const codes = [stranger, emulator.personalToken].map(async (token) => {
      return (await callJson(emulator, `POST /v3/chat?conversation_id=${id}`, { token, body })).code;
    });
    expect(await Promise.all(codes)).toEqual([4002, 4002]);
    expect((await callJson(emulator, "POST /v3/chat?conversation_id=42", { token, body })).code).toBe(4002);
    expect(emulator.conversations).toMatchObject([{ id, sessionName: "telegram:1", messages: { length: 2 } }]);
  });

  it("keeps nothing of a turn that is not to be saved", async () => {
    const { id } = await ask("I like tea");
    await readEvents(await post("unsaved", id, { auto_save_history: false }));
    expect(emulator.conversations[0]?.messages.map(({ text }) => text)).toEqual(["I like tea", "You said: I like tea"]);
  });
});

describe("an unfinished agent answer", () => {
  it("asks the person, and knows the next question as the reply", async () => {
    emulator.answer = ({ resumes, turn }) => (resumes ? say(`turn ${turn}`) : [interrupt("Which size?")]);
    const events = await readEvents(
      await call(emulator, "POST /v3/chat", { token, body: agentQuestion(emulator, "a shirt") }),
    );
    expect(completedOf(events)).toEqual(["Which size?"]);
    expect(events.at(-2)).toMatchObject({
      event: "conversation.chat.requires_action",
      data: {
        status: "requires_action",
        required_action: { submit_tool_outputs: { tool_calls: [{ id: "", type: "reply_message", function: null }] } },
      },
    });
    expect((await ask("large", events[0]?.data.conversation_id)).answer).toBe("turn 2");
  });

  it("wants client-side tools", async () => {
    emulator.answer = () => [needTools({ name: "weather", arguments: { city: "Beijing" } })];
    const events = await readEvents(
      await call(emulator, "POST /v3/chat", { token, body: agentQuestion(emulator, "rain?") }),
    );
    expect(namesOf(events)).toEqual(["chat.created", "chat.in_progress", "chat.requires_action", "done"]);
    expect(events[2]?.data).toMatchObject({
      required_action: {
        submit_tool_outputs: {
          tool_calls: [{ type: "function", function: { name: "weather", arguments: '{"city":"Beijing"}' } }],
        },
      },
    });
  });
});

describe("a bad agent request", () => {
  const image = { role: "user", content_type: "object_string", content: '[{"type":"text","text":"hi"}]' };
  it.each([
    ["without user_id", { user_id: undefined }, 4000],
    ["with an id that is a number", { bot_id: 7379462189365198 }, 4000],
    ["for an unknown agent", { bot_id: "1" }, 4200],
    ["for an unpublished agent", { bot_id: "7379462189365190001" }, 4015],
    ["with parameters as text", { parameters: "{}" }, 4000],
    ["without messages in a new conversation", { additional_messages: undefined }, 4000],
    ["with a last message that is no question", { additional_messages: [{ ...image, role: "assistant" }] }, 4000],
    ["with text alone as object_string", { additional_messages: [image] }, 4000],
    ["without content_type", { additional_messages: [{ role: "user", content: "hi" }] }, 4000],
  ])("%s is refused and leaves no trace", async (_what, more, code) => {
    const response = await call(emulator, "POST /v3/chat", { token, body: agentQuestion(emulator, "hi", more) });
    const { code: actual, detail } = await jsonOf(response);
    expect(actual).toBe(code);
    expect(detail?.logid).toBe(response.headers.get("X-Tt-Logid"));
    expect(emulator.conversations).toEqual([]);
  });
});

it("takes the question from the conversation when the request has none", async () => {
  const messages = [{ role: "user", content: "from before", content_type: "text" }];
  const { data } = await callJson(emulator, "POST /v1/conversation/create", { token, body: { messages } });
  const events = await readEvents(await post("", data.id, { additional_messages: undefined }));
  expect(completedOf(events)).toEqual(["You said: from before"]);
});

it("reads the text of a multimodal question", async () => {
  emulator.answer = ({ text, files }) => say(`${text} ${files[0]?.name}`);
  const content = JSON.stringify([
    { type: "text", text: "what is this?" },
    { type: "image", file_url: "https://example.com/a.png" },
  ]);
  const additional_messages = [{ role: "user", content, content_type: "object_string" }];
  const body = agentQuestion(emulator, "", { additional_messages });
  const events = await readEvents(await call(emulator, "POST /v3/chat", { token, body }));
  expect(completedOf(events)).toEqual(["what is this? https://example.com/a.png"]);
});
