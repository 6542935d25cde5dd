import { describe, expect, it } from "vitest";
import type { Attachment, MessageEvent } from "../../../../src/adapter.ts";
import type { SentFile } from "../../../../src/playground/chat-platform.ts";
import { callsOf, failureOf } from "./bridge-side.ts";
import { type Chat, chat } from "./chat.ts";

const picture: SentFile = { kind: "image", name: "a b.png", mimeType: "image/png", bytes: Buffer.from("picture") };
const table: SentFile = { kind: "file", name: "表.csv", mimeType: "text/csv", bytes: Buffer.from("1,2") };
const voice: SentFile = { kind: "audio", name: "v.ogg", mimeType: "audio/ogg", bytes: Buffer.from("v"), isVoice: true };
const never = new AbortController().signal;

async function heard({ bridge }: Pick<Chat, "bridge">, count: number): Promise<MessageEvent> {
  return (await bridge.received(count))[count - 1] as MessageEvent;
}

async function textOf({ bridge }: Pick<Chat, "bridge">, attachment: Attachment | undefined): Promise<string> {
  if (!attachment) throw new Error("There is no such attachment.");
  return new Response(await bridge.adapter.fetchAttachment(attachment, never)).text();
}

it("an album is one message with the bytes of every file", async () => {
  const c = await chat();
  c.discord.sendFile(c.person, c.room, [picture, { ...table, caption: "both" }]);
  const event = await heard(c, 2);
  expect(event).toMatchObject({
    text: "both",
    attachments: [
      { kind: "image", name: "a b.png", mimeType: "image/png", size: 7 },
      { kind: "file", name: "表.csv", mimeType: "text/csv", size: 3 },
    ],
  });
  expect(await Promise.all(event.attachments.map((file) => textOf(c, file)))).toEqual(["picture", "1,2"]);
});

it("a voice message is something said", async () => {
  const c = await chat();
  c.discord.sendFile(c.person, c.room, [voice]);
  expect(await heard(c, 2)).toMatchObject({ text: "", attachments: [{ kind: "audio", isVoice: true }] });
});

describe("the files of a message that is replied to", () => {
  it("come after its own", async () => {
    const c = await chat();
    const sent = c.discord.sendFile(c.person, c.room, [voice]);
    c.discord.sendFile(c.person, c.room, [{ ...picture, caption: "and this?" }], { replyTo: sent });
    const { attachments } = await heard(c, 3);
    expect(attachments.map(({ name, isVoice }) => [name, isVoice])).toEqual([
      ["a b.png", undefined],
      ["v.ogg", true],
    ]);
    expect(await textOf(c, attachments[1])).toBe("v");
  });

  it("come with it also when they are the bot's", async () => {
    const c = await chat();
    await c.bridge.adapter.postMedia(c.target, {
      items: [{ kind: "image", name: "cat.png", mimeType: "image/png", data: Buffer.from("cat") }],
    });
    const [ofBot] = c.discord.botMessages(c.room);
    if (!ofBot) throw new Error("nothing was sent");
    c.discord.say(c.person, c.room, "make it black", { replyTo: ofBot });
    const { attachments } = await heard(c, 3);
    expect(await textOf(c, attachments[0])).toBe("cat");
  });
});

it("a file whose URL has expired is gone", async () => {
  const c = await chat();
  c.discord.sendFile(c.person, c.room, [picture]);
  const sent = JSON.stringify((await heard(c, 2)).attachments);
  const [expired] = JSON.parse(sent.replace(/ex=\w+/, "ex=1")) as [Attachment];
  expect(await failureOf(c.bridge.adapter.fetchAttachment(expired, never), c.discord)).toMatchObject({
    code: "not-found",
  });
});

it("a download that is cut can be tried again", async () => {
  const c = await chat();
  const download = "GET /attachments/:id/:id/:name";
  c.discord.sendFile(c.person, c.room, [picture]);
  const [attachment] = (await heard(c, 2)).attachments;
  if (!attachment) throw new Error("no attachment");
  c.discord.faults.add({ method: download, effect: { kind: "reset", applied: false } });
  const failure = await failureOf(c.bridge.adapter.fetchAttachment(attachment, never), c.discord);
  expect(failure).toMatchObject({ code: "network" });
  expect(await textOf(c, attachment)).toBe("picture");
  expect(callsOf(c.discord, download)).toMatchObject([
    { status: 0, parameters: { name: "a_b.png" } },
    { status: 200, parameters: { name: "a_b.png" } },
  ]);
});
