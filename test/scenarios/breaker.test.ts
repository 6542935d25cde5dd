import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { en } from "../../src/locale/en.ts";
import { cozeQuestions } from "../support/coze-questions.ts";
import { startFastTime } from "../support/fast-time.ts";
import { platformNames, type StartedWorld, startWorld } from "../support/world.ts";

/** What a gateway says in the place of Coze. */
const badGateway = { kind: "reply", status: 502, body: "<html><h1>502</h1></html>" } as const;

describe.each(platformNames)("Coze can't be reached (%s)", (platform) => {
  const time = startFastTime(10);
  let world: StartedWorld;
  beforeAll(async () => {
    world = await startWorld({ platform, time });
  });
  afterAll(async () => {
    await world?.close();
    world?.assertDiscretion();
  });

  it("tells people at once after five questions in vain, and asks again when half a minute is over", async () => {
    const { coze, bridge } = world;
    const remove = coze.faults.add({ method: "POST /v3/chat", times: Number.POSITIVE_INFINITY, effect: badGateway });
    const people = Array.from({ length: 5 }, () => world.someone());
    await Promise.all(people.map(({ person, room }) => world.ask(person, room, "Hello?", en.failedService)));
    await bridge.logged("Coze can't be reached: questions fail at once for now");
    const asked = cozeQuestions(coze).length;

    const late = world.someone();
    const told = await world.ask(late.person, late.room, "Hello?", en.failedService);
    expect(told.buttons).toEqual([[en.retry]]);
    expect(cozeQuestions(coze)).toHaveLength(asked);

    remove();
    await time.pass(30_000);
    world.chat.press(late.person, told, en.retry);
    await world.hears(late.room, "You said: Hello?");
    await bridge.logged("Coze answers again");
  });
});
