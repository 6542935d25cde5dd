import { describe, expect, it } from "vitest";
import { en } from "../../src/locale/en.ts";
import type { Person, Room } from "../../src/playground/chat-platform.ts";
import { cozeQuestions } from "../support/coze-questions.ts";
import { type Chat, describeEachMode, describeEachPlatform } from "../support/world.ts";

const nothing = "You have said nothing so far.";

describeEachPlatform("In a group the bot speaks when it is spoken to", {}, (world) => {
  it("answers a mention, a reply to its message and a command, and is silent otherwise", async () => {
    const { chat } = world();
    const { ann, group } = groupOfTwo(world());
    if (chat.name === "telegram") chat.setPrivacyMode(false);

    chat.say(ann, group, "Good morning, everyone!");
    const question = chat.say(ann, group, "Good morning, bot.", { mention: true });
    const answer = await world().hears(group, "You said: Good morning, bot.");
    chat.say(ann, group, "Nobody asked you.");
    chat.say(ann, group, "/weather Oslo");
    const reply = chat.say(ann, group, "How are you?", { replyTo: answer });
    const second = await world().hears(group, "You said: How are you?");
    chat.command(ann, group, "help");
    await world().hears(group, en.help);

    expect(answer.replyToId).toBe(question.id);
    expect(second.replyToId).toBe(reply.id);
    expect(chat.botMessages(group)).toHaveLength(3);
    if (chat.name === "telegram") chat.setPrivacyMode(true);
  });

  it("never answers bots, nor itself", async () => {
    const { chat, coze } = world();
    const robot = chat.name === "telegram" ? chat.addBot("Parrot") : chat.addPerson({ name: "Parrot", bot: true });
    const ann = chat.addPerson({ name: "Ann" });
    const group = chat.addGroup("With a parrot", [ann, robot]);

    chat.say(robot, group, "Hello, bot!", { mention: true });
    const answer = await world().ask(ann, group, "Hello!", "You said: Hello!");
    chat.say(robot, group, "You said: Hello!", { replyTo: answer, mention: true });
    await world().ask(ann, group, "Are you there?", "You said: Are you there?");

    expect(chat.botMessages(group)).toHaveLength(2);
    expect(cozeQuestions(coze, world().sessionName(robot))).toEqual([]);
    expect(chat.messages(group)).toHaveLength(6);
  });

  it("answers a thread in the thread, with a memory of its own", async () => {
    const { chat } = world();
    const { ann, group } = groupOfTwo(world());
    await world().ask(ann, group, "My cat is called Minka.", "You said: My cat is called Minka.");
    const before = chat.botMessages(group).length;
    const thread = chat.addThread(group, "Dogs");

    await world().ask(ann, thread, "What did I say?", nothing);
    await world().ask(ann, thread, "My dog is called Rex.", "You said: My dog is called Rex.");
    await world().ask(ann, thread, "What did I say?", "You said:\n• What did I say?\n• My dog is called Rex.");
    expect(chat.botMessages(group)).toHaveLength(before);
  });

  it("starts over in the group alone when the command is given there", async () => {
    const { chat } = world();
    const { ann, group } = groupOfTwo(world());
    const room = chat.privateRoom(ann);
    await world().ask(ann, room, "A word in private.", "You said: A word in private.");
    await world().ask(ann, group, "A word in public.", "You said: A word in public.");

    chat.command(ann, group, "new");
    await world().hears(group, "Started over. I remember nothing of what we said before.");

    await world().ask(ann, group, "What did I say?", nothing);
    await world().ask(ann, room, "What did I say?", "You said:\n• A word in private.");
  });
});

describeEachMode("What is said in private stays out of groups", (world) => {
  it("keeps a person's private talk, group, and the next person apart", async () => {
    const { chat, coze } = world();
    const { ann, bob, group } = groupOfTwo(world());
    const room = chat.privateRoom(ann);

    await world().ask(ann, room, "My PIN is 4711.", "You said: My PIN is 4711.");
    await world().ask(ann, group, "What did I say?", nothing);
    await world().ask(ann, group, "I like tea.", "You said: I like tea.");
    await world().ask(bob, group, "What did I say?", nothing);
    await world().ask(ann, room, "What did I say?", "You said:\n• My PIN is 4711.");
    await world().ask(ann, group, "What did I say?", "You said:\n• What did I say?\n• I like tea.");

    const own = coze.conversations.filter(({ sessionName }) => sessionName === world().sessionName(ann));
    expect(own).toHaveLength(2);
  });
});

describe("A setting tells whose conversation it is", () => {
  describeEachPlatform("CONVERSATION_SCOPE=user", { environment: { CONVERSATION_SCOPE: "user" } }, (world) => {
    it("goes with a person from place to place", async () => {
      const { chat } = world();
      const { ann, bob, group } = groupOfTwo(world());

      await world().ask(ann, chat.privateRoom(ann), "I like tea.", "You said: I like tea.");
      await world().ask(ann, group, "What did I say?", "You said:\n• I like tea.");
      await world().ask(bob, group, "What did I say?", nothing);
    });
  });

  // An app has one conversation for each identity: here the group is one.
  const chatScope = { mode: "chatflow-app", environment: { CONVERSATION_SCOPE: "chat" } } as const;
  describeEachPlatform("CONVERSATION_SCOPE=chat", chatScope, (world) => {
    it("is everyone's in a group, and nobody else's in private", async () => {
      const { chat } = world();
      const { ann, bob, group } = groupOfTwo(world());

      await world().ask(ann, chat.privateRoom(ann), "My PIN is 4711.", "You said: My PIN is 4711.");
      await world().ask(ann, group, "I like tea.", "You said: I like tea.");
      await world().ask(bob, group, "What did I say?", "You said:\n• I like tea.");
      await world().ask(bob, chat.privateRoom(bob), "What did I say?", nothing);
    });
  });

  describeEachPlatform("SESSION_NAME_SECRET", { environment: { SESSION_NAME_SECRET: "x".repeat(40) } }, (world) => {
    it("hides from Coze who a person is, and still tells people apart", async () => {
      const { chat, coze } = world();
      const [ann, bob] = [world().someone(), world().someone()];

      await world().ask(ann.person, ann.room, "I am Ann.", "You said: I am Ann.");
      await world().ask(bob.person, bob.room, "What did I say?", nothing);
      await world().ask(ann.person, ann.room, "What did I say?", "You said:\n• I am Ann.");

      const names = [...coze.exchanges.keys()];
      expect(names).toHaveLength(2);
      for (const name of names) expect(name).toMatch(/^u_[\w-]{43}$/);
      const sent = JSON.stringify(coze.requests);
      for (const { id } of [ann.person, bob.person]) expect(sent).not.toContain(id);
      expect(chat.botMessages(ann.room)).toHaveLength(2);
    });
  });
});

function groupOfTwo({ chat }: { readonly chat: Chat }): { ann: Person; bob: Person; group: Room } {
  const ann = chat.addPerson({ name: "Ann" });
  const bob = chat.addPerson({ name: "Bob" });
  return { ann, bob, group: chat.addGroup("Tea time", [ann, bob]) };
}
