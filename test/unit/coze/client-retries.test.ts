import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import type { Clock } from "../../../src/clock.ts";
import { createFixedToken, type TokenSource } from "../../../src/coze/auth.ts";
import { createCozeClient } from "../../../src/coze/client.ts";
import type { AnswerEvent } from "../../../src/coze/events.ts";
import { createManualClock, type ManualClock } from "../../support/manual-clock.ts";
import { deferred } from "./deferred.ts";
import { collect, fixture } from "./fixtures.ts";
import { beginStream, replyJson, replyStream, startHttpServer } from "./http-server.ts";

const question = { sessionName: "telegram:42", text: "hi" };
/** Beyond the horizon of the clock's `moveUntil`. */
const idleTimeoutMs = 120_000;

type Attempt = (response: ServerResponse) => void;

const code =
  (value: number | string, status = 200): Attempt =>
  (response) =>
    replyJson(response, { code: value, msg: "no" }, status);
const status =
  (value: number): Attempt =>
  (response) =>
    void response.writeHead(value).end("<html>");
const reset: Attempt = (response) => void response.socket?.resetAndDestroy();
const stream =
  (body: string): Attempt =>
  (response) =>
    replyStream(response, body);
const event = (name: string, data: unknown) => stream(`event:${name}\ndata:${JSON.stringify(data)}\n\n`);
const answer = stream(fixture("agent-success"));

interface Outcome {
  readonly error?: unknown;
  readonly events?: readonly AnswerEvent[];
  /** When each request came, in milliseconds after the first. */
  readonly at: readonly number[];
}

/** Asks a server that does these things in turn, the last one forever, and lets every wait pass. */
async function ask(attempts: readonly Attempt[], tokens: TokenSource = createFixedToken("pat_1")): Promise<Outcome> {
  const clock = createManualClock();
  const arrivals: number[] = [];
  await using server = await startHttpServer((_, response, position) => {
    arrivals.push(clock.now());
    attempts[Math.min(position, attempts.length - 1)]?.(response);
  });
  const outcome = await clock.moveUntil(outcomeOf(askAt(server.base, clock, tokens)));
  expect(clock.pending).toBe(0);
  return { ...outcome, at: arrivals.map((time) => time - (arrivals[0] ?? 0)) };
}

function askAt(base: string, clock: Clock, tokens: TokenSource): Promise<AnswerEvent[]> {
  const mode = { kind: "agent", botId: "7379" } as const;
  const client = createCozeClient({ base, mode, clock, tokens, idleTimeoutMs });
  return collect(client.ask(question, new AbortController().signal));
}

async function outcomeOf(events: Promise<AnswerEvent[]>): Promise<{ events: AnswerEvent[] } | { error: unknown }> {
  return events.then(
    (answer) => ({ events: answer }),
    (error: unknown) => ({ error }),
  );
}

describe("a failure before the first event is repeated as often as it is safe", () => {
  test.each<[string, Attempt, number]>([
    ["at capacity", code(4009), 4],
    ["model failure, code in a string", code("4013"), 4],
    ["too many requests a minute", code(4020), 4],
    ["internal error", code(5000), 3],
    ["HTTP 429", status(429), 4],
    ["HTTP 502", status(502), 4],
    ["HTTP 503", status(503), 4],
    ["HTTP 504", status(504), 4],
    ["a connection reset after sending", reset, 1],
    ["a stream that ends before its first event", stream(": ping\n\n"), 1],
    ["a refusal told in the stream", event("error", { code: 4020, msg: "no" }), 4],
    ["HTTP 500", status(500), 1],
    ["a bad parameter", code(4000), 1],
    ["a lost conversation", code(4002), 1],
    ["the daily limit", code(4008), 1],
    ["an unpublished agent", code(4015), 1],
    ["a failure of a flow's node", code(720702023), 1],
    ["a refused token that can't be renewed", code(4101), 1],
    ["a run without a stream", code(0), 1],
    [
      "a failed run",
      event("conversation.chat.failed", { id: "1", conversation_id: "2", last_error: { code: 4013, msg: "no" } }),
      1,
    ],
    ["a service failure told in the stream", event("error", { code: 5000, msg: "no" }), 1],
    ["a model failure told in the stream", event("error", { code: "4013", msg: "no" }), 1],
    ["a stream cut after its first event", stream(fixture("agent-success").slice(0, 900)), 1],
  ])("%s", async (what, failure, requests) => {
    const failed = await ask([failure]);
    expect(failed.error).toMatchObject({ name: "CozeError" });
    expect(failed.at).toHaveLength(requests);
    const mayHaveArrived = failure === reset || /before its first event/.test(what);
    expect(failed.error).toMatchObject({ uncertain: mayHaveArrived });
    if (requests === 1) return;
    const recovered = await ask([failure, answer]);
    expect(recovered.events?.at(-1)).toMatchObject({ type: "completed" });
    expect(recovered.at).toHaveLength(2);
  });

  test("with pauses that grow", async () => {
    const { at } = await ask([code(4009)]);
    const pauses = at.slice(1).map((time, index) => time - (at[index] ?? 0));
    expect(pauses).toHaveLength(3);
    for (const [index, longest] of [500, 1000, 2000].entries()) {
      expect(pauses[index]).toBeGreaterThanOrEqual(longest / 2);
      expect(pauses[index]).toBeLessThanOrEqual(longest);
    }
  });

  test("with one count for failures of all kinds", async () => {
    expect((await ask([status(503), reset, answer])).at).toHaveLength(2);
    expect((await ask([status(503), status(503), code(5000), answer])).at).toHaveLength(3);
  });
});

describe("a busy conversation", () => {
  test("is waited for", async () => {
    const { at, events } = await ask([code(4016), code("4016"), answer]);
    expect(at).toEqual([0, 2000, 5000]);
    expect(events?.at(-1)).toMatchObject({ type: "completed" });
  });

  test("is waited for two minutes, less and less often", async () => {
    const { at, error } = await ask([code(4016)]);
    expect(error).toMatchObject({ kind: "busy", code: 4016 });
    expect(at.slice(0, 6)).toEqual([0, 2000, 5000, 9000, 14_000, 19_000]);
    expect(at.at(-1)).toBe(119_000);
  });
});

test("a refused connection is tried again", async () => {
  const closed = createServer();
  closed.listen(0, "127.0.0.1");
  await once(closed, "listening");
  const { port } = closed.address() as AddressInfo;
  closed.close();
  await once(closed, "close");
  const clock = createManualClock();
  const began = clock.now();
  const outcome = await clock.moveUntil(outcomeOf(askAt(`http://127.0.0.1:${port}`, clock, createFixedToken("pat_1"))));
  expect(outcome).toMatchObject({ error: { kind: "network", message: "No connection: ECONNREFUSED." } });
  // Three pauses of half a second, one second, two seconds, each at least half as long.
  expect(clock.now() - began).toBeGreaterThanOrEqual(1750);
});

test.each<[string, Attempt, number, object]>([
  ["no answer begins", () => undefined, 1, { kind: "network", message: "No answer within 120000 ms." }],
  ["no event comes", (response) => void beginStream(response), 2, { kind: "interrupted" }],
])("a silence in which %s is not repeated, for the question may have arrived", async (_, silence, timers, expected) => {
  const clock = createManualClock();
  const watched = watchTimers(clock);
  await using server = await startHttpServer((_request, response) => silence(response));
  const outcome = outcomeOf(askAt(server.base, watched.clock, createFixedToken("pat_1")));
  await watched.idleTimersSet(timers);
  await clock.advance(idleTimeoutMs);
  expect(await outcome).toMatchObject({ error: { ...expected, received: false, uncertain: true } });
  expect(server.requests).toHaveLength(1);
  expect(clock.pending).toBe(0);
});

/** Tells when idle timeouts are set: one for the head of an answer, one for each wait for its body. */
function watchTimers(clock: ManualClock) {
  let set = 0;
  let onSet = deferred();
  const after: Clock["after"] = (delayMs, callback) => {
    if (delayMs === idleTimeoutMs) {
      set += 1;
      onSet.resolve();
      onSet = deferred();
    }
    return clock.after(delayMs, callback);
  };
  return {
    clock: { now: clock.now, after },
    async idleTimersSet(count: number) {
      while (set < count) await onSet.promise;
    },
  };
}

describe("a refused token", () => {
  /** `t1`, `t2`, …: a new one after each drop. */
  function renewable(): TokenSource & { readonly dropped: readonly string[] } {
    const dropped: string[] = [];
    return {
      dropped,
      token: async () => `t${dropped.length + 1}`,
      drop: (_, token) => void dropped.push(token),
    };
  }

  test.each<[string, Attempt]>([
    ["HTTP 401", code(700012006, 401)],
    ["HTTP 401 without a code", status(401)],
    ["HTTP 200, 4101", code(4101)],
    ["HTTP 401, 4100 in a string", code("4100", 401)],
    ["HTTP 200, 700012006 of coze-studio", code(700012006)],
    ["event error", event("error", { code: 4100, msg: "no" })],
    ["a bare failed event", event("conversation.chat.failed", { code: "700012006", msg: "no" })],
  ])("is dropped, and the question asked once more with a new one: %s", async (_, refused) => {
    const tokens = renewable();
    const { events, at } = await ask([refused, answer], tokens);
    expect(events?.at(-1)).toMatchObject({ type: "completed" });
    expect(tokens.dropped).toEqual(["t1"]);
    expect(at).toEqual([0, 0]);

    const stubborn = renewable();
    const failed = await ask([refused], stubborn);
    expect(failed.error).toMatchObject({ kind: "authentication" });
    expect(failed.at).toHaveLength(2);
    expect(stubborn.dropped).toEqual(["t1"]);
  });

  test("is not one of a run that has begun", async () => {
    const tokens = renewable();
    const begun = fixture("agent-success")
      .slice(0, 900)
      .replace(/\n[^\n]*$/, "\n\n");
    const { error } = await ask([stream(`${begun}event:error\ndata:{"code":4100,"msg":"no"}\n\n`)], tokens);
    expect(error).toMatchObject({ kind: "authentication", received: true });
    expect(tokens.dropped).toEqual([]);
  });

  test("leaves what may be repeated as it was", async () => {
    const { at } = await ask([status(503), code(4101), status(503), answer], renewable());
    expect(at).toHaveLength(4);
  });
});

test("every repetition is logged with what failed", async () => {
  const logged: object[] = [];
  const clock = createManualClock();
  await using server = await startHttpServer((_, response, position) =>
    position === 0 ? replyJson(response, { code: 4013, msg: "no", detail: { logid: "L1" } }) : answer(response),
  );
  const client = createCozeClient({
    base: server.base,
    mode: { kind: "agent", botId: "7379" },
    clock,
    tokens: createFixedToken("pat_1"),
    idleTimeoutMs,
    logger: { warn: (fields) => void logged.push(fields) },
  });
  await clock.moveUntil(collect(client.ask(question, new AbortController().signal)));
  expect(logged).toMatchObject([{ err: { code: 4013, logid: "L1" }, retryInMs: expect.any(Number) }]);
});
