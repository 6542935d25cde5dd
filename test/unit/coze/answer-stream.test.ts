import { describe, expect, test } from "vitest";
import { readAnswer } from "../../../src/coze/answer-stream.ts";
import { RunTranslator } from "../../../src/coze/chat-events.ts";
import { CozeError } from "../../../src/coze/errors.ts";
import type { AnswerEvent } from "../../../src/coze/events.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import { type FixtureName, fixture } from "./fixtures.ts";
import { begun, completed, created, ended, event, hear, origin } from "./hear.ts";

const text = (messageId: string, ...deltas: string[]): AnswerEvent[] =>
  deltas.map((delta) => ({ type: "delta", messageId, text: delta }));
const completion = (tokens: number): AnswerEvent => ({ type: "completed", tokens });

describe("translates recorded and documented streams", () => {
  test.each<[FixtureName, AnswerEvent[]]>([
    [
      "chatflow-success",
      [
        { type: "created", chatId: "id_1111", conversationId: "conv_111111111", logid: "log-1" },
        ...text("id_2222", "I", "'m fine, thank you. How about you", "?"),
        { type: "message", messageId: "id_2222", text: "I'm fine, thank you. How about you?" },
        completion(32),
        {
          type: "debug",
          url: "https://www.coze.cn/work_flow?execute_id=execute_1111&space_id=space_111&workflow_id=workflow_1111",
        },
      ],
    ],
    [
      "agent-success",
      [
        created,
        ...text("7382159494123470858", "2", "0", "星期三", "。"),
        { type: "message", messageId: "7382159494123470858", text: "2024 年 10 月 1 日是星期三。" },
        completion(633),
      ],
    ],
    [
      "agent-plugin-reasoning",
      [
        created,
        { type: "tool", name: "getWeather" },
        { type: "reasoning", messageId: "7382159494123470004", text: "The plugin " },
        { type: "reasoning", messageId: "7382159494123470004", text: "says 21." },
        ...text("7382159494123470004", "21", " 度"),
        { type: "message", messageId: "7382159494123470004", text: "21 度" },
        ...text("7382159494123470005", "带伞。"),
        { type: "message", messageId: "7382159494123470005", text: "带伞。" },
        { type: "follow-up", text: "明天呢？" },
        { type: "follow-up", text: "后天呢？" },
        completion(633),
      ],
    ],
    [
      "agent-client-tools",
      [created, { type: "waiting", for: "tools", calls: [{ id: "call_1", name: "get_weather", arguments: "{}" }] }],
    ],
    [
      "chatflow-interrupt",
      [
        { type: "created", chatId: "7400000000000000120", conversationId: "7400000000000000456", logid: "log-1" },
        ...text("7400000000000000122", "去哪个", "城市？"),
        { type: "message", messageId: "7400000000000000122", text: "去哪个城市？" },
        { type: "waiting", for: "reply" },
        { type: "debug", url: "https://www.coze.cn/work_flow?execute_id=1&space_id=2&workflow_id=3" },
      ],
    ],
    [
      "chatflow-empty-result",
      [
        { type: "created", chatId: "7559860092473800001", conversationId: "7400000000000000456", logid: "log-1" },
        ...text("7559860127353200001", "冬天里，", "企鹅'不冷！"),
        { type: "message", messageId: "7559860127353200001", text: "冬天里，企鹅'不冷'！" },
        completion(1736),
        { type: "debug", url: "https://www.coze.cn/work_flow?execute_id=1&space_id=2&workflow_id=3" },
      ],
    ],
    [
      "studio-agent",
      [
        created,
        ...text("7382159494123470004", "你", "好"),
        { type: "message", messageId: "7382159494123470004", text: "你好" },
        completion(3),
      ],
    ],
    [
      "studio-chatflow",
      [
        { type: "created", chatId: "7559860092473800001", conversationId: "7400000000000000456", logid: "log-1" },
        ...text("7559860127353200001", "好"),
        { type: "message", messageId: "7559860127353200001", text: "好" },
        { type: "waiting", for: "reply" },
        { type: "debug", url: "http://studio.local/work_flow?execute_id=9" },
      ],
    ],
    [
      "agent-audio-tail",
      [
        { type: "created", chatId: "chat_id", conversationId: "conversation_id", logid: "log-1" },
        completion(115),
        { type: "audio", format: "pcm", data: Uint8Array.of(0x2a, 0, 0x31, 0, 0x2f, 0) },
      ],
    ],
  ])("%s", async (name, events) => {
    expect(await hear(fixture(name))).toEqual({ events });
  });

  test("an interrupt without requires_action is the same as one with it", async () => {
    const [announced, unannounced] = await Promise.all([
      hear(fixture("chatflow-interrupt")),
      hear(fixture("chatflow-interrupt-unannounced")),
    ]);
    expect(unannounced).toEqual(announced);
  });
});

describe("fails as the stream says", () => {
  test.each<[FixtureName, AnswerEvent[], Partial<CozeError>]>([
    [
      "agent-failed",
      [{ type: "created", chatId: "7390342853760696354", conversationId: "7390331532575195148", logid: "log-1" }],
      { kind: "service", code: 5000, message: "event interval error", received: true },
    ],
    ["chatflow-failed", [], { kind: "agent-unavailable", code: 720702204, message: "会话名不存在", received: false }],
    ["agent-error", [], { kind: "service", code: 0, message: "Coze gave no reason.", received: true }],
    [
      "studio-chatflow-error",
      [{ type: "created", chatId: "7559860092473800001", conversationId: "7400000000000000456", logid: "log-1" }],
      { kind: "service", code: 777777776, message: "Workflow execution failure: node", received: true },
    ],
  ])("%s", async (name, events, failure) => {
    const heard = await hear(fixture(name));
    expect(heard.events).toEqual(events);
    expect(heard.error).toBeInstanceOf(CozeError);
    expect(heard.error).toMatchObject({ ...failure, status: 200, logid: "log-1", endpoint: "POST /v3/chat" });
  });
});

describe("after the outcome", () => {
  const body = (stream: string) =>
    new ReadableStream<Uint8Array>({ start: (controller) => controller.enqueue(new TextEncoder().encode(stream)) });

  test("waits a short while for the debug address, whatever drips in", async () => {
    const clock = createManualClock();
    let drip: ReadableStreamDefaultController<Uint8Array> | undefined;
    const dripping = new ReadableStream<Uint8Array>({
      start(controller) {
        drip = controller;
        controller.enqueue(new TextEncoder().encode(begun + ended));
      },
    });
    const reading = { clock, idleTimeoutMs: 100_000, signal: new AbortController().signal };
    const answer = readAnswer(dripping, new RunTranslator(origin), reading);
    expect((await answer.next()).value).toEqual(created);
    expect((await answer.next()).value).toEqual(completed);
    const last = answer.next();
    for (let second = 0; second < 2; second += 1) {
      drip?.enqueue(new TextEncoder().encode(": drip\n\n"));
      await clock.advance(1000);
    }
    expect(await last).toEqual({ done: true, value: undefined });
    expect(clock.pending).toBe(0);
  });

  test("hears all of a speech that takes longer", async () => {
    const clock = createManualClock();
    let speaker: ReadableStreamDefaultController<Uint8Array> | undefined;
    const speaking = new ReadableStream<Uint8Array>({
      start(controller) {
        speaker = controller;
        controller.enqueue(new TextEncoder().encode(begun + ended));
      },
    });
    const reading = { clock, idleTimeoutMs: 100_000, signal: new AbortController().signal };
    const answer = readAnswer(speaking, new RunTranslator(origin), reading);
    await answer.next();
    await answer.next();
    for (let piece = 0; piece < 3; piece += 1) {
      const next = answer.next();
      await clock.advance(1500);
      speaker?.enqueue(new TextEncoder().encode(event("conversation.audio.delta", { content: "KgAx" })));
      expect((await next).value).toMatchObject({ type: "audio" });
    }
    const last = answer.next();
    await clock.advance(2000);
    expect(await last).toEqual({ done: true, value: undefined });
  });

  test("an abort is no error", async () => {
    const abort = new AbortController();
    const reading = { clock: createManualClock(), idleTimeoutMs: 1000, signal: abort.signal };
    const answer = readAnswer(body(begun + ended), new RunTranslator(origin), reading);
    await answer.next();
    await answer.next();
    const last = answer.next();
    abort.abort(new Error("stop"));
    expect(await last).toEqual({ done: true, value: undefined });
  });

  test("before it, an abort is its reason", async () => {
    const abort = new AbortController();
    const reading = { clock: createManualClock(), idleTimeoutMs: 1000, signal: abort.signal };
    const answer = readAnswer(body(begun), new RunTranslator(origin), reading);
    await answer.next();
    const next = answer.next();
    const reason = new Error("stop");
    abort.abort(reason);
    await expect(next).rejects.toBe(reason);
  });
});
