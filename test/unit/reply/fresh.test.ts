import { describe, expect, it } from "vitest";
import { apiError, rateLimited } from "../../../src/playground/discord/index.ts";
import { openChat, type TestChat } from "./chat.ts";

const deletion = "DELETE /channels/:id/messages/:id";

async function grown(chat: TestChat, onLeftover?: (error: unknown) => void) {
  const started = chat.reply(onLeftover ? { onLeftover } : {});
  started.reply.write("one");
  await chat.until("the first words", (texts) => texts[0] === "one");
  started.reply.write("one two");
  await chat.clock.advance(2000);
  await chat.until("more words", (texts) => texts[0] === "one two");
  return started;
}

describe("an answer that is to end as unread", () => {
  it("ends as a new message in the place of the one that grew", async () => {
    const chat = await openChat("discord", { finish: "fresh" });
    const { reply, records } = await grown(chat);
    const [before] = chat.messages();
    reply.write("one two three");
    await chat.clock.moveUntil(reply.finish());
    expect(chat.texts()).toEqual(["one two three"]);
    const [after] = chat.messages();
    expect(after?.id).not.toBe(before?.id);
    expect(after?.revisions).toHaveLength(1);
    expect(after?.replyToId).toBe(before?.replyToId);
    expect(records.at(-1)?.ref).not.toEqual(records[0]?.ref);
  });

  it("stays as it is when it never grew", async () => {
    const chat = await openChat("discord", { finish: "fresh" });
    const { reply } = chat.reply();
    reply.write("one");
    await chat.clock.moveUntil(reply.finish());
    expect(chat.calls()).toHaveLength(1);
  });

  it("renews its last message alone", async () => {
    const chat = await openChat("discord", { finish: "fresh" });
    const { reply } = chat.reply();
    const text = "word ".repeat(500);
    reply.write(text);
    await chat.clock.moveUntil(chat.until("two messages", (texts) => texts.length === 2));
    const [first] = chat.messages();
    reply.write(`${text} end`);
    await chat.clock.moveUntil(reply.finish());
    expect(chat.messages()[0]?.id).toBe(first?.id);
    expect(chat.texts().join(" ").replace(/\s+/g, " ")).toBe(`${text.trim()} end`);
  });

  it("keeps the message that grew when a new one is refused, and tells of it", async () => {
    const chat = await openChat("discord", { finish: "fresh" });
    const errors: unknown[] = [];
    const { reply } = await grown(chat, (error) => errors.push(error));
    chat.fail("post", apiError(403, 50_013, "Missing Permissions"));
    await chat.clock.moveUntil(reply.finish());
    expect(chat.texts()).toEqual(["one two"]);
    expect(errors).toHaveLength(1);
  });

  it.each([
    ["has to wait", rateLimited(8)],
    ["gets no answer", { kind: "reset", applied: false }],
  ] as const)("removes the old message in the end when that %s", async (_, effect) => {
    const chat = await openChat("discord", { finish: "fresh" });
    const { reply } = await grown(chat);
    chat.emulator.faults.add({ method: deletion, times: 3, effect });
    await chat.clock.moveUntil(reply.finish());
    expect(chat.texts()).toEqual(["one two"]);
    const times = chat.emulator.calls.filter(({ method }) => method === deletion).map(({ at }) => at);
    expect(times).toHaveLength(4);
    const gaps = times.slice(1).map((at, n) => at - (times[n] ?? 0));
    if (effect.kind === "reply") for (const gap of gaps) expect(gap).toBeGreaterThanOrEqual(8000);
  });

  it("is whole, and told of, when the old message can't be removed", async () => {
    const chat = await openChat("discord", { finish: "fresh" });
    const errors: unknown[] = [];
    const { reply } = await grown(chat, (error) => errors.push(error));
    chat.emulator.faults.add({ method: deletion, effect: apiError(403, 50_013, "Missing Permissions") });
    await chat.clock.moveUntil(reply.finish());
    expect(chat.texts().at(-1)).toBe("one two");
    expect(errors).toHaveLength(1);
  });
});
