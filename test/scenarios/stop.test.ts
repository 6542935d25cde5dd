import { expect, it } from "vitest";
import { gate, say } from "../../src/playground/coze/index.ts";
import { cozeQuestions } from "../support/coze-questions.ts";
import { closedGate } from "../support/gate.ts";
import { describeEachMode, describeEachPlatform } from "../support/world.ts";

describeEachMode("A person stops an answer", (world) => {
  it("keeps what was shown, ends the run on Coze, and answers the next question at once", async () => {
    const { coze, chat } = world();
    const { person, room } = world().someone();
    const never = closedGate();
    coze.answer = () => [...say("Half of it", { chunk: 100 }), gate(never.opened), ...say(" and the rest.")];
    const half = await world().ask(person, room, "Tell me all of it.", "Half of it");

    chat.command(person, room, "stop");
    const stopped = await world().hears(room, "Half of it\n\n⏹ Stopped.");
    await world().hears(room, "Stopped.");

    expect(stopped.id).toBe(half.id);
    const name = world().sessionName(person);
    const [question] = cozeQuestions(coze, name);
    const cancel = await coze.until("the run is cancelled", () =>
      coze.requests.find(({ path, sessionName }) => path === "/v3/chat/cancel" && sessionName === name),
    );
    const [conversation] = coze.conversations.filter(({ sessionName }) => sessionName === name);
    expect(question?.request.aborted).toBe(true);
    expect(cancel.body.conversation_id).toBe(conversation?.id);
    expect(cancel.body.chat_id).toBe(conversation?.messages[0]?.chatId);

    coze.answer = () => say("With pleasure.", { chunk: 100 });
    await world().ask(person, room, "Something shorter, please.", "With pleasure.");
    // While a run goes on Coze refuses the next question, which would then be asked again.
    expect(cozeQuestions(coze, name)).toHaveLength(2);
  });
});

describeEachPlatform("The stop command comes first", {}, (world) => {
  it("does not wait for the answer before it, and stops what waits as well", async () => {
    const { coze, chat } = world();
    const { person, room } = world().someone();
    const never = closedGate();
    coze.answer = () => [...say("Half of it", { chunk: 100 }), gate(never.opened)];
    await world().ask(person, room, "Tell me all of it.", "Half of it");
    chat.say(person, room, "And what is more?");
    await chat.until("the second message was taken", () => chat.isTyping(room));

    chat.command(person, room, "stop");
    await world().hears(room, "Stopped.");
    coze.answer = () => say("Hello.");
    chat.say(person, room, "Hello.");
    await world().hears(room, "Hello.");

    expect(chat.botMessages(room).map(({ text }) => text)).toEqual(["Half of it\n\n⏹ Stopped.", "Stopped.", "Hello."]);
    const questions = cozeQuestions(coze, world().sessionName(person));
    expect(questions.map(({ text }) => text)).toEqual(["Tell me all of it.", "Hello."]);
  });

  it("stops an answer that shows nothing yet without a trace of it", async () => {
    const { coze, chat } = world();
    const { person, room } = world().someone();
    const never = closedGate();
    coze.answer = () => [gate(never.opened), ...say("Too late.")];
    chat.say(person, room, "Think about it.");
    await coze.until("the answer runs", () => coze.conversations.some(({ isRunning }) => isRunning));

    chat.command(person, room, "stop");
    await world().hears(room, "Stopped.");
    coze.answer = () => say("Hello.");
    chat.say(person, room, "Hello.");
    await world().hears(room, "Hello.");

    expect(chat.botMessages(room).map(({ text }) => text)).toEqual(["Stopped.", "Hello."]);
  });

  it("leaves other people's answers alone", async () => {
    const { coze, chat } = world();
    const [someone, other] = [world().someone(), world().someone()];
    const rest = closedGate();
    coze.answer = () => [...say("Half", { chunk: 100 }), gate(rest.opened), ...say(" and half.", { chunk: 100 })];
    await world().ask(someone.person, someone.room, "Go on.", "Half");
    await world().ask(other.person, other.room, "Go on.", "Half");

    chat.command(someone.person, someone.room, "stop");
    await world().hears(someone.room, "Stopped.");
    rest.open();

    await world().hears(other.room, "Half and half.");
  });

  it("says so when there is nothing to stop, and in time", async () => {
    const { chat } = world();
    const { person, room } = world().someone();

    chat.command(person, room, "stop");

    await world().hears(room, "There is nothing to stop.");
    if (chat.name === "discord") expect(chat.failedInteractions).toEqual([]);
  });
});
