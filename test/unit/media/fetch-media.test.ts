import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { createServer, type Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { type FetchedMedia, fetchMedia, type MediaLimits, type MediaNetwork } from "../../../src/media/fetch-media.ts";
import { MediaError } from "../../../src/media/media-error.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import { deferred } from "../coze/deferred.ts";
import { type HttpServer, startHttpServer } from "../coze/http-server.ts";
import { sample } from "./samples.ts";

const limits: MediaLimits = { maxBytes: 100_000, totalMs: 20_000, idleMs: 10_000 };
const png = Buffer.concat([sample("png"), Buffer.alloc(5000, 7)]);
const servers: AsyncDisposable[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await server[Symbol.asyncDispose]();
});

describe("a file on a server", () => {
  test("arrives whole, with its name and its type", async () => {
    const server = await serve((response) => response.end(png));
    const media = await fetchAllowed(`${server.base}/a/cat.png?sign=1`);
    expect(media).toEqual({ kind: "image", name: "cat.png", mimeType: "image/png", data: png });
    expect(server.requests).toMatchObject([{ method: "GET", path: "/a/cat.png", query: { sign: "1" } }]);
    expect(Object.keys(server.requests[0]?.headers ?? {}).sort()).toEqual([
      ...["accept", "accept-encoding", "connection", "host", "user-agent"],
    ]);
  });

  test("is what its bytes are, whatever the server and the address say", async () => {
    const server = await serve((response) => {
      response.writeHead(200, { "Content-Type": "text/html", "Content-Disposition": 'inline; filename="a.pdf"' });
      response.end(png);
    });
    const { kind, name, mimeType } = await fetchAllowed(`${server.base}/a.mp3`);
    expect({ kind, name, mimeType }).toEqual({ kind: "image", name: "a.png", mimeType: "image/png" });
  });

  test.each([
    ["a page", "<!doctype html><title>Log in</title>"],
    ["a drawing with a script", "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"],
    ["an error in JSON", '{"code":4000}'],
    ["nothing", ""],
  ])("is refused when it is %s that calls itself a picture", async (_what, body) => {
    const server = await serve((response) => response.writeHead(200, { "Content-Type": "image/png" }).end(body));
    expect(await problem(`${server.base}/cat.png`)).toMatchObject({ code: "not-media" });
  });

  test.each([204, 206, 304, 403, 404, 410, 500])("is not there when the server answers %i", async (status) => {
    const server = await serve((response) => response.writeHead(status).end());
    expect(await problem(`${server.base}/cat.png`)).toMatchObject({ code: "refused", status });
  });

  test("is found behind three redirects and not behind four", async () => {
    const server = await startServer((path, response) => {
      const left = Number(path.slice(1));
      if (left === 0) response.end(png);
      else
        response
          .writeHead([301, 302, 307, 308][left % 4] ?? 303, { Location: `/${left - 1}`, "Set-Cookie": "a=b" })
          .end("x");
    });
    expect((await fetchAllowed(`${server.base}/3`)).mimeType).toBe("image/png");
    expect(await problem(`${server.base}/4`)).toMatchObject({ code: "too-many-redirects" });
    expect(server.requests.some(({ headers }) => "cookie" in headers || "referer" in headers)).toBe(false);
  });

  test("is not there when the connection breaks before its end", async () => {
    const server = await serve((response) => {
      response.writeHead(200, { "Content-Length": png.length });
      response.write(png.subarray(0, 2000), () => response.destroy());
    });
    expect(await problem(`${server.base}/cat.png`)).toMatchObject({ code: "unreachable" });
  });

  test("is not there when nobody listens", async () => {
    const server = await startHttpServer((_request, response) => response.end());
    await server[Symbol.asyncDispose]();
    expect(await problem(`${server.base}/cat.png`)).toMatchObject({ code: "unreachable" });
  });
});

describe("a file that is too large", () => {
  test("is refused when the server tells its size", async () => {
    const server = await serve((response) => {
      response.writeHead(200, { "Content-Length": limits.maxBytes + 1 });
      response.write(png);
    });
    expect(await problem(`${server.base}/cat.png`)).toMatchObject({ code: "too-large" });
  });

  test("is left as soon as too much of it came", async () => {
    let sent = 0;
    let closed: Promise<unknown> = Promise.resolve();
    const server = await serve((response) => {
      closed = once(response, "close");
      const more = () => {
        while (!response.destroyed && response.write(png)) sent += png.length;
      };
      response.on("drain", more);
      more();
    });
    expect(await problem(`${server.base}/cat.png`)).toMatchObject({ code: "too-large" });
    await closed;
    expect(sent).toBeLessThan(20_000_000);
  });

  test("comes when it is exactly as large as it may be", async () => {
    const server = await serve((response) => response.end(png));
    expect((await fetchAllowed(server.base, { ...limits, maxBytes: png.length })).data).toHaveLength(png.length);
    expect(await problem(server.base, { ...limits, maxBytes: png.length - 1 })).toMatchObject({ code: "too-large" });
  });
});

describe("a slow server", () => {
  test.each<[what: string, answer: (socket: Socket) => void]>([
    ["never answers", () => undefined],
    ["stops in its headers", (socket) => socket.write("HTTP/1.1 200 OK\r\nX-A: ")],
    ["stops in the file", (socket) => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n\x89PNG")],
    ["drips its headers", (socket) => drip(socket, "HTTP/1.1 200 OK\r\n", "X-A: b\r\n")],
  ])("that %s is left after the wait without a byte", async (_what, answer) => {
    const server = await startRawServer(answer);
    expect(await problem(server.base, { ...limits, idleMs: 200 })).toMatchObject({ code: "timed-out" });
    await server.left;
  });

  test("that drips the file is left when the whole takes too long", async () => {
    const server = await startRawServer((socket) => drip(socket, "HTTP/1.1 200 OK\r\n\r\n", "x"));
    expect(await problem(server.base, { ...limits, totalMs: 300 })).toMatchObject({ code: "timed-out" });
    await server.left;
  });

  test("of names is left too", async () => {
    const resolve = () => new Promise<string[]>(() => undefined);
    const slow = fetchMedia("https://e.com/a.png", { ...limits, totalMs: 50 }, new AbortController().signal, {
      resolve,
    });
    await expect(slow).rejects.toMatchObject({ code: "timed-out" });
  });

  test("may take its time as long as something comes", async () => {
    const time = createManualClock();
    let timers = 0;
    let onTimer = deferred();
    const clock: MediaNetwork["clock"] = {
      after(ms, callback) {
        timers += 1;
        onTimer.resolve();
        return time.after(ms, callback);
      },
    };
    const waitedAnew = async (count: number) => {
      while (timers < count) {
        onTimer = deferred();
        await onTimer.promise;
      }
    };
    let response: ServerResponse | undefined;
    const server = await serve((begun) => {
      begun.writeHead(200, { "Content-Length": png.length }).flushHeaders();
      response = begun;
    });
    const media = fetchMedia(server.base, limits, new AbortController().signal, { clock, allowPrivate: () => true });
    // Two limits at the beginning, and one anew for the name that was found and the head that came.
    await waitedAnew(4);
    for (const [i, chunk] of [png.subarray(0, 2000), png.subarray(2000)].entries()) {
      await time.advance(limits.idleMs - 1);
      response?.write(chunk);
      await waitedAnew(5 + i);
    }
    expect((await media).data).toEqual(png);
    expect(time.pending).toBe(0);
  });
});

describe("a place that is not on the internet", () => {
  const names: Readonly<Record<string, readonly string[]>> = {
    "private.test": ["10.0.0.1"],
    "mixed.test": ["1.1.1.1", "127.0.0.1"],
    "mapped.test": ["::ffff:127.0.0.1"],
    "none.test": [],
  };
  const resolve = async (host: string) => names[host] ?? Promise.reject(new Error("ENOTFOUND"));

  test.each([
    ...["http://127.0.0.1/a.png", "http://127.1/a.png", "http://2130706433/", "http://0x7f.0.0.1/", "http://0.0.0.0/"],
    ...["http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://[fd00::1]/", "http://10.1.2.3/", "http://100.64.0.1/"],
    ...["http://169.254.169.254/latest/meta-data/", "https://192.168.0.1/", "http://224.0.0.1/"],
    ...["http://private.test/", "https://mixed.test/", "http://mapped.test/"],
  ])("is never called: %s", async (url) => {
    await expect(fetchPublic(url, { resolve })).rejects.toMatchObject({ code: "not-public" });
  });

  test("is never called under the name that the system has for it", async () => {
    await expect(fetchPublic("http://localhost/a.png")).rejects.toMatchObject({ code: "not-public" });
  });

  test.each([
    ...["ftp://e.com/a.png", "file:///etc/passwd", "data:image/png;base64,iVBORw0KGgo=", "a.png", "", "http://"],
    ...["https://user@e.com/a.png", "https://:secret@e.com/a.png", "https://e.com:8080/a.png", "http://e.com:22/"],
  ])("is never called: %s is no address", async (url) => {
    await expect(fetchPublic(url, { resolve })).rejects.toMatchObject({ code: "bad-address" });
  });

  test.each(["http://none.test/", "http://unknown.test/"])("is not found: %s", async (url) => {
    await expect(fetchPublic(url, { resolve })).rejects.toMatchObject({ code: "unreachable" });
  });

  test("is not called by a redirect either", async () => {
    const inside = await serve((response) => response.end(png));
    const { port } = new URL(inside.base);
    const targets = [
      "http://127.0.0.1/",
      "http://private.test/",
      "//[::1]/",
      `${inside.base}/a.png`,
      `http://localhost:${port}/`,
    ];
    for (const location of [...targets, "file:///etc/passwd", "https://user:secret@e.com/"]) {
      const outside = await serve((response) => response.writeHead(302, { Location: location }).end());
      const own = Number(new URL(outside.base).port);
      const network = { resolve, allowPrivate: (host: string, at: number) => host === "127.0.0.1" && at === own };
      await expect(fetchPublic(outside.base, network), location).rejects.toMatchObject({
        code: expect.stringMatching(/^(?:not-public|bad-address)$/),
      });
      expect(outside.requests).toHaveLength(1);
    }
    expect(inside.requests).toEqual([]);
  });

  test("is not called by a name that leads there the second time: what was checked is what is called", async () => {
    const server = await serve((response) => response.end(png));
    const { port } = new URL(server.base);
    const asked: string[] = [];
    const changing = async (host: string) => (asked.push(host) === 1 ? ["127.0.0.1"] : ["10.0.0.1"]);
    const media = await fetchPublic(`http://changing.test:${port}/a.png`, {
      resolve: changing,
      allowPrivate: () => true,
    });
    expect(media.mimeType).toBe("image/png");
    expect(asked).toEqual(["changing.test"]);
    expect(server.requests[0]?.headers.host).toBe(`changing.test:${port}`);
  });
});

describe("a download that is called off", () => {
  test("ends with the caller's reason, and so does the connection", async () => {
    const server = await startRawServer((socket) => socket.write("HTTP/1.1 200 OK\r\n\r\n\x89PNG"));
    const caller = new AbortController();
    const media = fetchMedia(server.base, limits, caller.signal, { allowPrivate: () => true });
    await server.asked;
    caller.abort(new Error("stopped"));
    await expect(media).rejects.toThrow("stopped");
    await server.left;
  });

  test("before it began calls nobody", async () => {
    const server = await serve((response) => response.end(png));
    const media = fetchMedia(server.base, limits, AbortSignal.abort(new Error("stopped")), {
      allowPrivate: () => true,
    });
    await expect(media).rejects.toThrow("stopped");
    expect(server.requests).toEqual([]);
  });
});

test("no error tells more of an address than its host", async () => {
  const server = await serve((response) => response.writeHead(403).end());
  const addresses = [
    `${server.base}/secret.png?x-signature=secret`,
    "http://127.0.0.1/secret",
    "https://me:secret@e.com/",
  ];
  for (const url of addresses) expect((await problem(url, limits, {})).message).not.toContain("secret");
});

function fetchPublic(url: string, network: MediaNetwork = {}): Promise<FetchedMedia> {
  return fetchMedia(url, limits, new AbortController().signal, network);
}

function fetchAllowed(url: string, within = limits): Promise<FetchedMedia> {
  return fetchMedia(url, within, new AbortController().signal, { allowPrivate: () => true });
}

async function problem(
  url: string,
  within = limits,
  network: MediaNetwork = { allowPrivate: () => true },
): Promise<MediaError> {
  const error = await fetchMedia(url, within, new AbortController().signal, network).catch((reason: unknown) => reason);
  if (!(error instanceof MediaError)) throw new Error("no MediaError", { cause: error });
  return error;
}

function serve(answer: (response: ServerResponse) => void): Promise<HttpServer> {
  return startServer((_path, response) => answer(response));
}

async function startServer(answer: (path: string, response: ServerResponse) => void): Promise<HttpServer> {
  const server = await startHttpServer(({ path }, response) => answer(path, response));
  servers.push(server);
  return server;
}

/** A server of bytes. `asked`: it answered somebody; `left`: who asked has gone. */
async function startRawServer(answer: (socket: Socket) => void) {
  const server = createServer();
  const sockets: Socket[] = [];
  const left = deferred();
  const asked = once(server, "connection").then(async ([socket]: Socket[]) => {
    if (!socket) return;
    sockets.push(socket);
    socket.on("error", () => socket.destroy()).on("close", () => left.resolve());
    await once(socket, "data");
    answer(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  servers.push({
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  });
  return { base: `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`, asked, left: left.promise };
}

function drip(socket: Socket, head: string, drop: string): void {
  socket.write(head);
  const timer = setInterval(() => socket.write(drop), 10);
  socket.on("close", () => clearInterval(timer));
}
