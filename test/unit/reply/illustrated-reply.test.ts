import { describe, expect, it } from "vitest";
import { platformNames } from "../../support/world.ts";
import { openChat, type TestChat } from "./chat.ts";
import { answerIn, seen, sends, serveFiles, show } from "./illustrated.ts";
import { wire } from "./wire.ts";

const solid = (text: string) => text.replace(/\s+/g, "");

/** Grows an answer by so many characters a step, and moves time along. */
async function grow(chat: TestChat, reply: { write(text: string): void }, text: string, step: number): Promise<void> {
  for (let end = 0; end < text.length; ) {
    end = Math.min(text.length, end + step);
    reply.write(text.slice(0, end));
    await chat.clock.advance(200);
  }
}

describe.each(platformNames)("an answer with files on %s", (name) => {
  it("has its texts and files in their order", async () => {
    const [chat, files] = [await openChat(name), await serveFiles()];
    const { records, failures } = await show(chat, files, `Look:\n\n![cat](${files.link("cat.png")})\n\nNice.`);
    expect(seen(chat)).toEqual(["Look:", "cat.png", "Nice."]);
    expect(failures).toEqual([]);
    expect(records().map(({ part, segment }) => [part, segment])).toEqual([
      [0, 0],
      [1, 1],
      [2, 2],
    ]);
    expect(records().map(({ sealed }) => sealed)).toEqual([true, true, false]);
    expect(records().every(({ ref }) => ref)).toBe(true);
    const [said] = chat.emulator.messages(chat.room);
    expect(chat.messages().map(({ replyToId }) => replyToId)).toEqual([said?.id, undefined, undefined]);
  });

  it.each([1, 7, 60])("grows by %i characters without saying anything twice", async (step) => {
    const [chat, files] = [await openChat(name), await serveFiles()];
    const { reply } = answerIn(chat, files);
    const link = files.link("cat.png");
    const text = `Some **words** first.\n\n![a cat](${link})\n\nThen more, see [a page](https://e.com/p).\n\n![](${files.link("dog.png")})\nEnd.`;
    await grow(chat, reply, text, step);
    await chat.clock.moveUntil(reply.finish());
    expect(seen(chat)).toEqual([
      "Some words first.",
      "cat.png",
      expect.stringContaining("Then more, see a page"),
      "dog.png",
      "End.",
    ]);
    for (const message of chat.messages()) {
      for (const { text: version } of message.revisions) expect(version).not.toMatch(/cat|dog|!\[|127\.0/);
    }
  });

  it("begins with a file as a reply when there is no text before it", async () => {
    const [chat, files] = [await openChat(name), await serveFiles()];
    const { records } = await show(chat, files, `![](${files.link("cat.png")})\n\nA cat.`);
    expect(seen(chat)).toEqual(["cat.png", "A cat."]);
    const [said] = chat.emulator.messages(chat.room);
    expect(chat.messages().map(({ replyToId }) => replyToId)).toEqual([said?.id, undefined]);
    expect(records().map(({ part, segment }) => [part, segment])).toEqual([
      [0, 1],
      [1, 2],
    ]);
  });

  it("shows several files that stand together as one album, each once", async () => {
    const [chat, files] = [await openChat(name), await serveFiles()];
    const links = ["a.png", "b.jpg", "a.png", "c.mp4"].map((file) => `![](${files.link(file)})`);
    await show(chat, files, `Look:\n\n${links.join("\n")}`);
    expect(seen(chat)).toEqual(["Look:", "a.png", "b.jpg", "c.mp4"]);
    expect(sends(chat)).toHaveLength(1);
    expect(files.requests).toHaveLength(3);
  });

  it("shows files that can't share an album there in several messages, in their order", async () => {
    const [chat, files] = [await openChat(name), await serveFiles()];
    const names = ["a.png", "b.png", "c.mp3", "d.pdf", "e.heic", "f.gif", "g.png"];
    await show(chat, files, names.map((file) => `![](${files.link(file)})`).join("\n"));
    expect(seen(chat)).toEqual(names);
    expect(sends(chat)).toHaveLength(name === "telegram" ? 5 : 1);
  });

  it("keeps all of a long text before and after its files", async () => {
    const [chat, files] = [await openChat(name), await serveFiles()];
    const words = (count: number, letter: string) => Array.from({ length: count }, (_, n) => `${letter}${n}`).join(" ");
    const { reply, records } = answerIn(chat, files);
    const text = `${words(1500, "b")}\n\n![](${files.link("x.png")})\n\n${words(1500, "a")}`;
    await grow(chat, reply, text, 900);
    await chat.clock.moveUntil(reply.finish());
    const all = seen(chat);
    const at = all.indexOf("x.png");
    expect(at).toBeGreaterThan(1);
    expect(solid(all.slice(0, at).join(""))).toBe(solid(words(1500, "b")));
    expect(solid(all.slice(at + 1).join(""))).toBe(solid(words(1500, "a")));
    expect(records().map(({ part }) => part)).toEqual(records().map((_, n) => n));
  });

  it("fetches a file as soon as its link is there, before the text before it is shown", async () => {
    const [chat, files] = [await openChat(name), await serveFiles()];
    const { reply } = answerIn(chat, files);
    chat.fail("post", { kind: "delay", ms: 5000 });
    reply.write("Look:");
    reply.write(`Look:\n\n![](${files.link("cat.png")})\n\nNice`);
    await files.received(1);
    expect(sends(chat)).toEqual([]);
    reply.write(`Look:\n\n![](${files.link("cat.png")})\n\nNice.`);
    await chat.clock.moveUntil(reply.finish());
    expect(seen(chat)).toEqual(["Look:", "cat.png", "Nice."]);
    expect(files.requests).toHaveLength(1);
  });

  it("shows the text behind a file that is long in coming at once when that is there", async () => {
    const [chat, files] = [await openChat(name), await serveFiles()];
    const { reply } = answerIn(chat, files);
    const before = `Look:\n\n![](${files.link("held.png")})\n\n`;
    reply.write(`${before}One`);
    await files.received(1);
    await chat.clock.advance(5000);
    reply.write(`${before}One two`);
    await chat.clock.advance(5000);
    expect(seen(chat)).toEqual(["Look:"]);
    files.release();
    await chat.clock.moveUntil(chat.emulator.until("the text behind", () => seen(chat).length === 3));
    expect(seen(chat)).toEqual(["Look:", "held.png", "One two"]);
    reply.write(`${before}One two three`);
    await chat.clock.moveUntil(reply.finish());
    expect(seen(chat)).toEqual(["Look:", "held.png", "One two three"]);
  });

  it("shows twenty files and leaves further links as they are", async () => {
    const [chat, files] = [await openChat(name), await serveFiles()];
    const link = (n: number) => `![p${n}](${files.link(`p${n}.png`)})`;
    const text = Array.from({ length: 23 }, (_, n) => `T${n}\n\n${link(n)}`).join("\n\n");
    await show(chat, files, text);
    expect(files.requests).toHaveLength(20);
    const all = seen(chat);
    expect(all.slice(0, 40)).toEqual(Array.from({ length: 20 }, (_, n) => [`T${n}`, `p${n}.png`]).flat());
    expect(all).toHaveLength(41);
    for (const part of ["T20", "p20", "T22", "p22"]) expect(all[40]).toContain(part);
  });

  it("ends with files of its own, such as voice messages", async () => {
    const [chat, files] = [await openChat(name), await serveFiles()];
    const { reply, records } = answerIn(chat, files);
    reply.write(`Look:\n\n![](${files.link("cat.png")})`);
    const voice = { kind: "voice", mimeType: "audio/ogg", data: Buffer.from("sound") } as const;
    reply.append([
      { ...voice, name: "1.ogg" },
      { ...voice, name: "2.ogg" },
    ]);
    await chat.clock.moveUntil(reply.finish());
    expect(seen(chat)).toEqual(["Look:", "cat.png", "1.ogg", "2.ogg"]);
    expect(records().map(({ segment }) => segment)).toEqual([0, 1, 3, 3]);
  });

  it("makes exactly the calls of a plain reply when it has no files", async () => {
    const script = async (
      chat: TestChat,
      reply: ReturnType<typeof answerIn>["reply"] | ReturnType<TestChat["reply"]>["reply"],
    ) => {
      const buttons = [[{ label: "Stop", value: "stop" }]];
      const text = `One **two** three.\n\n- four\n- five\n\n${"word ".repeat(900)}`;
      reply.annotate("Wait");
      await chat.clock.advance(500);
      reply.annotate("");
      for (let end = 10; end < text.length; end += 130) {
        reply.write(text.slice(0, end));
        if (end > 200) reply.offer(buttons);
        await chat.clock.advance(150);
      }
      for (const more of ["", "and more, ", "and more"]) {
        reply.write(`${text}\n\n\`code\` [a page](https://e.com/page) ${more}`);
        await chat.clock.advance(2000);
      }
      reply.annotate("Sorry");
      reply.offer([]);
      await chat.clock.moveUntil(reply.finish());
      return chat.calls().map(({ method, at, parameters }) => ({
        ...{ method, at, text: wire[name].textOf({ parameters } as never) },
        buttons: parameters.reply_markup ?? parameters.components,
      }));
    };
    const files = await serveFiles();
    const plain = await openChat(name);
    const expected = await script(plain, plain.reply().reply);
    const chat = await openChat(name);
    expect(await script(chat, answerIn(chat, files).reply)).toEqual(expected);
    expect(expected.length).toBeGreaterThan(7);
  });
});

it("an answer that ends as unread renews its last text alone", async () => {
  const [chat, files] = [await openChat("discord", { finish: "fresh" }), await serveFiles()];
  const { reply } = answerIn(chat, files);
  const text = `One two\n\n![](${files.link("cat.png")})\n\nThree four five`;
  await grow(chat, reply, text, 4);
  await chat.clock.moveUntil(chat.emulator.until("the last text", () => seen(chat).length === 3));
  const before = chat.messages().map(({ id }) => id);
  await chat.clock.moveUntil(reply.finish());
  expect(seen(chat)).toEqual(["One two", "cat.png", "Three four five"]);
  const after = chat.messages().map(({ id }) => id);
  expect(after.slice(0, 2)).toEqual(before.slice(0, 2));
  expect(after[2]).not.toBe(before[2]);
});

it("an answer that is shown as drafts becomes messages around its files", async () => {
  const [chat, files] = [await openChat("telegram", { streamMode: "draft" }), await serveFiles()];
  const { reply } = answerIn(chat, files);
  await grow(chat, reply, `One two\n\n![](${files.link("cat.png")})\n\nThree four five`, 4);
  await chat.clock.moveUntil(reply.finish());
  expect(seen(chat)).toEqual(["One two", "cat.png", "Three four five"]);
  for (const { revisions } of chat.messages()) expect(revisions).toHaveLength(1);
});
