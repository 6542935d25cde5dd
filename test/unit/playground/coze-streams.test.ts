import { CozeAPI, RoleType } from "@coze/api";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type CozeEmulator,
  comment,
  complete,
  cozeError,
  cut,
  done,
  errorEvent,
  event,
  fail,
  finish,
  followUp,
  gate,
  message,
  type Script,
  say,
  silence,
  startCozeEmulator,
  think,
  verbose,
} from "../../../src/playground/coze/index.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import {
  agentQuestion,
  call,
  collect,
  completedOf,
  createDoor,
  deltasOf,
  eventsOf,
  flowQuestion,
  jsonOf,
  namesOf,
  readEvents,
} from "./coze-caller.ts";

let emulator: CozeEmulator;

beforeEach(async () => {
  emulator = await startCozeEmulator();
});
afterEach(() => emulator.close());

const askAgent = (signal?: AbortSignal) =>
  call(emulator, "POST /v3/chat", { body: agentQuestion(emulator, "hi"), ...(signal ? { signal } : {}) });
const askFlow = () => call(emulator, "POST /v1/workflows/chat", { body: flowQuestion(emulator, "hi") });

/** Plays a script in either mode and reads it to its end. */
async function play(script: Script, ask = askAgent) {
  emulator.answer = () => script;
  return readEvents(await ask());
}

describe("framing", () => {
  /** Ids and times differ; everything else is compared to the byte. */
  const blank = (text: string) => text.replaceAll(/\d{19}/g, "ID").replaceAll(/\d{10}/g, "TIME");

  it("of the agent is the recorded one", async () => {
    emulator.answer = () => say("2024 年", { chunk: 5 });
    expect(blank(await (await askAgent()).text())).toBe(
      [
        'event:conversation.chat.created\ndata:{"id":"ID","conversation_id":"ID","bot_id":"ID","completed_at":TIME,"last_error":{"code":0,"msg":""},"status":"created","usage":{"token_count":0,"output_count":0,"input_count":0}}',
        'event:conversation.chat.in_progress\ndata:{"id":"ID","conversation_id":"ID","bot_id":"ID","completed_at":TIME,"last_error":{"code":0,"msg":""},"status":"in_progress","usage":{"token_count":0,"output_count":0,"input_count":0}}',
        'event:conversation.message.delta\ndata:{"id":"ID","conversation_id":"ID","bot_id":"ID","role":"assistant","type":"answer","content":"2024 ","content_type":"text","chat_id":"ID"}',
        'event:conversation.message.delta\ndata:{"id":"ID","conversation_id":"ID","bot_id":"ID","role":"assistant","type":"answer","content":"年","content_type":"text","chat_id":"ID"}',
        'event:conversation.message.completed\ndata:{"id":"ID","conversation_id":"ID","bot_id":"ID","role":"assistant","type":"answer","content":"2024 年","content_type":"text","chat_id":"ID"}',
        'event:conversation.message.completed\ndata:{"id":"ID","conversation_id":"ID","bot_id":"ID","role":"assistant","type":"verbose","content":"{\\"msg_type\\":\\"generate_answer_finish\\",\\"data\\":\\"\\",\\"from_module\\":null,\\"from_unit\\":null}","content_type":"text","chat_id":"ID"}',
        'event:conversation.chat.completed\ndata:{"id":"ID","conversation_id":"ID","bot_id":"ID","completed_at":TIME,"last_error":{"code":0,"msg":""},"status":"completed","usage":{"token_count":8,"output_count":6,"input_count":2},"created_at":TIME,"required_action":{"type":"","submit_tool_outputs":{"tool_calls":[]}},"section_id":"ID"}',
        'event:done\ndata:"[DONE]"\n\n',
      ].join("\n\n"),
    );
  });

  it("of the flow is the recorded one", async () => {
    emulator.answer = () => [...say("I'm fine", { chunk: 4 }), complete(), verbose("empty result", "empty result")];
    expect(blank(await (await askFlow()).text())).toBe(
      [
        'event: conversation.chat.created\ndata: {"id":"ID","conversation_id":"ID","created_at":TIME,"last_error":{"code":0,"msg":""},"status":"created","usage":{"token_count":0,"output_count":0,"input_count":0},"section_id":"ID"}',
        'event: conversation.chat.in_progress\ndata: {"id":"ID","conversation_id":"ID","created_at":TIME,"last_error":{"code":0,"msg":""},"status":"in_progress","usage":{"token_count":0,"output_count":0,"input_count":0},"section_id":"ID"}',
        'event: conversation.message.delta\ndata: {"id":"ID","conversation_id":"ID","role":"assistant","type":"answer","content":"I\'m ","content_type":"text","chat_id":"ID","section_id":"ID"}',
        'event: conversation.message.delta\ndata: {"id":"ID","conversation_id":"ID","role":"assistant","type":"answer","content":"fine","content_type":"text","chat_id":"ID","section_id":"ID","created_at":TIME}',
        'event: conversation.message.completed\ndata: {"id":"ID","conversation_id":"ID","role":"assistant","type":"answer","content":"I\'m fine","content_type":"text","chat_id":"ID","section_id":"ID","created_at":TIME}',
        'event: conversation.message.completed\ndata: {"id":"ID","conversation_id":"ID","role":"assistant","type":"verbose","content":"{\\"msg_type\\":\\"empty result\\",\\"data\\":\\"empty result\\",\\"from_module\\":null,\\"from_unit\\":null}","content_type":"text","chat_id":"ID","section_id":"ID","created_at":TIME,"updated_at":TIME}',
        'event: conversation.message.completed\ndata: {"id":"ID","conversation_id":"ID","role":"assistant","type":"verbose","content":"{\\"msg_type\\":\\"generate_answer_finish\\",\\"data\\":\\"{\\\\\\"finish_reason\\\\\\":0,\\\\\\"FinData\\\\\\":\\\\\\"\\\\\\"}\\",\\"from_module\\":null,\\"from_unit\\":null}","content_type":"text","chat_id":"ID","section_id":"ID","created_at":TIME,"updated_at":TIME}',
        'event: conversation.chat.completed\ndata: {"id":"ID","conversation_id":"ID","created_at":TIME,"completed_at":TIME,"last_error":{"code":0,"msg":""},"status":"completed","usage":{"token_count":10,"output_count":8,"input_count":2},"section_id":"ID"}',
        'event: done\ndata: {"debug_url":"https://www.coze.cn/work_flow?execute_id=ID\\u0026space_id=ID\\u0026workflow_id=ID"}\n\n',
      ].join("\n\n"),
    );
  });

  it("can have CRLF and pieces that cut characters", async () => {
    emulator.writing.lineEnd = "\r\n";
    emulator.writing.chunkBytes = 1;
    emulator.answer = () => [comment("ping"), ...say("会话")];
    const pieces: Buffer[] = [];
    for await (const piece of (await askAgent()).body ?? []) pieces.push(Buffer.from(piece));
    const text = Buffer.concat(pieces).toString();
    expect(text).toContain('event:done\r\ndata:"[DONE]"\r\n\r\n');
    expect(text).toContain(": ping\r\n\r\n");
    expect(text).toContain('"content":"会话"');
    expect(pieces.some((piece) => piece.toString().includes("\uFFFD"))).toBe(true);
  });
});

describe("a script", () => {
  it("has several answers, reasoning, a corrected text, and suggestions after the answers", async () => {
    const events = await play([
      think("hm"),
      ...say("one"),
      complete("One."),
      message("knowledge", "slice"),
      message("novelty", "?"),
      ...say("two"),
      followUp("three?"),
    ]);
    expect(deltasOf(events)).toBe("onetwo");
    expect(completedOf(events)).toEqual(["One.", "two"]);
    const types = events.filter(({ event }) => event === "conversation.message.completed").map(({ data }) => data.type);
    expect(types).toEqual(["answer", "knowledge", "novelty", "answer", "verbose", "follow_up"]);
    expect(events[2]?.data).toMatchObject({ content: "", reasoning_content: "hm", type: "answer" });
    expect(events[2]?.data.id).toBe(events[3]?.data.id);
    expect(events[4]?.data).toMatchObject({ content: "One.", reasoning_content: "hm" });
  });

  it("puts unknown events anywhere, also between the outcome and the end", async () => {
    const events = await play([
      event("conversation.new", "{}"),
      ...say("a"),
      finish(),
      event("conversation.audio.delta", "{}"),
    ]);
    expect(namesOf(events).slice(-3)).toEqual(["chat.completed", "audio.delta", "done"]);
    expect(events[2]?.event).toBe("conversation.new");
  });

  it("ends without an outcome", async () => {
    expect(namesOf(await play([...say("a"), done()])).slice(-2)).toEqual(["message.delta", "done"]);
  });

  it.each([
    ["chat" as const, { status: "failed", last_error: { code: 4028, msg: "no quota" }, failed_at: expect.any(Number) }],
    ["number" as const, { code: 4028, msg: "no quota" }],
    ["string" as const, { code: "4028", msg: "no quota" }],
  ])("fails in the shape %s, without done", async (shape, data) => {
    const events = await play([...say("a"), fail(4028, "no quota", shape)]);
    expect(events.at(-1)).toMatchObject({ event: "conversation.chat.failed", data });
  });

  it("fails by an error event with and without content", async () => {
    expect((await play([errorEvent()])).at(-1)).toMatchObject({ event: "error", raw: "{}" });
    expect((await play([errorEvent(5000, "oops")])).at(-1)).toMatchObject({ raw: '{"code":5000,"msg":"oops"}' });
  });

  it("paces itself by the emulator's clock", async () => {
    const clock = createManualClock(Date.now());
    const paced = await startCozeEmulator({ clock });
    try {
      paced.answer = () => say("ab", { chunk: 1, everyMs: 200 });
      const events = eventsOf(await call(paced, "POST /v3/chat", { body: agentQuestion(paced, "hi") }));
      for (const _ of ["created", "in_progress", "a"]) await events.next();
      await paced.until("the pause", () => clock.pending === 1);
      await clock.advance(199);
      expect(clock.pending).toBe(1);
      await clock.advance(1);
      expect((await events.next()).value?.data.content).toBe("b");
    } finally {
      await paced.close();
    }
  });
});

describe("a broken connection", () => {
  const half = [...say("half ", { chunk: 5 })];

  it("ends cleanly without a terminal event, while the run goes on to its end", async () => {
    const events = await play([...half, cut(), ...say("and half")]);
    expect(namesOf(events)).toEqual(["chat.created", "chat.in_progress", "message.delta"]);
    await emulator.until("the end of the run", () => emulator.conversations[0]?.isRunning === false);
    expect(emulator.conversations[0]?.messages.at(-1)?.text).toBe("half and half");
    expect(emulator.requests.at(-1)).toMatchObject({ status: 200, aborted: false });
  });

  it("is reset after what was sent has arrived", async () => {
    emulator.answer = () => [...half, cut("reset")];
    const response = await askAgent();
    const events = eventsOf(response);
    for (const name of ["chat.created", "chat.in_progress", "message.delta"]) {
      expect((await events.next()).value?.event).toBe(`conversation.${name}`);
    }
    await expect(events.next()).rejects.toThrow();
    expect(emulator.requests.at(-1)?.aborted).toBe(false);
  });

  it("ends in the middle of a line, which the official client trips over", async () => {
    emulator.answer = () => [...half, cut("end", { midLine: true })];
    const text = await (await askAgent()).text();
    expect(text).toMatch(/\n\nevent:conversation\.message\.delta\ndata:\{[^\n}]+$/);
    const client = new CozeAPI({ baseURL: emulator.baseUrl, token: emulator.personalToken });
    const additional_messages = [{ role: RoleType.User, content: "hi", content_type: "text" as const }];
    const stream = client.chat.stream({ bot_id: emulator.catalog.botId, user_id: "1", additional_messages });
    await expect(drain(stream)).rejects.toThrow("Could not parse");
  });

  it("is silent until the client hangs up, which is recorded", async () => {
    emulator.answer = () => [...half, silence(), ...say("late")];
    const hangUp = new AbortController();
    const events = eventsOf(await askAgent(hangUp.signal));
    for (const _ of ["created", "in_progress", "delta"]) await events.next();
    hangUp.abort();
    await expect(collect(events)).rejects.toThrow();
    await emulator.until("the end of the run", () => emulator.conversations[0]?.isRunning === false);
    expect(emulator.requests.at(-1)?.aborted).toBe(true);
    expect(emulator.conversations[0]?.messages.at(-1)?.text).toBe("half late");
  });
});

describe("faults", () => {
  it("answer a stream endpoint with an error in JSON and apply nothing", async () => {
    emulator.faults.add({ method: "POST /v3/chat", effect: cozeError(4013, "model service error") });
    const response = await askAgent();
    const { code, detail } = await jsonOf(response);
    expect([response.status, code]).toEqual([200, 4013]);
    expect(detail?.logid).toBe(response.headers.get("X-Tt-Logid"));
    expect(emulator.conversations).toEqual([]);
    expect((await readEvents(await askAgent())).at(-1)?.event).toBe("done");
  });

  it("answer with HTML, once for every match, by path and body", async () => {
    const effect = { kind: "reply", status: 502, body: "<html>Bad Gateway</html>" } as const;
    emulator.faults.add({ method: "POST /v1/conversations/:conversation_id/clear", effect });
    const response = await call(emulator, "POST /v1/conversations/42/clear");
    expect([response.status, response.headers.get("Content-Type"), await response.text()]).toEqual([
      502,
      "text/html; charset=utf-8",
      "<html>Bad Gateway</html>",
    ]);
    emulator.faults.add({ where: ({ user_id }) => user_id === "someone", effect });
    expect((await askAgent()).status).toBe(200);
  });

  it.each([true, false])("reset the connection; the chat ran: %s", async (applied) => {
    emulator.faults.add({ method: "POST /v3/chat", effect: { kind: "reset", applied } });
    await expect(askAgent()).rejects.toThrow();
    if (applied) await emulator.until("the answer", () => emulator.conversations[0]?.messages.length === 2);
    expect(emulator.conversations).toHaveLength(applied ? 1 : 0);
    expect(emulator.requests).toMatchObject([{ status: 0, aborted: false }]);
  });

  it("leave a call hanging until the client gives up", async () => {
    emulator.faults.add({ effect: { kind: "hang", applied: false } });
    const giveUp = new AbortController();
    const asked = askAgent(giveUp.signal);
    await emulator.until("the request", () => emulator.requests.length === 1);
    giveUp.abort();
    await expect(asked).rejects.toThrow();
    await emulator.until("the hang-up", () => emulator.requests[0]?.aborted);
    expect(emulator.requests[0]?.status).toBe(0);
  });

  it("delay an answer by the emulator's clock", async () => {
    const clock = createManualClock(Date.now());
    const slow = await startCozeEmulator({ clock });
    try {
      slow.faults.add({ effect: { kind: "delay", ms: 5000 } });
      const asked = call(slow, "POST /v1/conversation/create", { body: {} });
      await slow.until("the call's effect", () => slow.conversations.length === 1);
      await new Promise((resolve) => setImmediate(resolve));
      expect(slow.requests[0]?.status).toBe(0);
      await clock.advance(5000);
      expect((await asked).status).toBe(200);
    } finally {
      await slow.close();
    }
  });
});

describe("the emulator", () => {
  it("says what a vain wait was for", async () => {
    await askAgent();
    await expect(emulator.until("a miracle", () => false, 1)).rejects.toThrow(
      /1 ms went by while waiting for: a miracle.*\/v3\/chat/s,
    );
  });

  it("ends running streams when it closes", async () => {
    const door = createDoor();
    emulator.answer = () => [gate(door.opened)];
    const response = await askAgent();
    const broken = expect(response.text()).rejects.toThrow();
    await emulator.close();
    await broken;
  });

  it("shows a script that throws as a server error", async () => {
    emulator.answer = () => {
      throw new Error("no such case");
    };
    const response = await askAgent();
    expect([response.status, (await jsonOf(response)).msg]).toEqual([500, "The emulator failed: Error: no such case"]);
  });
});

async function drain(stream: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of stream);
}
