import { expect, test } from "vitest";
import { readFileLimit } from "../../../src/config/file-limit.ts";
import { Settings } from "../../../src/config/settings.ts";

function read(value: string) {
  const settings = new Settings({ FILE_MAX_MB: value });
  return [readFileLimit(settings), settings.problems] as const;
}

test.each([
  ["", 52_428_800],
  ["1", 1_048_576],
  ["512", 536_870_912],
])("%j MB are %s bytes", (value, bytes) => {
  expect(read(value)).toEqual([bytes, []]);
});

test.each(["0", "513", "1.5", "20MB", "-1"])("%j MB are refused", (value) => {
  expect(read(value)[1]).toMatchObject([
    { variable: "FILE_MAX_MB", problem: `Expected a whole number from 1 to 512; got "${value}".` },
  ]);
});
