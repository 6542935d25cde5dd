import { describe, expect, it } from "vitest";
import type { MediaItem, MessageRef } from "../../../../src/adapter.ts";
import type { FaultEffect } from "../../../../src/playground/faults.ts";
import { botBlocked, restarting, tooManyRequests } from "../../../../src/playground/telegram/index.ts";
import { connect, failureOf, privateChat, text, type Wire } from "./wire.ts";

const jpeg = Buffer.from("\xff\xd8\xff picture", "latin1");

/** The header of a PNG with these dimensions. */
function png(width: number, height: number): Uint8Array {
  const bytes = Buffer.from("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\0\0\0\0\0", "latin1");
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  return bytes;
}

function item(
  kind: MediaItem["kind"],
  name: string,
  mimeType: string,
  data: Uint8Array = Buffer.from(name),
): MediaItem {
  return { kind, name, mimeType, data };
}

const photo = item("image", "sun set.jpg", "image/jpeg", jpeg);
const video = item("video", "a.mp4", "video/mp4");
const song = item("audio", "a.mp3", "audio/mpeg");
const file = item("file", "报告.pdf", "application/pdf");
const voice = item("voice", "answer.ogg", "audio/ogg");

function sends({ telegram }: Wire): readonly string[] {
  return telegram.calls.map(({ method }) => method).filter((method) => method.startsWith("send"));
}

function badRequest(description: string): FaultEffect {
  return {
    kind: "reply",
    status: 400,
    body: { ok: false, error_code: 400, description: `Bad Request: ${description}` },
  };
}

describe("a file", () => {
  it.each<[string, MediaItem, string]>([
    ["a picture", photo, "sendPhoto"],
    ["a picture that no app shows", item("image", "a.svg", "image/svg+xml"), "sendDocument"],
    ["a moving picture", item("image", "a.gif", "image/gif"), "sendDocument"],
    ["a picture over 10 MB", { ...photo, data: Buffer.concat([jpeg, Buffer.alloc(10_000_000)]) }, "sendDocument"],
    ["a video", video, "sendVideo"],
    ["a video that no app plays", item("video", "a.webm", "video/webm"), "sendDocument"],
    ["music", song, "sendAudio"],
    ["a voice message", voice, "sendVoice"],
    ["anything else", file, "sendDocument"],
  ])("is sent as what it is: %s", async (_, sent, method) => {
    const wire = await privateChat();
    await wire.adapter.postMedia(wire.target, { items: [sent] });
    expect(sends(wire)).toEqual([method]);
    const [message] = wire.telegram.botMessages(wire.room);
    expect(message).toMatchObject({ text: "", media: [{ name: sent.name }] });
    expect(Buffer.from(message?.media[0]?.bytes ?? []).equals(sent.data)).toBe(true);
    expect(message?.media[0]?.isVoice).toBe(sent.kind === "voice" || undefined);
  });

  it("answers a message when asked to", async () => {
    const { adapter, telegram, room, said, target } = await privateChat();
    await adapter.postMedia(target, { items: [photo], reply: true });
    await adapter.postMedia(target, { items: [photo] });
    expect(telegram.botMessages(room).map(({ replyToId }) => replyToId)).toEqual([said.id, undefined]);
  });

  it("has a handle by which it gets buttons and is deleted", async () => {
    const { adapter, telegram, room, target } = await privateChat();
    const ref = await adapter.postMedia(target, { items: [photo] });
    await adapter.showButtons(ref, [[{ label: "Again", value: "again" }]]);
    expect(telegram.botMessages(room).map(({ buttons }) => buttons)).toEqual([[["Again"]]]);
    await adapter.delete(ref);
    expect(telegram.botMessages(room)).toEqual([]);
  });

  it("has a name that can't end its header", async () => {
    const { adapter, telegram, room, target } = await privateChat();
    await adapter.postMedia(target, { items: [{ ...file, name: 'a"b;c\r\n/d.pdf' }] });
    await adapter.postMedia(target, { items: [{ ...file, name: "" }] });
    expect(telegram.botMessages(room).map(({ media }) => media[0]?.name)).toEqual(["a_b;c___d.pdf", "file"]);
  });

  it("goes to the topic, and to the supergroup that a group has become", async () => {
    const { adapter, telegram } = await connect();
    const person = telegram.addPerson();
    const forum = telegram.addGroup("Walks", [person], { forum: true });
    const topic = telegram.addThread(forum, "Sunday");
    const [chat = "", thread] = topic.id.split(":");
    const target = adapter.chatTarget(chat);
    await adapter.postMedia({ ...target, address: { chat: Number(chat), thread: Number(thread) } }, { items: [photo] });
    expect(telegram.botMessages(topic)).toHaveLength(1);

    const group = telegram.addGroup("Talks", [person]);
    const supergroup = telegram.migrateGroup(group);
    await adapter.postMedia(adapter.chatTarget(group.id), { items: [photo] });
    expect(telegram.botMessages(supergroup).map(({ media }) => media[0]?.kind)).toEqual(["image"]);
  });
});

describe("a file that Telegram refuses to show as it should", () => {
  it.each<[string, MediaItem, string[]]>([
    ["a narrow picture", item("image", "a.png", "image/png", png(4000, 100)), ["sendPhoto", "sendDocument"]],
    ["a large picture", item("image", "a.png", "image/png", png(9000, 1001)), ["sendPhoto", "sendDocument"]],
    ["no picture at all", item("image", "a.png", "image/png"), ["sendPhoto", "sendDocument"]],
    ["one that is just right", item("image", "a.png", "image/png", png(9000, 1000)), ["sendPhoto"]],
  ])("is sent as a document: %s", async (_, sent, methods) => {
    const wire = await privateChat();
    await wire.adapter.postMedia(wire.target, { items: [sent], reply: true });
    expect(sends(wire)).toEqual(methods);
    expect(wire.telegram.botMessages(wire.room)).toMatchObject([{ text: "", replyToId: wire.said.id }]);
  });

  it("is sent as music when the person takes no voice messages", async () => {
    const wire = await privateChat();
    wire.telegram.faults.add({ method: "sendVoice", effect: badRequest("VOICE_MESSAGES_FORBIDDEN") });
    await wire.adapter.postMedia(wire.target, { items: [voice] });
    expect(sends(wire)).toEqual(["sendVoice", "sendAudio"]);
  });

  it.each<[string, FaultEffect, string]>([
    ["a flood", tooManyRequests(33), "rate-limited"],
    ["a block", botBlocked(), "forbidden"],
    ["a lost right", badRequest("not enough rights to send photos to the chat"), "forbidden"],
    ["a server error", restarting(), "network"],
    ["an answer that is lost", { kind: "reset", applied: true }, "network"],
    ["an upload that is too large", { kind: "reply", status: 413, body: "<html>" }, "network"],
  ])("is not sent again because of anything else: %s", async (_, effect, code) => {
    const wire = await privateChat();
    wire.telegram.faults.add({ method: "sendPhoto", effect });
    const failure = await failureOf(wire.adapter.postMedia(wire.target, { items: [photo] }));
    expect(failure).toMatchObject({ code, method: "sendPhoto" });
    expect(sends(wire)).toEqual(["sendPhoto"]);
  });

  it("has four minutes to arrive", async () => {
    const wire = await privateChat();
    wire.telegram.faults.add({ method: "sendPhoto", effect: { kind: "hang", applied: true } });
    const failure = failureOf(wire.adapter.postMedia(wire.target, { items: [photo] }));
    await wire.telegram.until("it has arrived", () => wire.telegram.botMessages(wire.room).length === 1);
    await wire.clock.advance(239_000);
    let isOver = false;
    void failure.then(() => {
      isOver = true;
    });
    await wire.clock.advance(0);
    expect(isOver).toBe(false);
    await wire.clock.advance(1000);
    expect(await failure).toMatchObject({ code: "network" });
  });
});

describe("several files", () => {
  it.each<[string, MediaItem[], string[]]>([
    ["photos and videos", [photo, video, photo], ["image", "video", "image"]],
    ["music", [song, song], ["audio", "audio"]],
    ["documents", [file, file], ["file", "file"]],
    ["what no other album can hold", [photo, song, file], ["file", "file", "file"]],
    ["a picture that is no photo", [photo, item("image", "a.gif", "image/gif")], ["file", "file"]],
  ])("are one album, sent by one call: %s", async (_, items, kinds) => {
    const wire = await privateChat();
    await wire.adapter.postMedia(wire.target, { items, reply: true });
    expect(sends(wire)).toEqual(["sendMediaGroup"]);
    const messages = wire.telegram.botMessages(wire.room);
    expect(messages.map(({ media }) => media[0]?.kind)).toEqual(kinds);
    expect(messages.map(({ media }) => media[0]?.name)).toEqual(items.map(({ name }) => name));
    expect(messages.every(({ replyToId }) => replyToId === wire.said.id)).toBe(true);
  });

  it("have one handle, which survives JSON and by which all are deleted, also when one is gone", async () => {
    const { adapter, telegram, person, room, target } = await privateChat();
    const ref = await adapter.postMedia(target, { items: [photo, photo, photo] });
    for (const message of telegram.botMessages(room).slice(1, 2)) telegram.deleteMessage(person, message);
    await adapter.delete(JSON.parse(JSON.stringify(ref)) as MessageRef);
    expect(telegram.botMessages(room)).toEqual([]);
    await expect(adapter.delete(ref)).resolves.toBeUndefined();
  });

  it("are none of them taken for a message that was lost", async () => {
    const { adapter, telegram, target } = await privateChat();
    const ref = await adapter.postMedia(target, { items: [photo, photo] });
    expect(await adapter.findPosted?.(target, [ref])).toBeUndefined();
    telegram.faults.add({ method: "sendMessage", effect: { kind: "reset", applied: true } });
    await failureOf(adapter.post(target, text("lost")));
    const found = await adapter.findPosted?.(target, [ref]);
    await adapter.edit(found as MessageRef, text("found"));
  });

  it("are refused as they are when Telegram refuses one of them", async () => {
    const wire = await privateChat();
    const narrow = item("image", "a.png", "image/png", png(4000, 100));
    const failure = await failureOf(wire.adapter.postMedia(wire.target, { items: [photo, narrow] }));
    expect(failure).toMatchObject({ code: "unknown", method: "sendMediaGroup" });
    expect(failure.message).toContain("failed to send message #2");
    expect(sends(wire)).toHaveLength(1);
    expect(wire.telegram.botMessages(wire.room)).toEqual([]);
  });
});

describe("what can't be sent is refused without a call", () => {
  const large = { ...file, data: new Uint8Array(50_000_001) };
  it.each<[string, MediaItem[], string]>([
    ["nothing", [], "unknown"],
    ["eleven files", Array.from({ length: 11 }, () => photo), "unknown"],
    ["a voice message among others", [voice, song], "unknown"],
    ["a file over 50 MB", [large], "too-long"],
  ])("%s", async (_, items, code) => {
    const wire = await privateChat();
    expect(await failureOf(wire.adapter.postMedia(wire.target, { items }))).toMatchObject({ code });
    expect(sends(wire)).toEqual([]);
  });

  it("but not what is just within the limits", async () => {
    const { adapter, target } = await privateChat();
    const { maxUploadBytes, mostInAlbum } = adapter.capabilities;
    const items = [{ ...file, data: new Uint8Array(maxUploadBytes) }];
    await adapter.postMedia(target, { items });
    await adapter.postMedia(target, { items: Array.from({ length: mostInAlbum }, () => photo) });
  });
});
