import { setImmediate } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { UploadFile } from "../../../src/coze/agent.ts";
import { createFixedToken } from "../../../src/coze/auth.ts";
import { type CozeClient, createCozeClient } from "../../../src/coze/client.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import { deferred } from "./deferred.ts";
import { bodyOf } from "./fixtures.ts";
import { readForm, startFormServer } from "./form-server.ts";
import { replyJson, startHttpServer } from "./http-server.ts";

const { signal } = new AbortController();
const clock = createManualClock();

function clientFor(base: string, on = clock, idleTimeoutMs = 1_000_000): CozeClient {
  const mode = { kind: "agent", botId: "7379" } as const;
  return createCozeClient({ base, mode, clock: on, tokens: createFixedToken("pat_1"), idleTimeoutMs });
}

const fileOf = (content: string, more: Partial<UploadFile> = {}): UploadFile => ({
  name: "a.png",
  open: async () => bodyOf([Buffer.from(content)]),
  ...more,
});

/** A source that does what the test says, and tells when it was let go of. */
function source(pull: (controller: ReadableStreamDefaultController<Uint8Array>) => unknown) {
  const released = deferred<unknown>();
  const open = async () =>
    new ReadableStream<Uint8Array>({
      pull: async (controller) => void (await pull(controller)),
      cancel: released.resolve,
    });
  return { open, released: released.promise };
}

describe("a file is sent as a form with one part", () => {
  test.each([
    ["of known length", { size: 3 }, true],
    ["of unknown length", {}, false],
  ])("%s", async (_, more, isLengthTold) => {
    let headers: object = {};
    let form: FormData | undefined;
    await using server = await startFormServer(async (incoming, response) => {
      headers = incoming.headers;
      form = await readForm(incoming);
      replyJson(response, { code: 0, data: { id: "7369", bytes: 3, file_name: "a.png", created_at: 1 } });
    });
    const file = fileOf("abc", { name: 'a"\r\n.png', mimeType: "image/png", ...more });
    expect(await clientFor(server.base).upload("telegram:1", file, signal)).toBe("7369");
    expect([...(form?.keys() ?? [])]).toEqual(["file"]);
    const part = form?.get("file") as File;
    expect(await part.text()).toBe("abc");
    expect(part).toMatchObject({ type: "image/png", name: 'a"\r\n.png' });
    expect(headers).toMatchObject({ authorization: "Bearer pat_1" });
    expect("content-length" in headers).toBe(isLengthTold);
  });

  test.each([undefined, "", "image/png\r\nX-Evil: 1", "nonsense"])("and never a broken type: %j", async (mimeType) => {
    let type: string | undefined;
    await using server = await startFormServer(async (incoming, response) => {
      type = ((await readForm(incoming)).get("file") as File).type;
      replyJson(response, { code: 0, data: { id: "1" } });
    });
    await clientFor(server.base).upload(
      "telegram:1",
      fileOf("abc", mimeType === undefined ? {} : { mimeType }),
      signal,
    );
    expect(type).toBe("application/octet-stream");
  });
});

describe("20 MB are never in memory at once", () => {
  const CHUNK = 64 * 1024;
  const SIZE = 320 * CHUNK;

  test.each([{ size: SIZE }, {}])("%j", async (more) => {
    let pulled = 0;
    let received = 0;
    let mostInFlight = 0;
    await using server = await startFormServer(async (incoming, response) => {
      for await (const chunk of incoming) {
        received += (chunk as Buffer).length;
        mostInFlight = Math.max(mostInFlight, pulled - received);
      }
      replyJson(response, { code: 0, data: { id: "1" } });
    });
    const { open } = source((controller) => {
      if (pulled === SIZE) return controller.close();
      pulled += CHUNK;
      mostInFlight = Math.max(mostInFlight, pulled - received);
      controller.enqueue(new Uint8Array(CHUNK));
    });
    await clientFor(server.base).upload("telegram:1", { name: "a.zip", open, ...more }, signal);
    expect(received).toBeGreaterThan(SIZE);
    // The kernel's buffers between the two ends take some of it.
    expect(mostInFlight).toBeLessThan(SIZE / 2);
  });

  test("a server that does not read stops the source", async () => {
    let pulled = 0;
    const held = deferred();
    await using server = await startFormServer(() => held.resolve());
    const { open, released } = source((controller) => {
      pulled += CHUNK;
      controller.enqueue(new Uint8Array(CHUNK));
    });
    const abort = new AbortController();
    const upload = clientFor(server.base).upload("telegram:1", { name: "endless.zip", open }, abort.signal);
    await held.promise;
    await untilStill(() => pulled);
    abort.abort();
    await expect(upload).rejects.toThrow("aborted");
    await released;
  });
});

/** Resolves when a number has stayed the same for many turns of the event loop; never, if it goes on growing. */
async function untilStill(read: () => number): Promise<void> {
  for (let before = -1; before !== read(); ) {
    before = read();
    for (let turn = 0; turn < 200; turn += 1) await setImmediate();
  }
}

describe("a file that can't be sent", () => {
  test("is opened anew for each attempt", async () => {
    let attempts = 0;
    await using server = await startFormServer(async (incoming, response) => {
      attempts += 1;
      if (attempts === 1) return replyJson(response, { code: 4020, msg: "too many" });
      const text = await ((await readForm(incoming)).get("file") as File).text();
      replyJson(response, { code: 0, data: { id: text } });
    });
    const moving = createManualClock();
    const upload = clientFor(server.base, moving).upload("telegram:1", fileOf("abc", { size: 3 }), signal);
    expect(await moving.moveUntil(upload)).toBe("abc");
    expect(attempts).toBe(2);
  });

  test("a source that can't be opened is told as it is, and nothing is sent", async () => {
    await using server = await startHttpServer(() => undefined);
    const gone = new Error("file is gone");
    const upload = clientFor(server.base).upload(
      "telegram:1",
      fileOf("", { open: () => Promise.reject(gone) }),
      signal,
    );
    await expect(upload).rejects.toBe(gone);
    expect(server.requests).toHaveLength(0);
  });

  test("a source that breaks is told as it is, and the file is not sent again", async () => {
    let requests = 0;
    await using server = await startFormServer((incoming) => {
      requests += 1;
      incoming.resume();
    });
    const broken = new Error("the platform hung up");
    const { open } = source((controller) => controller.error(broken));
    await expect(clientFor(server.base).upload("telegram:1", { name: "a.png", open }, signal)).rejects.toBe(broken);
    expect(requests).toBeLessThan(2);
  });

  test("a source that falls silent is no fault of Coze's", async () => {
    await using server = await startFormServer((incoming) => void incoming.resume());
    const moving = createManualClock();
    const { open, released } = source(() => new Promise(() => undefined));
    const upload = clientFor(server.base, moving, 1000).upload("telegram:1", { name: "a.png", open }, signal);
    await expect(moving.moveUntil(upload)).rejects.toMatchObject({ name: "IdleTimeoutError" });
    await released;
  });

  test.each([
    ["ab", "only 2"],
    ["abcdef", "more"],
  ])("another size than told: %s", async (content, found) => {
    await using server = await startFormServer((incoming) => void incoming.resume());
    const upload = clientFor(server.base).upload("telegram:1", fileOf(content, { size: 3 }), signal);
    await expect(upload).rejects.toMatchObject({
      kind: "rejected",
      message: `The file should have 3 bytes and has ${found}.`,
      endpoint: "POST /v1/files/upload",
    });
  });

  test("no connection: the source is let go of", async () => {
    const server = await startFormServer(() => undefined);
    await server[Symbol.asyncDispose]();
    const { open, released } = source((controller) => controller.enqueue(new Uint8Array(9)));
    const moving = createManualClock();
    const upload = clientFor(server.base, moving).upload("telegram:1", { name: "a.png", open }, signal);
    await expect(moving.moveUntil(upload)).rejects.toMatchObject({ kind: "network" });
    await released;
  });

  test("an answer before the end of the file is the answer, and no timer is left of the rest", async () => {
    await using server = await startFormServer((_, response) => replyJson(response, { code: 4302, msg: "too big" }));
    const still = createManualClock();
    const { open } = source((controller) => controller.enqueue(new Uint8Array(1024)));
    const upload = clientFor(server.base, still).upload("telegram:1", { name: "endless.zip", open }, signal);
    await expect(upload).rejects.toMatchObject({ kind: "rejected", code: 4302 });
    await still.advance(0);
    expect(still.pending).toBe(0);
  });

  test("an aborted upload ends with the signal's reason and lets go of the source", async () => {
    const abort = new AbortController();
    const begun = deferred();
    await using server = await startFormServer((incoming) => {
      incoming.resume();
      begun.resolve();
    });
    const { open, released } = source((controller) => controller.enqueue(new Uint8Array(1024)));
    const upload = clientFor(server.base).upload("telegram:1", { name: "a.png", open }, abort.signal);
    await begun.promise;
    const reason = new Error("stopped");
    abort.abort(reason);
    await expect(upload).rejects.toBe(reason);
    await released;
  });

  test.each([
    [4300, "The uploaded file is empty.", "rejected"],
    [4302, "too big", "rejected"],
    [4303, "type", "rejected"],
    [4101, "no permission", "authentication"],
  ])("code %i is %s: %s", async (code, msg, kind) => {
    await using server = await startFormServer((incoming, response) => {
      incoming.resume().on("end", () => replyJson(response, { code, msg }));
    });
    await expect(clientFor(server.base).upload("telegram:1", fileOf("x"), signal)).rejects.toMatchObject({
      kind,
      code,
    });
  });

  test("an answer without an id", async () => {
    await using server = await startFormServer((incoming, response) => {
      incoming.resume().on("end", () => replyJson(response, { code: 0, data: {} }));
    });
    await expect(clientFor(server.base).upload("telegram:1", fileOf("x"), signal)).rejects.toMatchObject({
      kind: "service",
    });
  });
});

describe("speech", () => {
  test("a recording is transcribed", async () => {
    let path: string | undefined;
    await using server = await startFormServer(async (incoming, response) => {
      path = incoming.url;
      const text = await ((await readForm(incoming)).get("file") as File).text();
      replyJson(response, { code: 0, data: { text }, detail: { logid: "1" } });
    });
    expect(await clientFor(server.base).transcribe("telegram:1", fileOf("you said this"), signal)).toBe(
      "you said this",
    );
    expect(path).toBe("/v1/audio/transcriptions");
  });

  test("a server that can't is not the place for it", async () => {
    await using server = await startFormServer((incoming, response) => {
      incoming.resume().on("end", () => response.writeHead(404).end("404 page not found"));
    });
    await expect(clientFor(server.base).transcribe("telegram:1", fileOf("x"), signal)).rejects.toMatchObject({
      kind: "agent-unavailable",
    });
  });

  const ogg = Buffer.concat([Buffer.from("OggS"), Buffer.alloc(50_000, 7)]);

  test.each(["audio/ogg", "application/octet-stream"])("a text is spoken: %s", async (type) => {
    await using server = await startHttpServer((_, response) =>
      response.writeHead(200, { "Content-Type": type }).end(ogg),
    );
    const spoken = await clientFor(server.base).speak("telegram:1", "hello", "7428", signal);
    expect(Buffer.from(spoken).equals(ogg)).toBe(true);
    expect(server.requests).toMatchObject([
      { path: "/v1/audio/speech", body: { input: "hello", voice_id: "7428", response_format: "ogg_opus" } },
    ]);
  });

  test.each<[string, number, string, string, object]>([
    ["a refusal", 200, "application/json", '{"code":4000,"msg":"bad voice"}', { code: 4000, message: "bad voice" }],
    ["a refused token", 401, "application/json", '{"code":4100,"msg":"no"}', { kind: "authentication" }],
    ["no sound", 200, "application/json", '{"code":0,"msg":""}', { kind: "service" }],
    ["a gateway's page", 200, "text/html", "<html>", { kind: "service", message: "Coze answered without sound." }],
    ["no such endpoint", 404, "text/plain", "404", { kind: "agent-unavailable" }],
  ])("%s is an error", async (...[, status, type, body, expected]) => {
    await using server = await startHttpServer((_, response) =>
      response.writeHead(status, { "Content-Type": type }).end(body),
    );
    await expect(clientFor(server.base).speak("telegram:1", "hello", "1", signal)).rejects.toMatchObject(expected);
  });
});
