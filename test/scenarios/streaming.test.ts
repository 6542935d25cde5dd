import { expect, it } from "vitest";
import { gate, say } from "../../src/playground/coze/index.ts";
import { closedGate } from "../support/gate.ts";
import { describeEachMode } from "../support/world.ts";

describeEachMode("An answer grows in the chat", (world) => {
  it("shows the first words as a reply while the rest is still being written, and the whole answer in their place", async () => {
    const { coze, chat } = world();
    const { person, room } = world().someone();
    const [second, last] = [closedGate(), closedGate()];
    coze.answer = () => [
      { do: "delta", text: "The first words" },
      gate(second.opened),
      { do: "delta", text: ", and more of them" },
      gate(last.opened),
      { do: "delta", text: ", and the last." },
    ];

    const question = chat.say(person, room, "Tell me something.");
    const first = await world().hears(room, "The first words");
    expect(first.replyToId).toBe(question.id);
    second.open();
    await world().hears(room, "The first words, and more of them");
    expect(coze.conversations.filter(({ isRunning }) => isRunning)).toHaveLength(1);
    last.open();
    const whole = await world().hears(room, "The first words, and more of them, and the last.");

    expect(whole.id).toBe(first.id);
    expect(chat.botMessages(room)).toHaveLength(1);
    expect(whole.revisions.map(({ text }) => text)).toEqual([
      "The first words",
      "The first words, and more of them",
      "The first words, and more of them, and the last.",
    ]);
  });

  it("shows every part of a fast answer once, whatever it skips on the way", async () => {
    const { coze, chat } = world();
    const { person, room } = world().someone();
    const words = Array.from({ length: 150 }, (_, i) => `word${i}`);
    coze.answer = () => say(words.join(" "), { chunk: 5, everyMs: 2 });

    chat.say(person, room, "Tell me a lot.");
    const { revisions } = await world().hears(room, words.join(" "));

    expect(chat.botMessages(room)).toHaveLength(1);
    for (const { text } of revisions) expect(words.join(" ")).toContain(text);
    const lengths = revisions.map(({ text }) => text.length);
    expect(lengths).toEqual([...lengths].sort((a, b) => a - b));
    expect(revisions.length).toBeLessThan(10);
  });
});
