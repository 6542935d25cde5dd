import type { Message } from "grammy/types";
import { describe, expect, it } from "vitest";
import type { SentFile } from "../../../src/playground/chat-platform.ts";
import type { TelegramEmulator } from "../../../src/playground/telegram/index.ts";
import { call, descriptionOf, emulate, inGroup, pendingUpdates, personInChat, urlOf } from "./telegram-fixture.ts";

const jpeg = new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]);

interface UploadAnswer {
  readonly status: number;
  readonly description?: string;
  readonly result?: unknown;
}

/** Calls a method with a form: values that are bytes are files, named after their part. */
async function upload(
  emulator: TelegramEmulator,
  method: string,
  fields: Readonly<Record<string, unknown>>,
): Promise<UploadAnswer> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    if (value instanceof Uint8Array) form.set(name, new Blob([new Uint8Array(value)]), `${name}.jpg`);
    else form.set(name, typeof value === "string" ? value : JSON.stringify(value));
  }
  const response = await fetch(urlOf(emulator, method), { method: "POST", body: form });
  return { status: response.status, ...((await response.json()) as object) };
}

function photos(count: number): SentFile[] {
  return Array.from({ length: count }, (_, index) => ({
    kind: "image",
    name: `${index}.jpg`,
    mimeType: "image/jpeg",
    bytes: jpeg,
    ...(index === 0 && { caption: "look" }),
  }));
}

async function received(emulator: TelegramEmulator): Promise<readonly Message[]> {
  return (await pendingUpdates(emulator)).flatMap(({ message }) => message ?? []);
}

describe("an album of a person", () => {
  it("is a message for each file, which share an id, and the first is returned", async () => {
    const emulator = await emulate();
    const { person, room, hello } = personInChat(emulator);
    const first = emulator.sendFile(person, room, photos(3), { replyTo: hello });
    expect(first).toMatchObject({ text: "look", media: [{ kind: "image", name: "0.jpg", bytes: jpeg }] });
    const messages = (await received(emulator)).slice(1);
    expect(messages.map(({ message_id }) => String(message_id))).toContain(first.id);
    expect(messages.map(({ caption }) => caption)).toEqual(["look", undefined, undefined]);
    expect(new Set(messages.map(({ media_group_id }) => media_group_id)).size).toBe(1);
    expect(messages.every(({ reply_to_message }) => reply_to_message?.message_id === Number(hello.id))).toBe(true);
    expect(emulator.transcript()).toContain("Ann: [image 0.jpg] look");
  });

  it("has no id when it is one file, and another id each time", async () => {
    const emulator = await emulate();
    const { person, room } = personInChat(emulator);
    emulator.sendFile(person, room, photos(1));
    emulator.sendFile(person, room, photos(2));
    emulator.sendFile(person, room, photos(2));
    const [alone, ...others] = (await received(emulator)).slice(1);
    expect(alone).not.toHaveProperty("media_group_id");
    expect(new Set(others.map(({ media_group_id }) => media_group_id)).size).toBe(2);
  });

  it("that mentions the bot reaches it with privacy mode as the file with the mention alone", async () => {
    const { emulator, ann, group } = await inGroup();
    emulator.sendFile(ann, group, photos(2), { mention: true });
    expect(await received(emulator)).toMatchObject([{ caption: `@${emulator.bot.username} look` }]);
  });

  it("shows a file to the bot when it is answered", async () => {
    const emulator = await emulate();
    const { person, room } = personInChat(emulator);
    const album = emulator.sendFile(person, room, photos(2));
    emulator.say(person, room, "in colour", { replyTo: album });
    expect((await received(emulator)).at(-1)).toMatchObject({ reply_to_message: { photo: [{}, {}], caption: "look" } });
  });

  it("is one that the apps can send", async () => {
    const emulator = await emulate();
    const { person, room } = personInChat(emulator);
    const [photo] = photos(1) as [SentFile];
    expect(() => emulator.sendFile(person, room, [photo, { ...photo, kind: "file" }])).toThrow("photo and document");
    expect(() => emulator.sendFile(person, room, photos(11))).toThrow("No album");
    expect(() => emulator.sendFile(person, room, [])).toThrow("no file");
  });
});

describe("a file of the bot", () => {
  it("is shown with its bytes and its words, and can be downloaded by its id", async () => {
    const emulator = await emulate();
    const { room, chatId } = personInChat(emulator);
    const entities = [{ type: "bold", offset: 0, length: 4 }];
    const fields = { chat_id: chatId, photo: "attach://sun", sun: jpeg, caption: "look", caption_entities: entities };
    const answer = await upload(emulator, "sendPhoto", fields);
    expect(answer.result).toMatchObject({ caption: "look", caption_entities: entities });
    const [message] = emulator.botMessages(room);
    expect(message).toMatchObject({
      text: "look",
      media: [{ kind: "image", name: "sun.jpg", mimeType: "image/jpeg" }],
    });
    expect(Buffer.from(message?.media[0]?.bytes ?? []).equals(jpeg)).toBe(true);
    const file_id = (answer.result as Message).photo?.at(-1)?.file_id;
    expect((await call(emulator, "getFile", { file_id })).body.result).toMatchObject({ file_size: jpeg.length });
  });

  it.each([
    ["sendDocument", "document", {}],
    ["sendAudio", "audio", {}],
    ["sendVideo", "video", {}],
    ["sendVoice", "voice", { isVoice: true }],
  ])("comes by %s in a part of its own", async (method, part, shown) => {
    const emulator = await emulate();
    const { room, chatId } = personInChat(emulator);
    expect((await upload(emulator, method, { chat_id: chatId, [part]: jpeg })).result).toHaveProperty(part);
    expect(emulator.botMessages(room)).toMatchObject([{ media: [{ name: `${part}.jpg`, ...shown }] }]);
    expect(await descriptionOf(emulator, method, { chat_id: chatId })).toBe(
      `Bad Request: there is no ${part} in the request`,
    );
  });

  it.each<[string, object, string]>([
    ["no picture", { photo: new Uint8Array(9) }, "IMAGE_PROCESS_FAILED"],
    ["nothing in it", { photo: new Uint8Array() }, "file must be non-empty"],
    [
      "over 10 MiB",
      { photo: new Uint8Array(10_485_761) },
      "file of size 10485761 bytes is too big for a photo; the maximum size is 10485760 bytes",
    ],
    ["with a long caption", { photo: jpeg, caption: "a".repeat(1025) }, "message caption is too long"],
  ])("is refused as a photo: %s", async (_, fields, reason) => {
    const emulator = await emulate();
    const { room, chatId } = personInChat(emulator);
    expect(await upload(emulator, "sendPhoto", { chat_id: chatId, ...fields })).toMatchObject({
      status: 400,
      description: `Bad Request: ${reason}`,
    });
    expect(emulator.botMessages(room)).toEqual([]);
  });
});

describe("sendMediaGroup", () => {
  const item = (type: string, media = "attach://one") => ({ type, media });

  it("sends an album in one step", async () => {
    const emulator = await emulate();
    const { room, hello, chatId } = personInChat(emulator);
    const media = [{ ...item("photo"), caption: "look" }, item("video", "attach://two")];
    const fields = { chat_id: chatId, media, one: jpeg, two: jpeg, reply_parameters: { message_id: Number(hello.id) } };
    const sent = (await upload(emulator, "sendMediaGroup", fields)).result as Message[];
    expect(new Set(sent.map(({ media_group_id }) => media_group_id)).size).toBe(1);
    expect(emulator.botMessages(room)).toMatchObject([
      { text: "look", replyToId: hello.id, media: [{ kind: "image", name: "one.jpg" }] },
      { text: "", replyToId: hello.id, media: [{ kind: "video", name: "two.jpg" }] },
    ]);
  });

  it.each<[string, unknown, string]>([
    ["nothing", [], "there are no messages to send"],
    ["eleven files", Array.from({ length: 11 }, () => item("photo")), "too many messages to send as an album"],
    ["a document", [item("photo"), item("document")], "document can't be mixed with other media types"],
    ["music", [item("audio"), item("photo")], "audio can't be mixed with other media types"],
    ["a voice message", [item("voice")], "can't parse InputMedia: wrong media type specified"],
    ["a missing part", [item("photo", "attach://none")], "can't parse InputMedia: media not found"],
    [
      "a file that is no picture",
      [item("photo"), item("photo", "attach://text")],
      'failed to send message #2 with the error message "IMAGE_PROCESS_FAILED"',
    ],
  ])("refuses %s and sends nothing", async (_, media, reason) => {
    const emulator = await emulate();
    const { room, chatId } = personInChat(emulator);
    const fields = { chat_id: chatId, media, one: jpeg, text: new Uint8Array(9) };
    expect((await upload(emulator, "sendMediaGroup", fields)).description).toBe(`Bad Request: ${reason}`);
    expect(emulator.botMessages(room)).toEqual([]);
  });

  it("counts each file as a message", async () => {
    const emulator = await emulate();
    const { chatId } = personInChat(emulator);
    const fields = { chat_id: chatId, media: Array.from({ length: 10 }, () => item("document")), one: jpeg };
    const answers = [];
    for (let count = 0; count < 3; count += 1) answers.push((await upload(emulator, "sendMediaGroup", fields)).status);
    expect(answers).toEqual([200, 200, 429]);
  });
});

describe("deleteMessages", () => {
  it("deletes those that are there", async () => {
    const emulator = await emulate();
    const { room, hello, chatId } = personInChat(emulator);
    const deletion = { chat_id: chatId, message_ids: [Number(hello.id), 999] };
    expect((await call(emulator, "deleteMessages", deletion)).body).toEqual({ ok: true, result: true });
    expect(emulator.messages(room)).toEqual([]);
    expect((await call(emulator, "deleteMessages", deletion)).status).toBe(200);
    expect(await descriptionOf(emulator, "deleteMessages", { chat_id: chatId })).toBe(
      "Bad Request: message identifiers are not specified",
    );
  });
});
