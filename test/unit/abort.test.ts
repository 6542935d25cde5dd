import { expect, test } from "vitest";
import { anySignal, timeLimit } from "../../src/abort.ts";
import { createManualClock } from "../support/manual-clock.ts";

test("aborts with the reason of the source that aborts first", () => {
  const [first, second] = [new AbortController(), new AbortController()];
  const { signal } = anySignal([first.signal, second.signal]);
  second.abort("enough");
  first.abort("too late");
  expect(signal.reason).toBe("enough");
});

test("is aborted from the start when a source already is", () => {
  const { signal } = anySignal([new AbortController().signal, AbortSignal.abort("before")]);
  expect(signal.reason).toBe("before");
});

test("hears nothing more after its release", () => {
  const source = new AbortController();
  const { signal, release } = anySignal([source.signal]);
  release();
  source.abort();
  expect(signal.aborted).toBe(false);
});

test("a time limit aborts when it is reached, and says so", async () => {
  const clock = createManualClock();
  const limit = timeLimit(clock, 1000, [new AbortController().signal]);
  await clock.advance(999);
  expect([limit.signal.aborted, limit.isExceeded()]).toEqual([false, false]);
  await clock.advance(1);
  expect([limit.signal.aborted, limit.isExceeded()]).toEqual([true, true]);
});

test("a time limit aborts before with whichever source does, and leaves nothing behind", async () => {
  const clock = createManualClock();
  const source = new AbortController();
  const limit = timeLimit(clock, 1000, [source.signal]);
  source.abort("enough");
  expect(limit.signal.reason).toBe("enough");
  limit.release();
  expect(clock.pending).toBe(0);
  await clock.advance(1000);
  expect(limit.isExceeded()).toBe(false);
});
