import { expect, test } from "vitest";
import { readConversationIdleMs } from "../../../src/config/conversation-idle.ts";
import { Settings } from "../../../src/config/settings.ts";

function read(value: string) {
  const settings = new Settings({ CONVERSATION_IDLE_HOURS: value });
  return [readConversationIdleMs(settings), settings.problems] as const;
}

test.each([
  ["", undefined],
  ["1", 3_600_000],
  ["8760", 31_536_000_000],
])("%j hours are %s milliseconds", (hours, ms) => {
  expect(read(hours)).toEqual([ms, []]);
});

test.each(["0", "8761", "1.5", "24h", "-1", "never"])("%j hours are refused", (hours) => {
  const [ms, problems] = read(hours);
  expect(ms).toBeUndefined();
  expect(problems).toMatchObject([
    { variable: "CONVERSATION_IDLE_HOURS", problem: expect.stringContaining(`from 1 to 8760; got "${hours}"`) },
  ]);
});
