import { describe, expect, test } from "vitest";
import { askReadiness, type Conditions, readinessOf } from "../../../src/operation/readiness.ts";
import { createManualClock } from "../../support/manual-clock.ts";

const well: Conditions = {
  phase: "running",
  store: { ok: true, ms: 1 },
  platforms: { telegram: { isReceiving: true, heardAt: 5 }, discord: { isReceiving: true } },
  coze: { lastSuccessAt: 3, breakerOpen: false },
};

test.each<readonly [string, string, Partial<Conditions>]>([
  ["everything is well", "ready", {}],
  ["nobody has asked Coze yet", "ready", { coze: { breakerOpen: false } }],
  ["Coze failed last, but is still asked", "ready", { coze: { lastFailureAt: 9, breakerOpen: false } }],
  ["the start is not complete", "starting", { phase: "starting" }],
  ["it stops", "stopping", { phase: "stopping" }],
  ["the store does not answer", "unready", { store: { ok: false, ms: 2_000 } }],
  [
    "one of two platforms is deaf",
    "unready",
    { platforms: { ...well.platforms, telegram: { isReceiving: false, problem: "409" } } },
  ],
  ["Coze is not asked any more", "unready", { coze: { breakerOpen: true } }],
])("when %s, it is %s", (_when, status, change) => {
  const conditions = { ...well, ...change };
  const { phase: _phase, ...parts } = conditions;
  expect(readinessOf(conditions)).toEqual({ status, ...parts });
});

describe("asking the parts", () => {
  const adapters = [{ name: "telegram", condition: () => ({ isReceiving: true, heardAt: 7 }) }];
  const coze = () => ({ breakerOpen: false });
  const phase = () => "running" as const;

  test("the store is pinged and every platform asked", async () => {
    const clock = createManualClock();
    const told = await askReadiness({ phase, adapters, coze, clock, store: { ping: async () => undefined } });
    expect(told).toEqual({
      status: "ready",
      store: { ok: true, ms: 0 },
      platforms: { telegram: { isReceiving: true, heardAt: 7 } },
      coze: { breakerOpen: false },
    });
    expect(clock.pending).toBe(0);
  });

  test("a store that fails is not ready", async () => {
    const ping = async () => {
      throw new Error("disk I/O error");
    };
    const told = await askReadiness({ phase, adapters, coze, clock: createManualClock(), store: { ping } });
    expect(told).toMatchObject({ status: "unready", store: { ok: false } });
  });

  test("a store that is silent for two seconds is not ready", async () => {
    const clock = createManualClock();
    const silent = new Promise<void>(() => undefined);
    const asked = askReadiness({ phase, adapters, coze, clock, store: { ping: () => silent } });
    await clock.advance(2_000);
    expect(await asked).toMatchObject({ status: "unready", store: { ok: false, ms: 2_000 } });
  });
});
