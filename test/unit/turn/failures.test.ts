import { describe, expect, it } from "vitest";
import { CozeError, type CozeErrorKind } from "../../../src/coze/errors.ts";
import { PlatformError, type PlatformErrorCode } from "../../../src/errors.ts";
import { en } from "../../../src/locale/en.ts";
import { zh } from "../../../src/locale/zh.ts";
import { AttachmentError, type AttachmentProblem } from "../../../src/preparation/attachment-error.ts";
import { type FailureCode, failureOf, failureSentence, failures, isRetryable } from "../../../src/turn/failures.ts";
import { ShuttingDown } from "../../../src/turn/turn-queue.ts";

/** Nobody can be told that the platform takes no more messages. */
const unspeakable: readonly FailureCode[] = [
  "ERR_PLATFORM_FORBIDDEN",
  "ERR_PLATFORM_NOT_FOUND",
  "ERR_PLATFORM_REFUSED",
];
const codes = Object.keys(failures) as FailureCode[];

describe("a failure", () => {
  it.each(codes.filter((code) => !unspeakable.includes(code)))("%s has a sentence in both languages", (code) => {
    const [english, chinese] = [failureSentence(code, en), failureSentence(code, zh)];
    expect(Object.values(en)).toContain(english);
    expect(Object.values(zh)).toContain(chinese);
  });

  it.each(unspeakable)("%s has none", (code) => expect(failureSentence(code, en)).toBeUndefined());

  it.each(["", "ERR_OF_A_LATER_VERSION", "toString", "__proto__"])(
    "with the unknown code %j is told in general",
    (code) => {
      expect(failureSentence(code, zh)).toBe(zh.failedInside);
    },
  );

  it.each(codes)("%s is named by area and by what happened", (code) => {
    expect(code).toMatch(/^ERR_(TURN|COZE|PLATFORM)(_[A-Z]+)+$/);
  });

  it("is an error in the log only where the program itself may be wrong", () => {
    const loud = codes.filter((code) => failures[code].level === "error");
    expect(loud).toEqual(["ERR_TURN_INSIDE", "ERR_PLATFORM_REFUSED"]);
  });

  it("offers to ask again exactly where that may help", () => {
    const final = codes.filter((code) => !isRetryable(code));
    expect(final).toEqual([
      "ERR_TURN_STOPPED",
      "ERR_TURN_EMPTY_MESSAGE",
      "ERR_TURN_TOO_MANY",
      "ERR_TURN_FILE_TOO_LARGE",
      "ERR_TURN_FILE_TYPE",
      "ERR_TURN_VOICE_UNHEARD",
      "ERR_TURN_VOICE_UNAVAILABLE",
      "ERR_COZE_AUTHENTICATION",
      "ERR_COZE_QUOTA",
      "ERR_COZE_AGENT_UNAVAILABLE",
      "ERR_COZE_REJECTED",
      "ERR_PLATFORM_FORBIDDEN",
      "ERR_PLATFORM_NOT_FOUND",
      "ERR_PLATFORM_REFUSED",
    ]);
  });

  it("that is no fault of anyone is no warning", () => {
    expect(failures.ERR_TURN_STOPPED.level).toBe("info");
    expect(failures.ERR_TURN_EMPTY_MESSAGE.level).toBe("info");
  });
});

describe("the meaning of an error", () => {
  it.each<[CozeErrorKind, FailureCode]>([
    ["authentication", "ERR_COZE_AUTHENTICATION"],
    ["conversation-lost", "ERR_COZE_CONVERSATION_LOST"],
    ["busy", "ERR_COZE_BUSY"],
    ["quota", "ERR_COZE_QUOTA"],
    ["rate-limited", "ERR_COZE_RATE_LIMITED"],
    ["agent-unavailable", "ERR_COZE_AGENT_UNAVAILABLE"],
    ["rejected", "ERR_COZE_REJECTED"],
    ["service", "ERR_COZE_SERVICE"],
    ["interrupted", "ERR_COZE_INTERRUPTED"],
    ["network", "ERR_COZE_NETWORK"],
  ])("of Coze, %s", (kind, code) => {
    expect(failureOf(new CozeError("no", { kind, endpoint: "POST /v3/chat" }))).toBe(code);
  });

  it.each<[PlatformErrorCode, FailureCode]>([
    ["forbidden", "ERR_PLATFORM_FORBIDDEN"],
    ["not-found", "ERR_PLATFORM_NOT_FOUND"],
    ["too-long", "ERR_PLATFORM_REFUSED"],
    ["unknown", "ERR_PLATFORM_REFUSED"],
    ["rate-limited", "ERR_PLATFORM_REFUSED"],
    ["network", "ERR_PLATFORM_REFUSED"],
  ])("of a platform, %s", (code, failure) => {
    expect(failureOf(new PlatformError(code, "no", { platform: "telegram", method: "sendMessage" }))).toBe(failure);
  });

  it.each<[AttachmentProblem, FailureCode]>([
    ["too-large", "ERR_TURN_FILE_TOO_LARGE"],
    ["type", "ERR_TURN_FILE_TYPE"],
    ["unavailable", "ERR_TURN_FILE_UNAVAILABLE"],
    ["unheard", "ERR_TURN_VOICE_UNHEARD"],
    ["deaf", "ERR_TURN_VOICE_UNAVAILABLE"],
  ])("of an attachment, %s", (problem, failure) => {
    expect(failureOf(new AttachmentError(problem, "no"))).toBe(failure);
  });

  it.each([new Error("a bug"), new ShuttingDown(), "text", undefined])("of our own: %s", (error) => {
    expect(failureOf(error)).toBe("ERR_TURN_INSIDE");
  });
});
