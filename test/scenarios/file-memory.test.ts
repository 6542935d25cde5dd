import { describe, expect, it, onTestFinished } from "vitest";
import type { SentFile } from "../../src/playground/chat-platform.ts";
import { askWith, isSame, uploadsOf } from "../support/asked-files.ts";
import { type PlatformName, type StartedWorld, startWorld } from "../support/world.ts";

const megabyte = 1024 * 1024;

/** In bytes. */
interface Memory {
  readonly rss: number;
  readonly heapUsed: number;
  readonly arrayBuffers: number;
}

interface MemoryReport {
  /** The most since the last report, garbage included. */
  readonly peak: Memory;
  /** Without garbage. */
  readonly now: Memory;
}

async function startMeasured(platform: PlatformName): Promise<StartedWorld> {
  const preload = new URL("../support/peak-memory.mjs", import.meta.url);
  const environment = { NODE_OPTIONS: `--import=${preload.href}`, FILE_MAX_MB: "120" };
  const world = await startWorld({ platform, environment });
  onTestFinished(() => world.close());
  return world;
}

async function measure({ bridge }: StartedWorld): Promise<MemoryReport> {
  const known = bridge.logs().filter(({ msg }) => msg === "peak memory").length;
  bridge.signal("SIGUSR2");
  return (await bridge.logged("peak memory", ({ report }) => Number(report) > known)) as unknown as MemoryReport;
}

/** Of a size, with bytes of its own. */
function fileOf(bytes: number, mark: number): SentFile {
  return { kind: "file", name: "film.zip", mimeType: "application/zip", bytes: Buffer.alloc(bytes, mark) };
}

/** What garbage may make of it: 53 MB were measured with a file of 200 MB. */
const mostInBuffers = 90 * megabyte;
const large = 120 * megabyte;

describe("Large files go through the bridge", () => {
  it("in pieces, and leave nothing behind", async () => {
    const world = await startMeasured("discord");
    const someone = world.someone();
    const send = async (file: SentFile): Promise<MemoryReport> => {
      await askWith(world, someone, [file]);
      expect(isSame(uploadsOf(world, someone.person).at(-1), file)).toBe(true);
      return await measure(world);
    };
    const { now: before } = await send(fileOf(megabyte, 99));
    const { peak } = await send(fileOf(large, 100));
    expect(peak.arrayBuffers).toBeLessThan(mostInBuffers);
    const reports = [];
    for (const mark of [1, 2, 3, 4, 5]) reports.push(await send(fileOf(20 * megabyte, mark)));
    for (const { now } of reports) {
      expect(now.arrayBuffers - before.arrayBuffers).toBeLessThan(megabyte);
      expect(now.heapUsed - before.heapUsed).toBeLessThan(5 * megabyte);
    }
  });
});
