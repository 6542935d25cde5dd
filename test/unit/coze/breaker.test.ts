import { beforeEach, describe, expect, test } from "vitest";
import type { Question } from "../../../src/coze/agent.ts";
import { createFixedToken } from "../../../src/coze/auth.ts";
import { type GuardedAgent, withBreaker } from "../../../src/coze/breaker.ts";
import { createCozeClient } from "../../../src/coze/client.ts";
import { CozeError } from "../../../src/coze/errors.ts";
import { createManualClock, type ManualClock } from "../../support/manual-clock.ts";
import { collect, fixture } from "./fixtures.ts";
import {
  beginStream,
  type HttpServer,
  type Responder,
  replyJson,
  replyStream,
  startHttpServer,
} from "./http-server.ts";

const question: Question = { sessionName: "telegram:1", text: "hi" };
const began = Date.UTC(2025, 0, 15, 12);

const answering: Responder = (_, response) => replyStream(response, fixture("agent-success"));
const failing: Responder = (_, response) => void response.writeHead(500).end("<html>");

let respond: Responder;
let clock: ManualClock;
let agent: GuardedAgent;
let logged: { readonly level: string; readonly fields: object; readonly message: string }[];

beforeEach(() => {
  respond = failing;
  clock = createManualClock(began);
  logged = [];
});

function guard(server: HttpServer): void {
  const log = (level: string) => (fields: object, message: string) => void logged.push({ level, fields, message });
  const tokens = createFixedToken("pat_1");
  const mode = { kind: "agent", botId: "7379" } as const;
  const client = createCozeClient({ base: server.base, mode, clock, tokens, idleTimeoutMs: 120_000 });
  agent = withBreaker(client, { clock, logger: { info: log("info"), warn: log("warn") } });
}

const start = () => startHttpServer((...call) => respond(...call));

/** What became of a question: `completed`, or the error it failed with. */
async function ask(signal = new AbortController().signal): Promise<unknown> {
  return collect(agent.ask(question, signal)).then(
    (events) => events.at(-1)?.type,
    (error: unknown) => error,
  );
}

async function askTimes(times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) await ask();
}

test("five failures in a row open it: questions fail at once, and say since when", async () => {
  await using server = await start();
  guard(server);
  await askTimes(4);
  expect(agent.isOpen).toBe(false);
  await clock.advance(60_000);
  await ask();
  expect(agent.isOpen).toBe(true);
  expect(await ask()).toMatchObject({
    name: "CozeError",
    kind: "service",
    status: 500,
    endpoint: "POST /v3/chat",
    received: false,
    message:
      "Not asked, because Coze has failed 5 times in a row since 2025-01-15T12:00:00.000Z: " +
      "HTTP 500 with an answer that is not Coze's.",
  });
  expect(server.requests).toHaveLength(5);
  expect(logged).toMatchObject([{ level: "warn", fields: { failures: 5, err: { status: 500 } } }]);
});

test("after half a minute one question is let through, and its answer closes it", async () => {
  await using server = await start();
  guard(server);
  await askTimes(5);
  await clock.advance(29_999);
  expect(agent.isOpen).toBe(true);
  await clock.advance(1);
  expect(agent.isOpen).toBe(false);
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  respond = async (_, response) => {
    const stream = beginStream(response);
    await held;
    stream.end(fixture("agent-success"));
  };
  const probe = ask();
  await server.received(6);
  expect(agent.isOpen).toBe(true);
  expect(await ask()).toMatchObject({ name: "CozeError" });
  release();
  expect(await probe).toBe("completed");
  expect(agent.isOpen).toBe(false);
  expect(await ask()).toBe("completed");
  expect(server.requests).toHaveLength(7);
  expect(logged.map(({ level }) => level)).toEqual(["warn", "info"]);
});

test("a probe that fails opens it for twice as long, for five minutes at most, and says nothing more", async () => {
  await using server = await start();
  guard(server);
  await askTimes(5);
  for (const seconds of [30, 60, 120, 240, 300, 300]) {
    await clock.advance(seconds * 1000 - 1);
    expect(agent.isOpen).toBe(true);
    await clock.advance(1);
    expect(agent.isOpen).toBe(false);
    await ask();
  }
  expect(server.requests).toHaveLength(11);
  expect(logged).toHaveLength(1);
  await clock.advance(300_000);
  respond = answering;
  await ask();
  respond = failing;
  await askTimes(5);
  await clock.advance(30_000);
  expect(agent.isOpen).toBe(false);
});

test.each<[string, Responder]>([
  ["an answer", answering],
  ["a refusal", (_, response) => replyJson(response, { code: 4015, msg: "not published" })],
])("failures that are not in a row leave it closed: %s between", async (_, between) => {
  await using server = await start();
  guard(server);
  await askTimes(4);
  respond = between;
  await ask();
  respond = failing;
  await askTimes(4);
  expect(agent.isOpen).toBe(false);
  await ask();
  expect(agent.isOpen).toBe(true);
});

describe("what counts", () => {
  const reset: Responder = (_, response) => void response.socket?.resetAndDestroy();
  const empty: Responder = (_, response) => replyStream(response, "");
  const cut: Responder = (_, response) => replyStream(response, fixture("agent-success").slice(0, 900));
  const code =
    (value: number, status = 200): Responder =>
    (_, response) =>
      replyJson(response, { code: value, msg: "no" }, status);

  test.each<[string, Responder, boolean]>([
    ["no connection", reset, true],
    ["a stream without an event", empty, true],
    ["HTTP 503", (_, response) => void response.writeHead(503).end(), true],
    ["Coze's own failure, with HTTP 500", code(5000, 500), true],
    ["Coze's own failure, with HTTP 200", code(5000), false],
    ["a stream that breaks off", cut, false],
    ["a refusal", code(4015), false],
    ["too many requests", code(4020, 429), false],
    ["a failed run", (_, response) => replyStream(response, fixture("agent-failed")), false],
  ])("%s", async (_, failure, opens) => {
    await using server = await start();
    guard(server);
    respond = failure;
    await clock.moveUntil(askTimes(5), 5000);
    expect(agent.isOpen).toBe(opens);
  });

  test("an answer that is not waited for counts as neither, nor does it hold the probe", async () => {
    await using server = await start();
    guard(server);
    await askTimes(5);
    await clock.advance(30_000);
    respond = () => undefined;
    const abort = new AbortController();
    const reason = new CozeError("The turn took too long.", { kind: "network", endpoint: "POST /v3/chat" });
    const probe = ask(abort.signal);
    await server.received(6);
    abort.abort(reason);
    expect(await probe).toBe(reason);
    expect(agent.isOpen).toBe(false);
    respond = answering;
    expect(await ask()).toBe("completed");
  });

  test("of questions that were asked before it opened: not that they fail too", async () => {
    await using server = await start();
    guard(server);
    await Promise.all(Array.from({ length: 8 }, () => ask()));
    expect(server.requests).toHaveLength(8);
    await clock.advance(30_000);
    expect(agent.isOpen).toBe(false);
    expect(logged).toMatchObject([{ fields: { failures: 5 } }]);
  });

  test("of questions that were asked before it opened: that Coze answers", async () => {
    await using server = await start();
    guard(server);
    let release: () => void = () => undefined;
    respond = (...call) => {
      release = () => answering(...call);
    };
    const early = ask();
    await server.received(1);
    respond = failing;
    await askTimes(5);
    expect(agent.isOpen).toBe(true);
    release();
    expect(await early).toBe("completed");
    expect(agent.isOpen).toBe(false);
  });
});
