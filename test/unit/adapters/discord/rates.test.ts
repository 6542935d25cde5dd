import { describe, expect, it } from "vitest";
import type { RateReport } from "../../../../src/adapter.ts";
import { rateLimited } from "../../../../src/playground/discord/index.ts";
import { createManualClock } from "../../../support/manual-clock.ts";
import { callsOf, failureOf, message } from "./bridge-side.ts";
import { type Chat, chat, command, create, update } from "./chat.ts";

/** What an adapter tells of its limits, oldest first. */
function reportsOf({ bridge }: Pick<Chat, "bridge">): readonly RateReport[] {
  const reports: RateReport[] = [];
  bridge.adapter.observeRates?.((report) => reports.push(report));
  return reports;
}

describe("reports the limit that a call counts against", () => {
  it.each([
    ["A", "two", [4, 4, 3]],
    ["B", "one", [4, 3, 2]],
  ] as const)("in profile %s, where posts and edits have %s", async (limits, buckets, remaining) => {
    const clock = createManualClock();
    const c = await chat({}, { clock, limits });
    const reports = reportsOf(c);
    const ref = await c.bridge.adapter.post(c.target, message("0"));
    await c.bridge.adapter.edit(ref, message("1"));
    await clock.advance(1_250);
    await c.bridge.adapter.edit(ref, message("2"));
    const { budget } = c.target;
    expect(reports).toMatchObject([
      { budget, call: "post", limit: 5, remaining: remaining[0], resetAfterMs: 5_000 },
      { budget, call: "edit", limit: 5, remaining: remaining[1], resetAfterMs: 5_000 },
      { budget, call: "edit", limit: 5, remaining: remaining[2], resetAfterMs: 3_750 },
    ]);
    expect(new Set(reports.map(({ bucket }) => bucket)).size).toBe(buckets === "two" ? 2 : 1);
  });

  it("of an interaction: filling in counts as an edit, a follow-up as a post", async () => {
    const clock = createManualClock();
    const c = await command("group", {}, { clock });
    const reports = reportsOf(c);
    await c.bridge.adapter.post(c.target, message("one"));
    const ref = await c.bridge.adapter.post(c.target, message("two"));
    await c.bridge.adapter.edit(ref, message("2"));
    const { budget } = c.target;
    expect(c.target.isOutsideBotRate).toBe(true);
    expect(reports).toMatchObject([
      { budget, call: "edit", remaining: 4 },
      { budget, call: "post", remaining: 3 },
      { budget, call: "edit", remaining: 2 },
    ]);
  });

  it("of the channel, where the answer to a command goes on in it", async () => {
    const clock = createManualClock();
    const c = await command("private", { clock });
    const reports = reportsOf(c);
    await clock.advance(15 * 60_000);
    await c.bridge.adapter.post(c.target, message("late"));
    expect(reports).toMatchObject([{ budget: `discord:${c.room.id}`, call: "post" }]);
  });

  it("that is used up, when Discord refuses a call", async () => {
    const clock = createManualClock();
    const c = await chat({}, { clock });
    const reports = reportsOf(c);
    const ref = await c.bridge.adapter.post(c.target, message("0"));
    for (let i = 1; i <= 5; i += 1) await c.bridge.adapter.edit(ref, message(`${i}`));
    await clock.advance(1_234);
    const failure = await failureOf(c.bridge.adapter.edit(ref, message("6")), c.discord);
    expect(failure).toMatchObject({ code: "rate-limited", status: 429, retryAfterMs: 3_766, scope: "chat" });
    expect(reports.at(-1)).toMatchObject({ call: "edit", limit: 5, remaining: 0, resetAfterMs: 3_766 });
  });

  it("and goes on at the very end of the window, on whoever's clock", async () => {
    const clock = createManualClock();
    const c = await chat({}, { clock });
    const ref = await c.bridge.adapter.post(c.target, message("0"));
    for (let i = 1; i <= 5; i += 1) await c.bridge.adapter.edit(ref, message(`${i}`));
    await clock.advance(5_000);
    await c.bridge.adapter.edit(ref, message("6"));
    expect(callsOf(c.discord, update).map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200]);
  });

  it("but not that of one old message, nor one without all headers", async () => {
    const clock = createManualClock();
    const c = await chat({}, { clock, limits: "C" });
    const ref = await c.bridge.adapter.post(c.target, message("0"));
    await clock.advance(3_600_000);
    const reports = reportsOf(c);
    for (let i = 1; i <= 3; i += 1) await c.bridge.adapter.edit(ref, message(`${i}`));
    const failure = await failureOf(c.bridge.adapter.edit(ref, message("4")), c.discord);
    expect(failure).toMatchObject({ code: "rate-limited", retryAfterMs: 20_000 });
    c.discord.faults.add({ method: create, effect: rateLimited(2) });
    await failureOf(c.bridge.adapter.post(c.target, message("x")), c.discord);
    expect(reports.map(({ limit, remaining }) => [limit, remaining])).toEqual([
      [5, 4],
      [5, 3],
      [5, 2],
    ]);
  });
});

it("never waits or refuses by a count of its own: fifty calls a second are the core's to keep", async () => {
  const c = await command("group", {}, { limits: "off" });
  await c.bridge.adapter.post(c.target, message("0"));
  await Promise.all(Array.from({ length: 60 }, (_, i) => c.bridge.adapter.post(c.target, message(`${i}`))));
  expect(c.discord.botMessages(c.room)).toHaveLength(61);
});
