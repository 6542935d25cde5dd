import { describe, expect, it } from "vitest";
import { Budgets } from "../../../src/reply/budget.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import { bot, Caller, privateRate } from "./caller.ts";

const platform = bot([{ count: 3, perMs: 1000 }]);

function chats(count: number): Caller[] {
  const clock = createManualClock();
  const budgets = new Budgets(clock);
  return Array.from({ length: count }, (_, n) => new Caller(privateRate, clock, { budgets, platform, name: `${n}` }));
}

describe("the limit of the whole bot", () => {
  it("holds over all chats, whose people are served by how long they have waited", async () => {
    const all = chats(9);
    const [first] = all;
    const now = first?.clock.now() ?? 0;
    const asked = all.map((chat, n) => chat.ask("edge", undefined, { unseenSince: now - n }));
    await first?.clock.advance(10_000);
    await Promise.all(asked);
    const order = all.map(({ grantedAt }) => grantedAt[0]);
    // The first three were there before anyone else.
    expect(order).toEqual([0, 0, 0, 2000, 2000, 2000, 1000, 1000, 1000]);
  });

  it("lets ends go before steps", async () => {
    const all = chats(6);
    const clock = all[0]?.clock ?? createManualClock();
    await Promise.all(all.slice(0, 3).map((chat) => chat.ask("edge")));
    const step = all[3]?.ask("step", undefined, { unseenSince: clock.now() - 5000 });
    const ends = all.slice(3).map((chat) => chat.ask("edge"));
    await clock.advance(5000);
    await Promise.all([step, ...ends]);
    expect(all[3]?.grantedAt).toEqual([1000, 2000]);
  });

  it("does not concern calls that the platform counts apart", async () => {
    const all = chats(3);
    const [first] = all;
    await Promise.all(all.map((chat) => chat.ask("edge")));
    const apart = first?.budgets.of(platform, { budget: "apart", rate: privateRate, isOutsideBotRate: true });
    const claim = {
      call: () => "post" as const,
      urgency: () => "edge" as const,
      startedAt: () => 0,
      unseenSince: () => 0,
      writtenAt: () => 0,
    };
    expect(await apart?.acquire(claim, new AbortController().signal)).toBeDefined();
  });

  it("stops every chat when the platform penalises the bot, and no longer than that", async () => {
    const all = chats(2);
    const [first, second] = all;
    first?.budgets.bot(platform).penalise(30_000);
    const asked = all.map((chat) => chat.ask("edge"));
    expect(second?.budget.isPenalised()).toBe(true);
    await first?.clock.advance(29_999);
    expect(all.flatMap(({ grantedAt }) => grantedAt)).toEqual([]);
    await first?.clock.advance(1);
    await Promise.all(asked);
    expect(second?.budget.isPenalised()).toBe(false);
  });

  it("leaves no timer behind when whoever waits for it withdraws", async () => {
    const all = chats(4);
    const [first] = all;
    await Promise.all(all.slice(0, 3).map((chat) => chat.ask("edge")));
    const withdrawal = new AbortController();
    const asked = all[3]?.ask("edge", withdrawal.signal);
    expect(first?.clock.pending).toBe(1);
    withdrawal.abort();
    expect(await asked).toBe(false);
    expect(first?.clock.pending).toBe(0);
  });
});

describe("a permit that is given back", () => {
  it("counts for nothing, neither in the chat nor for the bot", async () => {
    const all = chats(4);
    const permits = await Promise.all(all.slice(0, 3).map((chat) => chat.acquire("edge")));
    const last = all[3]?.ask("edge");
    permits[0]?.giveBack();
    expect(await last).toBe(true);
    expect(all[3]?.grantedAt).toEqual([0]);
  });
});

describe("a call that is still unanswered", () => {
  it("counts until its answer has come and the window has passed from then on", async () => {
    const [caller] = chats(1);
    if (!caller) throw new Error("no chat");
    const permits = [await caller.acquire("edge"), await caller.acquire("edge"), await caller.acquire("edge")];
    const next = caller.acquire("edge");
    await caller.clock.advance(5000);
    expect(caller.grantedAt).toHaveLength(3);
    for (const permit of permits) permit?.answered();
    const later = caller.acquire("edge");
    await caller.clock.advance(1000);
    expect(await next).toBeDefined();
    (await next)?.answered();
    await caller.clock.advance(1000);
    expect(await later).toBeDefined();
  });
});
