import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import type { RateWindow, Target } from "../../../src/adapter.ts";
import { Budgets, type Urgency } from "../../../src/reply/budget.ts";
import { createManualClock, type ManualClock } from "../../support/manual-clock.ts";
import { createChance } from "../random.ts";

const seconds = (n: number) => n * 1000;
const privateRate: readonly RateWindow[] = [
  { count: 3, perMs: 1000 },
  { count: 60, perMs: 60_000 },
];
const groupRate: readonly RateWindow[] = [
  { count: 3, perMs: 1000 },
  { count: 20, perMs: 60_000 },
];
const discordRate: readonly RateWindow[] = [{ count: 5, perMs: 5000 }];
const rates = [
  ["a private chat on Telegram", privateRate],
  ["a group on Telegram", groupRate],
  ["a channel on Discord", discordRate],
] as const;

const never = new AbortController().signal;
const target = (rate: readonly RateWindow[], budget = "one"): Target => ({ budget, rate, address: null });

/** Asks for calls and keeps the moments at which they were granted, from the clock's start on. */
class Caller {
  readonly grantedAt: number[] = [];
  readonly #budgets: Budgets;
  readonly #clock: ManualClock;
  readonly #startMs: number;
  readonly target: Target;

  constructor(rate: readonly RateWindow[], clock = createManualClock(), budgets = new Budgets(clock), name = "one") {
    this.#clock = clock;
    this.#budgets = budgets;
    this.#startMs = clock.now();
    this.target = target(rate, name);
  }

  get clock(): ManualClock {
    return this.#clock;
  }

  get budgets(): Budgets {
    return this.#budgets;
  }

  async ask(urgency: Urgency | (() => Urgency) = "step", signal = never): Promise<boolean> {
    const urgencyNow = typeof urgency === "function" ? urgency : () => urgency;
    const granted = await this.#budgets.acquire(this.target, urgencyNow, signal);
    if (granted) this.grantedAt.push(this.#clock.now() - this.#startMs);
    return granted;
  }

  /** An answer that always has something new to show. */
  async keepAsking(count: number): Promise<void> {
    for (let n = 0; n < count; n += 1) await this.ask();
  }
}

/** The most calls that fall into any window of this length. */
function mostWithin(moments: readonly number[], perMs: number): number {
  const sorted = [...moments].sort((a, b) => a - b);
  return Math.max(0, ...sorted.map((at) => sorted.filter((other) => other >= at && other < at + perMs).length));
}

describe.each(rates)("the budget of %s", (_, rate) => {
  it.each([1, 2, 3, 4, 5])("is never exceeded, whoever asks, however often and urgently (seed %i)", async (seed) => {
    const chance = createChance(seed);
    const caller = new Caller(rate);
    const asked: Promise<boolean>[] = [];
    for (let n = 0; n < 120; n += 1) {
      await caller.clock.advance(chance.pick([0, 0, 10, 300, 2000]));
      const withdrawal = new AbortController();
      asked.push(caller.ask(chance.pick(["step", "edge"]), withdrawal.signal));
      if (chance.below(8) === 0) withdrawal.abort();
      if (chance.below(40) === 0) caller.budgets.penalise(caller.target, chance.below(20_000));
    }
    await caller.clock.advance(seconds(1200));
    expect((await Promise.all(asked)).filter(Boolean)).toHaveLength(caller.grantedAt.length);
    for (const { count, perMs } of rate) expect(mostWithin(caller.grantedAt, perMs)).toBeLessThanOrEqual(count);
    expect(caller.clock.pending).toBe(0);
  });

  it("grants the first call at once", async () => {
    const caller = new Caller(rate);
    expect(await caller.ask()).toBe(true);
    expect(caller.grantedAt).toEqual([0]);
  });

  it("has room for an edge at once at any moment of a growing answer", async () => {
    const caller = new Caller(rate);
    const growing = caller.keepAsking(200);
    for (let n = 0; n < 10; n += 1) {
      await caller.clock.advance(seconds(7));
      const end = new Caller(rate, caller.clock, caller.budgets);
      await end.ask("edge");
      expect(end.grantedAt).toEqual([0]);
      // The reserve is there again when the windows have moved on.
      await caller.clock.advance(seconds(60));
    }
    await caller.clock.advance(seconds(1200));
    await growing;
  });

  it("keeps the steps of a growing answer at an even distance", async () => {
    const caller = new Caller(rate);
    const growing = caller.keepAsking(15);
    await caller.clock.advance(seconds(120));
    await growing;
    const gaps = caller.grantedAt.slice(1).map((at, n) => at - (caller.grantedAt[n] ?? 0));
    const even = Math.max(...rate.map(({ count, perMs }) => Math.ceil(perMs / (count - 1))));
    expect(new Set(gaps)).toEqual(new Set([even]));
  });
});

describe("an edge", () => {
  it("goes before steps that asked earlier", async () => {
    const caller = new Caller(groupRate);
    const order: string[] = [];
    await caller.ask();
    const step = caller.ask("step").then(() => order.push("step"));
    const end = caller.ask("edge").then(() => order.push("edge"));
    await caller.clock.advance(seconds(10));
    await Promise.all([step, end]);
    expect(order).toEqual(["edge", "step"]);
  });

  it("is what a waiting step becomes when its answer ends", async () => {
    const caller = new Caller(groupRate);
    await caller.ask();
    let urgency: Urgency = "step";
    const waiting = caller.ask(() => urgency);
    await caller.clock.advance(500);
    urgency = "edge";
    caller.budgets.reconsider(caller.target);
    await waiting;
    expect(caller.grantedAt).toEqual([0, 500]);
  });

  it("finds room also where other edges came close together: no step takes the last place", async () => {
    const caller = new Caller(discordRate);
    await Promise.all(Array.from({ length: 4 }, () => caller.ask("edge")));
    const step = caller.ask("step");
    await caller.clock.advance(4000);
    await caller.ask("edge");
    expect(caller.grantedAt).toEqual([0, 0, 0, 0, 4000]);
    await caller.clock.advance(seconds(10));
    await step;
    expect(caller.grantedAt[5]).toBe(5250);
  });

  it("waits for room when the windows are used up by other edges", async () => {
    const caller = new Caller(discordRate);
    const edges = Promise.all(Array.from({ length: 7 }, () => caller.ask("edge")));
    await caller.clock.advance(seconds(10));
    await edges;
    expect(caller.grantedAt).toEqual([0, 0, 0, 0, 0, 5000, 5000]);
  });
});

describe("answers that share a chat", () => {
  it("take turns", async () => {
    const clock = createManualClock();
    const budgets = new Budgets(clock);
    const callers = Array.from({ length: 3 }, () => new Caller(discordRate, clock, budgets));
    const growing = callers.map((caller) => caller.keepAsking(10));
    await clock.advance(seconds(60));
    await Promise.all(growing);
    for (let n = 0; n < 10; n += 1) {
      const round = callers.map((caller) => caller.grantedAt[n] ?? 0);
      expect(Math.max(...round) - Math.min(...round)).toBeLessThanOrEqual(2500);
    }
  });

  it("share one budget, while another chat has its own", async () => {
    const clock = createManualClock();
    const budgets = new Budgets(clock);
    const [one, same, other] = ["a", "a", "b"].map((name) => new Caller(discordRate, clock, budgets, name));
    const asked = Promise.all([one, same, other].map((caller) => caller?.ask()));
    await clock.advance(seconds(5));
    await asked;
    expect([one, same, other].map((caller) => caller?.grantedAt[0])).toEqual([0, 1250, 0]);
  });
});

describe("a penalty", () => {
  it.each<Urgency>(["step", "edge"])("holds every %s back until it is over", async (urgency) => {
    const caller = new Caller(privateRate);
    await caller.ask();
    caller.budgets.penalise(caller.target, seconds(140));
    const asked = Promise.all([caller.ask(urgency), caller.ask("edge")]);
    await caller.clock.advance(seconds(140) - 1);
    expect(caller.grantedAt).toEqual([0]);
    expect(caller.budgets.isPenalised(caller.target)).toBe(true);
    await caller.clock.advance(seconds(10));
    await asked;
    expect(caller.grantedAt[1]).toBe(seconds(140));
    expect(caller.budgets.isPenalised(caller.target)).toBe(false);
  });

  it("holds back those who wait already", async () => {
    const caller = new Caller(privateRate);
    await caller.ask();
    const waiting = caller.ask();
    caller.budgets.penalise(caller.target, seconds(30));
    await caller.clock.advance(seconds(31));
    await waiting;
    expect(caller.grantedAt).toEqual([0, seconds(30)]);
  });

  it("is not shortened by a shorter one", async () => {
    const caller = new Caller(privateRate);
    caller.budgets.penalise(caller.target, seconds(30));
    caller.budgets.penalise(caller.target, seconds(5));
    const asked = caller.ask();
    await caller.clock.advance(seconds(31));
    await asked;
    expect(caller.grantedAt).toEqual([seconds(30)]);
  });

  it("leaves other chats alone", async () => {
    const clock = createManualClock();
    const budgets = new Budgets(clock);
    const other = new Caller(privateRate, clock, budgets, "other");
    budgets.penalise(target(privateRate), seconds(30));
    await other.ask();
    expect(other.grantedAt).toEqual([0]);
  });

  it("is followed by a minute at half the pace", async () => {
    const caller = new Caller(discordRate);
    caller.budgets.penalise(caller.target, seconds(10));
    const growing = caller.keepAsking(50);
    await caller.clock.advance(seconds(120));
    await growing;
    const gaps = caller.grantedAt.slice(1).map((at, n) => at - (caller.grantedAt[n] ?? 0));
    expect(gaps.slice(0, 24)).toEqual(Array(24).fill(2500));
    expect(gaps.slice(25)).toEqual(Array(24).fill(1250));
  });
});

describe("whoever waits", () => {
  it("can withdraw, which counts no call and leaves neither timer nor listener", async () => {
    const caller = new Caller(discordRate);
    await caller.ask();
    caller.budgets.penalise(caller.target, seconds(140));
    const withdrawal = new AbortController();
    const waiting = caller.ask("step", withdrawal.signal);
    expect(caller.clock.pending).toBe(1);
    withdrawal.abort();
    expect(await waiting).toBe(false);
    expect(caller.clock.pending).toBe(0);
    expect(getEventListeners(withdrawal.signal, "abort")).toEqual([]);
  });

  it("does not hold up the others by withdrawing", async () => {
    const caller = new Caller(discordRate);
    await caller.ask();
    const withdrawal = new AbortController();
    const first = caller.ask("step", withdrawal.signal);
    const second = caller.ask();
    withdrawal.abort();
    await caller.clock.advance(1250);
    expect(await Promise.all([first, second])).toEqual([false, true]);
    expect(caller.grantedAt).toEqual([0, 1250]);
  });

  it("is refused at once when its signal has aborted before", async () => {
    const caller = new Caller(discordRate);
    expect(await caller.ask("edge", AbortSignal.abort())).toBe(false);
    expect(caller.clock.pending).toBe(0);
  });

  it("leaves no listener when it was granted", async () => {
    const caller = new Caller(discordRate);
    const { signal } = new AbortController();
    const asked = Promise.all([caller.ask("step", signal), caller.ask("step", signal)]);
    await caller.clock.advance(1250);
    await asked;
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });
});

it("keeps no budget of chats that have long been silent, but every one that matters", async () => {
  const clock = createManualClock();
  const budgets = new Budgets(clock);
  budgets.penalise(target(discordRate, "penalised"), seconds(3600));
  for (let n = 0; n < 3000; n += 1) await budgets.acquire(target(discordRate, `chat ${n}`), () => "edge", never);
  await clock.advance(seconds(120));
  await budgets.acquire(target(discordRate, "newest"), () => "edge", never);
  expect(budgets.isPenalised(target(discordRate, "penalised"))).toBe(true);
});
