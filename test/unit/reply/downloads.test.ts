import { getEventListeners } from "node:events";
import { describe, expect, it, onTestFinished } from "vitest";
import type { FetchedMedia } from "../../../src/media/fetch-media.ts";
import { Downloads } from "../../../src/reply/downloads.ts";

interface Request {
  readonly url: string;
  readonly maxBytes: number;
  readonly signal: AbortSignal;
  arrive(bytes: number): void;
  fail(): void;
}

/** Downloads of one answer, from a network on which files arrive when the test says so. */
function download({ maxUploadBytes = 50_000_000 } = {}) {
  const requests: Request[] = [];
  const failures: unknown[] = [];
  const shutdown = new AbortController();
  onTestFinished(() => shutdown.abort());
  const downloads = new Downloads({
    maxUploadBytes,
    signal: shutdown.signal,
    onMediaFailure: (error) => failures.push(error),
    fetchMedia: (url, { maxBytes }, signal) =>
      new Promise<FetchedMedia>((resolve, reject) => {
        const media = { kind: "image", name: url, mimeType: "image/png" } as const;
        signal.addEventListener("abort", () => reject(signal.reason), { once: true });
        requests.push({
          ...{ url, maxBytes, signal },
          arrive: (bytes) => resolve({ ...media, data: new Uint8Array(bytes) }),
          fail: () => reject(new Error("gone")),
        });
      }),
  });
  return { downloads, requests, failures, shutdown };
}

const turns = () => new Promise<void>((resolve) => setImmediate(resolve));

describe("the files of a segment", () => {
  it("are fetched once each, however often they are asked for", async () => {
    const { downloads, requests } = download();
    downloads.begin(1, ["a"]);
    downloads.begin(1, ["a", "b"]);
    const file = downloads.file(1, "a");
    await turns();
    expect(requests.map(({ url }) => url)).toEqual(["a", "b"]);
    requests[0]?.arrive(3);
    expect((await file)?.name).toBe("a");
  });

  it("that can't be had are nothing, and told of", async () => {
    const { downloads, requests, failures } = download();
    const file = downloads.file(1, "a");
    await turns();
    requests[0]?.fail();
    expect(await file).toBeUndefined();
    expect(failures).toEqual([new Error("gone")]);
  });

  it("take no more memory together than fifty megabytes", async () => {
    const { downloads, requests, failures } = download();
    const files = ["a", "b", "c", "d", "e"].map((url) => downloads.file(1, url));
    await turns();
    expect(requests.map(({ maxBytes }) => maxBytes)).toEqual([20_000_000, 20_000_000]);
    requests[0]?.arrive(20_000_000);
    await turns();
    expect(requests).toHaveLength(2);
    requests[1]?.arrive(15_000_000);
    await turns();
    expect(requests.slice(2).map(({ maxBytes }) => maxBytes)).toEqual([15_000_000]);
    requests[2]?.fail();
    await turns();
    expect(requests.slice(3).map(({ maxBytes }) => maxBytes)).toEqual([15_000_000]);
    requests[3]?.arrive(15_000_000);
    expect((await Promise.all(files)).map((file) => file?.name)).toEqual(["a", "b", undefined, "d", undefined]);
    expect(failures).toMatchObject([{ message: "gone" }, { code: "too-large" }]);
  });

  it("that have not come when nobody wants to wait any longer are nothing, and those that have are there", async () => {
    const { downloads, requests, failures } = download();
    const files = ["a", "b", "c", "d"].map((url) => downloads.file(1, url));
    await turns();
    requests[0]?.arrive(3);
    await turns();
    downloads.abandon();
    const later = downloads.file(3, "e");
    expect((await Promise.all([...files, later])).map((file) => file?.name)).toEqual([
      "a",
      ...Array(4).fill(undefined),
    ]);
    expect((await downloads.file(1, "a"))?.name).toBe("a");
    expect(requests.map(({ url }) => url)).not.toContain("e");
    expect(failures).toEqual([]);
  });

  it("are no larger than what can be sent", async () => {
    const { downloads, requests } = download({ maxUploadBytes: 10_000_000 });
    downloads.begin(1, ["a", "b", "c", "d", "e", "f"]);
    await turns();
    expect(requests.map(({ maxBytes }) => maxBytes)).toEqual(Array(5).fill(10_000_000));
  });
});

describe("the segments of all answers", () => {
  it("are fetched four at a time; the others follow in line", async () => {
    const [first, second] = [download(), download()];
    for (const segment of [1, 3, 5]) first.downloads.begin(segment, ["a"]);
    for (const segment of [1, 3]) second.downloads.begin(segment, ["a"]);
    await turns();
    expect([first.requests.length, second.requests.length]).toEqual([3, 1]);
    for (const { arrive } of first.requests) arrive(3);
    await turns();
    // Their files are in memory until they are sent.
    expect(second.requests).toHaveLength(1);
    first.downloads.release(1);
    await turns();
    expect(second.requests).toHaveLength(2);
  });

  it.each(["close", "shutdown"])("make way for others at once (%s)", async (how) => {
    const [first, second] = [download(), download()];
    const files = [1, 3, 5, 7, 9].map((segment) => first.downloads.file(segment, "a"));
    const waiting = second.downloads.file(1, "a");
    await turns();
    expect([first.requests.length, second.requests.length]).toEqual([4, 0]);
    if (how === "close") first.downloads.close();
    else first.shutdown.abort();
    expect(await Promise.all(files)).toEqual(Array(5).fill(undefined));
    expect(first.failures).toEqual([]);
    expect(first.requests.every(({ signal }) => signal.aborted)).toBe(true);
    await turns();
    second.requests[0]?.arrive(3);
    expect((await waiting)?.name).toBe("a");
    expect(await first.downloads.file(11, "b")).toBeUndefined();
    expect(first.requests).toHaveLength(4);
    expect(getEventListeners(first.shutdown.signal, "abort")).toEqual([]);
  });
});
