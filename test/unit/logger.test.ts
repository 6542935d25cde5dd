import { expect, test } from "vitest";
import { CozeError } from "../../src/coze/errors.ts";
import type { LogLevel } from "../../src/logger.ts";
import { createLogger } from "../../src/logger.ts";

function record(level: LogLevel = "info") {
  const lines: string[] = [];
  const logger = createLogger(level, { write: (line) => void lines.push(line) });
  return { logger, lines, entries: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

const token = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw";
const pem = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkq\n-----END PRIVATE KEY-----\n";

test("a line is JSON with an ISO time and the level's name", () => {
  const { logger, lines, entries } = record();
  logger.info({ platform: "telegram" }, "Connected.");
  expect(lines[0]).toMatch(/\n$/);
  expect(entries()).toEqual([
    {
      level: "info",
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      platform: "telegram",
      msg: "Connected.",
    },
  ]);
});

test("what is below the level is not written", () => {
  const { logger, lines } = record("warn");
  logger.info("no");
  logger.warn("yes");
  expect(lines).toHaveLength(1);
});

test("an error is written with its fields, its stack and the whole chain of causes", () => {
  const { logger, entries } = record();
  const socket = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
  const cause = new AggregateError([socket], "all failed");
  logger.error(
    { err: new CozeError("no answer", { kind: "network", endpoint: "POST /v3/chat", cause }) },
    "Turn failed.",
  );
  expect(entries()[0]).toMatchObject({
    level: "error",
    msg: "Turn failed.",
    err: {
      type: "CozeError",
      message: "no answer",
      kind: "network",
      endpoint: "POST /v3/chat",
      stack: expect.stringContaining("logger.test.ts"),
      cause: { message: "all failed", errors: [{ message: "connect ECONNREFUSED", code: "ECONNREFUSED" }] },
    },
  });
});

test("the request that an SDK hangs on its error, with what people wrote, is left out", () => {
  const { logger, lines } = record("trace");
  const requestBody = { json: { content: "what a person wrote" } };
  logger.error(
    { err: Object.assign(new Error("Missing Access"), { code: 50001, status: 403, requestBody }) },
    "Failed.",
  );
  expect(lines[0]).toContain("50001");
  expect(lines[0]).not.toContain("what a person wrote");
});

test("causes that form a circle end", () => {
  const { logger, lines } = record();
  const error = new Error("round");
  error.cause = error;
  logger.error({ err: error }, "Failed.");
  expect(lines).toHaveLength(1);
});

test.each([
  ["the message", (log: ReturnType<typeof record>["logger"]) => log.info(`/bot${token}/getMe ${pem}`)],
  ["a field", (log) => log.info({ url: `/bot${token}/getMe`, key: pem }, "x")],
  ["a nested field", (log) => log.info({ a: [{ b: token, pem }] }, "x")],
  ["an error's message and stack", (log) => log.error({ err: new Error(`${token} ${pem}`) }, "x")],
  ["an error alone", (log) => log.error(new Error(`${token} ${pem}`))],
  ["a cause", (log) => log.error({ err: new Error("x", { cause: new Error(`${token} ${pem}`) }) }, "x")],
  ["a cause that is no error", (log) => log.error({ err: new Error("x", { cause: { token, pem } }) }, "x")],
  ["a child logger's field", (log) => log.child({ token, pem }).info("x")],
] as [string, (log: ReturnType<typeof record>["logger"]) => void][])("a secret in %s is hidden", (_place, write) => {
  const { logger, lines, entries } = record();
  write(logger);
  expect(lines[0]).toContain("[redacted]");
  expect(lines[0]).not.toMatch(/AAHdqTcv|MIIEvQ/);
  expect(entries()).toHaveLength(1);
});
