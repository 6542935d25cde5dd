import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Person } from "../../src/playground/chat-platform.ts";
import { type CozeEmulator, gate, type Script, say } from "../../src/playground/coze/index.ts";
import { cozeQuestions } from "../support/coze-questions.ts";
import { closedGate, type Gate } from "../support/gate.ts";
import { describeEachPlatform, type StartedWorld, startWorld, type World } from "../support/world.ts";

/** The first question is answered by halves, any other at once. */
function halvesFirst({ opened }: Gate): CozeEmulator["answer"] {
  const halves: Script = [...inOnePiece("Half"), gate(opened), ...inOnePiece(" and half.")];
  return ({ text }) => (text === "First" ? halves : inOnePiece(`You said: ${text}`));
}

function inOnePiece(text: string): Script {
  return say(text, { chunk: 100 });
}

/** What Coze was asked by this person. */
function asked(world: World, person: Person): string[] {
  return cozeQuestions(world.coze, world.sessionName(person)).map(({ text }) => text);
}

describeEachPlatform("A person changes a question", {}, (world) => {
  it("is answered as it reads when its turn comes, and once", async () => {
    const { coze, chat } = world();
    const { person, room } = world().someone();
    const rest = closedGate();
    coze.answer = halvesFirst(rest);
    const first = chat.say(person, room, "First");
    await world().hears(room, "Half");
    const second = chat.say(person, room, "Secnod");
    await chat.until("the second was taken", () => chat.isTyping(room));

    chat.editMessage(person, first, "First!");
    chat.editMessage(person, second, "Second");
    // Events are taken one after the other: this one comes after the changes.
    chat.command(person, room, "help");
    await chat.until("the command is answered", () => chat.botMessages(room)[1]);
    rest.open();
    await world().hears(room, "You said: Second");
    await world().ask(person, room, "Third", "You said: Third");

    expect(asked(world(), person)).toEqual(["First", "Second", "Third"]);
  });
});

describe("A person takes a question back (discord)", () => {
  let world: StartedWorld;
  beforeAll(async () => {
    world = await startWorld({ platform: "discord" });
  });
  afterAll(() => world?.close());

  it("is not asked when it waits, and its answer stops when it is being given", async () => {
    const { coze, chat } = world;
    const { person, room } = world.someone();
    coze.answer = halvesFirst(closedGate());
    const first = chat.say(person, room, "First");
    await world.hears(room, "Half");
    const second = chat.say(person, room, "Second");
    await chat.until("the second was taken", () => chat.isTyping(room));

    chat.deleteMessage(person, second);
    chat.deleteMessage(person, first);
    await world.hears(room, "Half\n\n⏹ Stopped.");
    await coze.until("the run is cancelled", () => coze.requests.some(({ path }) => path === "/v3/chat/cancel"));
    await world.ask(person, room, "Third", "You said: Third");

    expect(chat.botMessages(room)).toHaveLength(2);
    expect(asked(world, person)).toEqual(["First", "Third"]);
  });
});
