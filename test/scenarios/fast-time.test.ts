import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { gate, say } from "../../src/playground/coze/index.ts";
import { startFastTime } from "../support/fast-time.ts";
import { closedGate } from "../support/gate.ts";
import { inRoom, platformFaults } from "../support/platform-faults.ts";
import { platformNames, type StartedWorld, startWorld } from "../support/world.ts";

/** What other tests rely on when they let hours pass: in fast time the program does what it does in the world's. */
describe.each(platformNames)("The unmodified program lives in fast time (%s)", (platform) => {
  const { methods, rateLimit } = platformFaults[platform];
  const time = startFastTime(20);
  let world: StartedWorld;
  beforeAll(async () => {
    world = await startWorld({ platform, time });
  });
  afterAll(async () => {
    world.assertDiscretion();
    await world.close();
  });

  it("waits 140 seconds for the platform in seven, and gets tokens from Coze before and after", async () => {
    const { coze, chat } = world;
    const { person, room } = world.someone();
    const rest = closedGate();
    coze.answer = () => [...say("Half", { chunk: 100 }), gate(rest.opened), ...say(" and half.", { chunk: 100 })];
    await world.ask(person, room, "Go on.", "Half");
    const startedAt = performance.now();
    chat.faults.add({ method: methods.edit, where: inRoom(room), effect: rateLimit(140) });
    rest.open();
    await world.hears(room, "Half and half.");

    const edits = () =>
      chat.calls.filter(({ method, parameters }) => method === methods.edit && inRoom(room)(parameters));
    const [refused, applied] = await chat.until(
      "the edit is answered",
      () => edits().at(-1)?.status === 200 && edits(),
    );
    expect(refused?.status).toBe(429);
    const waitedMs = (applied?.at ?? 0) - (refused?.at ?? 0);
    expect(waitedMs).toBeGreaterThanOrEqual(140_000);
    expect(waitedMs).toBeLessThan(160_000);
    expect(performance.now() - startedAt).toBeLessThan(30_000);
    const other = world.someone();
    coze.answer = () => say("Hello.", { chunk: 100 });
    await world.ask(other.person, other.room, "Hello?", "Hello.");
  });
});
