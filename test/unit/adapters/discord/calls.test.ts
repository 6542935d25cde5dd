import { expect, it } from "vitest";
import type { CallReport } from "../../../../src/adapter.ts";
import { bridgeSide, emulator, failureOf, message } from "./bridge-side.ts";
import { command } from "./chat.ts";

it("reports every call with its status and its time", async () => {
  const discord = await emulator();
  const bridge = bridgeSide(discord);
  const calls: CallReport[] = [];
  bridge.adapter.observeCalls((call) => calls.push(call));
  await bridge.start();
  const person = discord.addPerson();
  const target = bridge.adapter.chatTarget(discord.privateRoom(person).id);
  discord.faults.add({ method: "POST /channels/:id/messages", effect: { kind: "delay", ms: 30 } });
  discord.faults.add({ method: "POST /channels/:id/messages", effect: { kind: "reset", applied: true } });
  await bridge.adapter.post(target, message("one"));
  await bridge.adapter.post(target, message("two"));
  discord.setBlocked(person, true);
  await failureOf(bridge.adapter.startTyping(target), discord);
  expect(calls.map(({ method, status }) => [method, status])).toEqual([
    ["GET /gateway/bot", 200],
    ["POST /channels/:id/messages", 200],
    ["POST /channels/:id/messages", undefined],
    ["POST /channels/:id/messages", 200],
    ["POST /channels/:id/typing", 403],
  ]);
  expect(calls[1]?.ms).toBeGreaterThanOrEqual(25);
  expect(calls[2]).not.toHaveProperty("status");
});

it("names no interaction and no token", async () => {
  const methods: string[] = [];
  const c = await command("group");
  c.bridge.adapter.observeCalls(({ method }) => methods.push(method));
  const ref = await c.bridge.adapter.post(c.target, message("one"));
  await c.bridge.adapter.edit(ref, message("two"));
  expect(methods).toEqual(["PATCH /webhooks/:id/:token/messages/@original", "PATCH /webhooks/:id/:token/messages/:id"]);
});
