import { describe, expect, test } from "vitest";
import { CozeError, type CozeErrorKind } from "../../../src/coze/errors.ts";
import { PlatformError } from "../../../src/errors.ts";
import { createLogger } from "../../../src/logger.ts";
import { concernOf, OperatorNotices, operatorSentences } from "../../../src/operation/operator.ts";
import { StoreError } from "../../../src/store/errors.ts";
import { createManualClock } from "../../support/manual-clock.ts";

const hour = 3_600_000;

function setUp(say?: (text: string) => Promise<void>) {
  const lines: Record<string, unknown>[] = [];
  const said: string[] = [];
  const clock = createManualClock();
  const notices = new OperatorNotices({
    clock,
    logger: createLogger("info", { write: (line) => void lines.push(JSON.parse(line)) }),
    say: say ?? (async (text) => void said.push(text)),
  });
  return { notices, clock, said, lines };
}

const { quota } = operatorSentences;

describe("how often", () => {
  test("the first time is told at once, in the log and in the chat", () => {
    const { notices, lines, said } = setUp();
    notices.report("quota", { code: 4028, logid: "L1" });
    expect(lines).toMatchObject([
      { level: "error", msg: "the operator must act", concern: "quota", times: 1, code: 4028, logid: "L1" },
    ]);
    expect(said).toEqual([`${quota.en}\n${quota.zh}`]);
  });

  test("within the hour nothing more is told; after it, how often it happened", async () => {
    const { notices, clock, lines, said } = setUp();
    for (let minute = 0; minute < 60; minute += 1) {
      notices.report("quota");
      await clock.advance(hour / 60);
    }
    expect(lines).toHaveLength(1);
    notices.report("quota");
    expect(lines).toMatchObject([{ times: 1 }, { times: 60 }]);
    expect(said).toEqual([`${quota.en}\n${quota.zh}`, `${quota.en} (×60)\n${quota.zh} (×60)`]);
    notices.report("quota");
    await clock.advance(hour);
    notices.report("quota");
    expect(lines.at(-1)).toMatchObject({ times: 2 });
  });

  test("each concern has an hour of its own", () => {
    const { notices, lines, said } = setUp();
    notices.report("quota");
    notices.report("store");
    notices.report("quota");
    expect(lines.map(({ concern }) => concern)).toEqual(["quota", "store"]);
    expect(said).toHaveLength(2);
  });
});

describe("a chat that can't be written to", () => {
  test.each<readonly [string, () => Promise<void>]>([
    ["that refuses", () => Promise.reject(new Error("chat not found"))],
    [
      "that fails at once",
      () => {
        throw new Error("chat not found");
      },
    ],
  ])("one %s is noted in the log and hurts nobody", async (_what, say) => {
    const { notices, clock, lines } = setUp(say);
    notices.report("arrears");
    await clock.advance(0);
    expect(lines).toMatchObject([
      { level: "error", concern: "arrears" },
      { level: "warn", concern: "arrears", err: { message: "chat not found" } },
    ]);
  });

  test("without a chat there is the log", () => {
    const { clock, lines } = setUp();
    const logger = createLogger("info", { write: (line) => void lines.push(JSON.parse(line)) });
    new OperatorNotices({ clock, logger }).report("store");
    expect(lines).toMatchObject([{ concern: "store" }]);
  });
});

describe("what an error means for the operator", () => {
  const coze = (kind: CozeErrorKind, code = 0, endpoint = "POST /v3/chat") =>
    new CozeError("refused", { kind, code, endpoint });
  const platform = (code: "forbidden" | "unknown", status: number) =>
    new PlatformError(code, "refused", { platform: "telegram", method: "getUpdates", status });

  test.each([
    ["a used-up quota", coze("quota", 4028), "quota"],
    ["an account in arrears", coze("quota", 4019), "arrears"],
    ["a model account in arrears", coze("quota", 4022), "arrears"],
    ["a refused access", coze("authentication", 4100), "authentication"],
    ["an unpublished agent", coze("agent-unavailable", 4015), "agent"],
    ["an unpublished flow", coze("agent-unavailable", 4200, "POST /v1/workflows/chat"), "flow"],
    ["a full disk", new StoreError("ERR_STORE_FULL", { path: "/x.db" }), "store"],
    ["a refused bot", platform("forbidden", 401), "platform"],
    ["a bot that one person blocked", platform("forbidden", 403), undefined],
    ["a platform that fails", platform("unknown", 500), undefined],
    ["a busy conversation", coze("busy", 4016), undefined],
    ["a cut stream", coze("interrupted"), undefined],
    ["a mistake of our own", new TypeError("x is not a function"), undefined],
  ])("%s", (_what, error, concern) => {
    expect(concernOf(error)).toBe(concern);
  });
});

test.each(Object.entries(operatorSentences))("%s is said in both languages, shortly", (_concern, { en, zh }) => {
  expect(en).toMatch(/^⚠️ [A-Z].*[.]$/);
  expect(zh).toMatch(/^⚠️ .*\p{Script=Han}.*。$/u);
  expect(en.length + zh.length).toBeLessThan(300);
});
