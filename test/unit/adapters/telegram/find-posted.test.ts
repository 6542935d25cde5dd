import { describe, expect, it } from "vitest";
import type { MessageRef } from "../../../../src/adapter.ts";
import type { FaultEffect } from "../../../../src/playground/faults.ts";
import { tooManyRequests } from "../../../../src/playground/telegram/index.ts";
import { callsOf, connect, failureOf, firstTarget, privateChat, text } from "./wire.ts";

type Chat = Awaited<ReturnType<typeof privateChat>>;

/** A message is sent, but no answer comes. */
async function losePost({ adapter, telegram, target }: Pick<Chat, "adapter" | "telegram" | "target">, content: string) {
  telegram.faults.add({ method: "sendMessage", effect: { kind: "reset", applied: true } });
  expect(await failureOf(adapter.post(target, text(content)))).toMatchObject({ code: "network" });
}

function probes(wire: Chat) {
  return callsOf(wire, "editMessageReplyMarkup");
}

/** What the found message says: it is edited, and must be the one that changes. */
async function contentOf(
  { adapter, telegram, room }: Pick<Chat, "adapter" | "telegram" | "room">,
  ref: MessageRef | undefined,
): Promise<string | undefined> {
  if (ref === undefined) return undefined;
  await adapter.edit(ref, text("(found)"));
  const found = telegram.botMessages(room).find((message) => message.text === "(found)");
  return found?.revisions[0]?.text;
}

describe("a lost message is found", () => {
  it("after the person's message", async () => {
    const chat = await privateChat();
    await losePost(chat, "one");
    expect(await contentOf(chat, await chat.adapter.findPosted?.(chat.target, []))).toBe("one");
  });

  it("after the earlier messages of the answer", async () => {
    const chat = await privateChat();
    const known = [
      await chat.adapter.post(chat.target, text("one")),
      await chat.adapter.post(chat.target, text("two")),
    ];
    await losePost(chat, "three");
    expect(await contentOf(chat, await chat.adapter.findPosted?.(chat.target, known))).toBe("three");
    expect(probes(chat)).toHaveLength(1);
  });

  it("behind what people said meanwhile", async () => {
    const chat = await privateChat();
    for (const word of ["and", "then", "what"]) chat.telegram.say(chat.person, chat.room, word);
    await losePost(chat, "one");
    expect(await contentOf(chat, await chat.adapter.findPosted?.(chat.target, []))).toBe("one");
  });

  it("before later messages that are accounted for, whose buttons stay", async () => {
    const chat = await privateChat();
    await losePost(chat, "lost");
    const buttons = [[{ label: "Stop", value: "stop" }]];
    const later = await chat.adapter.post(chat.target, { ...text("later"), buttons });
    expect(await contentOf(chat, await chat.adapter.findPosted?.(chat.target, [later]))).toBe("lost");
    expect(chat.telegram.botMessages(chat.room).at(-1)).toMatchObject({ text: "later", buttons: [["Stop"]] });
  });

  it("when the other chats of the bot were busy, which use up ids too", async () => {
    const chat = await privateChat();
    const other = chat.telegram.addPerson();
    for (const word of ["busy", "busy"]) chat.telegram.say(other, chat.telegram.privateRoom(other), word);
    await losePost(chat, "one");
    expect(await contentOf(chat, await chat.adapter.findPosted?.(chat.target, []))).toBe("one");
  });

  it("when it has buttons, which it loses", async () => {
    const chat = await privateChat();
    chat.telegram.faults.add({ method: "sendMessage", effect: { kind: "reset", applied: true } });
    const message = { ...text("one"), buttons: [[{ label: "Stop", value: "stop" }]] };
    await failureOf(chat.adapter.post(chat.target, message));
    expect(await chat.adapter.findPosted?.(chat.target, [])).toBeDefined();
    expect(chat.telegram.botMessages(chat.room)).toMatchObject([{ text: "one", buttons: [] }]);
  });

  it("after the bot's latest message where no person's message began it", async () => {
    const chat = await privateChat();
    const target = chat.adapter.chatTarget(chat.person.id);
    await losePost(chat, "not accounted for");
    const known = [await chat.adapter.post(target, text("one"))];
    await losePost({ ...chat, target }, "two");
    expect(await contentOf(chat, await chat.adapter.findPosted?.(target, known))).toBe("two");
  });

  it("in a supergroup, between what people say and answers to others", async () => {
    const wire = await connect();
    const { telegram, adapter, inbox } = wire;
    const [ada, bob] = [telegram.addPerson(), telegram.addPerson()];
    const room = telegram.addGroup("Walks", [ada, bob], { forum: true });
    telegram.say(ada, room, "hello", { mention: true });
    await adapter.start(inbox);
    const target = await firstTarget(wire);
    for (let count = 0; count < 9; count += 1) telegram.say(bob, room, "we talk");
    const known = [await adapter.post(target, text("one"))];
    telegram.say(bob, room, "we talk");
    await losePost({ ...wire, target }, "two");
    telegram.say(bob, room, "we talk");
    known.push(await adapter.post(target, text("an answer to Bob")));
    const found = await adapter.findPosted?.(target, known);
    expect(await contentOf({ ...wire, room }, found)).toBe("two");
  });
});

describe("lost files are found", () => {
  const data = Buffer.from("\xff\xd8\xff picture", "latin1");
  const picture = { kind: "image", name: "a.jpg", mimeType: "image/jpeg", data } as const;

  async function loseFiles({ adapter, telegram, target }: Chat, count: number) {
    const method = /^send(?:Photo|MediaGroup)$/;
    telegram.faults.add({ method, effect: { kind: "reset", applied: true } });
    expect(await failureOf(adapter.postMedia(target, { items: Array(count).fill(picture) }))).toMatchObject({
      code: "network",
    });
  }

  it("as any message", async () => {
    const chat = await privateChat();
    const known = [await chat.adapter.post(chat.target, text("one"))];
    await loseFiles(chat, 1);
    const found = await chat.adapter.findPosted?.(chat.target, known);
    expect(found?.address).toMatchObject({ message: Number(chat.telegram.botMessages(chat.room)[1]?.id) });
    expect(await chat.adapter.findPosted?.(chat.target, [...known, ...(found ? [found] : [])])).toBeUndefined();
  });

  it("one after the other when they are an album", async () => {
    const chat = await privateChat();
    const known = [await chat.adapter.post(chat.target, text("one"))];
    await loseFiles(chat, 3);
    for (let found = await chat.adapter.findPosted?.(chat.target, known); found; ) {
      known.push(found);
      found = await chat.adapter.findPosted?.(chat.target, known);
    }
    expect(known.map(({ address }) => (address as { message: number }).message)).toEqual(
      chat.telegram.botMessages(chat.room).map(({ id }) => Number(id)),
    );
  });

  it("but none of an album that is accounted for", async () => {
    const chat = await privateChat();
    const known = [await chat.adapter.postMedia(chat.target, { items: [picture, picture, picture] })];
    expect(await chat.adapter.findPosted?.(chat.target, known)).toBeUndefined();
    await losePost(chat, "two");
    expect(await contentOf(chat, await chat.adapter.findPosted?.(chat.target, known))).toBe("two");
  });
});

describe("nothing is found", () => {
  it("when the message was not sent, and nothing is changed by the search", async () => {
    const chat = await privateChat();
    const known = [await chat.adapter.post(chat.target, text("one"))];
    chat.telegram.say(chat.person, chat.room, "well?");
    chat.telegram.faults.add({ method: "sendMessage", effect: { kind: "reset", applied: false } });
    await failureOf(chat.adapter.post(chat.target, text("two")));
    expect(await chat.adapter.findPosted?.(chat.target, known)).toBeUndefined();
    expect(chat.telegram.messages(chat.room).map(({ revisions }) => revisions.length)).toEqual([1, 1, 1]);
    expect(probes(chat)).toHaveLength(8);
  });

  it("where there is nothing to begin at", async () => {
    const chat = await privateChat();
    const elsewhere = { address: { chat: 5, message: 6 } };
    expect(await chat.adapter.findPosted?.(chat.adapter.chatTarget(chat.person.id), [elsewhere])).toBeUndefined();
    expect(probes(chat)).toEqual([]);
  });

  it("behind more messages than are tried", async () => {
    const chat = await privateChat();
    for (let count = 0; count < 8; count += 1) chat.telegram.say(chat.person, chat.room, "more");
    await losePost(chat, "one");
    expect(await chat.adapter.findPosted?.(chat.target, [])).toBeUndefined();
    expect(probes(chat)).toHaveLength(8);
  });
});

describe("a search ends", () => {
  it.each<[string, FaultEffect, string]>([
    ["at a rate limit", tooManyRequests(9), "rate-limited"],
    ["without an answer", { kind: "reset", applied: false }, "network"],
  ])("%s, which it tells", async (_, effect, code) => {
    const chat = await privateChat();
    chat.telegram.faults.add({ method: "editMessageReplyMarkup", skip: 1, effect });
    expect(await failureOf(chat.adapter.findPosted?.(chat.target, []) ?? Promise.resolve())).toMatchObject({ code });
    expect(probes(chat)).toHaveLength(2);
  });

  it("where the bot was shut out", async () => {
    const chat = await privateChat();
    chat.telegram.block(chat.person);
    expect(await failureOf(chat.adapter.findPosted?.(chat.target, []) ?? Promise.resolve())).toMatchObject({
      code: "forbidden",
    });
    expect(probes(chat)).toHaveLength(1);
  });
});
