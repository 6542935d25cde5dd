import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Run } from "../../../src/coze/agent.ts";
import type { CozeClient } from "../../../src/coze/client.ts";
import type { AnswerEvent } from "../../../src/coze/events.ts";
import {
  type CozeEmulator,
  cozeError,
  cut,
  fail,
  needTools,
  say,
  sound,
  startCozeEmulator,
  useResults,
} from "../../../src/playground/coze/index.ts";
import { emulatedClient } from "./emulated-client.ts";
import { collect } from "./fixtures.ts";

const { signal } = new AbortController();
const sessionName = "telegram:1";
const weather = { name: "weather", arguments: { city: "Beijing" } };
const clock = { name: "clock", arguments: {} };

let coze: CozeEmulator;
let client: CozeClient;

beforeEach(async () => {
  coze = await startCozeEmulator();
  client = emulatedClient(coze, "agent");
});
afterEach(() => coze.close());

/** Asks, and returns the run with the calls that it waits for. */
async function wait() {
  const events = await collect(client.ask({ sessionName, text: "rain?" }, signal));
  const [created] = events;
  if (created?.type !== "created") throw new Error("The first event is created.");
  const { conversationId, chatId } = created;
  return { events, run: { sessionName, conversationId, chatId }, calls: callsOf(events) };
}

function callsOf(events: readonly AnswerEvent[]) {
  const end = events.at(-1);
  if (end?.type !== "waiting" || end.for !== "tools") throw new Error("The run does not wait for tools.");
  return end.calls;
}

const submit = (run: Run, outputs: Record<string, string>) =>
  collect(
    client.submitToolOutputs(
      run,
      Object.entries(outputs).map(([callId, output]) => ({ callId, output })),
      signal,
    ),
  );

test("a run waits with its calls and goes on with their results, in several rounds", async () => {
  coze.answer = () => [
    ...say("One moment."),
    needTools(weather, clock),
    useResults((results) => say(results.map(({ name, output }) => `${name}: ${output}`).join("; "))),
    needTools(clock),
    useResults(([result]) => say(`Now ${result?.output}.`)),
  ];
  const { run, calls, events } = await wait();
  expect(events.filter(({ type }) => type === "message")).toMatchObject([{ text: "One moment." }]);
  expect(calls).toMatchObject([
    { name: "weather", arguments: '{"city":"Beijing"}' },
    { name: "clock", arguments: "{}" },
  ]);
  const [first, second] = calls;
  const then = await submit(run, { [second?.id ?? ""]: "12:00", [first?.id ?? ""]: "rain" });
  expect(then.map(({ type }) => type)).not.toContain("created");
  expect(then.filter(({ type }) => type === "message")).toMatchObject([{ text: "weather: rain; clock: 12:00" }]);
  const [third] = callsOf(then);
  expect(third).toMatchObject({ name: "clock" });
  expect(calls.map(({ id }) => id)).not.toContain(third?.id);
  const last = await submit(run, { [third?.id ?? ""]: "12:01" });
  expect(last).toMatchObject([
    ...say("Now 12:01.").map(() => ({ type: "delta" })),
    { type: "message", text: "Now 12:01." },
    { type: "completed" },
  ]);
  expect(coze.conversations).toMatchObject([{ id: run.conversationId, isRunning: false }]);
});

describe("what Coze refuses", () => {
  test.each<[string, (ids: readonly string[]) => Record<string, string>]>([
    ["no output of one of the calls", ([id = ""]) => ({ [id]: "x" })],
    ["an output of another call", ([a = "", b = ""]) => ({ [a]: "x", [b]: "y", other: "z" })],
  ])("%s: the run goes on waiting", async (_, outputsFor) => {
    coze.answer = () => [needTools(weather, clock), ...say("done")];
    const { run, calls } = await wait();
    const ids = calls.map(({ id }) => id);
    await expect(submit(run, outputsFor(ids))).rejects.toMatchObject({ code: 4000, received: false });
    const events = await submit(run, Object.fromEntries(ids.map((id) => [id, "ok"])));
    expect(events.at(-1)).toMatchObject({ type: "completed" });
  });

  test("outputs that came already", async () => {
    coze.answer = () => [needTools(clock), ...say("done")];
    const { run, calls } = await wait();
    const outputs = { [calls[0]?.id ?? ""]: "12:00" };
    await submit(run, outputs);
    await expect(submit(run, outputs)).rejects.toMatchObject({ code: 4000 });
  });

  test("another person's", async () => {
    coze.answer = () => [needTools(clock), ...say("done")];
    const { run, calls } = await wait();
    const stranger = { ...run, sessionName: "telegram:2" };
    await expect(submit(stranger, { [calls[0]?.id ?? ""]: "12:00" })).rejects.toMatchObject({
      kind: "conversation-lost",
    });
  });

  test("what a self-hosted server does not have", async () => {
    const studio = await startCozeEmulator({ dialect: "studio" });
    const run = { sessionName, conversationId: "1", chatId: "2" };
    const submitted = collect(emulatedClient(studio, "agent").submitToolOutputs(run, [], signal));
    await expect(submitted).rejects.toMatchObject({ kind: "agent-unavailable", status: 404 });
    await studio.close();
  });
});

describe("a submission that fails", () => {
  const method = "POST /v3/chat/submit_tool_outputs";
  const submitOne = async () => {
    const { run, calls } = await wait();
    return { run, events: submit(run, { [calls[0]?.id ?? ""]: "12:00" }) };
  };

  test("is repeated when it was refused for now", async () => {
    coze.answer = () => [needTools(clock), ...say("done")];
    coze.faults.add({ method, effect: cozeError(4009, "at capacity") });
    expect((await (await submitOne()).events).at(-1)).toMatchObject({ type: "completed" });
  });

  test("is not repeated when it may have arrived, and the run can be followed", async () => {
    coze.answer = () => [needTools(clock), ...say("done")];
    coze.faults.add({ method, effect: { kind: "reset", applied: true } });
    const { run, events } = await submitOne();
    await expect(events).rejects.toMatchObject({ kind: "network", uncertain: true });
    expect(coze.requests.filter(({ path }) => path.endsWith("submit_tool_outputs"))).toHaveLength(1);
    const followed = await collect(client.follow(run, signal));
    expect(followed).toMatchObject([{ type: "message", text: "done" }, { type: "completed" }]);
  });

  test("cut after its beginning, it has been received", async () => {
    coze.answer = () => [needTools(clock), ...say("half"), cut("reset")];
    const failed = vi.fn();
    client = emulatedClient(coze, "agent", undefined, { observer: { failed, succeeded: vi.fn() } });
    const { events } = await submitOne();
    await expect(events).rejects.toMatchObject({ kind: "interrupted", received: true });
    expect(failed).toHaveBeenCalledOnce();
  });

  test("a run that fails afterwards is an error", async () => {
    coze.answer = () => [needTools(clock), fail(4028, "used up")];
    const { events } = await submitOne();
    await expect(events).rejects.toMatchObject({ kind: "quota", received: true });
  });
});

test("an answer is heard after its end", async () => {
  coze.answer = () => [...say("Hello."), sound(Buffer.from("OggS one")), sound(Buffer.from("two"))];
  const events = await collect(client.ask({ sessionName, text: "hi" }, signal));
  expect(events.slice(-3)).toEqual([
    { type: "completed", tokens: expect.any(Number) },
    { type: "audio", format: "opus", data: new Uint8Array(Buffer.from("OggS one")) },
    { type: "audio", format: "opus", data: new Uint8Array(Buffer.from("two")) },
  ]);
});
