import { describe, expect, it } from "vitest";
import { Arrivals } from "../../../src/reply/arrivals.ts";

/** A text that grows by 4 characters every 20 ms, from time 0 on. */
function grown(ms: number): Arrivals {
  const arrivals = new Arrivals(300);
  for (let now = 0; now <= ms; now += 20) arrivals.note((now / 20) * 4, now);
  return arrivals;
}

describe("the arrival of a character", () => {
  it.each([0, 100, 200, 280])("that came %i ms ago is known to some 30 ms, and never too late", (agoMs) => {
    const now = 10_000;
    const offset = ((now - agoMs) / 20) * 4;
    const at = grown(now).at(offset, now) ?? Number.NaN;
    expect(now - agoMs - at).toBeGreaterThanOrEqual(0);
    expect(now - agoMs - at).toBeLessThanOrEqual(40);
  });

  it("that came long ago is forgotten", () => {
    expect(grown(10_000).at(100, 10_000)).toBeUndefined();
    expect(grown(500).at(0, 500)).toBeUndefined();
  });

  it("is the time of the first one in a text that has just begun", () => {
    const arrivals = new Arrivals(300);
    arrivals.note(0, 1000);
    expect(arrivals.at(0, 1010)).toBe(1000);
  });
});
