import { describe, expect, it } from "vitest";
import { type Action, actionValue, readAction } from "../../../src/buttons/actions.ts";

const turnId = "abcdefghijkl";
const actions: readonly Action[] = [
  { kind: "retry", turnId },
  { kind: "again", turnId },
  { kind: "stop", turnId },
  { kind: "like", turnId },
  { kind: "unlike", turnId },
  { kind: "ask", turnId, index: 2 },
  { kind: "pick", turnId, index: 10 },
  { kind: "switch", conversationId: "7381473525342978089" },
  { kind: "drop", conversationId: "7381473525342978089" },
  { kind: "drop-sure", conversationId: "7381473525342978089" },
  { kind: "forget", personId: "112233445566778899" },
];

describe("what a button brings back", () => {
  it.each(actions)("$kind is read as it was written, within Telegram's 64 bytes", (action) => {
    const value = actionValue(action);
    expect(Buffer.byteLength(value)).toBeLessThanOrEqual(64);
    expect(readAction(value)).toEqual(action);
  });

  it.each(["", "retry", "retry:", "ask:abc", "ask:abc:x", "dance:abc"])("%j is nothing", (value) => {
    expect(readAction(value)).toBeUndefined();
  });
});
