import { describe, expect, it } from "vitest";
import { TypingIndicator } from "../../../src/reply/typing.ts";
import { platformNames } from "../../support/world.ts";
import { openChat, type TestChat } from "./chat.ts";
import { wire } from "./wire.ts";

function indicatorIn(chat: TestChat) {
  const { adapter, target, budgets, clock } = chat;
  const errors: unknown[] = [];
  const onError = (error: unknown) => void errors.push(error);
  return { typing: new TypingIndicator({ adapter, target, budgets, clock, onError }), errors };
}

/** Starts an indicator whose first call the platform holds for `ms`; resolves when it does. */
async function startHeld(chat: TestChat, ms: number): Promise<TypingIndicator> {
  const { typing } = indicatorIn(chat);
  chat.emulator.faults.add({ method: wire[chat.emulator.name].typing, effect: { kind: "delay", ms } });
  typing.start();
  // From here on the emulator has a timer of its own.
  const { pending } = chat.clock;
  while (chat.clock.pending === pending) await new Promise((resolve) => setImmediate(resolve));
  return typing;
}

/** Moves time on in steps so small that each call is answered before the next. */
async function pass(chat: TestChat, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 500) {
    await chat.clock.advance(500);
    await chat.emulator.until("every call to be answered", () => chat.typings().every(({ status }) => status !== 0));
  }
}

describe.each(platformNames)("the bot on %s", (name) => {
  it("is shown as typing at once, and without a gap until text comes", async () => {
    const chat = await openChat(name);
    const { typing } = indicatorIn(chat);
    typing.start();
    await chat.emulator.until("typing", () => chat.emulator.isTyping(chat.room));
    for (let n = 0; n < 40; n += 1) {
      await pass(chat, 500);
      expect(chat.emulator.isTyping(chat.room)).toBe(true);
    }
    await typing.stop();
  });

  it("is not shown as typing while text keeps coming", async () => {
    const chat = await openChat(name);
    const { typing } = indicatorIn(chat);
    typing.start();
    await chat.emulator.until("typing", () => chat.typings().length === 1);
    for (let n = 0; n < 40; n += 1) {
      typing.textArrived();
      await pass(chat, 500);
    }
    expect(chat.typings()).toHaveLength(1);
    await typing.stop();
  });

  it("is shown as typing again when the text falls silent for long", async () => {
    const chat = await openChat(name);
    const { typing } = indicatorIn(chat);
    typing.start();
    await chat.emulator.until("typing", () => chat.typings().length === 1);
    await pass(chat, 12_000);
    typing.textArrived();
    const before = chat.typings().length;
    await pass(chat, 3500);
    expect(chat.typings()).toHaveLength(before);
    await pass(chat, 10_000);
    expect(chat.typings().length).toBeGreaterThan(before);
    await typing.stop();
  });

  it("is never shown as typing after the end, and no timer is left", async () => {
    const chat = await openChat(name);
    const { typing } = indicatorIn(chat);
    const before = chat.clock.pending;
    typing.start();
    typing.start();
    await typing.stop();
    const calls = chat.typings().length;
    expect(calls).toBe(1);
    await chat.clock.advance(60_000);
    expect(chat.typings()).toHaveLength(calls);
    expect(chat.clock.pending).toBeLessThanOrEqual(before);
    await typing.stop();
  });

  it("has shown what it had begun to show when the end may come", async () => {
    const chat = await openChat(name);
    const typing = await startHeld(chat, 700);
    const startedAt = chat.clock.now();
    await chat.clock.moveUntil(typing.stop());
    expect(chat.clock.now() - startedAt).toBe(700);
    expect(chat.typings()[0]?.status).toBeGreaterThan(0);
  });

  it("does not hold the end back for longer than a second when the platform does not answer", async () => {
    const chat = await openChat(name);
    const typing = await startHeld(chat, 25_000);
    const startedAt = chat.clock.now();
    await chat.clock.moveUntil(typing.stop());
    expect(chat.clock.now() - startedAt).toBe(1000);
  });

  it("makes one call at a time, however slow the platform is", async () => {
    const chat = await openChat(name);
    const typing = await startHeld(chat, 25_000);
    await chat.clock.advance(24_000);
    await chat.clock.moveUntil(typing.stop());
    await chat.clock.advance(30_000);
    await chat.emulator.until("the call to be answered", () => chat.typings().every(({ status }) => status !== 0));
    expect(chat.typings()).toHaveLength(1);
  });

  it("is not shown as typing in a penalty of the chat", async () => {
    const chat = await openChat(name);
    const { typing } = indicatorIn(chat);
    chat.budget.penalise(60_000);
    typing.start();
    await pass(chat, 59_000);
    expect(chat.typings()).toEqual([]);
    await pass(chat, 12_000);
    expect(chat.typings().length).toBeGreaterThan(0);
    await typing.stop();
  });

  it("keeps to a penalty for the indicator alone, and tells of it", async () => {
    const chat = await openChat(name);
    const { typing, errors } = indicatorIn(chat);
    chat.emulator.faults.add({ method: wire[name].typing, effect: wire[name].tooMany(30) });
    typing.start();
    await pass(chat, 29_500);
    expect(chat.typings()).toHaveLength(1);
    expect(errors).toMatchObject([{ code: "rate-limited" }]);
    await pass(chat, 11_000);
    expect(chat.typings().length).toBeGreaterThan(1);
    expect(chat.budget.isPenalised()).toBe(false);
    await typing.stop();
  });

  it("goes on trying when the indicator fails", async () => {
    const chat = await openChat(name);
    const { typing, errors } = indicatorIn(chat);
    chat.emulator.faults.add({ method: wire[name].typing, effect: wire[name].badGateway });
    typing.start();
    await pass(chat, 12_000);
    expect(errors).toMatchObject([{ code: "network" }]);
    expect(chat.typings().length).toBeGreaterThan(1);
    await typing.stop();
  });
});
