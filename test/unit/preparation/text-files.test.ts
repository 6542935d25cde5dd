import { describe, expect, it } from "vitest";
import type { SentFile } from "../../../src/playground/chat-platform.ts";
import { LARGEST_TEXT } from "../../../src/preparation/text-file.ts";
import { platformNames } from "../../support/world.ts";
import { startPreparing } from "./preparing.ts";

function text(content: string | Buffer, name = "message.txt", mimeType = "text/plain"): SentFile {
  return { kind: "file", name, mimeType, bytes: Buffer.from(content as string) };
}

const table: SentFile = { kind: "file", name: "t.csv", mimeType: "text/csv", bytes: Buffer.from("1,2") };

describe.each(platformNames)("a text file on %s", (platform) => {
  it("is what the person says, as of a long text that Discord made a file of, and goes to nobody as a file", async () => {
    const preparing = await startPreparing(platform);
    const long = "Wörter, 字 und 👋.\n\n".repeat(500);
    const turn = await preparing.send([text(long)]);
    expect(await preparing.prepare(turn)).toEqual({ text: long.trim(), files: [], notice: "" });
    expect(preparing.coze.requests).toEqual([]);
  });

  it.each([
    ["notes.md", "text/markdown"],
    ["NOTES.MD", ""],
    ["data.json", "application/json"],
    ["bridge.log", "application/octet-stream"],
    ["setup.yml", "application/yaml"],
    ["feed.xml", "application/xml"],
    ["README", "text/plain"],
  ])("%s (%s) comes behind what was written to it", async (name, mimeType) => {
    const preparing = await startPreparing(platform);
    const turn = await preparing.send([{ ...text("# One\n\n- two\n", name, mimeType), caption: "summarise" }]);
    expect(await preparing.prepare(turn)).toEqual({ text: "summarise\n\n# One\n\n- two", files: [], notice: "" });
  });

  it("comes with a table of the same message, each as what it is", async () => {
    const preparing = await startPreparing(platform);
    const { text: words, files } = await preparing.prepare(await preparing.send([table, text("add it up")]));
    expect({ words, kinds: files.map(({ kind }) => kind) }).toEqual({ words: "add it up", kinds: ["file"] });
  });

  it("that is replied to comes behind what the person wrote", async () => {
    const preparing = await startPreparing(platform);
    await preparing.send([text("Bonjour")]);
    const [replyTo] = preparing.said();
    if (!replyTo) throw new Error("nothing was said");
    const question = await preparing.prepare(await preparing.say("translate", { replyTo }));
    expect(question).toEqual({ text: "translate\n\nBonjour", files: [], notice: "" });
  });

  it("may begin with a mark of its byte order", async () => {
    const preparing = await startPreparing(platform);
    expect((await preparing.prepare(await preparing.send([text("\uFEFFhello")]))).text).toBe("hello");
  });

  it.each<[string, Buffer]>([
    ["in UTF-16", Buffer.from("\uFEFFhello", "utf16le")],
    ["in Latin-1", Buffer.from("schön", "latin1")],
  ])("%s is not read", async (_, bytes) => {
    const preparing = await startPreparing(platform);
    const turn = await preparing.send([{ ...text(bytes), caption: "summarise" }]);
    await expect(preparing.prepare(turn)).rejects.toMatchObject({ name: "AttachmentError", code: "type" });
  });

  it("may have 64 kB, and a larger one is a file that is not taken", async () => {
    const preparing = await startPreparing(platform);
    const largest = await preparing.send([text("a".repeat(LARGEST_TEXT))]);
    expect((await preparing.prepare(largest)).text).toHaveLength(LARGEST_TEXT);
    const downloads = preparing.downloads();
    const larger = await preparing.send([text("a".repeat(LARGEST_TEXT + 1))]);
    await expect(preparing.prepare(larger)).rejects.toMatchObject({ name: "AttachmentError", code: "type" });
    expect(preparing.downloads()).toBe(downloads);
  });

  it("that claims nothing may have no more, either", async () => {
    const preparing = await startPreparing(platform);
    const turn = await preparing.send([text("a".repeat(LARGEST_TEXT + 1))]);
    const attachments = turn.attachments.map(({ size: _, ...attachment }) => attachment);
    await expect(preparing.prepare({ ...turn, attachments })).rejects.toMatchObject({ code: "type" });
  });

  it("stands once in a question that is asked once more", async () => {
    const preparing = await startPreparing(platform);
    const turn = await preparing.send([{ ...text("# One"), caption: "summarise" }]);
    const question = await preparing.prepare(turn);
    await preparing.store.prepareTurn(turn.id, question);
    const downloads = preparing.downloads();
    const again = { ...turn, id: "again", text: question.text, eventId: `button:again:${turn.id}` };
    expect(await preparing.prepare(again)).toEqual({ text: "summarise\n\n# One", files: [], notice: "" });
    expect(preparing.downloads()).toBe(downloads);
  });
});
