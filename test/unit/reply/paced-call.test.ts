import { describe, expect, it, onTestFinished } from "vitest";
import type { Adapter, Target } from "../../../src/adapter.ts";
import { PlatformError, type PlatformErrorDetails } from "../../../src/errors.ts";
import { Budgets } from "../../../src/reply/budget.ts";
import { pacedCall } from "../../../src/reply/paced-call.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import { bot, privateRate } from "./caller.ts";

/** Two chats of one bot, in which buttons are changed. */
function twoChats() {
  const clock = createManualClock();
  const budgets = new Budgets(clock);
  const adapter = bot([{ count: 30, perMs: 1000 }]) as Adapter;
  const end = new AbortController();
  onTestFinished(() => end.abort());
  const [ann, bob] = ["ann", "bob"].map((budget): Target => ({ budget, rate: privateRate, address: budget }));
  if (!ann || !bob) throw new Error("no chats");
  const change = (target: Target, call: () => Promise<void> = async () => undefined) =>
    pacedCall({ adapter, target, budgets, clock, signal: end.signal }, call);
  const isPenalised = (target: Target) => budgets.of(adapter, target).isPenalised();
  return { clock, ann, bob, change, isPenalised, end };
}

const call = { platform: "platform", method: "edit" };

const refusal = (limit: Pick<PlatformErrorDetails, "retryAfterMs" | "scope">) =>
  new PlatformError("rate-limited", "too many", { ...call, ...limit });

describe("a call that is limited", () => {
  it("is not repeated, and keeps its own chat still for as long as the platform says", async () => {
    const { clock, ann, bob, change, isPenalised } = twoChats();
    const error = refusal({ retryAfterMs: 7000 });
    await expect(change(ann, () => Promise.reject(error))).rejects.toBe(error);
    expect([isPenalised(ann), isPenalised(bob)]).toEqual([true, false]);
    await clock.advance(7000);
    expect(isPenalised(ann)).toBe(false);
  });

  it("keeps all chats of the bot still when the limit is the bot's", async () => {
    const { clock, ann, bob, change, isPenalised } = twoChats();
    await expect(change(ann, () => Promise.reject(refusal({ retryAfterMs: 7000, scope: "bot" })))).rejects.toThrow();
    expect(isPenalised(bob)).toBe(true);
    let isDone = false;
    const done = change(bob).then(() => (isDone = true));
    await clock.advance(6999);
    expect(isDone).toBe(false);
    await clock.advance(1);
    await done;
  });

  it("keeps its chat still for a while also when the platform does not say how long", async () => {
    const { ann, change, isPenalised } = twoChats();
    await expect(change(ann, () => Promise.reject(refusal({})))).rejects.toThrow();
    expect(isPenalised(ann)).toBe(true);
  });
});

it("a call that is refused for another reason keeps nobody still", async () => {
  const { ann, change, isPenalised } = twoChats();
  await expect(change(ann, () => Promise.reject(new PlatformError("not-found", "gone", call)))).rejects.toThrow("gone");
  expect(isPenalised(ann)).toBe(false);
});

it("a call that still waits when the bridge ends is not made", async () => {
  const { ann, change, end } = twoChats();
  await expect(change(ann, () => Promise.reject(refusal({ retryAfterMs: 7000 })))).rejects.toThrow();
  let isMade = false;
  const waiting = change(ann, async () => {
    isMade = true;
  });
  end.abort();
  await waiting;
  expect(isMade).toBe(false);
});
