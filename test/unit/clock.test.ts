import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { pause, systemClock } from "../../src/clock.ts";
import { createManualClock } from "../support/manual-clock.ts";

/** Whether a promise has settled after everything that was under way. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  void promise.finally(() => {
    settled = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  return settled;
}

describe("pause", () => {
  it("ends when its time has passed, and not before", async () => {
    const clock = createManualClock();
    const paused = pause(clock, 1000);
    await clock.advance(999);
    expect(await isSettled(paused)).toBe(false);
    await clock.advance(1);
    expect(await isSettled(paused)).toBe(true);
  });

  it("ends at once when its signal aborts, and leaves neither timer nor listener", async () => {
    const clock = createManualClock();
    const controller = new AbortController();
    const paused = pause(clock, 1000, controller.signal);
    controller.abort();
    await paused;
    expect(clock.pending).toBe(0);
    expect(getEventListeners(controller.signal, "abort")).toEqual([]);
  });

  it("leaves no listener when its time has passed", async () => {
    const clock = createManualClock();
    const { signal } = new AbortController();
    const paused = pause(clock, 1000, signal);
    await clock.advance(1000);
    await paused;
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  it("does not begin when its signal has aborted before", async () => {
    const clock = createManualClock();
    await pause(clock, 1000, AbortSignal.abort());
    expect(clock.pending).toBe(0);
  });
});

describe("the system's clock", () => {
  it("tells the time in milliseconds since 1970", () => {
    expect(Math.abs(systemClock.now() - Date.now())).toBeLessThan(1000);
  });

  it("runs a callback once, later", async () => {
    let runs = 0;
    await new Promise<void>((resolve) => {
      systemClock.after(1, () => {
        runs += 1;
        resolve();
      });
      expect(runs).toBe(0);
    });
    expect(runs).toBe(1);
  });

  it("does not run a callback that was cancelled, and may be told so afterwards as well", async () => {
    let runs = 0;
    const cancel = systemClock.after(1, () => {
      runs += 1;
    });
    cancel();
    await new Promise<void>((resolve) => systemClock.after(5, resolve));
    cancel();
    expect(runs).toBe(0);
  });
});
