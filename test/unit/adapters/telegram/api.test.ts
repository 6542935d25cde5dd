import { describe, expect, it } from "vitest";
import type { CallReport } from "../../../../src/adapter.ts";
import { tooManyRequests } from "../../../../src/playground/telegram/index.ts";
import { connect, failureOf, firstTarget, text } from "./wire.ts";

/** The adapter tells of its calls, and a person has written in a group. */
async function observed() {
  const wire = await connect();
  const reports: CallReport[] = [];
  wire.adapter.observeCalls((report) => reports.push(report));
  const person = wire.telegram.addPerson();
  const room = wire.telegram.addGroup("Walks", [person]);
  wire.telegram.say(person, room, "hello", { mention: true });
  await wire.adapter.start(wire.inbox);
  const target = await firstTarget(wire);
  const begun = reports.splice(0);
  const reportsOf = (name: string) => reports.filter(({ method }) => method === name);
  return { ...wire, room, target, begun, reportsOf };
}

describe("every call is reported", () => {
  it("from the first one on, also those that receive", async () => {
    const { begun } = await observed();
    expect(begun).toEqual(
      ["getMe", "deleteWebhook", "getUpdates"].map((method) => ({ method, status: 200, ms: expect.any(Number) })),
    );
  });

  it("with its status, also when it is refused", async () => {
    const { adapter, telegram, target, reportsOf } = await observed();
    telegram.faults.add({ method: "sendMessage", effect: tooManyRequests(7) });
    await failureOf(adapter.post(target, text("a")));
    await adapter.post(target, text("a"));
    expect(reportsOf("sendMessage").map(({ status }) => status)).toEqual([429, 200]);
  });

  it("without one when no answer came, and with how long it took", async () => {
    const { adapter, clock, telegram, target, reportsOf } = await observed();
    telegram.faults.add({ method: "sendMessage", effect: { kind: "hang", applied: false } });
    const failure = failureOf(adapter.post(target, text("a")));
    await telegram.until("it is sent", () => telegram.calls.some(({ method }) => method === "sendMessage"));
    await clock.advance(30_000);
    await failure;
    expect(reportsOf("sendMessage")).toEqual([{ method: "sendMessage", ms: 30_000 }]);
  });

  it("once for each request, where one leads to another", async () => {
    const { adapter, telegram, room, target, reportsOf } = await observed();
    telegram.migrateGroup(room);
    await adapter.post(target, text("a"));
    expect(reportsOf("sendMessage").map(({ status }) => status)).toEqual([400, 200]);
  });
});
