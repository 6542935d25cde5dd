import { describe, expect, it } from "vitest";
import { withTimeLimit } from "../../../../adapters/telegram/time-limit.ts";
import { createManualClock } from "../../../support/manual-clock.ts";

const never = () => new Promise<string>(() => undefined);

describe("a time limit", () => {
  it("ends the wait for a request that heeds no signal", async () => {
    const clock = createManualClock();
    const limited = withTimeLimit(clock, 30_000, never);
    const failure = expect(limited).rejects.toThrow("nothing within 30 s");
    await clock.advance(30_000);
    await failure;
    expect(clock.pending).toBe(0);
  });

  it("gives way to the caller's signal, which such a request need not heed either", async () => {
    const clock = createManualClock();
    const stopping = new AbortController();
    const limited = withTimeLimit(clock, 30_000, never, stopping.signal);
    stopping.abort(new Error("stopped"));
    await expect(limited).rejects.toThrow("stopped");
    expect(clock.pending).toBe(0);
  });

  it("leaves nothing behind when the request is done", async () => {
    const clock = createManualClock();
    expect(await withTimeLimit(clock, 30_000, async () => "done")).toBe("done");
    await expect(withTimeLimit(clock, 30_000, () => Promise.reject(new Error("refused")))).rejects.toThrow("refused");
    expect(clock.pending).toBe(0);
  });
});
