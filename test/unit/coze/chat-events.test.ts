import { describe, expect, test } from "vitest";
import type { CozeError } from "../../../src/coze/errors.ts";
import type { AnswerEvent } from "../../../src/coze/events.ts";
import { begun, completed, created, delta, ended, event, hear, verbose, whole } from "./hear.ts";

describe("ends with the first outcome", () => {
  test.each<[string, string, AnswerEvent[]]>([
    ["done alone is an empty reply", event("done", '"[DONE]"'), [completed]],
    ["done in a bare word", event("done", "[DONE]"), [completed]],
    ["done without content", event("done", ""), [completed]],
    ["done with another object", event("done", { other: 1 }), [completed]],
    ["conversation.stream.done", event("conversation.stream.done", ""), [completed]],
    [
      "done after text without an outcome",
      begun + whole({ content: "a" }) + event("done", ""),
      [created, { type: "message", messageId: "1", text: "a" }, completed],
    ],
    ["the end of the body after an outcome", begun + ended, [created, completed]],
    ["a cut event after an outcome", `${begun}${ended}event:done\ndata:"[DO`, [created, completed]],
    ["an error after an outcome", begun + ended + event("error", { code: 5000, msg: "late" }), [created, completed]],
    [
      "a broken message after an outcome",
      begun + ended + event("conversation.message.delta", "{"),
      [created, completed],
    ],
    ["canceled", begun + event("conversation.chat.canceled", {}), [created, { type: "cancelled" }]],
    [
      "cancelled, as coze-studio spells it",
      begun + event("conversation.chat.cancelled", {}),
      [created, { type: "cancelled" }],
    ],
    [
      "required_action, as coze-studio spells it",
      begun + event("conversation.chat.required_action", {}),
      [created, { type: "waiting", for: "reply" }],
    ],
    [
      "a completed run after an interrupt",
      begun + verbose("interrupt") + ended,
      [created, { type: "waiting", for: "reply" }],
    ],
    ["an outcome whose data is no JSON", begun + event("conversation.chat.completed", "?"), [created, completed]],
  ])("%s", async (_, stream, events) => {
    expect(await hear(stream)).toEqual({ events });
  });
});

describe("is an error without an outcome", () => {
  test.each<[string, string, boolean]>([
    ["an empty body", "", false],
    ["comments alone", ": ping\n\n", false],
    ["a begun run", begun, true],
    ["an answer cut off", begun + delta({ content: "a" }), true],
    ["an outcome cut off", begun + ended.trimEnd(), true],
    ["verbose messages other than an interrupt", begun + verbose("generate_answer_finish"), true],
  ])("%s", async (_, stream, received) => {
    const { error } = await hear(stream);
    expect(error).toMatchObject({ kind: "interrupted", received, message: "The stream ended before the run did." });
  });

  test("a message that is not JSON", async () => {
    const { error } = await hear(event("conversation.message.delta", '{"content":"a"') + ended);
    expect(error).toMatchObject({ kind: "service", received: true, message: "A message is not JSON." });
  });
});

describe("tells failures in all their shapes", () => {
  const failed = (data: unknown) => event("conversation.chat.failed", data);
  test.each<[string, string, Partial<CozeError>]>([
    [
      "a chat with last_error",
      begun + failed({ last_error: { code: 4028, msg: "used up" } }),
      { kind: "quota", code: 4028, message: "used up", received: true },
    ],
    [
      "a number",
      begun + failed({ code: 4011, msg: "balance" }),
      { kind: "quota", code: 4011, message: "balance", received: true },
    ],
    [
      "a string",
      begun + failed({ code: "4013", msg: "model" }),
      { kind: "service", code: 4013, message: "model", received: true },
    ],
    ["no JSON", begun + failed("oops"), { kind: "service", code: 0, message: "oops", received: true }],
    [
      "event error, number",
      begun + event("error", { code: 4105, msg: "no" }),
      { kind: "rejected", code: 4105, received: true },
    ],
    [
      "event error, bare text",
      begun + event("error", "stream closed"),
      { kind: "service", code: 0, message: "stream closed" },
    ],
    [
      "refused before a run began",
      event("error", { code: "4016", msg: "busy" }),
      { kind: "busy", code: 4016, received: false },
    ],
    [
      "failed as the first event",
      event("error", { code: 5000, msg: "server" }),
      { kind: "service", code: 5000, received: true },
    ],
    [
      "the token quoted by the server",
      begun + event("error", { code: 1, msg: "bad czs_secret" }),
      { message: "bad [token]" },
    ],
  ])("%s", async (_, stream, failure) => {
    expect((await hear(stream)).error).toMatchObject(failure);
  });
});

describe("takes from messages what they say", () => {
  const card = { content_type: "card" };
  const cardContent = JSON.stringify({
    card_type: 3,
    template_url: "https://lf.example/card",
    x_properties: {
      workflow_card_info: JSON.stringify({
        title: "Where to?",
        options: [{ text: "Paris" }, { text: "Paris" }, { text: "https://x.example" }],
      }),
    },
  });
  test.each<[string, string, AnswerEvent[]]>([
    [
      "names the run by the first event that knows it",
      delta({ content: "a" }),
      [{ type: "delta", messageId: "1", text: "a" }],
    ],
    [
      "names the run once",
      begun + event("conversation.chat.in_progress", { id: "other", conversation_id: "other" }),
      [],
    ],
    [
      "keeps reasoning apart from the answer in one delta",
      delta({ content: "a", reasoning_content: "r" }),
      [
        { type: "reasoning", messageId: "1", text: "r" },
        { type: "delta", messageId: "1", text: "a" },
      ],
    ],
    [
      "takes reasoning that comes only with the whole message",
      whole({ content: "a", reasoning_content: "r" }),
      [
        { type: "reasoning", messageId: "1", text: "r" },
        { type: "message", messageId: "1", text: "a" },
      ],
    ],
    [
      "lets no empty whole message take its deltas back",
      delta({ content: "a" }) + whole({ content: "" }),
      [{ type: "delta", messageId: "1", text: "a" }],
    ],
    [
      "ignores the person's own messages",
      whole({ role: "user", content: "q" }) +
        whole({ type: "question", content: "q" }) +
        delta({ role: "user", content: "q" }),
      [],
    ],
    [
      "ignores tools' results, knowledge, unknown types and events",
      ["tool_output", "tool_response", "knowledge", "novel"]
        .map((type) => whole({ type, content: "x" }) + delta({ type, content: "x" }))
        .join("") +
        event("PING", "") +
        event("conversation.novel", "?"),
      [],
    ],
    ["ignores a verbose message that is no JSON", whole({ type: "verbose", content: "?" }), []],
    ["ignores a function call without a name", whole({ type: "function_call", content: "{}" }), []],
    ["ignores sound among the messages", delta({ content_type: "audio", content: "KgAx" }), []],
    ["tolerates fields of other types", delta({ content: 5, reasoning_content: null, meta_data: [] }), []],
    [
      "shows the text of a card, once whole",
      delta({ ...card, content: '{"card' }) + whole({ ...card, content: cardContent }),
      [{ type: "message", messageId: "1", text: "Where to?\nParis" }],
    ],
    [
      "marks a card without text",
      whole({ ...card, content: '{"card_type":3}' }),
      [{ type: "message", messageId: "1", text: "[card]" }],
    ],
    [
      "marks a card that is no JSON",
      whole({ ...card, content: "{" }),
      [{ type: "message", messageId: "1", text: "[card]" }],
    ],
  ])("%s", async (_, stream, events) => {
    expect(await hear(stream + ended)).toEqual({ events: [created, ...events, completed] });
  });
});

describe("passes sound on, also after the end", () => {
  const sound = (...bytes: number[]) =>
    event("conversation.audio.delta", { content: Buffer.from(bytes).toString("base64"), content_type: "audio" });
  const page = [...Buffer.from("OggS"), 0];
  test.each<[string, "pcm" | "opus", number[][]]>([
    ["samples, as recorded", "pcm", [[0x2a, 0x00, 0x31, 0x00]]],
    ["samples that begin with silence", "pcm", [[0x00, 0x00, 0x00, 0x00]]],
    ["samples that begin like a packet", "pcm", [[0x70, ...Array<number>(2399).fill(1)]]],
    ["an Ogg stream, of which only the first piece may begin a page", "opus", [page, [1, 2, 3]]],
    [
      "bare packets of 10 ms",
      "opus",
      [
        [0xf0, 1, 2],
        [0x70, 3],
      ],
    ],
  ])("%s", async (_, format, pieces) => {
    const { events } = await hear(begun + ended + pieces.map((piece) => sound(...piece)).join("") + event("done", ""));
    const heard = pieces.map((piece) => ({ type: "audio", format, data: new Uint8Array(piece) }));
    expect(events).toEqual([created, completed, ...heard]);
  });

  test.each(["?", {}, { content: "" }])("not what is none: %j", async (data) => {
    const { events } = await hear(begun + ended + event("conversation.audio.delta", data));
    expect(events).toEqual([created, completed]);
  });
});
