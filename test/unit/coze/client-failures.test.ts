import { getEventListeners, once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { createFixedToken } from "../../../src/coze/auth.ts";
import { type CozeClientOptions, createCozeClient } from "../../../src/coze/client.ts";
import type { CozeError } from "../../../src/coze/errors.ts";
import type { AnswerEvent } from "../../../src/coze/events.ts";
import { createManualClock, type ManualClock } from "../../support/manual-clock.ts";
import { deferred } from "./deferred.ts";
import { collect, fixture } from "./fixtures.ts";
import { beginStream, type Responder, replyJson, replyStream, startHttpServer } from "./http-server.ts";

const token = "pat_0123456789abcdef";
const question = { sessionName: "telegram:42", text: "a question nobody else may read" };
const idleTimeoutMs = 120_000;

function clientFor(base: string, clock: ManualClock = createManualClock(), options: Partial<CozeClientOptions> = {}) {
  const mode = { kind: "agent", botId: "7379" } as const;
  return createCozeClient({ base, mode, clock, tokens: createFixedToken(token), idleTimeoutMs, ...options });
}

async function failureOf(work: Promise<unknown>): Promise<CozeError> {
  return work.then(
    () => expect.unreachable("It did not fail."),
    (error: CozeError) => error,
  );
}

function ask(base: string, clock?: ManualClock): Promise<AnswerEvent[]> {
  return collect(clientFor(base, clock).ask(question, new AbortController().signal));
}

const json =
  (body: unknown, status = 200, headers = {}): Responder =>
  (_, response) =>
    replyJson(response, body, status, { "X-Tt-Logid": "log-of-header", ...headers });
const page: Responder = (_, response) => {
  response.writeHead(200, { "Content-Type": "text/html" }).end("<html>Welcome</html>");
};

describe("an answer that is no stream is an error", () => {
  const invalid = "access token invalid";
  test.each<[string, Responder, Partial<CozeError>]>([
    [
      "HTTP 200 and a code",
      json({ code: 4015, msg: "not published" }),
      { kind: "agent-unavailable", code: 4015, status: 200, message: "not published", logid: "log-of-header" },
    ],
    ["a code in a string", json({ code: "4200", msg: "missing" }), { kind: "agent-unavailable", code: 4200 }],
    [
      "HTTP 401",
      json({ code: 700012006, msg: invalid }, 401),
      { kind: "authentication", code: 700012006, status: 401, message: invalid },
    ],
    ["HTTP 401 without a body", json(undefined, 401), { kind: "authentication", code: 0, status: 401 }],
    [
      "HTTP 404 and code 4000",
      json({ code: 4000, msg: "no such path" }, 404),
      { kind: "agent-unavailable", code: 4000, status: 404 },
    ],
    [
      "HTTP 500 of coze-studio",
      json({ code: 500, msg: "internal server error" }, 500),
      { kind: "service", code: 500, status: 500 },
    ],
    [
      "HTTP 400 of coze-studio",
      json({ code: 400, msg: "bad" }, 400),
      { kind: "agent-unavailable", code: 400, status: 400 },
    ],
    [
      "a log id in detail",
      json({ code: 4028, msg: "x", detail: { logid: "of-detail" } }),
      { kind: "quota", logid: "of-detail" },
    ],
    [
      "a log id in error",
      json({ code: 4028, msg: "x", error: { logid: "of-error" } }),
      { kind: "quota", logid: "of-error" },
    ],
    ["a message without words", json({ code: 4105 }), { kind: "rejected", message: "Coze gave no reason." }],
    [
      "a run without a stream",
      json({ code: 0, data: { id: "1", status: "in_progress" } }),
      { kind: "service", received: true, message: "Coze answered without a stream." },
    ],
    [
      "a page",
      page,
      { kind: "service", status: 200, message: "HTTP 200 with an answer that is not Coze's.", received: false },
    ],
    [
      "a redirect",
      json({}, 307, { Location: "https://elsewhere.example/v3/chat?token=1" }),
      { kind: "agent-unavailable", status: 307, message: "HTTP 307: the API has moved to https://elsewhere.example." },
    ],
    [
      "a redirect on the same host",
      json({}, 302, { Location: "/login" }),
      { kind: "agent-unavailable", message: "HTTP 302: the API has moved to another path." },
    ],
  ])("%s", async (_, respond, expected) => {
    await using server = await startHttpServer(respond);
    const error = await failureOf(ask(server.base));
    expect(error).toMatchObject({ name: "CozeError", endpoint: "POST /v3/chat", ...expected });
    expect(server.requests).toHaveLength(1);
  });

  test("with an endless body is cut off", async () => {
    const hungUp = deferred();
    await using server = await startHttpServer((_, response) => {
      response.once("close", hungUp.resolve);
      response.writeHead(500, { "Content-Type": "application/json" });
      const fill = () => {
        while (!response.destroyed && response.write(`"${"x".repeat(65_536)}"`));
      };
      response.on("drain", fill);
      fill();
    });
    expect(await failureOf(ask(server.base))).toMatchObject({ kind: "service", status: 500 });
    await hungUp.promise;
  });
});

describe("a stream that does not reach its end", () => {
  const begun = fixture("agent-success").split("event:conversation.chat.completed")[0] ?? "";

  test.each<[string, (response: import("node:http").ServerResponse) => void]>([
    ["ends", (response) => response.end()],
    ["is reset", (response) => void response.socket?.resetAndDestroy()],
  ])("%s: interrupted, with all that came, and never asked again", async (_, finish) => {
    await using server = await startHttpServer((_request, response) => {
      beginStream(response).write(begun, () => finish(response));
    });
    const heard: AnswerEvent[] = [];
    const error = await failureOf(
      (async () => {
        for await (const event of clientFor(server.base).ask(question, new AbortController().signal)) heard.push(event);
      })(),
    );
    expect(error).toMatchObject({ kind: "interrupted", received: true, status: 200, logid: "log-of-stream" });
    expect(heard.at(-1)).toMatchObject({ type: "message", text: "2024 年 10 月 1 日是星期三。" });
    expect(server.requests).toHaveLength(1);
  });

  test("falls silent: interrupted after the idle timeout", async () => {
    const clock = createManualClock();
    const hungUp = deferred();
    await using server = await startHttpServer((_, response) => {
      response.once("close", hungUp.resolve);
      beginStream(response).write(begun);
    });
    const answer = clientFor(server.base, clock).ask(question, new AbortController().signal)[Symbol.asyncIterator]();
    for (let next = await answer.next(); ; next = await answer.next()) if (next.value?.type === "message") break;
    const failure = failureOf(answer.next());
    await clock.advance(idleTimeoutMs - 1);
    expect(clock.pending).toBe(1);
    await clock.advance(1);
    expect(await failure).toMatchObject({
      kind: "interrupted",
      received: true,
      message: "Nothing arrived for 120000 ms.",
    });
    await hungUp.promise;
    expect(clock.pending).toBe(0);
    expect(server.requests).toHaveLength(1);
  });
});

describe("an abort throws its reason and hangs up", () => {
  const reason = new Error("the person said stop");

  test("before the answer begins", async () => {
    const hungUp = deferred();
    await using server = await startHttpServer((_, response) => void response.once("close", hungUp.resolve));
    const abort = new AbortController();
    const failure = failureOf(collect(clientFor(server.base).ask(question, abort.signal)));
    await server.received(1);
    abort.abort(reason);
    expect(await failure).toBe(reason);
    await hungUp.promise;
  });

  test("while the answer comes, also when nobody is reading", async () => {
    const hungUp = deferred();
    await using server = await startHttpServer((_, response) => {
      response.once("close", hungUp.resolve);
      beginStream(response).write(fixture("agent-success").slice(0, 1200));
    });
    const abort = new AbortController();
    const answer = clientFor(server.base).ask(question, abort.signal)[Symbol.asyncIterator]();
    await answer.next();
    abort.abort(reason);
    await hungUp.promise;
    expect(await failureOf(collect({ [Symbol.asyncIterator]: () => answer }))).toBe(reason);
  });

  test("while it waits to repeat a call", async () => {
    const clock = createManualClock();
    await using server = await startHttpServer(json({ code: 4016, msg: "busy" }));
    const abort = new AbortController();
    const logger = { warn: () => void setImmediate(() => abort.abort(reason)) };
    const client = clientFor(server.base, clock, { logger });
    expect(await failureOf(collect(client.ask(question, abort.signal)))).toBe(reason);
    expect(server.requests).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });

  test("before anything", async () => {
    await using server = await startHttpServer(json({}));
    expect(await failureOf(collect(clientFor(server.base).ask(question, AbortSignal.abort(reason))))).toBe(reason);
    expect(server.requests).toHaveLength(0);
  });
});

test("a consumer that leaves early hangs up", async () => {
  const hungUp = deferred();
  await using server = await startHttpServer((_, response) => {
    response.once("close", hungUp.resolve);
    beginStream(response).write(fixture("agent-success").slice(0, 1200));
  });
  for await (const event of clientFor(server.base).ask(question, new AbortController().signal)) {
    expect(event.type).toBe("created");
    break;
  }
  await hungUp.promise;
});

test("nothing stays attached to the signal", async () => {
  await using server = await startHttpServer((_, response, position) =>
    position === 0 ? replyJson(response, { code: 4013, msg: "no" }) : replyStream(response, fixture("agent-success")),
  );
  const clock = createManualClock();
  const { signal } = new AbortController();
  await clock.moveUntil(collect(clientFor(server.base, clock).ask(question, signal)));
  await clientFor(server.base, clock)
    .identifyAgent(signal)
    .catch(() => undefined);
  expect(getEventListeners(signal, "abort")).toEqual([]);
});

test("an answer that comes byte by byte is whole", async () => {
  await using server = await startHttpServer(async (_, response) => {
    beginStream(response);
    for (const byte of Buffer.from(fixture("agent-success"))) {
      await new Promise<void>((sent) => response.write(Uint8Array.of(byte), () => sent()));
    }
    response.end();
  });
  expect(await ask(server.base)).toContainEqual({
    type: "message",
    messageId: "7382159494123470858",
    text: "2024 年 10 月 1 日是星期三。",
  });
});

describe("no error shows the token or the question", () => {
  const quoting: Responder = ({ headers }, response) => replyJson(response, { code: 4101, msg: headers.authorization });
  const reset: Responder = (_, response) => void response.socket?.resetAndDestroy();
  const quotingStream: Responder = ({ headers }, response) =>
    replyStream(response, `event:error\ndata:${JSON.stringify({ code: 1, msg: headers.authorization })}\n\n`);

  test.each<[string, Responder, string]>([
    ["quoted in JSON", quoting, "Bearer [token]"],
    ["quoted in a stream", quotingStream, "Bearer [token]"],
    ["reset", reset, "No connection"],
  ])("%s", async (_, respond, message) => {
    const clock = createManualClock();
    await using server = await startHttpServer(respond);
    const error = await clock.moveUntil(failureOf(ask(server.base, clock)));
    const shown = inspect(error, { depth: null, showHidden: true }) + JSON.stringify(error);
    expect(shown).toContain(message);
    expect(shown).not.toContain(token);
    expect(shown).not.toContain(question.text);
  });

  test.each(["pat_line\nbreak", "pat_…", "", "pat blank"])("a token that no header can carry: %j", async (bad) => {
    const client = clientFor("http://127.0.0.1:1", createManualClock(), { tokens: createFixedToken(bad) });
    const error = await failureOf(client.identifyAgent(new AbortController().signal));
    expect(error).toMatchObject({
      kind: "authentication",
      message: "The access token holds a character that no token has.",
    });
  });
});

test("a server that is no HTTP server is a network error", async () => {
  const server = createServer((socket) => socket.end("SSH-2.0-OpenSSH_9.6\r\n"));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const clock = createManualClock();
  const error = await clock.moveUntil(
    failureOf(ask(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, clock)),
  );
  expect(error).toMatchObject({ kind: "network", endpoint: "POST /v3/chat" });
  server.close();
});
