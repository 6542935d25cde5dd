import { describe, expect, it } from "vitest";
import type { SentFile } from "../../../src/playground/chat-platform.ts";
import type { FaultEffect } from "../../../src/playground/faults.ts";
import { MEGABYTE } from "../../../src/preparation/size-limit.ts";
import type { Turn } from "../../../src/store/store.ts";
import { platformFaults } from "../../support/platform-faults.ts";
import { platformNames } from "../../support/world.ts";
import { type Preparing, startPreparing } from "./preparing.ts";

const picture: SentFile = { kind: "image", name: "cat.png", mimeType: "image/png", bytes: Buffer.from("cat") };
const table: SentFile = { kind: "file", name: "t.csv", mimeType: "text/csv", bytes: Buffer.from("1,2") };
const program: SentFile = { ...table, name: "setup.exe", mimeType: "application/x-msdownload" };
const voice: SentFile = { kind: "audio", name: "v.ogg", mimeType: "audio/ogg", bytes: Buffer.from("v"), isVoice: true };
const gone: FaultEffect = { kind: "reply", status: 404, body: "gone" };

/** Why a file can't be had. */
interface Problem {
  readonly title: string;
  readonly file: SentFile;
  readonly code: string;
  /** What goes wrong when it is fetched. */
  readonly plan?: (preparing: Preparing) => void;
}

const problems: readonly Problem[] = [
  { title: "a program", file: program, code: "type" },
  { title: "a table of 100 MB", file: { ...table, size: 100 * MEGABYTE }, code: "too-large" },
  { title: "a recording of 11 MB", file: { ...voice, size: 11 * MEGABYTE }, code: "too-large" },
  {
    title: "a picture that is gone",
    file: picture,
    code: "unavailable",
    plan: ({ chat }) => chat.faults.add({ method: platformFaults[chat.name].download, effect: gone, times: 9 }),
  },
  {
    title: "a table that Coze does not take",
    file: table,
    code: "type",
    plan: ({ coze }) => {
      const effect = { kind: "reply", status: 200, body: { code: 4303, msg: "no" } } as const;
      coze.faults.add({ method: "POST /v1/files/upload", effect, times: 9 });
    },
  },
  {
    title: "a silent voice message",
    file: voice,
    code: "unheard",
    plan: ({ coze }) => {
      coze.hear = () => "";
    },
  },
];

/** A person sends `file` and replies to it with `own` words or files. */
async function reply(preparing: Preparing, file: SentFile, own: string | SentFile): Promise<Turn> {
  await preparing.send([file]);
  const replyTo = preparing.said().at(-1);
  if (!replyTo) throw new Error("nothing was said");
  return await (typeof own === "string" ? preparing.say(own, { replyTo }) : preparing.send([own], { replyTo }));
}

describe.each(platformNames)("a reply on %s", (platform) => {
  it.each(problems)("with words to $title is asked without it", async ({ file, plan }) => {
    const preparing = await startPreparing(platform);
    const turn = await reply(preparing, file, "what do you think?");
    expect(turn.attachments).toMatchObject([{ isQuoted: true }]);
    plan?.(preparing);
    expect(await preparing.prepare(turn)).toEqual({ text: "what do you think?", files: [], notice: "" });
  });

  it.each(problems)("without a word to $title is refused as that itself would be", async ({ file, plan, code }) => {
    const preparing = await startPreparing(platform);
    const turn = await reply(preparing, file, "what do you think?");
    plan?.(preparing);
    await expect(preparing.prepare({ ...turn, text: " " })).rejects.toMatchObject({ name: "AttachmentError", code });
  });

  it("with a picture to a program is asked with the picture alone", async () => {
    const preparing = await startPreparing(platform);
    const turn = await reply(preparing, program, picture);
    expect(turn.attachments.map(({ isQuoted = false }) => isQuoted)).toEqual([false, true]);
    expect(await preparing.prepare(turn)).toMatchObject({ text: "", files: [{ kind: "image" }] });
  });

  it("with a program to a picture is refused for its own file", async () => {
    const preparing = await startPreparing(platform);
    const turn = await reply(preparing, picture, { ...program, caption: "what do you think?" });
    await expect(preparing.prepare(turn)).rejects.toMatchObject({ code: "type" });
    expect(preparing.coze.files).toEqual([]);
  });

  it("fails as Coze does, also when it is about what stands in the other message", async () => {
    const preparing = await startPreparing(platform);
    const turn = await reply(preparing, picture, "what is this?");
    const effect = { kind: "reply", status: 200, body: { code: 4100, msg: "no" } } as const;
    preparing.coze.faults.add({ method: "POST /v1/files/upload", effect, times: 9 });
    await expect(preparing.prepare(turn)).rejects.toMatchObject({ name: "CozeError", kind: "authentication" });
  });

  it("that is stopped while the other message's file comes ends so", async () => {
    const preparing = await startPreparing(platform);
    const turn = await reply(preparing, picture, "what is this?");
    const method = platformFaults[platform].download;
    preparing.chat.faults.add({ method, effect: { kind: "hang", applied: false } });
    const stop = new AbortController();
    const preparation = preparing.prepare(turn, stop.signal);
    await preparing.chat.until("the download", () => preparing.chat.calls.some((call) => call.method === method));
    stop.abort(new Error("enough"));
    await expect(preparation).rejects.toThrow("enough");
  });
});
