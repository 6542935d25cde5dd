import { expect, it } from "vitest";
import { inParallel } from "../../../src/preparation/in-parallel.ts";
import { closedGate } from "../../support/gate.ts";

const never = new AbortController().signal;

it("works on so many at once and no more, and keeps the order", async () => {
  const gate = closedGate();
  let running = 0;
  let most = 0;
  const work = async (item: number) => {
    most = Math.max(most, ++running);
    await (item === 0 ? gate.opened : Promise.resolve());
    running -= 1;
    if (item === 4) gate.open();
    return item * 2;
  };
  expect(await inParallel([0, 1, 2, 3, 4], 2, work, never)).toEqual([0, 2, 4, 6, 8]);
  expect(most).toBe(2);
});

it("fails with the first failure, once the others have ended", async () => {
  const ended: number[] = [];
  const work = async (item: number, signal: AbortSignal) => {
    if (item === 1) throw new Error("first");
    await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
    ended.push(item);
    throw new Error("later");
  };
  await expect(inParallel([0, 1, 2], 2, work, never)).rejects.toThrow("first");
  expect(ended).toEqual([0]);
});

it("fails with the reason of its signal", async () => {
  const stop = new AbortController();
  const work = async () => stop.abort(new Error("enough"));
  await expect(inParallel([0, 1], 1, work, stop.signal)).rejects.toThrow("enough");
});

it("has nothing to do with nothing", async () => {
  expect(await inParallel([], 2, async () => 1, never)).toEqual([]);
});
