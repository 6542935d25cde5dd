import { describe, expect, it } from "vitest";
import { callsOf, connect, failureOf, firstTarget, text } from "./wire.ts";

describe("a group that becomes a supergroup", () => {
  async function upgraded() {
    const wire = await connect();
    const { adapter, telegram, inbox } = wire;
    const person = telegram.addPerson();
    const group = telegram.addGroup("Walks", [person]);
    telegram.say(person, group, "hello", { mention: true });
    await adapter.start(inbox);
    const target = await firstTarget(wire);
    const before = await adapter.post(target, text("before"));
    return { ...wire, target, before, supergroup: telegram.migrateGroup(group) };
  }

  it("is followed by new messages and typing", async () => {
    const { adapter, telegram, target, supergroup } = await upgraded();
    const after = await adapter.post(target, { ...text("after"), reply: true });
    await adapter.edit(after, text("after all"));
    const shown = telegram.botMessages(supergroup).map((message) => [message.text, message.replyToId]);
    expect(shown).toEqual([["after all", undefined]]);
    await adapter.startTyping(target);
    expect(telegram.isTyping(supergroup)).toBe(true);
  });

  it("is not followed by edits, which would hit another message there", async () => {
    const wire = await upgraded();
    const description = "Bad Request: group chat was upgraded to a supergroup chat";
    const parameters = { migrate_to_chat_id: Number(wire.supergroup.id) };
    const body = { ok: false, error_code: 400, description, parameters };
    wire.telegram.faults.add({ method: "editMessageText", effect: { kind: "reply", status: 400, body } });
    expect(await failureOf(wire.adapter.edit(wire.before, text("changed")))).toMatchObject({ code: "not-found" });
    expect(callsOf(wire, "editMessageText")).toHaveLength(1);
  });

  it("is not followed by deletions", async () => {
    const { adapter, before } = await upgraded();
    expect(await failureOf(adapter.delete(before))).toMatchObject({ code: "not-found", method: "deleteMessage" });
  });
});
