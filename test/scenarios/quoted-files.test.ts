import { expect, it } from "vitest";
import { en } from "../../src/locale/en.ts";
import type { Person, Room, SentFile, ShownMessage } from "../../src/playground/chat-platform.ts";
import { itemsOf, lastQuestion, uploadsOf } from "../support/asked-files.ts";
import { cozeQuestions } from "../support/coze-questions.ts";
import { platformFaults } from "../support/platform-faults.ts";
import { notes, picture, program, table } from "../support/sent-files.ts";
import { describeEachPlatform, type World } from "../support/world.ts";

/** A group in which Bob has sent a file, which was nobody's question. */
interface Lounge {
  readonly ann: Person;
  readonly room: Room;
  readonly message: ShownMessage;
}

function bobSends({ chat }: World, file: SentFile): Lounge {
  const [ann, bob] = [chat.addPerson({ name: "Ann" }), chat.addPerson({ name: "Bob" })];
  const room = chat.addGroup("Lounge", [ann, bob]);
  return { ann, room, message: chat.sendFile(bob, room, [file]) };
}

/** Ann asks the bot about that, in so many words. */
function reply({ chat }: World, { ann, room, message }: Lounge, text: string): void {
  chat.say(ann, room, text, { mention: true, replyTo: message });
}

const megabyte = 1024 * 1024;

const problems: readonly { title: string; file: SentFile; sentence: string; isGone?: true }[] = [
  { title: "a program", file: program, sentence: en.fileType },
  {
    title: "a table of 100 MB",
    file: { ...table, size: 100 * megabyte },
    sentence: en.fileTooLarge.replace("{limit}", "50"),
  },
  { title: "a picture that is gone", file: picture, sentence: en.fileUnavailable, isGone: true },
];

function lose({ chat }: World): void {
  const effect = { kind: "reply", status: 404, body: "This content is no longer available." } as const;
  chat.faults.add({ method: platformFaults[chat.name].download, effect });
}

/** Without it Discord keeps from the bot what others have said. */
const environment = { DISCORD_MESSAGE_CONTENT: "true" };

describeEachPlatform("What somebody else sent in a group", { environment }, (world) => {
  it("is asked about by a reply", async () => {
    const lounge = bobSends(world(), picture);
    reply(world(), lounge, "What is this?");
    await world().shown(lounge.room, (text) => text.includes("You said: What is this?"));
    const [, image] = itemsOf(lastQuestion(world(), lounge.ann));
    expect(image).toEqual({ type: "image", file_id: uploadsOf(world(), lounge.ann)[0]?.id });
  });

  it("is read to the agent when it is a text", async () => {
    const lounge = bobSends(world(), notes);
    reply(world(), lounge, "What is its name?");
    await world().hears(lounge.room, "You said: What is its name?\n\nThe cat is called Minka.");
  });

  it.each(problems)("does not keep a question from being asked: $title", async ({ file, isGone }) => {
    const lounge = bobSends(world(), file);
    if (isGone) lose(world());
    reply(world(), lounge, "Is that good?");
    await world().hears(lounge.room, "You said: Is that good?");
    expect(lastQuestion(world(), lounge.ann).text).toBe("Is that good?");
    expect(uploadsOf(world(), lounge.ann)).toEqual([]);
  });

  it.each(problems)("is all that there is of a reply without a word: $title", async ({ file, sentence, isGone }) => {
    const lounge = bobSends(world(), file);
    if (isGone) lose(world());
    reply(world(), lounge, "");
    await world().hears(lounge.room, sentence);
    expect(cozeQuestions(world().coze, world().sessionName(lounge.ann))).toEqual([]);
  });
});
