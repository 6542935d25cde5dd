import { expect, test } from "vitest";
import { readReasoning } from "../../../src/config/reasoning.ts";
import { Settings } from "../../../src/config/settings.ts";

test.each([
  ["", "hidden"],
  ["hidden", "hidden"],
  ["quote", "quote"],
  ["spoiler", "spoiler"],
])("%j is %s", (value, style) => {
  const settings = new Settings({ REASONING: value });
  expect([readReasoning(settings), settings.problems]).toEqual([style, []]);
});

test("another style is refused", () => {
  const settings = new Settings({ REASONING: "quotes" });
  expect(readReasoning(settings)).toBe("hidden");
  expect(settings.problems).toMatchObject([{ variable: "REASONING", next: "Did you mean quote?" }]);
});
