import { expect, it } from "vitest";
import type { RecordedRequest } from "../../src/playground/coze/index.ts";
import { cozeQuestions } from "../support/coze-questions.ts";
import { describeEachMode } from "../support/world.ts";

describeEachMode("What was said before is remembered", (world, _platform, mode) => {
  it("asks the second question in the stored conversation, with the token of the first", async () => {
    const { coze } = world();
    const { person, room } = world().someone();

    await world().ask(person, room, "My cat is called Minka.", "You said: My cat is called Minka.");
    await world().ask(person, room, "What did I say?", "You said:\n• My cat is called Minka.");

    const name = world().sessionName(person);
    const [conversation] = coze.conversations.filter(({ sessionName }) => sessionName === name);
    const ids = cozeQuestions(coze, name).map(({ conversationId }) => conversationId);
    expect(ids).toEqual([undefined, conversation?.id]);
    expect(coze.exchanges.get(name)).toBe(1);
  });

  it("tells Coze who asks by the token alone, and as the user of an agent", async () => {
    const { coze } = world();
    const { person, room } = world().someone();

    await world().ask(person, room, "Who am I?", "You said: Who am I?");

    const name = world().sessionName(person);
    const [question] = cozeQuestions(coze, name);
    expect(question?.request.body.user_id).toBe(mode === "agent" ? name : undefined);
    for (const request of coze.requests) expect(besidesTheUser(request)).not.toContain(person.id);
  });
});

/** All that a request carries besides the token and the agent's `user_id`. */
function besidesTheUser({ query, headers, body, path }: RecordedRequest): string {
  const { user_id: _, ...fields } = body;
  return JSON.stringify([path, query, headers, path === "/v3/chat" ? fields : body]);
}
