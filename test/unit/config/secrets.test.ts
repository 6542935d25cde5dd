import { format, inspect } from "node:util";
import { expect, test } from "vitest";
import { readConfig } from "../../../src/config/config.ts";
import { createLogger } from "../../../src/logger.ts";
import { telegramToken, valid } from "./valid-environment.ts";

const { config, secrets } = readConfig({ ...valid, SESSION_NAME_SECRET: "a secret of no known shape" });

test("secrets can be used", () => {
  expect(secrets.telegramToken).toBe(telegramToken);
});

test.each([
  ["inspected", inspect(secrets)],
  ["inspected within an object", inspect({ a: { secrets } }, { depth: null, showHidden: true })],
  ["formatted", format("%o %O %j %s", secrets, secrets, secrets, secrets)],
  ["turned into JSON", JSON.stringify({ secrets })],
  ["made a string", String(secrets)],
])("secrets show nothing when they are %s", (_how, shown) => {
  expect(shown).not.toMatch(/110201543|no known shape/);
});

test("a logger shows nothing of them", () => {
  const lines: string[] = [];
  createLogger("info", { write: (line) => void lines.push(line) }).info({ secrets }, "x");
  expect(lines.join()).toContain("[secrets]");
  expect(lines.join()).not.toContain("no known shape");
});

test("the configuration holds no secret", () => {
  expect(inspect(config, { depth: null })).not.toMatch(/110201543|no known shape|PRIVATE/);
});
