import { describe, expect, test } from "vitest";
import { kindOf, retriesAfter } from "../../../src/coze/error-codes.ts";
import type { CozeErrorKind } from "../../../src/coze/errors.ts";

describe("a code means", () => {
  test.each<[CozeErrorKind, number, readonly number[]]>([
    ["authentication", 0, [4100, 4101, 700012006]],
    ["conversation-lost", 0, [4002, 103000002]],
    ["busy", 0, [4016]],
    ["quota", 0, [4008, 4011, 4019, 4022, 4028]],
    ["rate-limited", 3, [4009, 4020]],
    ["service", 3, [4013]],
    ["service", 2, [5000]],
    ["service", 0, [720702023, 777777775, 1]],
    ["agent-unavailable", 0, [4000, 4006, 4012, 4015, 4021, 4200, 6031, 720702011, 720702204, 103100002]],
    ["rejected", 0, [4001, 4003, 4004, 4005, 4007, 4010, 4014, 4102, 4104, 4105]],
  ])("%s, with %i retries: %j", (kind, retries, codes) => {
    for (const code of codes) {
      expect(kindOf({ code, message: "", status: 200 })).toBe(kind);
      expect(retriesAfter({ code, status: 200 })).toBe(retries);
    }
  });
});

describe("without a known code, an HTTP status means", () => {
  test.each<[number, CozeErrorKind, number]>([
    [200, "service", 0],
    [302, "agent-unavailable", 0],
    [400, "agent-unavailable", 0],
    [401, "authentication", 0],
    [403, "authentication", 0],
    [404, "agent-unavailable", 0],
    [413, "rejected", 0],
    [429, "rate-limited", 3],
    [500, "service", 0],
    [502, "service", 3],
    [503, "service", 3],
    [504, "service", 3],
  ])("%i: %s, with %i retries", (status, kind, retries) => {
    expect(kindOf({ code: 0, message: "", status })).toBe(kind);
    expect(retriesAfter({ code: 0, status })).toBe(retries);
  });
});

describe("words decide which resource is missing", () => {
  test.each<[number, string, CozeErrorKind]>([
    [4200, "Requested resource conversation_id=7 does not exist. Ensure …", "conversation-lost"],
    [4200, "Requested resource bot_id=1 does not exist. Ensure …", "agent-unavailable"],
    [777777775, "Workflow operation failure: conversation not found", "conversation-lost"],
    [777777775, "Workflow operation failure: conversation name is requried", "service"],
    [103000001, "unauthorized access : user not match", "conversation-lost"],
    [103000001, "unauthorized access : agent not match", "agent-unavailable"],
    [4000, "conversation not found", "agent-unavailable"],
  ])("%i %s: %s", (code, message, kind) => {
    expect(kindOf({ code, message, status: 200 })).toBe(kind);
  });
});
