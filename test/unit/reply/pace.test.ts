import { describe, expect, it } from "vitest";
import type { RateWindow } from "../../../src/adapter.ts";
import { Caller, discordRate, groupRate, privateRate, rates } from "./caller.ts";

const seconds = (n: number) => n * 1000;

/** How an answer is shown that grows steadily for `ms`; its last text goes out at its end, at once. */
async function grow(rate: readonly RateWindow[], ms: number): Promise<Caller> {
  const caller = new Caller(rate);
  let isEnding = false;
  const ended = (async () => {
    while (!isEnding) await caller.ask(() => (isEnding ? "edge" : "step"));
  })();
  await caller.clock.advance(ms);
  isEnding = true;
  caller.budget.serve();
  await caller.clock.advance(seconds(60));
  await ended;
  return caller;
}

/** The mean age of what is not seen yet, in milliseconds, when text comes steadily and calls take no time. */
function meanAge({ gaps }: Caller): number {
  const square = gaps.reduce((sum, gap) => sum + gap * gap, 0);
  const whole = gaps.reduce((sum, gap) => sum + gap, 0);
  return square / 2 / whole;
}

describe.each(rates)("an answer in %s", (_, rate) => {
  it.each([1500, 7500, 20_000, 45_000, 90_000, 200_000])(
    "of %i ms ends at once or with the next window",
    async (ms) => {
      const caller = await grow(rate, ms);
      const longest = Math.max(...rate.map(({ perMs, count }) => perMs / count));
      expect((caller.grantedAt.at(-1) ?? 0) - ms).toBeLessThanOrEqual(longest);
    },
  );

  it("begins with short waits that grow, and are never shorter than people can read", async () => {
    const { gaps } = await grow(rate, 20_000);
    expect(Math.min(...gaps.slice(0, -1))).toBeGreaterThanOrEqual(400);
    expect(gaps[0]).toBeLessThan(Math.max(...gaps.slice(0, -1)));
  });
});

describe("the mean age of text", () => {
  // Half a second is the optimum of one call a second.
  it.each([
    ["1.5 s in a private chat", privateRate, 1500, 250],
    ["7.5 s in a private chat", privateRate, 7500, 250],
    ["45 s in a private chat", privateRate, 45_000, 530],
    ["50 s in a private chat", privateRate, 50_000, 560],
    ["200 s in a private chat", privateRate, 200_000, 650],
    ["1.5 s in a group", groupRate, 1500, 560],
    ["7.5 s in a group", groupRate, 7500, 640],
    ["45 s in a group", groupRate, 45_000, 1640],
    ["200 s in a group", groupRate, 200_000, 2150],
  ] as const)("of an answer of %s is low", async (_, rate, ms, limit) => {
    expect(meanAge(await grow(rate, ms))).toBeLessThanOrEqual(limit);
  });
});

it("makes short answers in a group use what long ones leave: one of 7.5 s is fresher than its share of the minute", async () => {
  const caller = await grow(groupRate, 7500);
  expect(caller.grantedAt.filter((at) => at <= 7500).length).toBeGreaterThan(6);
});

it("leaves room for the answer that follows", async () => {
  const caller = await grow(groupRate, 7500);
  const next = new Caller(groupRate, caller.clock, { budgets: caller.budgets });
  const growing = next.keepAsking(4);
  await caller.clock.advance(seconds(20));
  await growing;
  expect(next.grantedAt[0]).toBe(0);
});

describe("text that falls silent", () => {
  it("is shown soon, although the next step would come later", async () => {
    const caller = new Caller(groupRate);
    await caller.keepAskingFor(seconds(8));
    const before = caller.clock.now();
    const flush = caller.ask("step", undefined, { writtenAt: before });
    await caller.clock.advance(900);
    expect(await Promise.race([flush, "waiting"])).toBe(true);
  });

  it("waits like any other when little of the limit is left", async () => {
    const caller = new Caller(groupRate);
    for (let n = 0; n < 14; n += 1) {
      await caller.ask("edge");
      await caller.clock.advance(400);
    }
    const flush = caller.ask("step", undefined, { writtenAt: caller.clock.now() });
    await caller.clock.advance(1500);
    expect(await Promise.race([flush, "waiting"])).toBe("waiting");
    await caller.clock.advance(seconds(60));
    await flush;
  });
});

it("begins no answer with short waits for ten minutes after a penalty", async () => {
  const caller = new Caller(discordRate);
  caller.budget.penalise(1000);
  await caller.clock.advance(seconds(500));
  const asked = caller.keepAsking(5);
  await caller.clock.advance(seconds(20));
  await asked;
  expect(Math.min(...caller.gaps)).toBeGreaterThanOrEqual(1250);
});
