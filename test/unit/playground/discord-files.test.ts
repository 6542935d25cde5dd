import { AttachmentBuilder, Events, type Message, MessageFlags } from "discord.js";
import { describe, expect, test } from "vitest";
import type { SentFile } from "../../../src/playground/chat-platform.ts";
import type { DiscordEmulator } from "../../../src/playground/discord/index.ts";
import { call, emulator, manualClock, onlineClient } from "./discord-fixture.ts";

const voiceFlag = 8_192;
const sound = new Blob(["sound"], { type: "audio/ogg" });
const picture = new Blob(["picture"], { type: "image/png" });
const metadata = { duration_secs: 1.5, waveform: "AAD/" };
const photo: SentFile = { kind: "image", name: "a.png", mimeType: "image/png", bytes: Buffer.from("photo") };
const spoken: SentFile = {
  kind: "audio",
  name: "v.ogg",
  mimeType: "audio/ogg",
  bytes: Buffer.from("v"),
  isVoice: true,
};

interface UploadAnswer {
  readonly id: string;
  readonly attachments: readonly { readonly id: string }[];
}

/** Sends a message with files, without an SDK. */
async function upload(discord: DiscordEmulator, methodAndPath: string, body: object, files: readonly Blob[]) {
  const form = new FormData();
  form.append("payload_json", JSON.stringify(body));
  for (const [index, file] of files.entries()) form.append(`files[${index}]`, file, `${index}.bin`);
  const [method = "", path = ""] = methodAndPath.split(" ");
  const response = await fetch(`${discord.environment.DISCORD_API_BASE}/v10${path}`, {
    method,
    headers: { Authorization: `Bot ${discord.environment.DISCORD_TOKEN}` },
    body: form,
  });
  return { status: response.status, body: (await response.json()) as UploadAnswer };
}

async function privateRoom() {
  const discord = await emulator();
  const ada = discord.addPerson({ name: "Ada" });
  const room = discord.privateRoom(ada);
  return { discord, ada, room, create: `POST /channels/${room.id}/messages` };
}

describe("a voice message", () => {
  const attachments = [{ id: 0, ...metadata }];

  test("is one described sound", async () => {
    const { discord, room, create } = await privateRoom();
    const { body } = await upload(discord, create, { flags: voiceFlag, attachments }, [sound]);
    expect(body).toMatchObject({ flags: voiceFlag, attachments: [{ content_type: "audio/ogg", ...metadata }] });
    expect(discord.botMessages(room)).toMatchObject([{ text: "", media: [{ kind: "audio", isVoice: true }] }]);
  });

  test.for([
    ["with content", { content: "x", attachments }, [sound], 50_159],
    ["with two sounds", { attachments }, [sound, sound], 50_160],
    ["of a picture", { attachments }, [picture], 50_160],
    ["without a description", {}, [sound], 50_161],
    ["without a waveform", { attachments: [{ id: 0, duration_secs: 1 }] }, [sound], 50_161],
  ] as const)("is refused %s", async ([, body, files, code]) => {
    const { discord, create } = await privateRoom();
    expect(await upload(discord, create, { flags: voiceFlag, ...body }, files)).toMatchObject({
      status: 400,
      body: { code },
    });
  });

  test("is never edited", async () => {
    const { discord, room, create } = await privateRoom();
    const { body } = await upload(discord, create, { flags: voiceFlag, attachments }, [sound]);
    const edited = await call(discord, `PATCH /channels/${room.id}/messages/${body.id}`, { content: "x" });
    expect(edited.body.code).toBe(50_162);
  });

  test("and files need permissions of their own", async () => {
    const { discord, ada } = await privateRoom();
    const group = discord.addGroup("lounge", [ada]);
    const create = `POST /channels/${group.id}/messages`;
    discord.setPermission(group, "ATTACH_FILES", false);
    expect(await upload(discord, create, {}, [picture])).toMatchObject({ status: 403, body: { code: 50_013 } });
    expect((await upload(discord, create, { flags: voiceFlag, attachments }, [sound])).status).toBe(200);
    discord.setPermission(group, "SEND_VOICE_MESSAGES", false);
    const refused = await upload(discord, create, { flags: voiceFlag, attachments }, [sound]);
    expect(refused).toMatchObject({ status: 403, body: { code: 50_173 } });
  });
});

test.for([
  ["ten mebibytes", [10 * 1024 * 1024], 200],
  ["one byte more", [10 * 1024 * 1024 + 1], 413],
  ["three files of nine", Array(3).fill(9 * 1024 * 1024), 413],
  ["ten files", Array(10).fill(1), 200],
  ["eleven files", Array(11).fill(1), 400],
] as const)("%s are answered with HTTP %o", async ([, sizes, status]) => {
  const { discord, create } = await privateRoom();
  const files = (sizes as readonly number[]).map((size) => new Blob([new Uint8Array(size)]));
  expect((await upload(discord, create, {}, files)).status).toBe(status);
});

test("an edit adds files, and keeps of the earlier ones those that it names", async () => {
  const { discord, room, create } = await privateRoom();
  const sent = await upload(discord, create, {}, [picture, sound]);
  const edit = `PATCH /channels/${room.id}/messages/${sent.body.id}`;
  const types = () => discord.botMessages(room)[0]?.media.map(({ mimeType }) => mimeType);
  await upload(discord, edit, { content: "x" }, [picture]);
  expect(types()).toEqual(["image/png", "audio/ogg", "image/png"]);
  await call(discord, edit, { attachments: [{ id: sent.body.attachments[1]?.id }] });
  expect(types()).toEqual(["audio/ogg"]);
});

test("files are served for a day to those who have the signed URL", async () => {
  const clock = manualClock();
  const discord = await emulator({ clock });
  const ada = discord.addPerson();
  const room = discord.privateRoom(ada);
  const said = discord.sendFile(ada, room, [photo]);
  const read = async () => (await call(discord, `GET /channels/${room.id}/messages/${said.id}`)).body.attachments;
  const [{ url }] = (await read()) as [{ url: string }];
  expect(await (await fetch(url)).text()).toBe("photo");
  expect((await fetch(url.replace(/hm=\w/, "hm=x"))).status).toBe(404);
  clock.advance(86_400_000);
  expect((await fetch(url)).status).toBe(404);
  const [{ url: fresh }] = (await read()) as [{ url: string }];
  expect((await fetch(fresh)).status).toBe(200);
});

describe("discord.js", () => {
  test("hears an album, whose names are told without special characters", async () => {
    const { discord, ada, room } = await privateRoom();
    const client = await onlineClient(discord);
    const heard = new Promise<Message>((resolve) => client.once(Events.MessageCreate, resolve));
    discord.sendFile(ada, room, [
      photo,
      { ...photo, name: "表 1.csv", mimeType: "text/csv", caption: "both", size: 9 },
    ]);
    const { content, attachments } = await heard;
    expect(content).toBe("both");
    expect(attachments.map(({ name, title, size }) => [name, title, size])).toEqual([
      ["a.png", null, 5],
      ["_1.csv", "表 1", 9],
    ]);
  });

  test("hears a voice message", async () => {
    const { discord, ada, room } = await privateRoom();
    const client = await onlineClient(discord);
    const heard = new Promise<Message>((resolve) => client.once(Events.MessageCreate, resolve));
    const said = discord.sendFile(ada, room, [spoken]);
    const { flags, attachments } = await heard;
    expect(flags.has(MessageFlags.IsVoiceMessage)).toBe(true);
    expect(attachments.first()?.duration).toBeGreaterThan(0);
    expect(said).toMatchObject({ text: "", media: [spoken] });
  });

  test("sends a voice message", async () => {
    const { discord, ada, room } = await privateRoom();
    const client = await onlineClient(discord);
    const channel = await (await client.users.fetch(ada.id)).createDM();
    // What discord.js knows an MP3 by; it takes no Ogg file for audio.
    const mp3 = Buffer.from("ID3\x03 and so on", "latin1");
    const file = new AttachmentBuilder(mp3, { name: "v.mp3" }).setDuration(2).setWaveform("AA==");
    await channel.send({ files: [file], flags: MessageFlags.IsVoiceMessage });
    expect(discord.botMessages(room)).toMatchObject([{ media: [{ isVoice: true, bytes: mp3 }] }]);
  });
});

test("people send files only as Discord's client does", async () => {
  const { discord, ada, room } = await privateRoom();
  expect(() => discord.sendFile(ada, room, [])).toThrow("sends no empty message");
  expect(() => discord.sendFile(ada, room, Array(11).fill(photo))).toThrow("at most 10 files");
  expect(() => discord.sendFile(ada, room, [spoken, photo])).toThrow("stands alone");
  expect(() => discord.sendFile(ada, room, [{ ...spoken, caption: "x" }])).toThrow("stands alone");
  expect(discord.sendFile(ada, room, [photo], { mention: true }).text).toBe(`<@${discord.botId}>`);
});
