import { describe, expect, it, onTestFinished } from "vitest";
import { en } from "../../src/locale/en.ts";
import type { Person, Room, SentFile, ShownMessage } from "../../src/playground/chat-platform.ts";
import { say } from "../../src/playground/coze/index.ts";
import { startBridge } from "../support/bridge-process.ts";
import { cozeQuestions } from "../support/coze-questions.ts";
import { describeEachPlatform, platformNames, startWorld, type World } from "../support/world.ts";

interface Somebody {
  readonly person: Person;
  readonly room: Room;
}

const png = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=",
  "base64",
);
const picture: SentFile = { kind: "image", name: "duck.png", mimeType: "image/png", bytes: png };
const voice: SentFile = { kind: "audio", isVoice: true, name: "voice.ogg", mimeType: "audio/ogg", bytes: png };

/** Asks with a file, and resolves when the answer is over. The agent tells how many files it has got. */
async function askWith(world: World, { person, room }: Somebody, file: SentFile, heard = ""): Promise<void> {
  const before = world.coze.conversations.flatMap(({ messages }) => messages).length;
  world.coze.hear = () => heard;
  world.coze.answer = ({ text, files }) => say(`${text}: ${files.length}`, { chunk: 100 });
  world.chat.sendFile(person, room, [file]);
  await world.coze.until(
    "an answer",
    () => world.coze.conversations.flatMap(({ messages }) => messages).length > before + 1,
  );
  await world.ended(person);
}

/** Gives a command and resolves with what the bot says to it. */
async function give({ chat }: World, { person, room }: Somebody, name: string): Promise<ShownMessage> {
  const before = new Set(chat.botMessages(room).map(({ id }) => id));
  chat.command(person, room, name);
  return await chat.until(`an answer to /${name}`, () =>
    chat.botMessages(room).find(({ id, text }) => !before.has(id) && text !== ""),
  );
}

describeEachPlatform("After questions by voice and with pictures", {}, (world) => {
  it("/conversations calls each by what was understood, by the caption, or by its date", async () => {
    const someone = world().someone();
    await askWith(world(), someone, voice, "Where is\nthe cat?");
    await give(world(), someone, "new");
    await askWith(world(), someone, { ...picture, caption: "Is this a duck?" });
    await give(world(), someone, "new");
    await askWith(world(), someone, picture);
    const { buttons, text } = await give(world(), someone, "conversations");
    const today = /^Conversation of \d{4}-\d\d-\d\d$/;
    expect(buttons.map(([title]) => title)).toEqual([
      expect.stringMatching(today),
      "Is this a duck?",
      "Where is the cat?",
    ]);
    expect(text).toMatch(/Conversation of .*\n.*Is this a duck\?.*\n.*Where is the cat\?/);
  });

  it.each([
    ["what was understood", voice, "Where is the cat?", "Where is the cat?: 0"],
    ["a picture and its caption", { ...picture, caption: "A duck?" }, "", "A duck?: 1"],
    ["a picture without words", picture, "", ": 1"],
  ])("/retry asks for %s again", async (_, file, heard, answer) => {
    const { coze, chat } = world();
    const someone = world().someone();
    await askWith(world(), someone, file, heard);
    await world().bridge.kill();
    await world().restart();
    const shown = () => chat.botMessages(someone.room).filter((message) => world().reads(message).endsWith(answer));
    expect(shown()).toHaveLength(1);
    chat.command(someone.person, someone.room, "retry");
    await chat.until("the answer again", () => shown().length === 2);
    const [first, again] = cozeQuestions(coze, world().sessionName(someone.person)).map(({ text }) => shapeOf(text));
    expect(again).toEqual(first);
  });
});

/** A question, whatever the ids of its files. */
function shapeOf(text: string): string {
  return text.replaceAll(/"file_id":"\d+"/g, '"file_id":"…"');
}

describe.each(platformNames)("/debug on %s", (platform) => {
  it("tells the operator of a question by voice, in private, and nothing of what was said", async () => {
    const world = await startWorld({ platform });
    onTestFinished(() => world.close());
    const { chat } = world;
    const { person, room } = world.someone();
    await world.bridge.kill();
    const bridge = await startBridge({ ...world.environment, ADMIN_USERS: `${platform}:${person.id}` });
    onTestFinished(() => bridge.kill());

    world.coze.hear = () => "Where is the cat?";
    chat.sendFile(person, room, [voice]);
    const { chatId, conversationId } = await bridge.logged("turn ended");
    const { text } = await give(world, { person, room }, "debug");
    const told = text.replaceAll("\\", "");
    for (const fact of ["outcome: delivered", `chat_id: ${chatId}`, `conversation_id: ${conversationId}`, "logid: "]) {
      expect(told).toContain(fact);
    }
    expect(told).not.toContain("cat");

    const group = chat.addGroup("ducks", [person]);
    const before = chat.botMessages(room).length;
    chat.command(person, group, "debug");
    const answer = await chat.until("the answer", () =>
      [...chat.botMessages(room).slice(before), ...chat.botMessages(group)].find((message) => message.text !== ""),
    );
    expect(world.reads(answer)).toBe(en.debugNothing);
    expect(platform === "discord" ? answer.onlyFor?.id : answer.room.id).toBe(
      platform === "discord" ? person.id : room.id,
    );
  });
});
