import { describe, expect, it } from "vitest";
import { CozeError } from "../../../src/coze/errors.ts";
import type { SentFile } from "../../../src/playground/chat-platform.ts";
import type { FaultEffect } from "../../../src/playground/faults.ts";
import { AttachmentError } from "../../../src/preparation/attachment-error.ts";
import { MEGABYTE, withLimit } from "../../../src/preparation/size-limit.ts";
import type { Turn } from "../../../src/store/store.ts";
import { platformNames } from "../../support/world.ts";
import { type Preparing, startPreparing } from "./preparing.ts";

const picture: SentFile = { kind: "image", name: "cat.png", mimeType: "image/png", bytes: Buffer.from("cat") };
const table: SentFile = { kind: "file", name: "t.csv", mimeType: "text/csv", bytes: Buffer.from("1,2") };
const song: SentFile = { kind: "audio", name: "s.mp3", mimeType: "audio/mpeg", bytes: Buffer.from("la") };
const film: SentFile = { kind: "video", name: "f.mp4", mimeType: "video/mp4", bytes: Buffer.from("film") };
const voice: SentFile = { kind: "audio", name: "v.ogg", mimeType: "audio/ogg", bytes: Buffer.from("v"), isVoice: true };

const upload = "POST /v1/files/upload";
const transcription = "POST /v1/audio/transcriptions";

/** How each platform's server of files is named in its emulator's faults. */
const fileServer = { telegram: "/file", discord: "GET /attachments/:id/:id/:name" } as const;

function uploads({ coze }: Preparing) {
  return coze.requests.filter(({ path }) => path === "/v1/files/upload" || path === "/v1/audio/transcriptions");
}

async function refusalOf(preparing: Preparing, turn: Turn): Promise<AttachmentError> {
  const refusal = await preparing.prepare(turn).catch((error: unknown) => error);
  if (!(refusal instanceof AttachmentError)) throw new Error(`no refusal: ${String(refusal)}`);
  return refusal;
}

/** A question of this conversation was asked with these files. */
async function ask({ store }: Preparing, turn: Turn, question: Awaited<ReturnType<Preparing["prepare"]>>) {
  await store.prepareTurn(turn.id, question);
  await store.advanceTurn(turn.id, { state: "answering", conversationId: "c1", chatId: turn.id });
  await store.saveConversation(turn.conversation, "c1");
}

describe.each(platformNames)("a question on %s", (platform) => {
  it("without attachments is asked as it is, and costs no call", async () => {
    const preparing = await startPreparing(platform);
    const turn = await preparing.say("  hello\n\nthere");
    expect(await preparing.prepare(turn)).toEqual({ text: turn.text, files: [], notice: "" });
    expect(preparing.coze.requests).toEqual([]);
  });

  it("with a picture and a caption brings both", async () => {
    const preparing = await startPreparing(platform);
    const turn = await preparing.send([{ ...picture, caption: "what is this?" }]);
    const { text, files, notice } = await preparing.prepare(turn);
    const [stored] = preparing.coze.files;
    expect({ text, notice }).toEqual({ text: "what is this?", notice: "" });
    expect(files).toEqual([{ kind: "image", fileId: stored?.id, uploadedAt: preparing.clock.now() }]);
    expect(Buffer.from(stored?.bytes ?? []).toString()).toBe("cat");
    expect(stored?.name).toMatch(/\.(png|jpg)$/);
    expect(stored?.owner.sessionName).toBe(turn.conversation.sessionName);
  });

  it("that is asked once more has its files and words from before, and costs no call", async () => {
    const preparing = await startPreparing(platform);
    const turn = await preparing.send([voice]);
    const question = await preparing.prepare(turn);
    await preparing.store.prepareTurn(turn.id, { ...question, files: [{ kind: "image", fileId: "7" }] });
    const calls = preparing.coze.requests.length;
    const again = { ...turn, text: question.text, eventId: `button:again:${turn.id}` };
    const same = { text: question.text, files: [{ kind: "image", fileId: "7" }], notice: "" };
    expect(await preparing.prepare(again)).toEqual(same);
    expect(preparing.coze.requests).toHaveLength(calls);
  });

  it("that is asked once more and was never prepared is prepared now", async () => {
    const preparing = await startPreparing(platform);
    const turn = await preparing.send([picture]);
    const again = { ...turn, eventId: `button:retry:${turn.id}` };
    expect((await preparing.prepare(again)).files).toHaveLength(1);
  });

  it.each<[string, SentFile, string]>([
    ["a table is a file", table, "file"],
    ["a song is sound", song, "audio"],
    ["a film is a file", film, "file"],
  ])("%s", async (_, file, kind) => {
    const preparing = await startPreparing(platform);
    const { files } = await preparing.prepare(await preparing.send([file]));
    expect(files.map((one) => one.kind)).toEqual([kind]);
  });

  it("with an album of three brings all, in order", async () => {
    const preparing = await startPreparing(platform);
    const album = ["a", "b", "c"].map((name) => ({ ...picture, name: `${name}.png`, bytes: Buffer.from(name) }));
    const turn = await preparing.send(album);
    expect(turn.attachments).toHaveLength(3);
    const { files } = await preparing.prepare(turn);
    const contents = new Map(preparing.coze.files.map(({ id, bytes }) => [id, Buffer.from(bytes).toString()]));
    expect(files.map(({ fileId }) => contents.get(fileId))).toEqual(["a", "b", "c"]);
  });

  it("brings the picture of the message that it replies to", async () => {
    const preparing = await startPreparing(platform);
    await preparing.send([picture]);
    const [replyTo] = preparing.said();
    if (!replyTo) throw new Error("nothing was said");
    const { text, files } = await preparing.prepare(await preparing.say("what is this?", { replyTo }));
    expect(text).toBe("what is this?");
    expect(files).toMatchObject([{ kind: "image", fileId: preparing.coze.files[0]?.id }]);
  });
});

describe.each(platformNames)("a voice message on %s", (platform) => {
  it("becomes what was said, and shows what was understood to the letter", async () => {
    const preparing = await startPreparing(platform);
    preparing.coze.hear = ({ name, bytes }) => ` ${name.split(".")[1]} *${Buffer.from(bytes)}*\nand so on `;
    const turn = await preparing.send([voice]);
    const { text, files, notice } = await preparing.prepare(turn);
    expect({ text, files }).toEqual({ text: "ogg *v*\nand so on", files: [] });
    expect(notice).toBe("> ogg &#42;v&#42;\n> and so on\n\n");
    expect(preparing.coze.files).toEqual([]);
  });

  it("that is replied to comes behind what the person wrote", async () => {
    const preparing = await startPreparing(platform);
    preparing.coze.hear = () => "Bonjour";
    await preparing.send([voice]);
    const [replyTo] = preparing.said();
    if (!replyTo) throw new Error("nothing was said");
    const question = await preparing.prepare(await preparing.say("translate", { replyTo }));
    expect(question).toEqual({ text: "translate\n\nBonjour", files: [], notice: "> Bonjour\n\n" });
  });

  it("in which nothing is understood is told so", async () => {
    const preparing = await startPreparing(platform);
    preparing.coze.hear = () => " \n";
    expect(await refusalOf(preparing, await preparing.send([voice]))).toMatchObject({ code: "unheard" });
  });

  it("can't be listened to where the server transcribes nothing", async () => {
    const preparing = await startPreparing(platform, { dialect: "studio" });
    expect(await refusalOf(preparing, await preparing.send([voice]))).toMatchObject({ code: "deaf" });
  });

  it("may have 10 MB", async () => {
    const preparing = await startPreparing(platform);
    const turn = await preparing.send([{ ...voice, size: 10 * MEGABYTE + 1 }]);
    expect(await refusalOf(preparing, turn)).toMatchObject({ code: "too-large" });
    expect(preparing.preparation.sizeLimit(turn, preparing.adapter)).toBe(10 * MEGABYTE);
    expect(preparing.downloads()).toBe(0);
  });
});

describe.each(platformNames)("a file on %s", (platform) => {
  it("of 100 MB is refused before a byte of the message is fetched", async () => {
    const preparing = await startPreparing(platform);
    const turn = await preparing.send([{ ...table, size: 100 * MEGABYTE }]);
    expect(await refusalOf(preparing, turn)).toMatchObject({ code: "too-large" });
    expect([preparing.downloads(), uploads(preparing)]).toEqual([0, []]);
    const limit = preparing.preparation.sizeLimit(turn, preparing.adapter);
    expect(withLimit("up to {limit} MB", limit)).toBe("up to 50 MB");
  });

  it("that is larger than it claims is given up where its claim ends", async () => {
    const preparing = await startPreparing(platform);
    const bytes = Buffer.alloc(30 * MEGABYTE, 1);
    const turn = await preparing.send([{ ...table, bytes, size: MEGABYTE }]);
    expect(await refusalOf(preparing, turn)).toMatchObject({ code: "unavailable" });
    expect(preparing.coze.files).toEqual([]);
  });

  it("that claims nothing is given up at the limit", async () => {
    const preparing = await startPreparing(platform, { maxBytes: MEGABYTE });
    const turn = await preparing.send([{ ...table, bytes: Buffer.alloc(MEGABYTE + 1, 1), size: 1 }]);
    const attachments = turn.attachments.map(({ size: _, ...attachment }) => attachment);
    expect(await refusalOf(preparing, { ...turn, attachments })).toMatchObject({ code: "too-large" });
    expect(preparing.coze.files).toEqual([]);
  });

  it("that claims nothing and keeps to the limit goes through", async () => {
    const preparing = await startPreparing(platform, { maxBytes: MEGABYTE });
    const turn = await preparing.send([{ ...table, bytes: Buffer.alloc(MEGABYTE, 1) }]);
    const attachments = turn.attachments.map(({ size: _, ...attachment }) => attachment);
    await preparing.prepare({ ...turn, attachments });
    expect(preparing.coze.files.map(({ bytes }) => bytes.length)).toEqual([MEGABYTE]);
  });

  it("of which less comes than was told is not passed on", async () => {
    const preparing = await startPreparing(platform);
    const turn = await preparing.send([{ ...table, size: 4 }]);
    expect(await refusalOf(preparing, turn)).toMatchObject({ code: "unavailable" });
    expect(preparing.coze.files).toEqual([]);
  });

  it("of a type that Coze does not take keeps the others from being fetched", async () => {
    const preparing = await startPreparing(platform);
    const program: SentFile = { ...table, name: "setup.exe", mimeType: "application/x-msdownload" };
    expect(await refusalOf(preparing, await preparing.send([table, program]))).toMatchObject({ code: "type" });
    expect([preparing.downloads(), uploads(preparing)]).toEqual([0, []]);
  });

  it.each<[string, FaultEffect]>([
    ["a reset connection", { kind: "reset", applied: false }],
    ["a server in trouble", { kind: "reply", status: 502, body: "no" }],
  ])("is fetched again after %s", async (_, effect) => {
    const preparing = await startPreparing(platform);
    preparing.chat.faults.add({ method: fileServer[platform], effect, times: 2 });
    const { files } = await preparing.prepare(await preparing.send([table]));
    expect(files).toMatchObject([{ kind: "file", fileId: preparing.coze.files[0]?.id }]);
  });

  it("is unavailable when the platform fails three times, and Coze hears nothing of it", async () => {
    const preparing = await startPreparing(platform);
    const effect = { kind: "reset", applied: false } as const;
    preparing.chat.faults.add({ method: fileServer[platform], effect, times: 3 });
    const turn = await preparing.send([table]);
    expect(await refusalOf(preparing, turn)).toMatchObject({ code: "unavailable", cause: { code: "network" } });
    expect(uploads(preparing)).toEqual([]);
  });

  it("that is gone is unavailable at once", async () => {
    const preparing = await startPreparing(platform);
    const effect = { kind: "reply", status: 404, body: "gone" } as const;
    preparing.chat.faults.add({ method: fileServer[platform], effect, times: 1 });
    const turn = await preparing.send([table]);
    expect(await refusalOf(preparing, turn)).toMatchObject({ code: "unavailable", cause: { code: "not-found" } });
  });

  it.each<[string, number, string]>([
    ["too large", 4302, "too-large"],
    ["of another type", 4303, "type"],
  ])("that Coze finds %s is told so", async (_, code, problem) => {
    const preparing = await startPreparing(platform);
    preparing.coze.faults.add({ method: upload, effect: { kind: "reply", status: 200, body: { code, msg: "no" } } });
    expect(await refusalOf(preparing, await preparing.send([table]))).toMatchObject({ code: problem });
  });

  it("that Coze does not take for another reason fails as Coze says", async () => {
    const preparing = await startPreparing(platform);
    const body = { code: 4100, msg: "no" };
    preparing.coze.faults.add({
      method: /upload|transcriptions/,
      times: 9,
      effect: { kind: "reply", status: 200, body },
    });
    const failure = await preparing.prepare(await preparing.send([voice])).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(CozeError);
    expect(failure).toMatchObject({ kind: "authentication", endpoint: transcription });
  });

  it("is let go of when the question is stopped", async () => {
    const preparing = await startPreparing(platform);
    preparing.chat.faults.add({ method: fileServer[platform], effect: { kind: "hang", applied: false } });
    const stop = new AbortController();
    const preparation = preparing.prepare(await preparing.send([table]), stop.signal);
    await preparing.chat.until("the download", () => preparing.downloads() > 0);
    stop.abort(new Error("enough"));
    await expect(preparation).rejects.toThrow("enough");
  });

  it("that fails ends the others of its message", async () => {
    const preparing = await startPreparing(platform);
    const { chat } = preparing;
    chat.faults.add({ method: fileServer[platform], effect: { kind: "hang", applied: false } });
    chat.faults.add({ method: fileServer[platform], effect: { kind: "reply", status: 404, body: "gone" } });
    const turn = await preparing.send([table, table, table]);
    expect(await refusalOf(preparing, turn)).toMatchObject({ code: "unavailable" });
    expect(preparing.coze.files).toEqual([]);
  });
});

it("a file that Telegram is too small for is too large, and the limit is known from then on", async () => {
  const preparing = await startPreparing("telegram");
  const turn = await preparing.send([{ ...table, size: 21 * MEGABYTE }]);
  expect(preparing.preparation.sizeLimit(turn, preparing.adapter)).toBe(50 * MEGABYTE);
  expect(await refusalOf(preparing, turn)).toMatchObject({ code: "too-large", cause: { code: "too-long" } });
  expect(preparing.preparation.sizeLimit(turn, preparing.adapter)).toBe(20 * MEGABYTE);
  const asked = preparing.downloads();
  expect(await refusalOf(preparing, turn)).toMatchObject({ code: "too-large" });
  expect(preparing.downloads()).toBe(asked);
});

describe.each(platformNames)("the inputs of a flow's start node on %s", (platform) => {
  const fileParameters = { image: "picture", audio: "sound" };

  it("keep the picture for the next question", async () => {
    const preparing = await startPreparing(platform, { fileParameters });
    const first = await preparing.send([{ ...picture, caption: "draw it again" }]);
    const asked = await preparing.prepare(first);
    await ask(preparing, first, asked);
    const second = await preparing.say("and now in black and white");
    const next = await preparing.prepare(second);
    expect(next).toEqual({ text: "and now in black and white", files: asked.files, notice: "" });
    await ask(preparing, second, next);
    expect((await preparing.prepare(await preparing.say("larger"))).files).toEqual(asked.files);
    expect(uploads(preparing)).toHaveLength(1);
  });

  it("take a new picture for the old one, beside the sound from before", async () => {
    const preparing = await startPreparing(platform, { fileParameters });
    const first = await preparing.send([song]);
    const sound = await preparing.prepare(first);
    await ask(preparing, first, sound);
    const second = await preparing.send([picture]);
    const both = await preparing.prepare(second);
    expect(both.files.map(({ kind }) => kind)).toEqual(["image", "audio"]);
    await ask(preparing, second, both);
    const third = await preparing.prepare(await preparing.send([{ ...picture, bytes: Buffer.from("dog") }]));
    expect(third.files[0]).not.toEqual(both.files[0]);
    expect(third.files[1]).toEqual(sound.files[0]);
  });

  it("get no kind that they do not take, nothing of another conversation, and nothing that was forgotten", async () => {
    const preparing = await startPreparing(platform, { fileParameters });
    const first = await preparing.send([table]);
    await ask(preparing, first, await preparing.prepare(first));
    expect((await preparing.prepare(await preparing.say("again"))).files).toEqual([]);
    const second = await preparing.send([picture]);
    await ask(preparing, second, await preparing.prepare(second));
    await preparing.store.forgetFiles("c1");
    expect((await preparing.prepare(await preparing.say("again"))).files).toEqual([]);
  });

  it("are not there with an agent, whose history holds the files", async () => {
    const preparing = await startPreparing(platform);
    const first = await preparing.send([picture]);
    await ask(preparing, first, await preparing.prepare(first));
    expect((await preparing.prepare(await preparing.say("again"))).files).toEqual([]);
  });
});
