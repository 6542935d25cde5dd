import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { Pages } from "../../../src/reply/pages.ts";
import { platformNames } from "../../support/world.ts";
import { longAnswer } from "../markdown/corpus.ts";
import { rendered } from "../markdown/formatted.ts";
import { createChance } from "../random.ts";
import { openChat, type TestChat } from "./chat.ts";
import { wire } from "./wire.ts";

const solid = (text: string) => text.replace(/\s+/g, "");

/** Holds the next call of this kind on the platform's side until time has moved on by `ms`. */
function holdNext(chat: TestChat, call: "post" | "edit", ms: number): void {
  chat.fail(call, { kind: "delay", ms });
}

describe.each(platformNames)("a reply on %s", (name) => {
  const textOf = wire[name].textOf;

  it("shows the first words at once, as a reply to the person", async () => {
    const chat = await openChat(name);
    const startedAt = chat.clock.now();
    const { reply } = chat.reply();
    reply.write("Hel");
    await chat.until("the first words", (texts) => texts[0] === "Hel");
    expect(chat.calls()[0]?.at).toBe(startedAt);
    expect(chat.messages()[0]?.replyToId).toBe(chat.emulator.messages(chat.room)[0]?.id);
  });

  it("carries what is newest when the next call may be made, and nothing in between", async () => {
    const chat = await openChat(name);
    const { reply } = chat.reply();
    reply.write("one");
    await chat.until("one", (texts) => texts[0] === "one");
    for (const text of ["one two", "one two three", "one two three four"]) {
      reply.write(text);
      await chat.clock.advance(100);
    }
    await chat.clock.advance(2000);
    await chat.until("four", (texts) => texts[0] === "one two three four");
    expect(chat.calls().map(textOf)).toEqual(["one", "one two three four"]);
  });

  it("shows the last words after a while without waiting for the end", async () => {
    const chat = await openChat(name);
    const { reply } = chat.reply();
    reply.write("one");
    await chat.until("one", (texts) => texts[0] === "one");
    reply.write("one two");
    await chat.clock.advance(2000);
    await chat.until("two", (texts) => texts[0] === "one two");
  });

  it("has one call in flight, however long it takes", async () => {
    const chat = await openChat(name);
    const { reply } = chat.reply();
    holdNext(chat, "post", 5000);
    reply.write("one");
    for (let n = 0; n < 8; n += 1) {
      await chat.clock.advance(500);
      reply.write(`one ${n}`);
    }
    expect(chat.emulator.botMessages(chat.room)).toHaveLength(1);
    await chat.clock.advance(5000);
    await chat.until("the newest", (texts) => texts[0] === "one 7");
    expect(chat.calls().map(textOf)).toEqual(["one", "one 7"]);
  });

  it("shows the end at once, without the distance that steps keep", async () => {
    const chat = await openChat(name);
    const { reply } = chat.reply();
    const startedAt = chat.clock.now();
    reply.write("one");
    await chat.until("one", (texts) => texts[0] === "one");
    reply.write("one two");
    reply.write("one two three");
    await reply.finish();
    expect(chat.texts()).toEqual(["one two three"]);
    expect(chat.calls().map(({ at }) => at)).toEqual([startedAt, startedAt]);
  });

  it("never sends the same text twice", async () => {
    const chat = await openChat(name);
    const { reply } = chat.reply();
    for (const text of ["one", "one", "one \n", "one two", "one", "one\n\n"]) {
      reply.write(text);
      await chat.clock.advance(3000);
    }
    await reply.finish();
    const sent = chat.calls().map(textOf);
    expect(sent.every((text, n) => text !== sent[n - 1])).toBe(true);
    expect(chat.texts()).toEqual(["one"]);
  });

  it("sends nothing for an answer of white space", async () => {
    const chat = await openChat(name);
    const { reply } = chat.reply();
    reply.write(" \n\n ");
    await reply.finish();
    expect(chat.calls()).toEqual([]);
    expect(reply.isVisible).toBe(false);
  });

  it("shows an answer of 12,000 characters that grows: whole, in order, within the limit, sealed messages untouched", async () => {
    const chat = await openChat(name);
    const { reply, records } = chat.reply();
    const chance = createChance(name.length);
    const source = longAnswer(chance, 12_000);
    const seen = new Map<string, string>();
    for (let end = 0; end < source.length; ) {
      end = Math.min(source.length, end + 1 + chance.below(300));
      reply.write(source.slice(0, end));
      if (chance.below(4) > 0) continue;
      await chat.clock.advance(1500);
      // Whatever stands before the last message is sealed and must stay as it is.
      const shown = chat.messages();
      for (const { id, text } of shown.slice(0, -1)) {
        expect(seen.get(id) ?? text).toBe(text);
        seen.set(id, text);
      }
    }
    await chat.clock.moveUntil(reply.finish());
    expect(solid(chat.texts().join(""))).toBe(solid(rendered(source).text));
    expect(
      chat
        .messages()
        .slice(0, seen.size)
        .map(({ text }) => text),
    ).toEqual([...seen.values()]);
    expect(records.filter(({ sealed }) => sealed).map(({ part }) => part)).toEqual(
      chat
        .messages()
        .slice(0, -1)
        .map((_, part) => part),
    );
  });

  it("shows one delta that is much larger than a message", async () => {
    const chat = await openChat(name);
    const { reply } = chat.reply();
    const source = longAnswer(createChance(3), 15_000);
    reply.write(source);
    await chat.clock.moveUntil(reply.finish());
    expect(solid(chat.texts().join(""))).toBe(solid(rendered(source).text));
    expect(chat.messages().filter(({ replyToId }) => replyToId !== undefined)).toHaveLength(1);
  });

  it("begins the next message at once when the one before is full and shown", async () => {
    const chat = await openChat(name);
    const code = (lines: number) => `\`\`\`\n${"line of the code\n".repeat(lines)}`;
    const pages = new Pages(chat.adapter.capabilities);
    let lines = 1;
    for (pages.write(code(lines)); !pages.open().full; pages.write(code(lines))) lines += 1;
    const { reply } = chat.reply();
    reply.write(code(lines - 1));
    await chat.until("a full message", (texts) => texts.length === 1);
    await chat.clock.advance(10);
    reply.write(code(lines));
    await chat.until("the next message", (texts) => texts.length === 2);
    expect(chat.calls().map(({ at }) => at - (chat.calls()[0]?.at ?? 0))).toEqual([0, 10]);
  });

  it("follows the whole message when that differs from its deltas", async () => {
    const chat = await openChat(name);
    const { reply } = chat.reply();
    reply.write("The capital of Australia is Sydney");
    await chat.until("the deltas", (texts) => texts.length === 1);
    reply.write("The capital of Australia is Canberra.");
    await reply.finish();
    expect(chat.texts()).toEqual(["The capital of Australia is Canberra."]);
  });

  it("loses nothing of a long answer that is replaced by another one", async () => {
    const chat = await openChat(name);
    const { reply } = chat.reply();
    reply.write(longAnswer(createChance(1), 10_000));
    await chat.clock.moveUntil(chat.until("two messages", (texts) => texts.length >= 2));
    const other = "Z".repeat(50);
    reply.write(other);
    await chat.clock.moveUntil(reply.finish());
    expect(chat.texts().at(-1)).toBe(other);
  });

  it("puts the bridge's own words below the answer, and takes them away again", async () => {
    const chat = await openChat(name);
    const { reply } = chat.reply();
    reply.annotate("Please wait.");
    await chat.until("the note", (texts) => texts[0] === "Please wait.");
    reply.annotate("");
    reply.write("Hello");
    await chat.clock.advance(2000);
    await chat.until("the answer", (texts) => texts[0] === "Hello");
    reply.annotate("Stopped.");
    await reply.finish();
    expect(chat.texts()).toEqual(["Hello\n\nStopped."]);
  });

  it("records each message before it is sent, when it is there and when it is sealed", async () => {
    const chat = await openChat(name);
    const { reply, records } = chat.reply();
    reply.write("word ".repeat(1500));
    await chat.clock.moveUntil(reply.finish());
    const parts = chat.messages().length;
    const steps = records.map(({ part, ref, sealed }) => `${part} ${ref ? (sealed ? "sealed" : "sent") : "intended"}`);
    const all = Array.from({ length: parts }, (_, part) => [`${part} intended`, `${part} sent`, `${part} sealed`]);
    expect(steps).toEqual(all.flat().slice(0, -1));
  });

  it("goes on after a restart where the messages of the earlier process end", async () => {
    const chat = await openChat(name);
    const source = longAnswer(createChance(5), 9000);
    const first = chat.reply();
    first.reply.write(source.slice(0, 6000));
    await chat.clock.moveUntil(first.reply.finish());
    const sent = [...new Map(first.records.map((record) => [record.part, record])).values()];
    const second = chat.reply({ sent });
    expect(second.reply.isVisible).toBe(true);
    second.reply.write(source);
    await chat.clock.moveUntil(second.reply.finish());
    expect(solid(chat.texts().join(""))).toBe(solid(rendered(source).text));
  });

  it("leaves neither timers nor listeners when it is finished", async () => {
    const chat = await openChat(name);
    const { reply, shutdown } = chat.reply();
    const before = chat.clock.pending;
    for (const text of ["one", "one two", "one two three"]) {
      reply.write(text);
      await chat.clock.advance(300);
    }
    await reply.finish();
    expect(chat.clock.pending).toBe(before);
    expect(getEventListeners(shutdown.signal, "abort")).toEqual([]);
  });
});
