import { expect, it } from "vitest";
import { gate, say } from "../../src/playground/coze/index.ts";
import { cozeQuestions } from "../support/coze-questions.ts";
import { closedGate } from "../support/gate.ts";
import { describeEachMode } from "../support/world.ts";

describeEachMode("Messages are answered in the order in which they were said", (world) => {
  it("asks Coze one question at a time in a conversation, each when the answer before is complete", async () => {
    const { coze, chat } = world();
    const { person, room } = world().someone();
    const numbers = ["one", "two", "three", "four"];
    const first = closedGate();
    coze.answer = ({ text }) => {
      const answer = say(`Read ${text}`, { chunk: 100 });
      return text === "one" ? [gate(first.opened), ...answer] : answer;
    };

    const questions = numbers.map((number) => chat.say(person, room, number));
    const other = world().someone();
    // What was said later is answered already, so nothing but the order can hold the second question back.
    await world().ask(other.person, other.room, "five", "Read five");
    const name = world().sessionName(person);
    expect(cozeQuestions(coze, name).map(({ text }) => text)).toEqual(["one"]);
    first.open();
    await world().hears(room, "Read four");

    const answers = chat.botMessages(room);
    expect(answers.map(({ text }) => text)).toEqual(numbers.map((number) => `Read ${number}`));
    expect(answers.map(({ replyToId }) => replyToId)).toEqual(questions.map(({ id }) => id));
    // A conversation takes one question at a time, and a question that it refuses would be asked again.
    expect(cozeQuestions(coze, name).map(({ text }) => text)).toEqual(numbers);
  });

  it("answers others while one answer takes long", async () => {
    const { coze, chat } = world();
    const slow = world().someone();
    const quick = world().someone();
    const rest = closedGate();
    coze.answer = ({ text }) => (text === "Think hard." ? [gate(rest.opened), ...say("Done.")] : say("At once."));

    chat.say(slow.person, slow.room, "Think hard.");
    await coze.until("the slow answer runs", () => coze.conversations.some(({ isRunning }) => isRunning));
    await world().ask(quick.person, quick.room, "Quick?", "At once.");
    await world().ask(quick.person, quick.room, "And again?", "At once.");

    expect(chat.botMessages(slow.room)).toHaveLength(0);
    rest.open();
    await world().hears(slow.room, "Done.");
  });
});
