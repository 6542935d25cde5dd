import { describe, expect, test } from "vitest";
import { measured } from "../../../src/operation/measured-store.ts";
import { createMetrics, type Metrics } from "../../../src/operation/metrics.ts";
import { openSqliteStore } from "../../../src/store/sqlite.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import { temporaryFolder } from "../temporary-folder.ts";

/** The lines of one metric, without comments; histograms with count and sum only. */
async function shown(metrics: Metrics, name: string): Promise<string[]> {
  const lines = (await metrics.text()).split("\n");
  return lines
    .filter((line) => line.startsWith(`coze_bridge_${name}`) && !line.includes("_bucket{"))
    .map((line) => line.replace("coze_bridge_", ""));
}

describe("turns", () => {
  test("are counted by platform, outcome and code, with their times and tokens", async () => {
    const metrics = createMetrics();
    const { observer } = metrics;
    observer.turnEnded({ platform: "telegram", outcome: "delivered", ms: 4_000, firstTextMs: 500, tokens: 120 });
    observer.turnEnded({ platform: "telegram", outcome: "delivered", ms: 2_000, firstTextMs: 300, tokens: 30 });
    observer.turnEnded({ platform: "discord", outcome: "failed", code: "ERR_COZE_QUOTA", ms: 100 });
    expect(await shown(metrics, "turns_total")).toEqual([
      'turns_total{platform="telegram",outcome="delivered",code=""} 2',
      'turns_total{platform="discord",outcome="failed",code="ERR_COZE_QUOTA"} 1',
    ]);
    expect(await shown(metrics, "turn_seconds")).toEqual([
      'turn_seconds_sum{platform="telegram",outcome="delivered"} 6',
      'turn_seconds_count{platform="telegram",outcome="delivered"} 2',
      'turn_seconds_sum{platform="discord",outcome="failed"} 0.1',
      'turn_seconds_count{platform="discord",outcome="failed"} 1',
    ]);
    expect(await shown(metrics, "first_text_seconds")).toEqual([
      'first_text_seconds_sum{platform="telegram"} 0.8',
      'first_text_seconds_count{platform="telegram"} 2',
    ]);
    expect(await shown(metrics, "tokens_total")).toEqual(['tokens_total{platform="telegram"} 150']);
  });

  test("the age of what is shown is in seconds", async () => {
    const metrics = createMetrics();
    metrics.observer.textShown("discord", 250);
    expect(await shown(metrics, "text_age_seconds")).toEqual([
      'text_age_seconds_sum{platform="discord"} 0.25',
      'text_age_seconds_count{platform="discord"} 1',
    ]);
  });
});

describe("calls to a platform", () => {
  test("are counted by method and status; no answer is a status too", async () => {
    const metrics = createMetrics();
    metrics.platformCall("telegram", { method: "sendMessage", status: 200, ms: 100 });
    metrics.platformCall("telegram", { method: "sendMessage", status: 429, ms: 20 });
    metrics.platformCall("telegram", { method: "sendMessage", ms: 30_000 });
    expect(await shown(metrics, "platform_calls_total")).toEqual([
      'platform_calls_total{platform="telegram",method="sendMessage",status="200"} 1',
      'platform_calls_total{platform="telegram",method="sendMessage",status="429"} 1',
      'platform_calls_total{platform="telegram",method="sendMessage",status="none"} 1',
    ]);
    expect(await shown(metrics, "rate_limited_total")).toEqual([
      'rate_limited_total{platform="telegram",method="sendMessage"} 1',
    ]);
    expect(await shown(metrics, "platform_call_seconds_count")).toEqual([
      'platform_call_seconds_count{platform="telegram",method="sendMessage"} 3',
    ]);
  });

  test("methods without number are put together", async () => {
    const metrics = createMetrics();
    for (let at = 0; at < 150; at += 1) metrics.platformCall("x", { method: `m${at}`, status: 200, ms: 1 });
    metrics.platformCall("x", { method: "m7", status: 200, ms: 1 });
    const lines = await shown(metrics, "platform_calls_total");
    expect(lines).toHaveLength(101);
    expect(lines).toContain('platform_calls_total{platform="x",method="m7",status="200"} 2');
    expect(lines).toContain('platform_calls_total{platform="x",method="other",status="200"} 50');
  });
});

describe("Coze", () => {
  test("errors are counted by kind and code, and codes without number are put together", async () => {
    const metrics = createMetrics();
    metrics.cozeFailed({ kind: "quota", code: 4028 });
    for (let code = 1; code <= 60; code += 1) metrics.cozeFailed({ kind: "service", code });
    const lines = await shown(metrics, "coze_errors_total");
    expect(lines).toHaveLength(51);
    expect(lines).toContain('coze_errors_total{kind="quota",code="4028"} 1');
    expect(lines).toContain('coze_errors_total{kind="service",code="other"} 11');
  });

  test("the time of the last success is 0 before there was one", async () => {
    const metrics = createMetrics();
    expect(await shown(metrics, "coze_last_success")).toEqual(["coze_last_success_timestamp_seconds 0"]);
    const before = Date.now() / 1000;
    metrics.cozeSucceeded();
    const [line = ""] = await shown(metrics, "coze_last_success");
    expect(Number(line.split(" ")[1])).toBeGreaterThanOrEqual(before);
  });
});

describe("what is looked at when somebody reads", () => {
  test("the queue and the platforms are asked each time", async () => {
    const metrics = createMetrics();
    let depth = { running: 3, waiting: 5 };
    let isReceiving = true;
    metrics.watch({
      queue: () => depth,
      adapters: [
        { name: "telegram", condition: () => ({ isReceiving, heardAt: 1_700_000_000_500 }) },
        { name: "discord", condition: () => ({ isReceiving: false }) },
      ],
    });
    expect(await shown(metrics, "queue_turns")).toEqual([
      'queue_turns{state="running"} 3',
      'queue_turns{state="waiting"} 5',
    ]);
    expect(await shown(metrics, "platform_ready")).toEqual([
      'platform_ready{platform="telegram"} 1',
      'platform_ready{platform="discord"} 0',
    ]);
    expect(await shown(metrics, "platform_heard")).toEqual([
      'platform_heard_timestamp_seconds{platform="telegram"} 1700000000.5',
    ]);
    depth = { running: 0, waiting: 0 };
    isReceiving = false;
    expect(await shown(metrics, "queue_turns")).toContain('queue_turns{state="running"} 0');
    expect(await shown(metrics, "platform_ready")).toContain('platform_ready{platform="telegram"} 0');
  });

  test("an adapter keeps its own `this`", async () => {
    class Deaf {
      readonly name = "telegram";
      readonly #isReceiving = true;
      condition() {
        return { isReceiving: this.#isReceiving };
      }
    }
    const metrics = createMetrics();
    metrics.watch({ queue: () => ({ running: 0, waiting: 0 }), adapters: [new Deaf()] });
    expect(await shown(metrics, "platform_ready")).toEqual(['platform_ready{platform="telegram"} 1']);
  });

  test("before anything is watched there is nothing to tell", async () => {
    expect(await shown(createMetrics(), "queue_turns")).toEqual([]);
  });
});

test("the process tells of its memory, its files and its event loop", async () => {
  const text = await createMetrics().text();
  for (const name of ["process_resident_memory_bytes", "process_open_fds", "nodejs_eventloop_lag_p99_seconds"]) {
    expect(text).toMatch(new RegExp(`^${name} \\d`, "m"));
  }
});

describe("a measured store", () => {
  test("does what the store does, and times every call", async () => {
    const metrics = createMetrics();
    const path = `${temporaryFolder()}/bridge.db`;
    const store = measured(openSqliteStore(path, { clock: createManualClock() }), metrics);
    const key = { agent: "a", sessionName: "telegram:1", place: "" };
    await store.saveConversation(key, "7400000000000000001");
    expect(await store.conversation(key)).toBe("7400000000000000001");
    await store.conversation({ ...key, place: "x" });
    await store.close();
    expect(await shown(metrics, "store_seconds_count")).toEqual([
      'store_seconds_count{operation="saveConversation"} 1',
      'store_seconds_count{operation="conversation"} 2',
      'store_seconds_count{operation="close"} 1',
    ]);
    expect(await shown(metrics, "store_errors_total")).toEqual([]);
  });

  test("a call that fails is counted, and fails as before", async () => {
    const metrics = createMetrics();
    const path = `${temporaryFolder()}/bridge.db`;
    const store = measured(openSqliteStore(path, { clock: createManualClock() }), metrics);
    await store.close();
    await expect(store.turn("t1")).rejects.toThrow();
    expect(await shown(metrics, "store_errors_total")).toEqual(['store_errors_total{operation="turn"} 1']);
  });
});
