import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Adapter, CallReport } from "../adapter.ts";
import type { CozeError } from "../coze/errors.ts";
import type { QueueDepth } from "../turn/turn-queue.ts";
import type { Observer } from "./observer.ts";

/** What Prometheus reads: the bridge's own figures, `coze_bridge_…`, and those of the process. */
export interface Metrics {
  readonly observer: Observer;
  /** For `Adapter.observeCalls`. */
  platformCall(platform: string, call: CallReport): void;
  cozeFailed(error: Pick<CozeError, "kind" | "code">): void;
  cozeSucceeded(): void;
  /** One call to the store; `operation` is the method's name. */
  storeCalled(operation: string, call: { readonly ms: number; readonly failed: boolean }): void;
  /** What is looked at only when somebody reads. Called once. */
  watch(watched: Watched): void;
  /** In Prometheus' text format. */
  text(): Promise<string>;
  readonly contentType: string;
}

export interface Watched {
  readonly queue: () => QueueDepth;
  readonly adapters: readonly Pick<Adapter, "name" | "condition">[];
}

/** Each call makes a registry of its own. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const instruments = new Instruments(registry);
  return {
    observer: observeTurns(instruments),
    platformCall: countPlatformCalls(instruments),
    ...countCoze(instruments),
    storeCalled: countStoreCalls(instruments),
    watch: watchOnDemand(instruments),
    text() {
      // To watch the event loop costs some CPU all the time, so it is done only where somebody reads.
      if (!registry.getSingleMetric("process_cpu_seconds_total")) collectDefaultMetrics({ register: registry });
      return registry.metrics();
    },
    contentType: registry.contentType,
  };
}

/** Metrics of one registry, under the bridge's prefix. */
class Instruments {
  readonly #registry: Registry;

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  counter<T extends string>(name: string, help: string, labelNames: readonly T[] = []): Counter<T> {
    return new Counter({ ...this.#described(name, help), labelNames });
  }

  gauge<T extends string>(name: string, help: string, labelNames: readonly T[] = []): Gauge<T> {
    return new Gauge({ ...this.#described(name, help), labelNames });
  }

  /** Filled by `collect` whenever somebody reads. */
  gaugeOnDemand<T extends string>(
    name: string,
    help: string,
    labelNames: readonly T[],
    collect: (gauge: Gauge<T>) => void,
  ): void {
    new Gauge({
      ...this.#described(name, help),
      labelNames,
      collect() {
        collect(this);
      },
    });
  }

  /** `buckets` are upper bounds in seconds. */
  histogram<T extends string>(
    name: string,
    help: string,
    labelNames: readonly T[],
    buckets: readonly number[],
  ): Histogram<T> {
    return new Histogram({ ...this.#described(name, help), labelNames, buckets: [...buckets] });
  }

  #described(name: string, help: string) {
    return { name: `coze_bridge_${name}`, help, registers: [this.#registry] };
  }
}

const waitBuckets = [0.25, 0.5, 1, 2, 3, 5, 8, 15, 30, 60, 120];
const ageBuckets = [0.05, 0.1, 0.25, 0.5, 1, 1.5, 2, 3, 5, 10, 30, 60, 300];
const turnBuckets = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 900, 1800];
const callBuckets = [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const storeBuckets = [0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5];

function observeTurns(instruments: Instruments): Observer {
  const turns = instruments.counter("turns_total", "Questions that came to their end.", [
    "platform",
    "outcome",
    "code",
  ]);
  const firstText = instruments.histogram(
    "first_text_seconds",
    "From the beginning of a turn until Coze's first text.",
    ["platform"],
    waitBuckets,
  );
  const turnTime = instruments.histogram(
    "turn_seconds",
    "From the beginning of a turn to its end.",
    ["platform", "outcome"],
    turnBuckets,
  );
  const textAge = instruments.histogram(
    "text_age_seconds",
    "How long the newest text had been known when it was shown.",
    ["platform"],
    ageBuckets,
  );
  const tokens = instruments.counter("tokens_total", "Tokens used, as Coze counted them.", ["platform"]);
  const codeLabel = atMost(50);
  return {
    turnEnded({ platform, outcome, code = "", ms, firstTextMs, tokens: used }) {
      turns.inc({ platform, outcome, code: codeLabel(code) });
      turnTime.observe({ platform, outcome }, ms / 1000);
      if (firstTextMs !== undefined) firstText.observe({ platform }, firstTextMs / 1000);
      if (used !== undefined) tokens.inc({ platform }, used);
    },
    textShown(platform, ageMs) {
      textAge.observe({ platform }, ageMs / 1000);
    },
  };
}

function countPlatformCalls(instruments: Instruments): Metrics["platformCall"] {
  const calls = instruments.counter(
    "platform_calls_total",
    "Calls to a platform; the status is none without an answer.",
    ["platform", "method", "status"],
  );
  const callTime = instruments.histogram(
    "platform_call_seconds",
    "How long a call to a platform took.",
    ["platform", "method"],
    callBuckets,
  );
  const limited = instruments.counter("rate_limited_total", "Calls that a platform refused with 429.", [
    "platform",
    "method",
  ]);
  const methodLabel = atMost(100);
  return (platform, call) => {
    const method = methodLabel(call.method);
    calls.inc({ platform, method, status: call.status ?? "none" });
    callTime.observe({ platform, method }, call.ms / 1000);
    if (call.status === 429) limited.inc({ platform, method });
  };
}

function countCoze(instruments: Instruments): Pick<Metrics, "cozeFailed" | "cozeSucceeded"> {
  const errors = instruments.counter("coze_errors_total", "Failures of Coze, with Coze's own code, or 0.", [
    "kind",
    "code",
  ]);
  const lastSuccess = instruments.gauge(
    "coze_last_success_timestamp_seconds",
    "When Coze last did what it was asked for, in seconds since the epoch; 0 before.",
  );
  const codeLabel = atMost(50);
  return {
    cozeFailed: ({ kind, code }) => errors.inc({ kind, code: codeLabel(String(code)) }),
    cozeSucceeded: () => lastSuccess.setToCurrentTime(),
  };
}

function countStoreCalls(instruments: Instruments): Metrics["storeCalled"] {
  const callTime = instruments.histogram(
    "store_seconds",
    "How long a call to the store took.",
    ["operation"],
    storeBuckets,
  );
  const failures = instruments.counter("store_errors_total", "Calls to the store that failed.", ["operation"]);
  return (operation, { ms, failed }) => {
    callTime.observe({ operation }, ms / 1000);
    if (failed) failures.inc({ operation });
  };
}

function watchOnDemand(instruments: Instruments): Metrics["watch"] {
  let watched: Watched | undefined;
  instruments.gaugeOnDemand("queue_turns", "Turns that run, and turns that wait for one.", ["state"], (gauge) => {
    const depth = watched?.queue();
    if (!depth) return;
    gauge.set({ state: "running" }, depth.running);
    gauge.set({ state: "waiting" }, depth.waiting);
  });
  instruments.gaugeOnDemand("platform_ready", "1 while what people say arrives, else 0.", ["platform"], (gauge) => {
    for (const adapter of watched?.adapters ?? []) {
      gauge.set({ platform: adapter.name }, adapter.condition().isReceiving ? 1 : 0);
    }
  });
  instruments.gaugeOnDemand(
    "platform_heard_timestamp_seconds",
    "When a platform last gave a sign of life, in seconds since the epoch.",
    ["platform"],
    (gauge) => {
      for (const adapter of watched?.adapters ?? []) {
        const { heardAt } = adapter.condition();
        if (heardAt !== undefined) gauge.set({ platform: adapter.name }, heardAt / 1000);
      }
    },
  );
  return (parts) => {
    watched = parts;
  };
}

/** Keeps a label from growing without end: the first `limit` different values as they are, `other` for any further one. */
function atMost(limit: number): (value: string) => string {
  const known = new Set<string>();
  return (value) => {
    if (known.size < limit) known.add(value);
    return known.has(value) ? value : "other";
  };
}
