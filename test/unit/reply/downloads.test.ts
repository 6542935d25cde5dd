import { getEventListeners } from "node:events";
import { describe, expect, it, onTestFinished } from "vitest";
import type { FetchedMedia } from "../../../src/media/fetch-media.ts";
import { Downloads } from "../../../src/reply/downloads.ts";
import { Slots } from "../../../src/reply/slots.ts";

interface Request {
  readonly url: string;
  readonly maxBytes: number;
  readonly signal: AbortSignal;
  arrive(bytes: number): void;
  fail(): void;
}

/** Downloads of one answer, from a network on which files arrive when the test says so. */
function download({ maxUploadBytes = 50_000_000, slots = new Slots(4) } = {}) {
  const requests: Request[] = [];
  const failures: unknown[] = [];
  const shutdown = new AbortController();
  onTestFinished(() => shutdown.abort());
  const downloads = new Downloads({
    maxUploadBytes,
    slots,
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
    for (const url of ["a", "a", "b"]) downloads.prefetch(1, url);
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
    for (const url of ["a", "b", "c", "d", "e", "f"]) downloads.prefetch(1, url);
    await turns();
    expect(requests.map(({ maxBytes }) => maxBytes)).toEqual(Array(5).fill(10_000_000));
  });
});

describe("the segments of all answers", () => {
  it("are fetched ahead as far as there are slots, which those give back that are next to be sent", async () => {
    const slots = new Slots(2);
    const [first, second] = [download({ slots }), download({ slots })];
    for (const segment of [3, 5, 7]) first.downloads.prefetch(segment, `${segment}`);
    second.downloads.prefetch(3, "a");
    await turns();
    expect(first.requests.map(({ url }) => url)).toEqual(["3", "5"]);
    expect(second.requests).toEqual([]);
    void first.downloads.file(3, "3");
    second.downloads.prefetch(3, "a");
    first.downloads.prefetch(7, "7");
    await turns();
    expect(first.requests).toHaveLength(2);
    expect(second.requests).toHaveLength(1);
  });

  it("need no slot when they are next to be sent", async () => {
    const { downloads, requests } = download({ slots: new Slots(0) });
    downloads.prefetch(3, "b");
    const file = downloads.file(1, "a");
    await turns();
    requests[0]?.arrive(3);
    expect((await file)?.name).toBe("a");
    expect(requests).toHaveLength(1);
  });

  it("are not fetched again once they are released", async () => {
    const slots = new Slots(1);
    const { downloads, requests, failures } = download({ slots });
    downloads.prefetch(1, "a");
    await turns();
    downloads.release(1);
    downloads.prefetch(1, "a");
    expect(await downloads.file(1, "a")).toBeUndefined();
    expect(requests).toHaveLength(1);
    expect(failures).toEqual([]);
    expect([slots.take() !== undefined, slots.take() !== undefined]).toEqual([true, false]);
  });

  it.each(["close", "shutdown"])("make way for others at once (%s)", async (how) => {
    const slots = new Slots(1);
    const { downloads, requests, failures, shutdown } = download({ slots });
    const file = downloads.file(1, "a");
    downloads.prefetch(3, "b");
    await turns();
    expect([requests.length, slots.take()]).toEqual([2, undefined]);
    if (how === "close") downloads.close();
    else shutdown.abort();
    expect(await file).toBeUndefined();
    expect(slots.take()).toBeDefined();
    expect(failures).toEqual([]);
    expect(requests.every(({ signal }) => signal.aborted)).toBe(true);
    downloads.prefetch(5, "c");
    expect(await downloads.file(11, "d")).toBeUndefined();
    expect(requests).toHaveLength(2);
    expect(getEventListeners(shutdown.signal, "abort")).toEqual([]);
  });
});
