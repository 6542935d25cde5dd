import { expect, it } from "vitest";
import { IdleTimeoutError } from "../../../src/coze/body-chunks.ts";
import { CozeError } from "../../../src/coze/errors.ts";
import { PlatformError, type PlatformErrorCode } from "../../../src/errors.ts";
import { AttachmentError } from "../../../src/preparation/attachment-error.ts";
import { transfer } from "../../../src/preparation/transfer.ts";
import { createManualClock } from "../../support/manual-clock.ts";

function unavailable(cause: unknown): AttachmentError {
  return new AttachmentError("unavailable", "no", { cause });
}

function ofPlatform(code: PlatformErrorCode, retryAfterMs?: number): AttachmentError {
  const limits = retryAfterMs === undefined ? {} : { retryAfterMs };
  return unavailable(new PlatformError(code, "no", { platform: "telegram", method: "getFile", ...limits }));
}

/** How often a transfer that always fails so is tried, after which waits, and with what it fails. */
async function failing(error: unknown) {
  const clock = createManualClock();
  const started = clock.now();
  const warned: object[] = [];
  let attempts = 0;
  const attempt = async () => {
    attempts += 1;
    throw error;
  };
  const { signal } = new AbortController();
  const logger = { warn: (fields: object) => void warned.push(fields) };
  const failure: unknown = await clock
    .moveUntil(transfer(attempt, { clock, logger, signal }), 3_600_000)
    .catch((thrown: unknown) => thrown);
  expect(warned).toHaveLength(attempts - 1);
  return { attempts, waitedMs: clock.now() - started, failure };
}

it.each<[string, AttachmentError, number, number]>([
  ["no connection", ofPlatform("network"), 3, 3000],
  ["a file that broke off", unavailable(new TypeError("terminated")), 3, 3000],
  ["a short penalty", ofPlatform("rate-limited", 5000), 3, 10_000],
  ["a long penalty", ofPlatform("rate-limited", 60_000), 1, 0],
  ["a file that is gone", ofPlatform("not-found"), 1, 0],
  ["a file that is too large", new AttachmentError("too-large", "no"), 1, 0],
])("%s", async (_, error, attempts, waitedMs) => {
  expect(await failing(error)).toEqual({ attempts, waitedMs, failure: error });
});

it("a source that fell silent has been waited for already", async () => {
  const { attempts, failure } = await failing(new IdleTimeoutError(1000));
  expect(attempts).toBe(1);
  expect(failure).toMatchObject({ name: "AttachmentError", code: "unavailable" });
});

it.each<[string, number, number, string]>([
  ["4302", 4302, 200, "too-large"],
  ["413 of a proxy", 0, 413, "too-large"],
  ["4303", 4303, 200, "type"],
])("what Coze refuses with %s is the attachment's fault", async (_, code, status, problem) => {
  const refusal = new CozeError("no", { kind: "rejected", code, status, endpoint: "POST /v1/files/upload" });
  expect(await failing(refusal)).toMatchObject({ attempts: 1, failure: { code: problem, cause: refusal } });
});

it.each([new CozeError("no", { kind: "network", endpoint: "POST /v1/files/upload" }), new Error("a bug")])(
  "what else goes wrong stays what it is: %s",
  async (error) => {
    expect(await failing(error)).toEqual({ attempts: 1, waitedMs: 0, failure: error });
  },
);

it("a stop ends the wait", async () => {
  const clock = createManualClock();
  const stop = new AbortController();
  const logger = { warn: () => stop.abort(new Error("enough")) };
  const attempt = () => Promise.reject(ofPlatform("network"));
  await expect(transfer(attempt, { clock, logger, signal: stop.signal })).rejects.toThrow("enough");
  expect(clock.pending).toBe(0);
});
