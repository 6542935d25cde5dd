import { createReadStream, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CozeAPI, RoleType } from "@coze/api";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type CozeEmulator, startCozeEmulator } from "../../../src/playground/coze/index.ts";
import {
  agentQuestion,
  call,
  callJson,
  completedOf,
  flowQuestion,
  jsonOf,
  readEvents,
  tokenFor,
} from "./coze-caller.ts";

let emulator: CozeEmulator;
let token: string;
let client: CozeAPI;
let directory: string;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "coze-files-"));
  emulator = await startCozeEmulator();
  token = await tokenFor(emulator, "telegram:1");
  client = new CozeAPI({ baseURL: emulator.baseUrl, token });
});
afterEach(async () => {
  await emulator.close();
  rmSync(directory, { recursive: true });
});

/** A file as the official client takes it. */
function saved(name: string, content: string) {
  const path = join(directory, name);
  writeFileSync(path, content);
  return createReadStream(path);
}

const png = new File(["pixels"], "photo.png", { type: "image/png" });

/** A form by fetch, which the official client can't be made to send. */
async function post(path: string, parts: readonly [string, File | string][], bearer = token) {
  const body = new FormData();
  for (const [name, value] of parts) body.append(name, value);
  const headers = { Authorization: `Bearer ${bearer}` };
  return jsonOf(await fetch(`${emulator.baseUrl}${path}`, { method: "POST", headers, body }));
}

describe("the official client", () => {
  it("uploads a file and asks about it", async () => {
    const uploaded = await client.files.upload({ file: saved("photo.png", "pixels") });
    expect(uploaded).toMatchObject({ bytes: 6, file_name: "photo.png", id: expect.stringMatching(/^\d{19}$/) });
    expect(emulator.files).toMatchObject([
      { name: "photo.png", mimeType: "image/png", owner: { sessionName: "telegram:1" } },
    ]);
    const content = [
      { type: "text" as const, text: "what is this?" },
      { type: "image" as const, file_id: uploaded.id },
    ];
    const { messages } = await client.chat.createAndPoll({
      bot_id: emulator.catalog.botId,
      user_id: "1",
      additional_messages: [{ role: RoleType.User, content, content_type: "object_string" }],
    });
    const answer = messages?.find(({ type }) => type === "answer");
    expect(answer?.content).toBe("You said: what is this?\nYou sent:\n- image: photo.png, 6 bytes");
  });

  it("transcribes a recording", async () => {
    emulator.hear = ({ name, bytes }) => `${name}: ${Buffer.from(bytes)}`;
    expect(await client.audio.transcriptions.create({ file: saved("song.ogg", "la la") })).toMatchObject({
      text: "song.ogg: la la",
    });
  });

  it.each([
    ["wav", "RIFF"],
    ["mp3", "\u00ff\u00f3"],
    ["pcm", "\0\0"],
  ] as const)("speaks: %s", async (response_format, magic) => {
    const bytes = Buffer.from(await client.audio.speech.create({ input: "hello", voice_id: "1", response_format }));
    expect(bytes.toString("latin1", 0, magic.length)).toBe(magic);
  });
});

describe("an Ogg file", () => {
  it("has pages whose checksums and positions are right", async () => {
    const input = "long enough for more than one page of it";
    const body = { input, voice_id: "1", response_format: "ogg_opus" };
    const response = await call(emulator, "POST /v1/audio/speech", { token, body });
    expect(response.headers.get("content-type")).toBe("audio/ogg");
    const bytes = Buffer.from(await response.arrayBuffer());
    const pages = [...pagesOf(bytes)];
    expect(pages[0]?.content.toString("latin1", 0, 8)).toBe("OpusHead");
    expect(pages[1]?.content.toString("latin1", 0, 8)).toBe("OpusTags");
    expect(pages.map(({ sequence }) => sequence)).toEqual(pages.map((_, index) => index));
    expect(pages.map(({ flags }) => flags)).toEqual([2, ...Array(pages.length - 2).fill(0), 4]);
    expect(pages.at(-1)?.granule).toBe(BigInt(input.length * 80 * 48));
  });

  function* pagesOf(bytes: Buffer) {
    for (let start = 0; start < bytes.length; ) {
      expect(bytes.toString("latin1", start, start + 4)).toBe("OggS");
      const segments = bytes.readUInt8(start + 26);
      const lengths = [...bytes.subarray(start + 27, start + 27 + segments)];
      const begin = start + 27 + segments;
      const end = begin + lengths.reduce((sum, length) => sum + length, 0);
      const withoutChecksum = Buffer.from(bytes.subarray(start, end)).fill(0, 22, 26);
      expect(bytes.readUInt32LE(start + 22)).toBe(crcOf(withoutChecksum));
      yield {
        flags: bytes.readUInt8(start + 5),
        granule: bytes.readBigInt64LE(start + 6),
        sequence: bytes.readUInt32LE(start + 18),
        content: bytes.subarray(begin, end),
      };
      start = end;
    }
  }
});

/** RFC 3533's checksum as a division of polynomials, to check the emulator's by another way. */
function crcOf(bytes: Buffer): number {
  let rest = 0n;
  // Four zeros make room for the remainder.
  for (const byte of [...bytes, 0, 0, 0, 0]) {
    rest = (rest << 8n) | BigInt(byte);
    for (let bit = 39n; bit >= 32n; bit -= 1n) if ((rest >> bit) & 1n) rest ^= 0x104c11db7n << (bit - 32n);
  }
  return Number(rest);
}

describe("an upload that is refused", () => {
  const path = "/v1/files/upload";
  it.each<[string, [string, File | string][], number]>([
    ["without a file", [["note", "x"]], 4300],
    ["with an empty file", [["file", new File([], "a.png")]], 4300],
    [
      "with two files",
      [
        ["file", png],
        ["file", png],
      ],
      4301,
    ],
    ["of a type that is not taken", [["file", new File(["x"], "voice.oga")]], 4303],
    ["under another name", [["Data", png]], 4000],
  ])("%s", async (_, parts, code) => {
    expect((await post(path, parts)).code).toBe(code);
    expect(emulator.files).toEqual([]);
  });

  it("for a bad token, or in no form", async () => {
    expect((await post(path, [["file", png]], "pat_x")).code).toBe(700012006);
    const headers = { Authorization: `Bearer ${token}`, "Content-Type": "multipart/form-data; boundary=x" };
    const broken = await fetch(`${emulator.baseUrl}${path}`, { method: "POST", headers, body: "--y" });
    expect((await jsonOf(broken)).code).toBe(4000);
  });
});

describe("a file", () => {
  it("is its owner's alone", async () => {
    const { id } = await client.files.upload({ file: saved("photo.png", "pixels") });
    const retrieve = `GET /v1/files/retrieve?file_id=${id}`;
    expect((await callJson(emulator, retrieve, { token })).data).toMatchObject({ id });
    expect((await callJson(emulator, retrieve)).code).toBe(4200);
    const content = JSON.stringify([
      { type: "text", text: "hi" },
      { type: "image", file_id: id },
    ]);
    const additional_messages = [{ role: "user", content, content_type: "object_string" }];
    const body = agentQuestion(emulator, "", { additional_messages });
    expect(await callJson(emulator, "POST /v3/chat", { body })).toMatchObject({
      code: 4000,
      msg: expect.stringContaining("file_id"),
    });
    const inFlow = flowQuestion(emulator, "hi", { parameters: { photo: JSON.stringify({ file_id: id }) } });
    expect((await callJson(emulator, "POST /v1/workflows/chat", { body: inFlow })).code).toBe(4000);
  });

  it("reaches a flow by its start node, several at once", async () => {
    const ids = await Promise.all(["a.png", "b.png"].map((name) => client.files.upload({ file: saved(name, "x") })));
    const photos = ids.map(({ id }) => JSON.stringify({ file_id: id }));
    const body = flowQuestion(emulator, "hi", { parameters: { photos } });
    const events = await readEvents(await call(emulator, "POST /v1/workflows/chat", { token, body }));
    expect(completedOf(events)).toEqual([
      "You said: hi\nYou sent:\n- photos: a.png, 1 bytes\n- photos: b.png, 1 bytes",
    ]);
  });
});

describe("messages with files", () => {
  const image = { type: "image", file_url: "https://example.com/a.png" };
  const sound = { type: "audio", file_url: "https://example.com/a.ogg" };
  const items = (...parts: object[]) => ({
    role: "user",
    content: JSON.stringify(parts),
    content_type: "object_string",
  });
  const words = { role: "user", content: "hi", content_type: "text" };
  const text = { type: "text", text: "hi" };
  it.each<[string, object[], number]>([
    ["an image alone", [items(image)], 4000],
    ["an image after words", [words, items(image)], 0],
    ["an image before words", [items(image), words], 0],
    ["an image far from words", [words, items(text, image), items(image)], 4000],
    ["sound alone", [items(sound)], 0],
    ["words and sound in one", [items(text, sound)], 4000],
    ["two texts", [items(text, text, image)], 4000],
  ])("%s: %j", async (_, additional_messages, code) => {
    const body = agentQuestion(emulator, "", { additional_messages, stream: false });
    expect((await callJson(emulator, "POST /v3/chat", { token, body })).code).toBe(code);
  });
});

describe("speech that is refused, in JSON", () => {
  it.each([
    ["without a voice", { input: "hi" }],
    ["for more than 1024 bytes", { input: "字".repeat(342), voice_id: "1" }],
    ["in another format", { input: "hi", voice_id: "1", response_format: "flac" }],
  ])("%s", async (_, body) => {
    expect((await callJson(emulator, "POST /v1/audio/speech", { token, body })).code).toBe(4000);
  });

  it("for a type of recording that is not taken", async () => {
    expect((await post("/v1/audio/transcriptions", [["file", new File(["x"], "a.silk")]])).code).toBe(4303);
  });
});

describe("the self-hosted server", () => {
  it("takes files, tells their address, and lacks the rest", async () => {
    const studio = await startCozeEmulator({ dialect: "studio" });
    const body = new FormData();
    body.append("file", png);
    const headers = { Authorization: `Bearer ${studio.personalToken}` };
    const uploaded = await jsonOf(await fetch(`${studio.baseUrl}/v1/files/upload`, { method: "POST", headers, body }));
    expect(uploaded.data).toMatchObject({ id: expect.any(String), url: expect.any(String), uri: expect.any(String) });
    const absent = [
      `GET /v1/files/retrieve?file_id=${uploaded.data.id}`,
      "POST /v1/audio/speech",
      "POST /v1/audio/transcriptions",
      "POST /v3/chat/submit_tool_outputs",
      "POST /v1/conversation/message/create",
      "GET /v1/conversation/message/retrieve",
      "POST /v1/conversations/1/messages/2/feedback",
    ];
    for (const name of absent) {
      const isGet = name.startsWith("GET");
      expect((await call(studio, name, isGet ? {} : { body: {} })).status).toBe(404);
    }
    await studio.close();
  });
});
