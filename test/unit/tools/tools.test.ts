import { describe, expect, onTestFinished, test } from "vitest";
import type { ToolCall } from "../../../src/coze/events.ts";
import { createLogger } from "../../../src/logger.ts";
import type { DeclaredTool } from "../../../src/tools/declared-tool.ts";
import { createTools } from "../../../src/tools/tools.ts";
import { closedGate } from "../../support/gate.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import { unusedAddress } from "../../support/unused-address.ts";
import { type HttpServer, type Responder, startHttpServer } from "../coze/http-server.ts";

const secret = "a secret of no known shape";

function toolAt(url: string, changes: Partial<DeclaredTool> = {}): DeclaredTool {
  return { url, method: "POST", headers: { authorization: secret }, timeoutMs: 10_000, ...changes };
}

function call(name: string, text = '{"city":"Paris"}', id = `call_${name}`): ToolCall {
  return { id, name, arguments: text };
}

async function serve(respond: Responder): Promise<HttpServer> {
  const server = await startHttpServer(respond);
  onTestFinished(() => server[Symbol.asyncDispose]());
  return server;
}

/** Tools by name, with what they log and a clock of their own. */
function toolBox(tools: Readonly<Record<string, DeclaredTool>>) {
  const clock = createManualClock();
  const lines: string[] = [];
  const logger = createLogger("trace", { write: (line) => void lines.push(line) });
  const box = createTools(new Map(Object.entries(tools)), { logger, clock });
  const never = new AbortController().signal;
  const run = (calls: readonly ToolCall[], signal = never) => box.run(calls, "7001", signal);
  const outputOf = async (one: ToolCall) => (await run([one]))[0]?.output;
  return { run, outputOf, clock, lines };
}

describe("a call of a tool", () => {
  test("brings the arguments as the model wrote them, the declared headers and a key for repetitions", async () => {
    const server = await serve((_, response) => response.end('{"sky":"grey"}'));
    const { run, lines } = toolBox({ weather: toolAt(`${server.base}/weather?units=metric`) });
    const written = '{ "city": "Paris",  "station": 7379462189365198898 }';
    expect(await run([call("weather", written)])).toEqual([{ callId: "call_weather", output: '{"sky":"grey"}' }]);
    expect(server.requests).toMatchObject([
      {
        ...{ method: "POST", path: "/weather", query: { units: "metric" } },
        headers: {
          "content-length": String(written.length),
          "content-type": "application/json",
          "idempotency-key": "7001-call_weather",
          authorization: secret,
        },
        body: { city: "Paris" },
      },
    ]);
    expect(lines).toHaveLength(1);
    expect(lines.join()).toMatch(/"level":"debug".*"tool":"weather"/);
    expect(lines.join()).not.toMatch(/Paris|grey|no known shape|127\.0\.0\.1/);
  });

  test("by GET brings them in the query, where what the operator wrote stays", async () => {
    const server = await serve((_, response) => response.end("ok"));
    const { outputOf } = toolBox({ find: toolAt(`${server.base}/find?limit=5`, { method: "GET" }) });
    const written = '{"q":"tea & 茶","limit":9000,"near":{"x":1.5},"tags":["a"],"exact":true,"sort":null}';
    expect(await outputOf(call("find", written))).toBe("ok");
    expect(server.requests).toMatchObject([
      {
        ...{ method: "GET", path: "/find", body: undefined },
        query: { q: "tea & 茶", limit: "5", near: '{"x":1.5}', tags: '["a"]', exact: "true" },
      },
    ]);
    expect(server.requests[0]?.query).not.toHaveProperty("sort");
  });

  test("that needs no arguments may come with none", async () => {
    const server = await serve((_, response) => response.end("12:00"));
    const { outputOf } = toolBox({ clock: toolAt(server.base) });
    expect(await outputOf(call("clock", ""))).toBe("12:00");
    expect(server.requests[0]?.body).toEqual({});
  });

  test("has an output also when the answer is empty", async () => {
    const server = await serve((_, response) => response.writeHead(204).end());
    const { outputOf } = toolBox({ door: toolAt(server.base) });
    expect(await outputOf(call("door"))).toBe("{}");
  });

  test.each([
    ["whole", "a".repeat(100_000), "a".repeat(100_000)],
    ["cut", "a".repeat(100_001), `${"a".repeat(100_000)}\n[The answer of the tool is longer; the rest is left out.]`],
    [
      "cut between two characters",
      `ab${"茶".repeat(40_000)}`,
      `ab${"茶".repeat(33_332)}\n[The answer of the tool is longer; the rest is left out.]`,
    ],
  ])("whose answer is long gets it %s", async (_, answer, output) => {
    const server = await serve((_request, response) => response.end(answer));
    const { outputOf } = toolBox({ book: toolAt(server.base) });
    expect(await outputOf(call("book"))).toBe(output);
  });

  test("runs beside the others of its round, and keeps its place", async () => {
    const waiting: (() => void)[] = [];
    const server = await serve(({ path }, response) => {
      waiting.unshift(() => response.end(path));
      if (waiting.length === 3) for (const answer of waiting) answer();
    });
    const names = ["one", "two", "three"];
    const { run } = toolBox(Object.fromEntries(names.map((name) => [name, toolAt(`${server.base}/${name}`)])));
    const outputs = await run(names.map((name) => call(name)));
    expect(outputs).toEqual(names.map((name) => ({ callId: `call_${name}`, output: `/${name}` })));
  });

  test("with an id that no header can carry has a key all the same", async () => {
    const server = await serve((_, response) => response.end("ok"));
    const { outputOf } = toolBox({ door: toolAt(server.base) });
    expect(await outputOf(call("door", "{}", "调用\n1"))).toBe("ok");
    expect(server.requests[0]?.headers["idempotency-key"]).toBe("7001-%E8%B0%83%E7%94%A8%0A1");
    expect(await outputOf(call("door", "{}", "\ud83d"))).toBe("ok");
    expect(server.requests[1]?.headers["idempotency-key"]).toBe("7001-%EF%BF%BD");
  });
});

const error = (sentence: string) => JSON.stringify({ error: sentence });

describe("a call that fails is told to the agent, and to the operator without what was said:", () => {
  const leak = "stack trace at 10.0.0.7";

  async function fails(one: ToolCall, respond: Responder, changes?: Partial<DeclaredTool>) {
    const server = await serve(respond);
    const { outputOf, lines } = toolBox({ door: toolAt(server.base, changes) });
    const output = await outputOf(one);
    expect(lines).toHaveLength(1);
    expect(lines.join()).not.toMatch(/Paris|stack trace|no known shape|127\.0\.0\.1/);
    return { output, server, line: JSON.parse(lines[0] ?? "") as object };
  }

  test("a tool that is not declared", async () => {
    const { output, server, line } = await fails(call("window"), (_, response) => response.end("ok"));
    expect(output).toBe(error("There is no tool of this name."));
    expect(line).toMatchObject({ level: "warn", tool: "window", reason: "unknown", chatId: "7001" });
    expect(server.requests).toEqual([]);
  });

  test.each(["toString", "__proto__"])("a tool named %s", async (name) => {
    const { output } = await fails(call(name), (_, response) => response.end("ok"));
    expect(output).toBe(error("There is no tool of this name."));
  });

  test.each(["[]", '"Paris"', "null", "7", '{"city":"Paris"', "Paris"])("the arguments %s", async (text) => {
    const { output, server, line } = await fails(call("door", text), (_, response) => response.end("ok"));
    expect(output).toBe(error("The arguments are not a JSON object."));
    expect(line).toMatchObject({ level: "warn", tool: "door", reason: "arguments" });
    expect(server.requests).toEqual([]);
  });

  test.each([400, 404, 500])("the status %i", async (status) => {
    const { output, line } = await fails(call("door"), (_, response) => response.writeHead(status).end(leak));
    expect(output).toBe(error(`The tool failed with HTTP status ${status}.`));
    expect(line).toMatchObject({ level: "warn", reason: "status", status, ms: 0 });
  });

  test.each([301, 302, 303, 307, 308])("a redirect (%i), which nobody follows", async (status) => {
    const other = await serve((_, response) => response.end("inside"));
    const location = `${other.base}/metadata`;
    const { output } = await fails(call("door"), (_, response) => response.writeHead(status, { location }).end());
    expect(output).toBe(error(`The tool failed with HTTP status ${status}.`));
    expect(other.requests).toEqual([]);
  });

  test("a connection that breaks in the middle of the answer", async () => {
    const { output } = await fails(call("door"), (_, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("half", () => response.destroy());
    });
    expect(output).toBe(error("The tool can't be reached."));
  });

  test("nobody at the address", async () => {
    const { outputOf, lines } = toolBox({ door: toolAt(await unusedAddress()) });
    expect(await outputOf(call("door"))).toBe(error("The tool can't be reached."));
    expect(lines.join()).toMatch(/"reason":"network","code":"ECONNREFUSED"/);
    expect(lines.join()).not.toMatch(/127\.0\.0\.1|no known shape/);
  });

  test.each<[string, Responder]>([
    ["at all", () => undefined],
    ["to its end", (_, response) => response.writeHead(200).write("half")],
  ])("no answer %s in time, while the others' are kept", async (_, respond) => {
    const server = await serve(respond);
    const quick = await serve((_request, response) => response.end("ok"));
    const { run, clock, lines } = toolBox({
      slow: toolAt(server.base, { timeoutMs: 3000 }),
      quick: toolAt(quick.base),
    });
    const outputs = run([call("slow"), call("quick")]);
    await Promise.all([server.received(1), quick.received(1)]);
    await clock.advance(2999);
    expect(lines.join()).not.toContain("timeout");
    await clock.advance(1);
    expect(await outputs).toMatchObject([{ output: error("The tool did not answer in time.") }, { output: "ok" }]);
    expect(lines.join()).toMatch(/"level":"warn".*"tool":"slow".*"ms":3000,"reason":"timeout"/);
    expect(clock.pending).toBe(0);
  });
});

test("whoever stops waiting gets the reason, and nothing goes on", async () => {
  const closed = closedGate();
  const server = await serve((_, response) => void response.on("close", closed.open));
  const { run, clock, lines } = toolBox({ slow: toolAt(server.base) });
  const stop = new AbortController();
  const reason = new Error("stopped");
  const outputs = run([call("slow"), call("unknown")], stop.signal);
  await server.received(1);
  stop.abort(reason);
  await expect(outputs).rejects.toBe(reason);
  await closed.opened;
  expect(clock.pending).toBe(0);
  expect(lines.filter((line) => line.includes('"tool":"slow"'))).toEqual([]);
});
