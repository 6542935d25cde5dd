import { expect, it } from "vitest";
import type { Attachment, CommandEvent, MessageEvent } from "../../../src/adapter.ts";
import { askInPlaceOf, earlierTurnOf } from "../../../src/buttons/ask-again.ts";
import type { Turn } from "../../../src/store/store.ts";
import { key, message } from "../store/records.ts";

const picture: Attachment = { kind: "image", name: "a.png", address: 1 };
const voice: Attachment = { kind: "audio", isVoice: true, name: "v.ogg", address: 2 };
const attachments = [picture, voice];
const { platform, author, chat, target, sentAt } = message("1");

const turn: Turn = {
  ...{ id: "t1", conversation: key, locale: "en", platform, eventId: "1", authorId: author.id, author, chat, target },
  ...{ text: "what is this?", state: "delivered", attachments, createdAt: 1, updatedAt: 2 },
};
const command: CommandEvent = {
  ...{ type: "command", id: "2", platform, author, chat, target, sentAt, name: "retry", argument: "" },
};

async function asked(earlier: Turn, text = earlier.text): Promise<MessageEvent> {
  const events: MessageEvent[] = [];
  const ask = async (event: MessageEvent) => void events.push(event);
  await askInPlaceOf(earlier, { text, occasion: "x" }, command, { ask });
  const [event] = events;
  if (!event) throw new Error("nothing was asked");
  return event;
}

it("a question is asked again with all that was attached to it", async () => {
  expect(await asked(turn)).toMatchObject({ text: "what is this?", attachments });
});

it.each([
  ["button:again:t1", "t1"],
  ["button:retry:t1", "t1"],
  ["button:ask:t1:0", undefined],
  ["button:pick:t1:1", undefined],
  ["again:t1", undefined],
  ["12345", undefined],
])("a turn that began with %s asks the question of %s once more", (eventId, earlier) => {
  expect(earlierTurnOf({ ...turn, eventId })).toBe(earlier);
});

it("another question brings nothing of the earlier one", async () => {
  expect(await asked(turn, "and that?")).toMatchObject({ text: "and that?", attachments: [] });
});
