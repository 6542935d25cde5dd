import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { en } from "../../src/locale/en.ts";
import type { Person } from "../../src/playground/chat-platform.ts";
import { cozeError, gate, type Script } from "../../src/playground/coze/index.ts";
import { rateLimited } from "../../src/playground/discord/index.ts";
import { tooManyRequests } from "../../src/playground/telegram/index.ts";
import { cozeQuestions } from "../support/coze-questions.ts";
import { closedGate } from "../support/gate.ts";
import { describeEachMode, describeEachPlatform, type StartedWorld, startWorld, type World } from "../support/world.ts";

describeEachMode("A conversation outlives the process", (world) => {
  it("goes on after the process was killed between two turns", async () => {
    const { coze } = world();
    const { person, room } = world().someone();
    await world().ask(person, room, "My cat is called Minka.", "You said: My cat is called Minka.");
    await world().ended(person);

    await world().bridge.kill();
    await world().restart();

    await world().ask(person, room, "What did I say?", "You said:\n• My cat is called Minka.");
    const name = world().sessionName(person);
    const [conversation] = coze.conversations.filter(({ sessionName }) => sessionName === name);
    expect(cozeQuestions(coze, name)[1]?.conversationId).toBe(conversation?.id);
  });
});

describeEachPlatform("The process ends and starts again", {}, (world) => {
  it("goes on after it was told to stop", async () => {
    const { person, room } = world().someone();
    await world().ask(person, room, "My cat is called Minka.", "You said: My cat is called Minka.");

    expect(await world().bridge.stop()).toBe(0);
    await world().restart();

    await world().ask(person, room, "What did I say?", "You said:\n• My cat is called Minka.");
    expect(world().chat.botMessages(room)).toHaveLength(2);
  });
});

describeEachMode("The process is killed within an answer", (world) => {
  it("completes the same message after the restart, and asks nothing twice", async () => {
    const { coze, chat } = world();
    const { person, room } = world().someone();
    const rest = closedGate();
    coze.answer = () => [...one("Once upon a time"), gate(rest.opened), ...one(" there was a cat.")];
    const begun = await world().ask(person, room, "Tell me a story.", "Once upon a time");

    await world().bridge.kill();
    await world().restart();
    rest.open();

    const whole = await world().hears(room, "Once upon a time there was a cat.");
    expect(whole.id).toBe(begun.id);
    coze.answer = () => one("Gladly.");
    await world().ask(person, room, "Once more, please.", "Gladly.");
    expect(chat.botMessages(room)).toHaveLength(2);
    expect(asked(world(), person)).toEqual(["Tell me a story.", "Once more, please."]);
  });

  it("keeps what was shown where Coze does not tell the rest, and asks again when its button is pressed, once", async () => {
    const { coze, chat } = world();
    const { person, room } = world().someone();
    const rest = closedGate();
    coze.answer = () => [...one("Once upon a time"), gate(rest.opened), ...one(" there was a cat.")];
    await world().ask(person, room, "Tell me a story.", "Once upon a time");

    await world().bridge.kill();
    const times = Number.POSITIVE_INFINITY;
    coze.faults.add({ method: /\/chat\/retrieve$|\/message\/list$/, times, effect: cozeError(4200, "not for you") });
    await world().restart();
    const told = await world().hears(room, en.restarted);
    expect(told.buttons).toEqual([[en.retry]]);
    await world().bridge.logged("turn ended");
    expect(asked(world(), person)).toEqual(["Tell me a story."]);

    rest.open();
    await coze.until("the first run has ended", () => coze.conversations.every(({ isRunning }) => !isRunning));
    await world().bridge.kill();
    coze.faults.clear();
    coze.answer = () => one("There was a cat.");
    await world().restart();
    chat.press(person, told, en.retry);
    chat.press(person, told, en.retry);
    await world().hears(room, "There was a cat.");
    await chat.until("the button is gone", () => chat.botMessages(room)[1]?.buttons.length === 0);

    coze.answer = () => one("You are welcome.");
    await world().ask(person, room, "Thank you.", "You are welcome.");
    const texts = chat.botMessages(room).map(({ text }) => text);
    expect(texts).toEqual(["Once upon a time", en.restarted, "There was a cat.", "You are welcome."]);
    expect(asked(world(), person)).toEqual(["Tell me a story.", "Tell me a story.", "Thank you."]);
  });
});

describeEachPlatform("Nothing is owed for ever", {}, (world) => {
  it("answers once what had waited for the answer that a kill broke off", async () => {
    const { coze, chat } = world();
    const { person, room } = world().someone();
    const rest = closedGate();
    coze.answer = ({ text }) => (text === "Go on." ? [...one("Half"), gate(rest.opened)] : one("Hello."));
    await world().ask(person, room, "Go on.", "Half");
    chat.say(person, room, "Hello.");
    await chat.until("the second message was taken", () => chat.isTyping(room));

    await world().bridge.kill();
    rest.open();
    await coze.until("the run has ended", () => coze.conversations.every(({ isRunning }) => !isRunning));
    await world().restart();

    await world().hears(room, "Hello.");
    expect(chat.botMessages(room).map(({ text }) => text)).toEqual(["Half", "Hello."]);
    expect(cozeQuestions(coze, world().sessionName(person)).map(({ text }) => text)).toEqual(["Go on.", "Hello."]);
  });

  it("shows after a kill the whole answer that the platform had refused to take before", async () => {
    const { coze, chat } = world();
    const [someone, other] = [world().someone(), world().someone()];
    const rest = closedGate();
    coze.answer = ({ text }) =>
      text === "Go on." ? [...one("Half"), gate(rest.opened), ...one(" and half.")] : one("Hello.");
    const half = await world().ask(someone.person, someone.room, "Go on.", "Half");
    const edit = chat.name === "telegram" ? "editMessageText" : "PATCH /channels/:id/messages/:id";
    const refusal = chat.name === "telegram" ? tooManyRequests(300) : rateLimited(300);
    chat.faults.add({ method: edit, times: Number.POSITIVE_INFINITY, effect: refusal });
    rest.open();
    await coze.until("the run has ended", () => coze.conversations.every(({ isRunning }) => !isRunning));
    await chat.until("the edit was refused", () =>
      chat.calls.some(({ method, status }) => method === edit && status === 429),
    );
    // What Coze had said before this answer began is stored when this one is shown.
    await world().ask(other.person, other.room, "Hello.", "Hello.");

    await world().bridge.kill();
    chat.faults.clear();
    await world().restart();

    const whole = await world().hears(someone.room, "Half and half.");
    expect(whole.id).toBe(half.id);
    expect(chat.botMessages(someone.room)).toHaveLength(1);
    expect(cozeQuestions(coze, world().sessionName(someone.person))).toHaveLength(1);
  });
});

/** What Coze was asked by this person, each time that it was. */
function asked(world: World, person: Person): string[] {
  return cozeQuestions(world.coze, world.sessionName(person)).map(({ text }) => text);
}

function one(text: string): Script {
  return [{ do: "delta", text }];
}

describeEachPlatform("The bot was away", {}, (world) => {
  const ways = (["stop", "kill"] as const).flatMap((end) =>
    (["private chat", "group"] as const).map((place) => ({ end, place })),
  );

  it.each(ways)("answers once what was said in a $place meanwhile ($end)", async ({ end, place }) => {
    const { chat } = world();
    const someone = world().someone();
    const { person } = someone;
    const room = place === "group" ? chat.addGroup("Lounge", [person]) : someone.room;
    await world().ask(person, room, "Are you there?", "You said: Are you there?");
    await world().ended(person);

    await world().bridge[end]();
    chat.say(person, room, "And now?", { mention: place === "group" });
    chat.say(person, room, "Hello?", { mention: place === "group" });
    await world().restart();

    await world().hears(room, "You said: Hello?");
    await world().ask(person, room, "Thank you.", "You said: Thank you.");
    const questions = ["Are you there?", "And now?", "Hello?", "Thank you."];
    expect(chat.botMessages(room).map(({ text }) => text)).toEqual(questions.map((text) => `You said: ${text}`));
    expect(asked(world(), person)).toEqual(questions);
  });
});

describe("Telegram repeats itself", () => {
  let world: StartedWorld;
  beforeAll(async () => {
    world = await startWorld({ platform: "telegram" });
  });
  afterAll(() => world?.close());

  it("answers a message once that Telegram delivers twice, also to another process", async () => {
    const { chat, coze } = world;
    if (chat.name !== "telegram") throw new Error("only Telegram delivers anything twice");
    const { person, room } = world.someone();
    await world.ask(person, room, "Just once.", "You said: Just once.");

    chat.repeatUpdate();
    await world.ask(person, room, "Once more.", "You said: Once more.");
    await world.ended(person);
    await world.bridge.kill();
    chat.repeatUpdate();
    await world.restart();

    await world.ask(person, room, "Thank you.", "You said: Thank you.");
    expect(chat.botMessages(room)).toHaveLength(3);
    expect(cozeQuestions(coze, world.sessionName(person))).toHaveLength(3);
  });
});
