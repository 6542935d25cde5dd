import { expect, it } from "vitest";
import type { Room, ShownMessage } from "../../src/playground/chat-platform.ts";
import { followUp, interrupt, say } from "../../src/playground/coze/index.ts";
import { cozeQuestions } from "../support/coze-questions.ts";
import { describeEachPlatform, type World } from "../support/world.ts";

const environment = { BUTTONS: "options,follow-ups,regenerate,feedback" };

/** Resolves with the bot's message that has this button. */
async function withButton({ chat }: World, room: Room, label: string): Promise<ShownMessage> {
  return await chat.until(`the button ${label}`, () =>
    chat.botMessages(room).find(({ buttons }) => buttons.flat().includes(label)),
  );
}

async function killAndRestart(world: World): Promise<void> {
  await world.bridge.kill();
  await world.restart();
}

describeEachPlatform(
  "A flow waits for a reply when the bridge dies",
  { mode: "chatflow-bot", environment },
  (world) => {
    it.each(["by a button", "in writing"])("goes on when it is answered %s after the restart", async (how) => {
      const { coze, chat } = world();
      const { person, room } = world().someone();
      coze.answer = ({ resumes, text }) => (resumes ? say(`To ${text}.`) : [interrupt("Where to?\n1. Paris\n2. Rome")]);
      chat.say(person, room, "Book a trip.");
      const question = await withButton(world(), room, "Rome");
      await world().bridge.logged("turn ended", ({ outcome }) => outcome === "waiting");

      await killAndRestart(world());

      if (how === "by a button") chat.press(person, question, "Rome");
      else chat.say(person, room, "Rome");
      await world().hears(room, "To Rome.");
      expect(cozeQuestions(coze, world().sessionName(person)).map(({ text }) => text)).toEqual([
        "Book a trip.",
        "Rome",
      ]);
    });
  },
);

describeEachPlatform("A suggested question outlives the process", { environment }, (world) => {
  it("is asked once by its button after a restart, however often that is pressed", async () => {
    const { coze, chat } = world();
    const { person, room } = world().someone();
    coze.answer = ({ text }) => (text === "Hello." ? [...say("Hi."), followUp("And then?")] : say(`You said: ${text}`));
    chat.say(person, room, "Hello.");
    const answer = await withButton(world(), room, "And then?");
    await world().ended(person);

    await killAndRestart(world());

    chat.press(person, answer, "And then?");
    chat.press(person, answer, "And then?");
    await world().hears(room, "You said: And then?");
    await world().ask(person, room, "Thanks.", "You said: Thanks.");
    const asked = cozeQuestions(coze, world().sessionName(person)).map(({ text }) => text);
    expect(asked).toEqual(["Hello.", "And then?", "Thanks."]);
  });
});

describeEachPlatform("Somebody wants to be forgotten", { environment }, (world) => {
  it("leaves neither words nor conversations behind, here or on Coze", async () => {
    const { coze, chat } = world();
    const { person, room } = world().someone();
    coze.answer = ({ text }) => say(`You said: ${text}`);
    await world().ask(person, room, "My secret is swordfish.", "You said: My secret is swordfish.");
    await world().ended(person);
    chat.command(person, room, "forget");
    chat.press(person, await withButton(world(), room, "Delete everything"), "Delete everything");
    await chat.until("the word", () => chat.botMessages(room).some(({ text }) => text.startsWith("Done.")));

    expect(coze.conversations.filter(({ sessionName }) => sessionName === world().sessionName(person))).toEqual([]);
    expect(await world().storedBytes()).not.toContain("swordfish");
  });
});
