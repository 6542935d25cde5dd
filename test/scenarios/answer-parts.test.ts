import { expect, it } from "vitest";
import {
  comment,
  complete,
  event,
  followUp,
  message,
  say,
  think,
  toolCall,
  verbose,
} from "../../src/playground/coze/index.ts";
import { describeEachMode } from "../support/world.ts";

describeEachMode("Of all that Coze sends the answer is shown", (world) => {
  it("shows the messages of one answer below each other", async () => {
    const { coze } = world();
    const { person, room } = world().someone();
    coze.answer = () => [...say("Let me see."), complete(), ...say("It is raining."), complete(), ...say("Stay in.")];

    const answer = await world().ask(person, room, "And the weather?", "Let me see.\n\nIt is raining.\n\nStay in.");

    expect(
      world()
        .chat.botMessages(room)
        .map(({ id }) => id),
    ).toEqual([answer.id]);
  });

  it("shows no reasoning, no tools, no suggestions and nothing that it does not know", async () => {
    const { coze, chat } = world();
    const { person, room } = world().someone();
    coze.answer = () => [
      comment("ping"),
      think("The person wants the weather. "),
      think("I shall look it up."),
      ...toolCall("get_weather", { city: "Oslo" }, "rain"),
      event("conversation.message.sparkled", '{"type":"answer","content":"sparkles"}'),
      message("hologram", "a shape in the air"),
      event("conversation.message.delta", '{"type":"hologram","content":"flickering"}'),
      verbose("knowledge", "a page of an encyclopedia"),
      ...say("It is raining."),
      followUp("And tomorrow?"),
      followUp("And in Bergen?"),
    ];

    const answer = await world().ask(person, room, "And the weather?", "It is raining.");
    coze.answer = () => say("You are welcome.");
    await world().ask(person, room, "Thank you.", "You are welcome.");

    expect(chat.botMessages(room)).toHaveLength(2);
    for (const { text } of answer.revisions) expect("It is raining.").toContain(text);
  });

  it("shows in the end what the finished message says, where it differs from its pieces", async () => {
    const { coze } = world();
    const { person, room } = world().someone();
    coze.answer = () => [...say("It is sunyn"), complete("It is sunny.")];

    await world().ask(person, room, "And the weather?", "It is sunny.");

    expect(world().chat.botMessages(room)).toHaveLength(1);
  });
});
