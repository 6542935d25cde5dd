import { describe, expect, it } from "vitest";
import type { Buttons, MediaItem } from "../../../src/adapter.ts";
import { platformNames } from "../../support/world.ts";
import { second } from "../adapters/discord/opus.ts";
import { openChat, type TestChat } from "./chat.ts";
import { answerIn, failSends, seen, sends, serveFiles } from "./illustrated.ts";
import { wire } from "./wire.ts";

const stop: Buttons = [[{ label: "Stop", value: "stop:1" }]];
const rate: Buttons = [[{ label: "Good", value: "good:1" }]];

const voice: MediaItem = { kind: "voice", name: "answer.ogg", mimeType: "audio/ogg", data: second };

/** What stands above each row of buttons. */
function labelled(chat: TestChat): readonly (readonly [string, string])[] {
  return chat.messages().map(({ text, media, buttons }) => [text || (media[0]?.name ?? ""), buttons.flat().join()]);
}

describe.each(platformNames)("buttons on %s", (name) => {
  it("stand below the text that an answer ends with", async () => {
    const [chat, files] = [await openChat(name), await serveFiles()];
    const { reply } = answerIn(chat, files);
    reply.write(`A\n\n![](${files.link("a.png")})\n\nB`);
    reply.offer(rate);
    await chat.clock.moveUntil(reply.finish());
    expect(labelled(chat)).toEqual([
      ["A", ""],
      ["a.png", ""],
      ["B", "Good"],
    ]);
  });

  it("stand below the file that an answer ends with, and come with it", async () => {
    const [chat, files] = [await openChat(name), await serveFiles()];
    const { reply } = answerIn(chat, files);
    reply.write(`A\n\n![](${files.link("a.png")})`);
    reply.offer(rate);
    await chat.clock.moveUntil(reply.finish());
    expect(labelled(chat)).toEqual([
      ["A", ""],
      ["a.png", "Good"],
    ]);
    expect(chat.messages()[1]?.revisions).toHaveLength(1);
  });

  it("stand below an album, or where there can be none, below the last text", async () => {
    const [chat, files] = [await openChat(name), await serveFiles()];
    const { reply } = answerIn(chat, files);
    reply.write(`A\n\n![](${files.link("a.png")})\n![](${files.link("b.png")})`);
    reply.offer(rate);
    await chat.clock.moveUntil(reply.finish());
    const expected = {
      telegram: [
        ["A", "Good"],
        ["a.png", ""],
        ["b.png", ""],
      ],
      discord: [
        ["A", ""],
        ["a.png", "Good"],
      ],
    };
    expect(labelled(chat)).toEqual(expected[name]);
  });

  it("are nowhere when there is no place for them, and the answer is whole", async () => {
    const chat = await openChat(name);
    const files = await serveFiles();
    const { reply, failures } = answerIn(chat, files);
    const edits = name === "telegram" ? "editMessageReplyMarkup" : "PATCH /channels/:id/messages/:id";
    chat.emulator.faults.add({ method: edits, effect: wire[name].unknown, times: Number.POSITIVE_INFINITY });
    reply.write(`![](${files.link("a.png")})\n![](${files.link("b.png")})`);
    reply.offer(rate);
    await chat.clock.moveUntil(reply.finish());
    expect(seen(chat)).toEqual(["a.png", "b.png"]);
    expect(
      labelled(chat)
        .flatMap(([, labels]) => labels)
        .join(""),
    ).toBe("");
    expect(failures).toEqual([]);
  });

  it("leave a text when files follow it, and grow with the next one", async () => {
    const [chat, files] = [await openChat(name), await serveFiles()];
    const { reply } = answerIn(chat, files);
    reply.write("A");
    await chat.until("the first words", (texts) => texts.length === 1);
    reply.offer(stop);
    reply.write("A b");
    await chat.clock.advance(3000);
    expect(labelled(chat)).toEqual([["A b", "Stop"]]);
    reply.write(`A b\n\n![](${files.link("held.png")})\n\nC`);
    await chat.clock.moveUntil(chat.emulator.until("no button", () => labelled(chat)[0]?.[1] === ""));
    files.release();
    await chat.clock.moveUntil(chat.emulator.until("the text behind", () => seen(chat).length === 3));
    expect(labelled(chat)).toEqual([
      ["A b", ""],
      ["held.png", ""],
      ["C", "Stop"],
    ]);
    reply.offer(rate);
    await chat.clock.moveUntil(reply.finish());
    expect(labelled(chat).at(-1)).toEqual(["C", "Good"]);
  });

  it("stay below the last text when a voice message comes behind it", async () => {
    const [chat, files] = [await openChat(name), await serveFiles()];
    const { reply } = answerIn(chat, files);
    reply.write("A");
    await chat.until("the words", (texts) => texts.length === 1);
    reply.offer(rate);
    await chat.clock.moveUntil(chat.emulator.until("the button", () => labelled(chat)[0]?.[1] === "Good"));
    const calls = chat.emulator.calls.length;
    reply.append([voice]);
    await chat.clock.moveUntil(reply.finish());
    expect(labelled(chat)).toEqual([
      ["A", "Good"],
      ["answer.ogg", ""],
    ]);
    expect(chat.emulator.calls.slice(calls)).toEqual(sends(chat));
  });

  it("stand below the file that an answer ends with, and not below the voice message behind it", async () => {
    const [chat, files] = [await openChat(name), await serveFiles()];
    const { reply } = answerIn(chat, files);
    reply.write(`A\n\n![](${files.link("a.png")})`);
    reply.append([voice]);
    reply.offer(rate);
    await chat.clock.moveUntil(reply.finish());
    expect(labelled(chat)).toEqual([
      ["A", ""],
      ["a.png", "Good"],
      ["answer.ogg", ""],
    ]);
  });

  it("stand below an album that a voice message comes behind, or where there can be none, below the text", async () => {
    const [chat, files] = [await openChat(name), await serveFiles()];
    const { reply } = answerIn(chat, files);
    reply.write(`A\n\n![](${files.link("a.png")})\n![](${files.link("b.png")})`);
    reply.append([voice]);
    reply.offer(rate);
    await chat.clock.moveUntil(reply.finish());
    const labels = { telegram: ["Good", "", "", ""], discord: ["", "Good", ""] };
    expect(labelled(chat).map(([, label]) => label)).toEqual(labels[name]);
  });

  it("stand below the words of the bridge's own that a voice message comes behind", async () => {
    const [chat, files] = [await openChat(name), await serveFiles()];
    const { reply } = answerIn(chat, files);
    reply.write(`A\n\n![](${files.link("a.png")})`);
    reply.append([voice]);
    reply.annotate("It broke off.");
    reply.offer(rate);
    await chat.clock.moveUntil(reply.finish());
    expect(labelled(chat)).toEqual([
      ["A", ""],
      ["a.png", ""],
      [expect.stringContaining("It broke off"), "Good"],
      ["answer.ogg", ""],
    ]);
  });

  it("that are refused cost no file", async () => {
    const [chat, files] = [await openChat(name), await serveFiles()];
    const { reply, mediaFailures } = answerIn(chat, files);
    failSends(chat, wire[name].unknown);
    reply.write(`A\n\n![](${files.link("a.png")})`);
    reply.offer(rate);
    await chat.clock.moveUntil(reply.finish());
    expect(seen(chat)).toEqual(["A", "a.png"]);
    expect(mediaFailures).toEqual([]);
  });

  it("stand below a link that stayed rather than below the files before it", async () => {
    const [chat, files] = [await openChat(name), await serveFiles()];
    const { reply } = answerIn(chat, files);
    reply.write(`![](${files.link("a.png")})\n![](${files.link("missing.png")})`);
    reply.offer(rate);
    await chat.clock.moveUntil(reply.finish());
    expect(labelled(chat).map(([, labels]) => labels)).toEqual(["", "Good"]);
  });
});

describe.each(platformNames)("words of the bridge's own on %s", (name) => {
  it("stand below the last text", async () => {
    const [chat, files] = [await openChat(name), await serveFiles()];
    const { reply } = answerIn(chat, files);
    reply.write(`A\n\n![](${files.link("a.png")})\n\nB`);
    reply.annotate("It broke off.");
    await chat.clock.moveUntil(reply.finish());
    expect(seen(chat)).toEqual(["A", "a.png", "B\n\nIt broke off."]);
  });

  it("have a message of their own behind files, with the buttons", async () => {
    const [chat, files] = [await openChat(name), await serveFiles()];
    const { reply } = answerIn(chat, files);
    reply.write(`A\n\n![](${files.link("a.png")})`);
    reply.annotate("It broke off.");
    reply.offer(rate);
    await chat.clock.moveUntil(reply.finish());
    expect(labelled(chat).map(([, labels]) => labels)).toEqual(["", "", "Good"]);
    expect(seen(chat)).toEqual(["A", "a.png", "It broke off."]);
  });

  it("go from a text that files follow", async () => {
    const [chat, files] = [await openChat(name), await serveFiles()];
    const { reply } = answerIn(chat, files);
    reply.write("A");
    reply.annotate("Still waiting");
    await chat.until("the words", (texts) => texts[0] === "A\n\nStill waiting");
    reply.write(`A\n\n![](${files.link("a.png")})\n\nB`);
    reply.annotate("");
    await chat.clock.moveUntil(reply.finish());
    expect(seen(chat)).toEqual(["A", "a.png", "B"]);
  });
});
