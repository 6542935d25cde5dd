import { expect, it } from "vitest";
import type { SentFile } from "../../src/playground/chat-platform.ts";
import { type Answer, say } from "../../src/playground/coze/index.ts";
import { askWith, isSame, itemsOf, lastQuestion, uploadRequests, uploadsOf } from "../support/asked-files.ts";
import { cozeQuestions } from "../support/coze-questions.ts";
import { film, otherPicture, picture, song, table } from "../support/sent-files.ts";
import { describeEachPlatform } from "../support/world.ts";

/** Tells what it was shown. */
const describing: Answer = ({ text, files }) =>
  say(`${text} ${files.map(({ kind, bytes }) => `${kind} of ${bytes.length}`).join(", ")}`, { chunk: 1000 });

describeEachPlatform("What people send reaches the agent", {}, (world) => {
  it("a picture and the words to it, to the last byte", async () => {
    const someone = world().someone();
    world().coze.answer = describing;
    const question = await askWith(world(), someone, [{ ...picture, caption: "What is this?" }]);

    const [upload, ...others] = uploadsOf(world(), someone.person);
    expect(others).toEqual([]);
    expect(isSame(upload, picture)).toBe(true);
    expect(itemsOf(question)).toEqual([
      { type: "text", text: "What is this?" },
      { type: "image", file_id: upload?.id },
    ]);
    await world().hears(someone.room, "What is this? image of 100000");
  });

  it("a picture without words", async () => {
    const someone = world().someone();
    world().coze.answer = describing;
    const question = await askWith(world(), someone, [picture]);
    const [upload] = uploadsOf(world(), someone.person);
    expect(itemsOf(question)).toEqual([
      { type: "text", text: "📎" },
      { type: "image", file_id: upload?.id },
    ]);
    await world().hears(someone.room, "📎 image of 100000");
  });

  it("an album of three as one question, in order", async () => {
    const someone = world().someone();
    const album = ["first", "second", "third"].map((name) => ({ ...picture, bytes: Buffer.from(name) }));
    const question = await askWith(world(), someone, [{ ...picture, caption: "Which one?" }, ...album.slice(1)]);
    await world().ask(someone.person, someone.room, "Thanks.", "You said: Thanks.");

    const uploads = uploadsOf(world(), someone.person);
    const [words, ...files] = itemsOf(question);
    const sent = files.map((item) => uploads.find(({ id }) => "file_id" in item && id === item.file_id));
    expect(words).toEqual({ type: "text", text: "Which one?" });
    expect(files.map(({ type }) => type)).toEqual(["image", "image", "image"]);
    expect(isSame(sent[0], picture)).toBe(true);
    expect(sent.slice(1).map((file) => Buffer.from(file?.bytes ?? []).toString())).toEqual(["second", "third"]);
    expect(cozeQuestions(world().coze, world().sessionName(someone.person))).toHaveLength(2);
    expect(world().chat.botMessages(someone.room)).toHaveLength(2);
  });

  it.each<[string, SentFile, string]>([
    ["a document", table, "file"],
    ["a video", film, "file"],
    ["a picture that was sent as a file", { ...picture, kind: "file" }, "image"],
  ])("%s", async (_, file, type) => {
    const someone = world().someone();
    const question = await askWith(world(), someone, [{ ...file, caption: "Look." }]);
    const [upload] = uploadsOf(world(), someone.person);
    expect(itemsOf(question)).toEqual([
      { type: "text", text: "Look." },
      { type, file_id: upload?.id },
    ]);
    expect(upload?.name).toBe(file.name);
    expect(isSame(upload, file)).toBe(true);
  });

  it("a sound file, in a message of its own behind the words", async () => {
    const someone = world().someone();
    const question = await askWith(world(), someone, [{ ...song, caption: "Who sings?" }]);
    const [upload] = uploadsOf(world(), someone.person);
    expect(question.request.body.additional_messages).toMatchObject([
      { content_type: "text", content: "Who sings?" },
      { content_type: "object_string", content: JSON.stringify([{ type: "audio", file_id: upload?.id }]) },
    ]);
    expect(isSame(upload, song)).toBe(true);
  });

  it("the picture of a message that is replied to", async () => {
    const { chat } = world();
    const { person, room } = world().someone();
    await askWith(world(), { person, room }, [picture]);
    const replyTo = chat.messages(room).find(({ author }) => author !== "bot");
    if (!replyTo) throw new Error("nothing was sent");
    chat.say(person, room, "What is this?", { replyTo });
    await chat.until("the answer", () => chat.botMessages(room).length === 2);

    const [, upload] = uploadsOf(world(), person);
    expect(itemsOf(lastQuestion(world(), person))).toEqual([
      { type: "text", text: "What is this?" },
      { type: "image", file_id: upload?.id },
    ]);
    expect(isSame(upload, picture)).toBe(true);
  });

  it("a picture in a group, where the bot is called in the words to it", async () => {
    const { chat } = world();
    const { person } = world().someone();
    const room = chat.addGroup("Lounge", [person]);
    const question = await askWith(world(), { person, room }, [{ ...picture, caption: "What is this?" }], {
      mention: true,
    });
    const [upload] = uploadsOf(world(), person);
    expect(itemsOf(question)).toEqual([
      { type: "text", text: "What is this?" },
      { type: "image", file_id: upload?.id },
    ]);
  });
});

describeEachPlatform("A picture stays where it was said", {}, (world) => {
  it("in the history on Coze, so that the next question does not bring it again", async () => {
    const someone = world().someone();
    await askWith(world(), someone, [{ ...picture, caption: "What is this?" }]);
    await world().ask(someone.person, someone.room, "And its colour?", "You said: And its colour?");
    expect(lastQuestion(world(), someone.person).request.body.additional_messages).toMatchObject([
      { content_type: "text", content: "And its colour?" },
    ]);
    expect(uploadRequests(world(), someone.person)).toHaveLength(1);
  });

  it("is brought again by /retry, with its words", async () => {
    const { chat } = world();
    const { person, room } = world().someone();
    const first = await askWith(world(), { person, room }, [{ ...picture, caption: "What is this?" }]);
    chat.command(person, room, "retry");
    await chat.until("the second answer", () => chat.botMessages(room).length === 2);

    const second = lastQuestion(world(), person);
    expect(second).not.toBe(first);
    const [words, image] = itemsOf(second);
    const uploads = uploadsOf(world(), person);
    const brought = uploads.find(({ id }) => image && "file_id" in image && id === image.file_id);
    expect(words).toEqual({ type: "text", text: "What is this?" });
    expect(isSame(brought, picture)).toBe(true);
  });

  it("belongs to whoever sent it", async () => {
    const [ann, bob] = [world().someone(), world().someone()];
    await Promise.all([
      askWith(world(), ann, [{ ...picture, caption: "Mine" }]),
      askWith(world(), bob, [{ ...otherPicture, caption: "Mine" }]),
    ]);
    expect(uploadsOf(world(), ann.person).map((file) => isSame(file, picture))).toEqual([true]);
    expect(uploadsOf(world(), bob.person).map((file) => isSame(file, otherPicture))).toEqual([true]);
  });
});
