import { describe, expect, it } from "vitest";
import type { Person, Room, ShownMessage } from "../../src/playground/chat-platform.ts";
import { followUp, say } from "../../src/playground/coze/index.ts";
import { type CozeQuestion, cozeQuestions } from "../support/coze-questions.ts";
import { describeEachPlatform, type World } from "../support/world.ts";

const COZE_PARAMETERS = JSON.stringify({
  who: "{user_name} ({user_id})",
  profile: '{"name": "{user_name}"}',
  where: "{platform}, {chat_kind}: {chat_title}",
  when: "{time}",
  fixed: "{} {1:2}",
});
const forAgents = {
  COZE_CUSTOM_VARIABLES: JSON.stringify({ name: "{user_name}", language: "[{locale}]" }),
  COZE_PARAMETERS,
  COZE_META_DATA: JSON.stringify({ room: "{chat_title}", source: "bridge, {platform}" }),
};

const evil = '{{ evil }} {% x %} "x"\n\\';
const harmless = "(( evil )) (% x %) ”x” /";
const second = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

/** A person's questions as they came to Coze. */
function asked(world: World, person: Person): readonly CozeQuestion[] {
  return cozeQuestions(world.coze, world.sessionName(person));
}

async function withButton({ chat }: World, room: Room, label: string): Promise<ShownMessage> {
  return await chat.until(`the button ${label}`, () =>
    chat.botMessages(room).find(({ buttons }) => buttons.flat().includes(label)),
  );
}

/** A person asks, and the process dies before Coze has taken the question: resolves with both requests for it. */
async function askTwice(world: World, { person, room }: { person: Person; room: Room }): Promise<readonly unknown[]> {
  // Where a conversation is known, Coze can be asked whether the question has arrived.
  await world.ask(person, room, "Hello.", "You said: Hello.");
  await world.ended(person);
  world.coze.faults.add({ method: /\/chat$/, effect: { kind: "hang", applied: false } });
  world.chat.say(person, room, "And now?");
  await world.coze.until("the question", () => asked(world, person).length === 2);
  await world.bridge.kill();
  await world.restart();
  await world.hears(room, "You said: And now?");
  return asked(world, person)
    .slice(1)
    .map(({ request }) => request.body);
}

describeEachPlatform(
  "An agent is told what the operator has it told",
  { environment: forAgents },
  (world, platform) => {
    it("with a question from a group", async () => {
      const { chat } = world();
      const ann = chat.addPerson({ name: "Ann", locale: "en-GB" });
      const group = chat.addGroup("ducks", [ann]);
      await world().ask(ann, group, "Hello.", "You said: Hello.");
      const [question] = asked(world(), ann);
      expect(question?.request.body).toMatchObject({
        // A message on Discord does not tell the language of its author.
        custom_variables: { name: "Ann", language: platform === "telegram" ? "[en-GB]" : "[]" },
        parameters: {
          who: `Ann (${ann.id})`,
          profile: '{"name": "Ann"}',
          where: `${platform}, group: ducks`,
          when: expect.stringMatching(second),
          fixed: "{} {1:2}",
        },
        meta_data: { room: "ducks", source: `bridge, ${platform}` },
      });
    });

    it("without what there is nothing to say about in a private chat", async () => {
      const { person, room } = world().someone();
      await world().ask(person, room, "Hello.", "You said: Hello.");
      const [question] = asked(world(), person);
      expect(question?.request.body.meta_data).toEqual({ source: `bridge, ${platform}` });
      expect(question?.request.body.parameters).toMatchObject({ where: `${platform}, private:` });
    });

    it("the same once more when the process was killed before Coze had the question", async () => {
      const someone = world().someone({ name: evil });
      const [first, again] = await askTwice(world(), someone);
      expect(first).toMatchObject({ custom_variables: { name: harmless } });
      expect(again).toEqual(first);
    });

    it("and takes nobody's name for anything but a name", async () => {
      const { person, room } = world().someone({ name: evil });
      await world().ask(person, room, "Hello.", "You said: Hello.");
      const [question] = asked(world(), person);
      const { custom_variables: variables, parameters } = question?.request.body ?? {};
      expect(variables).toMatchObject({ name: harmless });
      expect(parameters).toMatchObject({ who: `${harmless} (${person.id})` });
      const { profile } = parameters as Readonly<Record<string, string>>;
      expect(JSON.parse(profile ?? "")).toEqual({ name: harmless });
    });
  },
);

describe.each(["chatflow-app", "chatflow-bot"] as const)("The start node of a %s", (mode) => {
  describeEachPlatform(
    "gets what the operator has it told",
    { mode, environment: { COZE_PARAMETERS } },
    (world, platform) => {
      it("and keeps everybody's conversation apart", async () => {
        const [ann, bob] = [world().someone({ name: "Ann" }), world().someone({ name: evil })];
        await world().ask(ann.person, ann.room, "I am Ann.", "You said: I am Ann.");
        await world().ask(bob.person, bob.room, "What did I say?", "You have said nothing so far.");
        const [first] = asked(world(), ann.person);
        const [second] = asked(world(), bob.person);
        expect(first?.request.body.parameters).toMatchObject({ who: `Ann (${ann.person.id})`, fixed: "{} {1:2}" });
        expect(second?.request.body.parameters).toMatchObject({
          who: `${harmless} (${bob.person.id})`,
          where: `${platform}, private:`,
        });
        expect(first?.request.body).not.toHaveProperty("custom_variables");
        expect(first?.request.body).not.toHaveProperty("meta_data");
      });

      it("once more when the process was killed before Coze had the question", async () => {
        const someone = world().someone({ name: evil });
        const [first, again] = await askTwice(world(), someone);
        expect(first).toMatchObject({ parameters: { who: `${harmless} (${someone.person.id})` } });
        expect(again).toEqual(first);
      });
    },
  );
});

const SESSION_NAME_SECRET = "a secret of more than sixteen letters";

describeEachPlatform(
  "With a secret Coze never learns who somebody is",
  { environment: { ...forAgents, SESSION_NAME_SECRET, BUTTONS: "follow-ups,feedback" } },
  (world) => {
    /** Everything that Coze was told, as one text. */
    function told(): string {
      const { coze } = world();
      const files = coze.files.map(({ name }) => name);
      return JSON.stringify([coze.requests, [...coze.exchanges.keys()], coze.conversations, files]);
    }

    it("whatever the person does, also after a restart", async () => {
      const { coze, chat } = world();
      const { person, room } = world().someone({ name: "Ann" });
      const picture = { kind: "image", name: "duck.png", mimeType: "image/png", bytes: png } as const;
      const voice = { kind: "audio", isVoice: true, name: "voice.ogg", mimeType: "audio/ogg", bytes: png } as const;
      coze.hear = () => "I speak.";
      coze.answer = ({ text }) => [...say(`You said: ${text}`, { chunk: 100 }), followUp("And then?")];

      chat.say(person, room, "Hello.");
      const answer = await withButton(world(), room, "👍");
      chat.press(person, answer, "👍");
      await coze.until("the rating", () => coze.requests.some(({ path }) => path.endsWith("/feedback")));
      chat.press(person, answer, "And then?");
      await world().hears(room, "You said: And then?");
      chat.sendFile(person, room, [{ ...picture, caption: "Look." }]);
      await world().hears(room, "You said: Look.");
      chat.sendFile(person, room, [voice]);
      await world().shown(room, (text) => text.includes("You said: I speak."));
      chat.command(person, room, "conversations", "rename 1 Ducks");
      await world().hears(room, "Renamed.");
      await world().bridge.kill();
      await world().restart();
      chat.say(person, room, "Hello again.");
      await world().hears(room, "You said: Hello again.");
      expect(told()).toContain("Hello again.");
      expect(told().includes(person.id)).toBe(false);
      expect(coze.files).toHaveLength(1);
      chat.command(person, room, "forget");
      chat.press(person, await withButton(world(), room, "Delete everything"), "Delete everything");
      await chat.until("the word", () => chat.botMessages(room).some(({ text }) => text.startsWith("Done.")));

      expect(told().includes(person.id)).toBe(false);
      const [pseudonym = "", ...others] = coze.exchanges.keys();
      expect(others).toEqual([]);
      expect(pseudonym).toMatch(/^u_[\w-]{43}$/);
      const [question] = cozeQuestions(coze, pseudonym);
      expect(question?.request.body).toMatchObject({ user_id: pseudonym, parameters: { who: `Ann (${pseudonym})` } });
    });
  },
);

const png = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=",
  "base64",
);
