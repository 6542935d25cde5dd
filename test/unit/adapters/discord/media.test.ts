import { describe, expect, it } from "vitest";
import type { MediaItem, OutgoingMedia } from "../../../../src/adapter.ts";
import { apiError } from "../../../../src/playground/discord/index.ts";
import { createManualClock } from "../../../support/manual-clock.ts";
import { callsOf, failureOf, message, stored } from "./bridge-side.ts";
import { answerRemoval, type Chat, chat, command, create, followUp, original } from "./chat.ts";
import { second } from "./opus.ts";

const picture: MediaItem = { kind: "image", name: "a.png", mimeType: "image/png", data: Buffer.from("picture") };
const table: MediaItem = { kind: "file", name: "表 1.csv", mimeType: "text/csv", data: Buffer.from("1,2") };
const voice: MediaItem = { kind: "voice", name: "answer.ogg", mimeType: "audio/ogg", data: second };

async function send({ bridge, target }: Pick<Chat, "bridge" | "target">, media: OutgoingMedia) {
  return stored(await bridge.adapter.postMedia(target, media));
}

function shown({ discord, room }: Pick<Chat, "discord" | "room">) {
  return discord.botMessages(room);
}

describe.each([
  ["in a channel", () => chat()],
  ["in an answer to a command", () => command("private")],
  ["in an answer that one person alone sees", () => command("group")],
])("%s", (_, open) => {
  it("several files are one message", async () => {
    const c = await open();
    const ref = await send(c, { items: [picture, table], reply: true });
    expect(shown(c)).toMatchObject([
      {
        id: (ref.address as { message: string }).message,
        text: "",
        loading: false,
        media: [
          { kind: "image", name: "a.png", mimeType: "image/png", bytes: picture.data },
          { kind: "file", name: "表 1.csv", mimeType: "text/csv", bytes: table.data },
        ],
      },
    ]);
  });

  it("a voice stands alone as a voice message, before and after words", async () => {
    const c = await open();
    await send(c, { items: [voice], reply: true });
    await c.bridge.adapter.post(c.target, message("in words"));
    await send(c, { items: [voice] });
    const spoken = { text: "", loading: false, media: [{ kind: "audio", isVoice: true, bytes: Buffer.from(second) }] };
    expect(shown(c)).toMatchObject([spoken, { text: "in words", media: [] }, spoken]);
  });

  it("a voice among other things is a file", async () => {
    const c = await open();
    await send(c, { items: [voice, picture] });
    await send(c, { items: [{ ...voice, data: Buffer.from("no sound") }] });
    expect(shown(c)).toMatchObject([
      { media: [{ name: "answer.ogg" }, { name: "a.png" }] },
      { media: [{ name: "answer.ogg" }] },
    ]);
    for (const { media } of shown(c)) for (const file of media) expect(file).not.toHaveProperty("isVoice");
  });
});

it("files are sent as a reply that pings nobody, with a nonce", async () => {
  const c = await chat();
  await send(c, { items: [picture], reply: true });
  await send(c, { items: [voice], reply: true, nonce: "turn-1" });
  const [said] = c.discord.messages(c.room);
  expect(shown(c).map(({ replyToId, pings }) => [replyToId, pings])).toEqual([
    [said?.id, []],
    [said?.id, []],
  ]);
  const calls = callsOf(c.discord, create).map(({ parameters }) => parameters);
  for (const parameters of calls) {
    expect(parameters).toMatchObject({ enforce_nonce: true, allowed_mentions: { parse: [], replied_user: false } });
  }
  expect(calls).toMatchObject([
    { flags: 4, nonce: expect.any(String) },
    { flags: 8_192, nonce: "turn-1" },
  ]);
});

it.each([
  ["after Discord took it", true],
  ["before Discord took it", false],
])("makes one message of a file when the connection is cut %s", async (_, applied) => {
  const c = await chat();
  c.discord.faults.add({ method: create, effect: { kind: "reset", applied } });
  await send(c, { items: [voice] });
  expect(shown(c)).toHaveLength(1);
  expect(callsOf(c.discord, create)).toHaveLength(2);
});

it("shows a file once in the deferred answer when the connection is cut", async () => {
  const c = await command("group");
  c.discord.faults.add({ method: original, effect: { kind: "reset", applied: true } });
  await send(c, { items: [picture, table] });
  expect(callsOf(c.discord, original)).toHaveLength(2);
  expect(shown(c).map(({ media }) => media.length)).toEqual([2]);
});

it("sends a voice as a file where voice messages are not allowed", async () => {
  const c = await chat();
  const group = c.discord.addGroup("general", [c.person]);
  c.discord.setPermission(group, "SEND_VOICE_MESSAGES", false);
  await send({ ...c, target: c.bridge.adapter.chatTarget(group.id) }, { items: [voice] });
  expect(c.discord.botMessages(group)).toMatchObject([{ media: [{ name: "answer.ogg", bytes: Buffer.from(second) }] }]);
  expect(callsOf(c.discord, create).map(({ status }) => status)).toEqual([403, 200]);
});

it("fills what is thinking with files, and clears it away for a voice", async () => {
  const files = await command("private");
  await send(files, { items: [picture] });
  expect(callsOf(files.discord, original)).toHaveLength(1);
  const spoken = await command("group");
  await send(spoken, { items: [voice] });
  expect(callsOf(spoken.discord, answerRemoval)).toHaveLength(1);
  expect(callsOf(spoken.discord, followUp)).toMatchObject([{ parameters: { flags: 8_192 | 64 } }]);
  expect(shown(spoken)).toMatchObject([{ onlyFor: spoken.person }]);
});

it("goes on in the private chat when the command's token has ended", async () => {
  const clock = createManualClock();
  const c = await command("group", { clock });
  await clock.advance(15 * 60_000);
  await send(c, { items: [picture] });
  expect(c.discord.botMessages(c.privateRoom)).toMatchObject([{ media: [{ name: "a.png" }] }]);
});

it("waits a minute for an upload", async () => {
  const clock = createManualClock();
  const c = await chat({ clock });
  c.discord.faults.add({ method: create, effect: { kind: "hang", applied: true } });
  const sending = send(c, { items: [picture] });
  await c.discord.until("the hanging call", () => callsOf(c.discord, create).length === 1);
  await clock.advance(59_999);
  expect(callsOf(c.discord, create)).toHaveLength(1);
  await clock.advance(1);
  await clock.moveUntil(sending, 5_000);
  expect(shown(c)).toHaveLength(1);
});

describe("tells what went wrong", () => {
  it("with the largest file, and one byte more", async () => {
    const c = await chat();
    const largest = new Uint8Array(c.bridge.adapter.capabilities.maxUploadBytes);
    await send(c, { items: [{ ...picture, data: largest }] });
    const beyond = { ...picture, data: new Uint8Array(largest.length + 1) };
    const failure = await failureOf(c.bridge.adapter.postMedia(c.target, { items: [beyond] }), c.discord);
    expect(failure).toMatchObject({ code: "too-long", status: 413, method: create });
  });

  it("with the largest album, and one file more", async () => {
    const c = await chat();
    const album = Array<MediaItem>(c.bridge.adapter.capabilities.mostInAlbum).fill(picture);
    await send(c, { items: album });
    expect(shown(c)[0]?.media).toHaveLength(10);
    const failure = await failureOf(c.bridge.adapter.postMedia(c.target, { items: [...album, picture] }), c.discord);
    expect(failure).toMatchObject({ code: "unknown", status: 400 });
  });

  it.each([
    ["too much for Discord", apiError(413, 40_005, "Request entity too large")],
    ["too much for the proxy before it", { kind: "reply", status: 413, body: "<html>413</html>" }],
  ] as const)("%s", async (_, effect) => {
    const c = await chat();
    c.discord.faults.add({ method: create, effect });
    const failure = await failureOf(c.bridge.adapter.postMedia(c.target, { items: [picture] }), c.discord);
    expect(failure).toMatchObject({ code: "too-long", status: 413 });
  });

  it("where no files are allowed", async () => {
    const c = await chat();
    const group = c.discord.addGroup("general", [c.person]);
    c.discord.setPermission(group, "ATTACH_FILES", false);
    const target = c.bridge.adapter.chatTarget(group.id);
    const failure = await failureOf(c.bridge.adapter.postMedia(target, { items: [picture] }), c.discord);
    expect(failure).toMatchObject({ code: "forbidden" });
  });
});
