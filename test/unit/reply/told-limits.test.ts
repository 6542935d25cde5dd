import { describe, expect, it } from "vitest";
import type { RateReport } from "../../../src/adapter.ts";
import { Caller, discordRate } from "./caller.ts";

const seconds = (n: number) => n * 1000;

function report(told: Partial<RateReport>): RateReport {
  return { budget: "one", call: "edit", bucket: "edits", limit: 5, remaining: 4, resetAfterMs: 5000, ...told };
}

describe("what a platform's answers tell", () => {
  it("opens more room than is known in general", async () => {
    const caller = new Caller(discordRate);
    caller.budgets.report(report({}));
    caller.budget.report(report({ limit: 10, remaining: 9 }));
    await Promise.all(Array.from({ length: 9 }, () => caller.ask("edge")));
    expect(caller.grantedAt).toEqual(Array(9).fill(0));
  });

  it("closes room that seemed to be there, until the window ends", async () => {
    const caller = new Caller(discordRate);
    caller.budget.report(report({ remaining: 0, resetAfterMs: 3210 }));
    const asked = caller.ask("edge");
    await caller.clock.advance(3209);
    expect(caller.grantedAt).toEqual([]);
    await caller.clock.advance(10);
    expect(await asked).toBe(true);
  });

  it("reaches the chat's budget through its name", async () => {
    const caller = new Caller(discordRate);
    expect(caller.budget.isPenalised()).toBe(false);
    caller.budgets.report(report({ remaining: 0, resetAfterMs: 2000 }));
    caller.budgets.report(report({ budget: "another chat", remaining: 3 }));
    const asked = caller.ask("edge");
    await caller.clock.advance(1900);
    expect(caller.grantedAt).toEqual([]);
    await caller.clock.advance(200);
    await asked;
  });

  it("keeps posts and edits apart where their buckets differ", async () => {
    const caller = new Caller(discordRate);
    caller.budget.report(report({ remaining: 0 }));
    caller.budget.report(report({ call: "post", bucket: "posts" }));
    const edit = caller.ask("edge");
    expect(await caller.ask("edge", undefined, { call: "post" })).toBe(true);
    await caller.clock.advance(seconds(6));
    await edit;
    expect(caller.grantedAt).toEqual([0, 5005]);
  });

  it("counts them together where they share one", async () => {
    const caller = new Caller(discordRate);
    caller.budget.report(report({ call: "post", bucket: "all", remaining: 1 }));
    caller.budget.report(report({ bucket: "all", remaining: 0 }));
    const post = caller.ask("edge", undefined, { call: "post" });
    await caller.clock.advance(4900);
    expect(caller.grantedAt).toEqual([]);
    await caller.clock.advance(200);
    await post;
  });

  it("is assumed of edits too as long as only posts have told anything", async () => {
    const caller = new Caller(discordRate);
    caller.budget.report(report({ call: "post", bucket: "posts", remaining: 0 }));
    const edit = caller.ask("edge");
    await caller.clock.advance(4900);
    expect(caller.grantedAt).toEqual([]);
    await caller.clock.advance(200);
    await edit;
  });

  it("spreads the steps of an answer over the window, and begins no window with a burst but the first", async () => {
    const caller = new Caller(discordRate);
    let windowEnd = 0;
    let left = 0;
    const growing = (async () => {
      for (let n = 0; n < 30; n += 1) {
        await caller.ask();
        const now = caller.clock.now();
        if (now >= windowEnd) {
          windowEnd = now + 5000;
          left = 5;
        }
        left -= 1;
        caller.budget.report(report({ remaining: left, resetAfterMs: windowEnd - now }));
      }
    })();
    await caller.clock.advance(seconds(60));
    await growing;
    expect(caller.gaps[0]).toBeLessThan(800);
    const later = caller.gaps.slice(8);
    expect(Math.min(...later)).toBeGreaterThan(950);
    expect(Math.max(...later)).toBeLessThan(1060);
  });
});
