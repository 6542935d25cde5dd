import { describe, expect, it, onTestFinished } from "vitest";
import { en } from "../../src/locale/en.ts";
import { operatorSentences } from "../../src/operation/operator.ts";
import { fail, say, startCozeEmulator } from "../../src/playground/coze/index.ts";
import { freshDatabasePath } from "../support/bridge-process.ts";
import { platformNames, StartedWorld, startChat } from "../support/world.ts";

describe.each(platformNames)("What the operator alone can mend (%s)", (platform) => {
  it("is told once in the operator's chat and in the log, however many people it hits", async () => {
    const [coze, chat] = [await startCozeEmulator(), await startChat(platform)];
    const operators = chat.addGroup("Operators", [chat.addPerson()]);
    const environment = {
      ...coze.environment("agent"),
      ...chat.environment,
      DATABASE_PATH: freshDatabasePath(),
      ADMIN_CHAT: `${platform}:${operators.id}`,
    };
    const world = new StartedWorld(coze, chat, environment);
    onTestFinished(() => world.close());
    await world.restart();
    coze.answer = () => [fail(4028, "quota")];

    const people = [world.someone(), world.someone(), world.someone()];
    await Promise.all(people.map(({ person, room }) => world.ask(person, room, "Hello?", en.failedQuota)));
    const { quota } = operatorSentences;
    await world.hears(operators, `${quota.en}\n${quota.zh}`);
    await Promise.all(people.map(({ person }) => world.ended(person)));
    coze.answer = () => say("Here I am.");
    for (const { person, room } of people) await world.ask(person, room, "And now?", "Here I am.");

    expect(chat.botMessages(operators)).toHaveLength(1);
    const lines = world.bridge.logs().filter(({ msg }) => msg === "the operator must act");
    expect(lines).toMatchObject([{ level: "error", concern: "quota", err: { code: 4028 } }]);
    world.assertDiscretion();
  });
});
