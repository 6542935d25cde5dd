import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { Budgets } from "../../../src/reply/budget.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import { createChance } from "../random.ts";
import { Caller, discordRate, groupRate, privateRate, rates, type Urgency } from "./caller.ts";

const seconds = (n: number) => n * 1000;

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
      if (chance.below(40) === 0) caller.budget.penalise(chance.below(20_000));
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
      const end = new Caller(rate, caller.clock, { budgets: caller.budgets });
      await end.ask("edge");
      expect(end.grantedAt).toEqual([0]);
      // The reserve is there again when the windows have moved on.
      await caller.clock.advance(seconds(60));
    }
    await caller.clock.advance(seconds(1200));
    await growing;
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
    caller.budget.serve();
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
    expect(caller.grantedAt[5]).toBe(5000);
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
  it("are served by how long their text has waited, whoever asked first", async () => {
    const caller = new Caller(groupRate);
    await caller.ask();
    const now = caller.clock.now();
    const order: string[] = [];
    const asked = [
      caller.ask("step", undefined, { unseenSince: now + 2 }).then(() => order.push("newest")),
      caller.ask("step", undefined, { unseenSince: now }).then(() => order.push("oldest")),
      caller.ask("step", undefined, { unseenSince: now + 1 }).then(() => order.push("middle")),
    ];
    await caller.clock.advance(seconds(30));
    await Promise.all(asked);
    expect(order).toEqual(["oldest", "middle", "newest"]);
  });

  it("take turns", async () => {
    const clock = createManualClock();
    const budgets = new Budgets(clock);
    const callers = Array.from({ length: 3 }, () => new Caller(discordRate, clock, { budgets }));
    const growing = callers.map((caller) => caller.keepAsking(10));
    await clock.advance(seconds(60));
    await Promise.all(growing);
    for (let n = 0; n < 10; n += 1) {
      const round = callers.map((caller) => caller.grantedAt[n] ?? 0);
      expect(Math.max(...round) - Math.min(...round)).toBeLessThanOrEqual(3200);
    }
  });

  it("share one budget, while another chat has its own", async () => {
    const clock = createManualClock();
    const budgets = new Budgets(clock);
    const [one, same, other] = ["a", "a", "b"].map((name) => new Caller(discordRate, clock, { budgets, name }));
    const asked = Promise.all([one, same, other].map((caller) => caller?.ask()));
    await clock.advance(seconds(5));
    await asked;
    expect([one, same, other].map((caller) => caller?.grantedAt[0])).toEqual([0, 488, 0]);
  });
});

describe("a penalty", () => {
  it.each<Urgency>(["step", "edge"])("holds every %s back until it is over", async (urgency) => {
    const caller = new Caller(privateRate);
    await caller.ask();
    caller.budget.penalise(seconds(140));
    const asked = Promise.all([caller.ask(urgency), caller.ask("edge")]);
    await caller.clock.advance(seconds(140) - 1);
    expect(caller.grantedAt).toEqual([0]);
    expect(caller.budget.isPenalised()).toBe(true);
    await caller.clock.advance(seconds(10));
    await asked;
    expect(caller.grantedAt[1]).toBe(seconds(140));
    expect(caller.budget.isPenalised()).toBe(false);
  });

  it("holds back those who wait already", async () => {
    const caller = new Caller(privateRate);
    await caller.ask();
    const waiting = caller.ask();
    caller.budget.penalise(seconds(30));
    await caller.clock.advance(seconds(31));
    await waiting;
    expect(caller.grantedAt).toEqual([0, seconds(30)]);
  });

  it("is not shortened by a shorter one", async () => {
    const caller = new Caller(privateRate);
    caller.budget.penalise(seconds(30));
    caller.budget.penalise(seconds(5));
    const asked = caller.ask();
    await caller.clock.advance(seconds(31));
    await asked;
    expect(caller.grantedAt).toEqual([seconds(30)]);
  });

  it("leaves other chats alone", async () => {
    const clock = createManualClock();
    const budgets = new Budgets(clock);
    const other = new Caller(privateRate, clock, { budgets, name: "other" });
    new Caller(privateRate, clock, { budgets }).budget.penalise(seconds(30));
    await other.ask();
    expect(other.grantedAt).toEqual([0]);
  });

  it("is followed by a minute at half the pace", async () => {
    const caller = new Caller(discordRate);
    caller.budget.penalise(seconds(10));
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
    caller.budget.penalise(seconds(140));
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
    expect(caller.grantedAt).toEqual([0, 488]);
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
  const inChat = (name: string) => new Caller(discordRate, clock, { budgets, name });
  const penalised = inChat("penalised");
  penalised.budget.penalise(seconds(3600));
  const silent = inChat("chat 0").budget;
  for (let n = 0; n < 3000; n += 1) await inChat(`chat ${n}`).ask("edge");
  await clock.advance(seconds(120));
  await inChat("newest").ask("edge");
  expect(penalised.budget.isPenalised()).toBe(true);
  expect(inChat("chat 0").budget).not.toBe(silent);
});

it("is not held by a clock that was set back", async () => {
  const clock = createManualClock();
  let setBackMs = 0;
  const caller = new Caller(privateRate, { ...clock, now: () => clock.now() - setBackMs, pending: 0 });
  for (let n = 0; n < 3; n += 1) await caller.ask("edge");
  setBackMs = seconds(3600);
  const asked = caller.ask("edge");
  await clock.advance(1000);
  expect(await asked).toBe(true);
});
