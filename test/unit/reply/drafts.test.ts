import { describe, expect, it } from "vitest";
import type { ApiCall } from "../../../src/playground/chat-platform.ts";
import { tooManyRequests } from "../../../src/playground/telegram/index.ts";
import { longAnswer } from "../markdown/corpus.ts";
import { rendered } from "../markdown/formatted.ts";
import { createChance } from "../random.ts";
import { openChat, type TestChat } from "./chat.ts";

const solid = (text: string) => text.replace(/\s+/g, "");

const isDraft = ({ method }: ApiCall) => method === "sendMessageDraft";
const isShown = ({ method }: ApiCall) => method === "sendMessageDraft" || method === "sendMessage";

const drafts = (chat: TestChat) => chat.emulator.calls.filter(isDraft);
const texts = (calls: readonly ApiCall[]) => calls.map(({ parameters }) => String(parameters.text));

async function untilDrafts(chat: TestChat, count: number): Promise<void> {
  await chat.emulator.until(`${count} drafts`, () => drafts(chat).length >= count);
}

/** Grows an answer word by word, five words a second, and moves time along. */
async function grow(chat: TestChat, reply: { write(text: string): void }, words: number): Promise<string> {
  let text = "";
  for (let n = 0; n < words; n += 1) {
    text += `w${n} `;
    reply.write(text);
    await chat.clock.advance(200);
  }
  return text;
}

describe("an answer that is shown as a draft", () => {
  it("grows in the draft alone, and becomes one message at its end", async () => {
    const chat = await openChat("telegram", { streamMode: "draft" });
    const { reply, records } = chat.reply();
    await grow(chat, reply, 25);
    expect(chat.texts()).toEqual([]);
    await chat.clock.moveUntil(reply.finish());
    expect(drafts(chat).length).toBeGreaterThan(4);
    expect(new Set(drafts(chat).map(({ parameters }) => parameters.draft_id)).size).toBe(1);
    expect(chat.texts()).toEqual([Array.from({ length: 25 }, (_, n) => `w${n}`).join(" ")]);
    expect(chat.messages()[0]?.replyToId).toBe(chat.emulator.messages(chat.room)[0]?.id);
    expect(records.filter(({ ref }) => ref).map(({ part }) => part)).toEqual([0]);
  });

  it("is level with the message before that takes its place, and no draft comes after it", async () => {
    const chat = await openChat("telegram", { streamMode: "draft" });
    const { reply } = chat.reply();
    await grow(chat, reply, 10);
    reply.write("w0 and now something else entirely");
    await chat.clock.moveUntil(reply.finish());
    const calls = chat.emulator.calls.filter(isShown);
    expect(calls.at(-1)?.method).toBe("sendMessage");
    expect(calls.at(-2)?.method).toBe("sendMessageDraft");
    expect(texts(calls.slice(-2))).toEqual(Array(2).fill("w0 and now something else entirely"));
  });

  it("becomes a message whenever one is full, and goes on in a draft of its own", async () => {
    const chat = await openChat("telegram", { streamMode: "draft" });
    const { reply } = chat.reply();
    const source = longAnswer(createChance(2), 9000);
    for (let end = 0; end < source.length; ) {
      end = Math.min(source.length, end + 450);
      reply.write(source.slice(0, end));
      await chat.clock.advance(1000);
      await expect.poll(() => chat.emulator.calls.every(({ status }) => status !== 0)).toBe(true);
    }
    await chat.clock.moveUntil(reply.finish());
    expect(solid(chat.texts().join(""))).toBe(solid(rendered(source).text));
    expect(new Set(drafts(chat).map(({ parameters }) => parameters.draft_id)).size).toBe(chat.texts().length);
    expect(chat.emulator.calls.filter(isShown).every(({ status }) => status === 200)).toBe(true);
  });

  it("is refreshed with something new before it would disappear", async () => {
    const chat = await openChat("telegram", { streamMode: "draft" });
    const { reply } = chat.reply();
    reply.write("one");
    await untilDrafts(chat, 1);
    await chat.clock.advance(20_000);
    await untilDrafts(chat, 2);
    await chat.clock.advance(20_000);
    await untilDrafts(chat, 3);
    expect(texts(drafts(chat))).toEqual(["one", "one\n\n⏳ 20 s", "one\n\n⏳ 40 s"]);
    await chat.clock.moveUntil(reply.finish());
    expect(chat.texts()).toEqual(["one"]);
  });

  it.each([
    ["refused", { kind: "reply", status: 400, body: { ok: false, error_code: 400, description: "Bad Request: x" } }],
    ["answered with 429", tooManyRequests(30)],
  ] as const)("grows by edits when its draft is %s", async (_, effect) => {
    const chat = await openChat("telegram", { streamMode: "draft" });
    chat.emulator.faults.add({ method: "sendMessageDraft", effect });
    const { reply } = chat.reply();
    reply.write("one");
    await chat.until("the message", (shown) => shown[0] === "one");
    reply.write("one two");
    await chat.clock.advance(2000);
    await chat.until("the edit", (shown) => shown[0] === "one two");
    await chat.clock.moveUntil(reply.finish());
    expect(drafts(chat)).toHaveLength(1);
  });

  it("is a message at once when it is whole at once", async () => {
    const chat = await openChat("telegram", { streamMode: "draft" });
    const { reply } = chat.reply();
    reply.annotate("Stopped.");
    await chat.clock.moveUntil(reply.finish());
    expect(chat.texts()).toEqual(["Stopped."]);
    expect(drafts(chat)).toEqual([]);
  });

  it("keeps to the limit of drafts, however long it grows", async () => {
    const chat = await openChat("telegram", { streamMode: "draft" });
    const { reply } = chat.reply();
    await grow(chat, reply, 400);
    const moments = drafts(chat).map(({ at }) => at);
    for (const [count, perMs] of [
      [20, 5000],
      [40, 30_000],
    ] as const) {
      const most = Math.max(
        ...moments.map((at) => moments.filter((other) => other >= at && other < at + perMs).length),
      );
      expect(most).toBeLessThanOrEqual(count);
    }
    expect(moments.length).toBeGreaterThan(80);
    await chat.clock.moveUntil(reply.finish());
  });

  it("leaves no timer behind", async () => {
    const chat = await openChat("telegram", { streamMode: "draft" });
    const before = chat.clock.pending;
    const { reply } = chat.reply();
    await grow(chat, reply, 5);
    await chat.clock.moveUntil(reply.finish());
    // What the emulator keeps of the draft is its own.
    await chat.clock.advance(31_000);
    expect(chat.clock.pending).toBe(before);
  });
});
