import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { needTools, say, useResults } from "../../src/playground/coze/index.ts";
import { closedGate } from "../support/gate.ts";
import { platformNames, startWorld } from "../support/world.ts";
import { startHttpServer } from "../unit/coze/http-server.ts";
import { temporaryFolder } from "../unit/temporary-folder.ts";

const secret = "a-token-of-no-known-shape";

describe.each(platformNames)("The agent calls a tool of the operator's on %s", (platform) => {
  it("and the process is killed before Coze has its result: the answer comes once, and the tool can tell", async () => {
    const answered = closedGate();
    const server = await startHttpServer((_, response) => response.end("grey sky", () => answered.open()));
    onTestFinished(() => server[Symbol.asyncDispose]());
    const file = join(temporaryFolder(), "tools.json");
    const weather = { url: `${server.base}/weather`, headers: { authorization: `Bearer \${WEATHER_TOKEN}` } };
    writeFileSync(file, JSON.stringify({ tools: { weather } }));
    const world = await startWorld({
      platform,
      environment: { TOOLS_FILE: file, WEATHER_TOKEN: secret, LOG_LEVEL: "debug" },
    });
    onTestFinished(() => world.close());
    const { person, room } = world.someone();
    world.coze.faults.add({ method: /submit_tool_outputs/, effect: { kind: "hang", applied: false } });
    world.coze.answer = () => [
      ...say("One moment.", { chunk: 100 }),
      needTools({ name: "weather", arguments: { city: "Paris" } }),
      useResults(([result]) => say(`There is a ${result?.output}.`, { chunk: 100 })),
    ];
    const begun = await world.ask(person, room, "rain?", "One moment.");
    await answered.opened;
    const submissions = () => world.coze.requests.filter(({ path }) => path.endsWith("/submit_tool_outputs"));
    await world.coze.until("the result is on its way", () => submissions().length === 1);

    await world.bridge.kill();
    await world.restart();

    const whole = await world.hears(room, "One moment.\n\nThere is a grey sky.");
    expect(whole.id).toBe(begun.id);
    expect(world.chat.botMessages(room)).toHaveLength(1);
    const [first, second] = server.requests.map(({ headers }) => headers);
    expect(server.requests).toHaveLength(2);
    expect(second?.["idempotency-key"]).toBe(first?.["idempotency-key"]);
    expect(second?.authorization).toBe(`Bearer ${secret}`);
    world.assertDiscretion();
    expect(world.bridge.output()).not.toContain(secret);
  });
});
