import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Run } from "../../../src/coze/agent.ts";
import type { CozeClient } from "../../../src/coze/client.ts";
import { CozeError } from "../../../src/coze/errors.ts";
import type { AnswerEvent } from "../../../src/coze/events.ts";
import {
  type CozeEmulator,
  complete,
  cozeError,
  cut,
  fail,
  followUp,
  gate,
  interrupt,
  needTools,
  pauseFor,
  say,
  startCozeEmulator,
  think,
  toolCall,
} from "../../../src/playground/coze/index.ts";
import { createManualClock, type ManualClock } from "../../support/manual-clock.ts";
import { emulatedClient, type Kind, worlds } from "./emulated-client.ts";
import { collect } from "./fixtures.ts";

/** Longer than any wait of the client, shorter than its limit for an answer. */
const HORIZON_MS = 6000;
const never = new Promise<never>(() => undefined);

let clock: ManualClock;
let coze: CozeEmulator;
let client: CozeClient;

async function start(kind: Kind, options: Parameters<typeof startCozeEmulator>[0] = {}): Promise<void> {
  clock = createManualClock();
  coze = await startCozeEmulator({ clock, ...options });
  client = emulatedClient(coze, kind, clock);
}
afterEach(() => coze.close());

/** Asks, and loses the stream at once; the run goes on when time does. */
async function lose(): Promise<Run> {
  let run: Run | undefined;
  const asked = (async () => {
    for await (const event of client.ask({ sessionName: "telegram:1", text: "hi" }, new AbortController().signal)) {
      if (event.type === "created") run = { sessionName: "telegram:1", ...event };
    }
  })();
  await expect(asked).rejects.toMatchObject({ kind: "interrupted", received: true });
  if (!run) throw new Error("No run was created.");
  return run;
}

/** Follows to the end, and lets every wait pass. */
function follow(run: Run, signal = new AbortController().signal): Promise<AnswerEvent[]> {
  return clock.moveUntil(collect(client.follow(run, signal)), HORIZON_MS);
}

function pathsAsked(): readonly string[] {
  return coze.requests.map(({ method, path }) => `${method} ${path}`);
}

describe.each(worlds)("a run whose stream is lost is followed to its end: $dialect, $kind", ({ dialect, kind }) => {
  const isAgent = kind === "agent";
  beforeEach(() => start(kind, { dialect }));

  test.each([
    ["a clean end", cut("end")],
    ["a clean end within a line", cut("end", { midLine: true })],
    ["a reset", cut("reset")],
    ["a reset within a line", cut("reset", { midLine: true })],
  ])("cut by %s", async (_, step) => {
    coze.answer = () => [...say("Half "), step, pauseFor(3000), ...say("and the other.")];
    const run = await lose();
    expect(await follow(run)).toEqual([
      { type: "message", messageId: expect.any(String), text: "Half and the other." },
      expect.objectContaining({ type: "completed" }),
    ]);
    expect(clock.pending).toBe(0);
  });

  test("cut before the first text", async () => {
    coze.answer = () => [cut("end"), pauseFor(1500), ...say("Late.")];
    expect(await follow(await lose())).toMatchObject([{ text: "Late." }, { type: "completed" }]);
  });

  test("that fell silent for too long", async () => {
    coze.answer = () => [...say("Half "), pauseFor(150_000), ...say("and the other.")];
    const asked = collect(client.ask({ sessionName: "telegram:1", text: "hi" }, new AbortController().signal));
    const failed = asked.catch((error: unknown) => error);
    await coze.until("the pause", () => clock.pending > 1);
    await clock.advance(120_000);
    expect(await failed).toMatchObject({ kind: "interrupted", received: true });
    const [conversation] = coze.conversations;
    const chatId = conversation?.messages[0]?.chatId ?? "";
    const run = { sessionName: "telegram:1", conversationId: conversation?.id ?? "", chatId };
    expect(await follow(run)).toMatchObject([{ text: "Half and the other." }, { type: "completed" }]);
  });

  test("in the order in which it was said, with all that is listed", async () => {
    coze.answer = () => [
      cut(),
      ...toolCall("search", { q: "duck" }, "{}"),
      think("Hm."),
      ...say("First."),
      complete(),
      ...say("Second."),
      pauseFor(1200),
      complete(),
      ...say("Third."),
      followUp("More?"),
    ];
    const events = await follow(await lose());
    const answers = events.filter(({ type }) => type === "message");
    expect(answers).toMatchObject([{ text: "First." }, { text: "Second." }, { text: "Third." }]);
    // coze-studio lists questions and answers of a flow, and nothing else.
    const around = dialect === "studio" && !isAgent ? ["reasoning"] : ["tool", "reasoning", "follow-up"];
    const others = events.map(({ type }) => type).filter((type) => type !== "message" && type !== "completed");
    expect(others).toEqual(around);
    expect(events.at(-1)?.type).toBe("completed");
  });

  test("for as long as it takes, or until it is given up", async () => {
    coze.answer = () => [...say("Begun"), cut(), gate(never)];
    const run = await lose();
    const abort = new AbortController();
    const reason = new CozeError("The turn took too long.", { kind: "interrupted", endpoint: "POST /v3/chat" });
    clock.after(30_000, () => abort.abort(reason));
    await expect(follow(run, abort.signal)).rejects.toBe(reason);
    expect(clock.pending).toBe(0);
  });
});

describe.each(worlds.filter(({ dialect }) => dialect === "hosted"))("how a run ended is told: $kind", ({ kind }) => {
  beforeEach(() => start(kind));

  test.each([
    ["announced", true],
    ["unannounced", false],
  ])("it waits for the person, %s", async (_, announced) => {
    coze.answer = () => [cut(), interrupt("Where to?", { announced })];
    const events = await follow(await lose());
    expect(events).toMatchObject([{ text: "Where to?" }, { type: "waiting", for: "reply" }]);
  });
});

describe("an agent's run", () => {
  beforeEach(() => start("agent"));

  test("is asked for at once, and then every second", async () => {
    coze.answer = () => [cut(), pauseFor(2500), ...say("Done.")];
    const run = await lose();
    const began = clock.now();
    await follow(run);
    const polls = coze.requests.filter(({ path }) => path === "/v3/chat/retrieve");
    expect(polls.map(({ at }) => at - began)).toEqual([0, 1000, 2000, 3000]);
    expect(pathsAsked().at(-1)).toBe("GET /v3/chat/message/list");
  });

  test("tells its usage", async () => {
    coze.answer = () => [cut(), ...say("Done.")];
    expect((await follow(await lose())).at(-1)).toEqual({ type: "completed", tokens: 7 });
  });

  test("waits for tools", async () => {
    coze.answer = () => [cut(), needTools({ name: "clock", arguments: {} })];
    expect(await follow(await lose())).toEqual([
      { type: "waiting", for: "tools", calls: [{ id: expect.any(String), name: "clock", arguments: "{}" }] },
    ]);
  });

  test("is cancelled", async () => {
    coze.answer = () => [...say("Begun"), complete(), cut(), gate(never)];
    const run = await lose();
    await client.cancel(run, new AbortController().signal);
    expect(await follow(run)).toMatchObject([{ text: "Begun" }, { type: "cancelled" }]);
  });

  test("fails as its stream would have", async () => {
    coze.answer = () => [...say("x"), cut(), fail(4028, "Your free quota has been used up")];
    await expect(follow(await lose())).rejects.toMatchObject({
      kind: "quota",
      code: 4028,
      message: "Your free quota has been used up",
      received: true,
      logid: expect.any(String),
    });
  });

  test.each<[string, Partial<Run>, number]>([
    ["unknown", { chatId: "7000000000000000001" }, 4001],
    ["in an unknown conversation", { conversationId: "7000000000000000001" }, 4002],
    ["another identity's", { sessionName: "telegram:2" }, 4002],
  ])("that is %s can't be followed", async (_, change, code) => {
    coze.answer = () => [cut()];
    const run = await lose();
    const error = { kind: "interrupted", received: true, code, endpoint: "GET /v3/chat/retrieve" };
    await expect(follow({ ...run, ...change })).rejects.toMatchObject(error);
  });
});

describe("while Coze can't be reached", () => {
  beforeEach(async () => {
    await start("agent");
    coze.answer = () => [cut(), ...say("Done.")];
  });
  const method = "GET /v3/chat/retrieve";

  test.each([
    ["connections are reset", { kind: "reset", applied: false } as const],
    ["a gateway answers", { kind: "reply", status: 502, body: "<html>" } as const],
    ["too many ask", cozeError(4020, "slow down", 429)],
  ])("it is asked again for twenty seconds: %s", async (_, effect) => {
    const run = await lose();
    const stop = coze.faults.add({ method, times: Number.POSITIVE_INFINITY, effect });
    const began = clock.now();
    await expect(follow(run)).rejects.toMatchObject({ kind: "interrupted", received: true });
    expect(clock.now() - began).toBeGreaterThan(15_000);
    expect(clock.now() - began).toBeLessThanOrEqual(30_000);
    stop();
    coze.faults.add({ method, times: 6, effect });
    expect(await follow(run)).toMatchObject([{ text: "Done." }, { type: "completed" }]);
  });

  test("no answer is waited for longer than ten seconds", async () => {
    const run = await lose();
    coze.faults.add({ method, times: 1, effect: { kind: "hang", applied: false } });
    const began = clock.now();
    // Beyond ten seconds, so that the limit passes as soon as it is set; the emulator hangs for good anyway.
    const events = await clock.moveUntil(collect(client.follow(run, new AbortController().signal)), 10_000);
    expect(events).toMatchObject([{ text: "Done." }, { type: "completed" }]);
    expect(clock.now() - began).toBeLessThanOrEqual(13_000);
  });
});

describe("a flow's run", () => {
  test("is told by its messages where its status is not known, which is asked for once", async () => {
    await start("chatflow-app");
    coze.answer = () => [cut(), ...say("Done.")];
    await follow(await lose());
    await follow(await lose());
    expect(pathsAsked().filter((path) => path === "GET /v3/chat/retrieve")).toHaveLength(1);
  });

  test("is told by its status where that is known", async () => {
    await start("chatflow-app", { retrievesFlowChats: true });
    coze.answer = () => [cut(), ...say("Begun"), complete(), pauseFor(20_000), fail(720_701_002, "node failed")];
    await expect(follow(await lose())).rejects.toMatchObject({ kind: "service", code: 720_701_002, received: true });
  });

  test("is not taken for complete between two answers, where they are marked", async () => {
    await start("chatflow-app");
    coze.answer = () => [cut(), ...say("First."), complete(), pauseFor(4000), ...say("Second.")];
    expect(await follow(await lose())).toMatchObject([{ text: "First." }, { text: "Second." }, { type: "completed" }]);
  });

  test("with more messages than a page holds is whole", async () => {
    await start("chatflow-bot");
    const texts = Array.from({ length: 120 }, (_, index) => `Part ${index}.`);
    coze.answer = () => [cut(), ...texts.map((text) => complete(text))];
    const events = await follow(await lose());
    expect(events.flatMap((event) => (event.type === "message" ? [event.text] : []))).toEqual(texts);
  });

  test("in a conversation that is gone can't be followed", async () => {
    await start("chatflow-app");
    const run = { sessionName: "telegram:1", conversationId: "7000000000000000001", chatId: "7000000000000000002" };
    await expect(follow(run)).rejects.toMatchObject({ kind: "interrupted", received: true, code: 4200 });
  });
});
