import type { ServerResponse } from "node:http";
import { describe, expect, test } from "vitest";
import { IdleTimeoutError } from "../../../src/coze/body-chunks.ts";
import { LONGEST_EVENT, readEventStream, type ServerSentEvent } from "../../../src/coze/sse.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import { deferred } from "./deferred.ts";
import { bodyOf, collect, fixture, fixtureNames } from "./fixtures.ts";
import { beginStream, startHttpServer } from "./http-server.ts";

const encode = (text: string) => new TextEncoder().encode(text);

function read(body: ReadableStream<Uint8Array>): Promise<ServerSentEvent[]> {
  const { signal } = new AbortController();
  return collect(readEventStream(body, { clock: createManualClock(), idleTimeoutMs: 1000, signal }));
}

/** An independent and simple reading of whole, well-formed streams. */
function expectedEvents(stream: string): ServerSentEvent[] {
  const blocks = stream.split("\n\n").slice(0, -1);
  return blocks.map((block) => {
    const field = (name: string) => new RegExp(`^${name}: ?(.*)$`, "m").exec(block)?.[1];
    const id = field("id");
    return { event: field("event") ?? "", data: field("data") ?? "", ...(id !== undefined && { id }) };
  });
}

describe("gives the same events wherever the bytes are cut", () => {
  const variants = {
    "as recorded": (stream: string) => stream,
    "with CRLF": (stream: string) => stream.replaceAll("\n", "\r\n"),
    "with comments": (stream: string) => stream.replaceAll("event:", ": ping\n:\nevent:"),
  };
  const cases = fixtureNames.flatMap((name) =>
    Object.entries(variants).map(([variant, vary]) => ({ name, variant, vary })),
  );

  test.each(cases)("$name $variant", async ({ name, vary }) => {
    const expected = expectedEvents(fixture(name));
    expect(expected.length).toBeGreaterThan(0);
    const bytes = encode(vary(fixture(name)));
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      expect(await read(bodyOf([bytes.slice(0, cut), bytes.slice(cut)]))).toEqual(expected);
    }
    expect(await read(bodyOf([...bytes].map((byte) => Uint8Array.of(byte))))).toEqual(expected);
  });
});

describe("follows the standard", () => {
  test.each<[string, string, ServerSentEvent[]]>([
    ["joins data lines", "event: a\ndata: 1\ndata: 2\n\n", [{ event: "a", data: "1\n2" }]],
    ["strips one space only", "event: a\ndata:  1\n\n", [{ event: "a", data: " 1" }]],
    ["accepts empty data", "event:a\ndata:\n\n", [{ event: "a", data: "" }]],
    ["accepts a field without colon", "event:a\ndata\n\n", [{ event: "a", data: "" }]],
    ["names events without a name", "data: 1\n\n", [{ event: "message", data: "1" }]],
    ["passes ids on", "id: 7\nevent: a\ndata: 1\n\n", [{ event: "a", data: "1", id: "7" }]],
    ["drops events without data", "event: a\n\n", []],
    ["drops an event that the end cuts off", "event: a\ndata: 1\n\nevent: b\ndata: 2\n", [{ event: "a", data: "1" }]],
    [
      "ignores unknown fields, retry and a byte order mark",
      "\uFEFFretry: 1\nfoo: bar\nevent: a\ndata: 1\n\n",
      [{ event: "a", data: "1" }],
    ],
  ])("%s", async (_, stream, expected) => {
    expect(await read(bodyOf([encode(stream)]))).toEqual(expected);
  });
});

test("refuses an event that never ends", async () => {
  const line = encode(`data: ${"x".repeat(65_000)}\n`);
  const pieces = Array.from({ length: Math.ceil(LONGEST_EVENT / 65_000) + 1 }, () => line);
  await expect(read(bodyOf(pieces))).rejects.toThrow(`An event is longer than ${LONGEST_EVENT} characters.`);
});

test("gives up after silence, not while anything comes, and hangs up", async () => {
  const clock = createManualClock();
  const hungUp = deferred();
  const opened = deferred<ServerResponse>();
  await using server = await startHttpServer((_, response) => {
    response.once("close", () => hungUp.resolve());
    opened.resolve(beginStream(response));
  });
  const response = await fetch(server.base);
  const body = response.body ?? bodyOf([]);
  const { signal } = new AbortController();
  const events = readEventStream(body, { clock, idleTimeoutMs: 1000, signal });
  const stream = await opened.promise;

  // Time moves only after the bytes are known to have arrived: each round ends with an event.
  for (let round = 0; round < 5; round += 1) {
    const next = events.next();
    await clock.advance(900);
    stream.write(`: still here\n\nevent: a\ndata: ${round}\n\n`);
    expect((await next).value).toEqual({ event: "a", data: String(round) });
  }
  const silent = events.next();
  silent.catch(() => undefined);
  await clock.advance(999);
  expect(clock.pending).toBe(1);
  await clock.advance(1);
  await expect(silent).rejects.toEqual(new IdleTimeoutError(1000));
  await hungUp.promise;
  expect(clock.pending).toBe(0);
});

test("throws the reason of an abort and hangs up", async () => {
  const hungUp = deferred();
  await using server = await startHttpServer((_, response) => {
    response.once("close", () => hungUp.resolve());
    beginStream(response).write("event: a\ndata: 1\n\n");
  });
  const response = await fetch(server.base);
  const abort = new AbortController();
  const reading = { clock: createManualClock(), idleTimeoutMs: 1000, signal: abort.signal };
  const events = readEventStream(response.body ?? bodyOf([]), reading);
  await events.next();
  const next = events.next();
  const reason = new Error("stop");
  abort.abort(reason);
  await expect(next).rejects.toBe(reason);
  await hungUp.promise;
});
