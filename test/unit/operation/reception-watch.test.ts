import { expect, it } from "vitest";
import type { Condition } from "../../../src/adapter.ts";
import { watchReception } from "../../../src/operation/reception-watch.ts";
import { createManualClock } from "../../support/manual-clock.ts";

function watch() {
  const clock = createManualClock();
  const reports: unknown[] = [];
  let condition: Condition = { isReceiving: true };
  const adapters = [{ name: "telegram", condition: () => condition }];
  const notices = { report: (concern: string, details: object = {}) => void reports.push({ concern, ...details }) };
  const stop = watchReception({ adapters, notices, clock });
  const change = (next: Condition) => {
    condition = next;
  };
  return { clock, reports, change, stop };
}

it("tells of a platform that is deaf for five minutes, and not of one that reconnects", async () => {
  const { clock, reports, change } = watch();
  change({ isReceiving: false, problem: "reconnecting" });
  await clock.advance(240_000);
  change({ isReceiving: true });
  await clock.advance(600_000);
  expect(reports).toEqual([]);
  change({ isReceiving: false, problem: "Telegram refuses the bot token" });
  await clock.advance(360_000);
  expect(reports[0]).toEqual({ concern: "platform", platform: "telegram", problem: "Telegram refuses the bot token" });
});

it("leaves no timer behind", () => {
  const { clock, stop } = watch();
  stop();
  expect(clock.pending).toBe(0);
});
