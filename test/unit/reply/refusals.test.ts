import { describe, expect, it } from "vitest";
import { PlatformError } from "../../../src/errors.ts";
import { platformNames } from "../../support/world.ts";
import { rendered } from "../markdown/formatted.ts";
import { begin, openChat } from "./chat.ts";
import { wire } from "./wire.ts";

const solid = (text: string) => text.replace(/\s+/g, "");

describe.each(platformNames)("a message on %s that someone deleted", (name) => {
  it("goes on in a new message, and an answer before it stays as it is", async () => {
    const chat = await openChat(name);
    const { maxLength } = chat.adapter.capabilities;
    const words = (count: number) => Array.from({ length: count }, (_, n) => `w${n}`).join(" ");
    const { reply, records } = chat.reply();
    reply.write(words(maxLength / 4));
    await chat.clock.moveUntil(chat.until("two messages", (texts) => texts.length === 2));
    const [sealed, open] = chat.messages();
    chat.fail("edit", wire[name].gone);
    reply.write(words(maxLength / 4 + 50));
    await chat.clock.moveUntil(reply.finish());
    // The fault only says that the message is gone; here it still stands, and the new one holds its whole page.
    const [first, former, renewed] = chat.messages();
    expect([first, former]).toEqual([sealed, open]);
    expect(solid(`${first?.text}${renewed?.text}`)).toBe(solid(words(maxLength / 4 + 50)));
    const sent = records.filter(({ ref }) => ref);
    expect(sent.map(({ part }) => part)).toEqual([0, 0, 1, 1]);
    expect(sent[3]?.ref).not.toEqual(sent[2]?.ref);
  });

  it("is given up when new messages keep being gone", async () => {
    const chat = await openChat(name);
    const { reply, failures } = await begin(chat);
    chat.fail("edit", wire[name].gone, { times: Number.POSITIVE_INFINITY });
    chat.fail("post", wire[name].gone, { times: Number.POSITIVE_INFINITY });
    reply.write("one two");
    const outcome = await chat.clock.moveUntil(reply.finish().catch((error: unknown) => error));
    expect(outcome).toMatchObject({ code: "not-found" });
    expect(failures).toEqual([outcome]);
  });
});

describe("a message on Telegram that the person deleted", () => {
  it("goes on in a new message", async () => {
    const chat = await openChat("telegram");
    if (chat.emulator.name !== "telegram") return;
    const { reply } = await begin(chat);
    const [first] = chat.messages();
    if (first) chat.emulator.deleteMessage(chat.person, first);
    reply.write("one two");
    await chat.clock.moveUntil(reply.finish());
    expect(chat.texts()).toEqual(["one two"]);
  });
});

describe.each(platformNames)("a refusal by %s", (name) => {
  const { tooLong, unknown, forbidden } = wire[name];

  it("as too long makes the message shorter; the rest goes into the next one", async () => {
    const chat = await openChat(name);
    const { reply } = chat.reply();
    chat.fail("post", tooLong);
    const source = "word ".repeat(1000).trim();
    reply.write(source);
    await chat.clock.moveUntil(reply.finish());
    const limit = chat.adapter.capabilities.maxLength;
    expect(solid(chat.texts().join(""))).toBe(solid(source));
    expect(chat.texts()[0]?.length).toBeLessThanOrEqual(limit * 0.9);
  });

  it("as too long, again and again, ends the reply", async () => {
    const chat = await openChat(name);
    const { reply, failures } = chat.reply();
    chat.fail("post", tooLong, { times: Number.POSITIVE_INFINITY });
    reply.write("one");
    const outcome = await chat.clock.moveUntil(reply.finish().catch((error: unknown) => error));
    expect(outcome).toMatchObject({ code: "too-long" });
    expect(failures).toEqual([outcome]);
    expect(chat.calls().length).toBeLessThan(10);
  });

  it("for an unknown reason is answered with plain text, once", async () => {
    const chat = await openChat(name);
    const { reply } = chat.reply();
    chat.fail("post", unknown);
    reply.write("**one** two");
    await chat.clock.moveUntil(chat.until("the words", (texts) => texts[0] === "one two"));
    expect(chat.messages()[0]?.revisions[0]?.entities).toEqual([]);
    expect(chat.messages()[0]?.text).toBe("one two");
    await reply.finish();
    expect(chat.calls()).toHaveLength(2);
  });

  it("of a page of code is answered with plain text that is within the limit too", async () => {
    const chat = await openChat(name);
    const { reply, failures } = chat.reply();
    chat.fail("post", unknown);
    const source = `\`\`\`\n${"a_b * c_d [e]\n".repeat(200)}\`\`\``;
    reply.write(source);
    await chat.clock.moveUntil(reply.finish());
    expect(failures).toEqual([]);
    expect(solid(chat.texts().join(""))).toBe(solid(rendered(source).text));
  });

  it("of a message with buttons is answered with the same text without them", async () => {
    const chat = await openChat(name);
    const { reply, failures } = chat.reply();
    chat.fail("post", unknown);
    reply.offer([[{ label: "Again", value: "again:1" }]]);
    reply.write("**one** two");
    await chat.clock.moveUntil(reply.finish());
    expect(failures).toEqual([]);
    expect(chat.texts()).toEqual(["one two"]);
    expect(chat.messages()[0]?.buttons).toEqual([]);
    const [first] = chat.messages();
    expect(name === "telegram" ? first?.revisions[0]?.entities.length : first?.text).toBe(
      name === "telegram" ? 1 : "**one** two",
    );
  });

  it("of plain text too ends the reply with what the platform said", async () => {
    const chat = await openChat(name);
    const { reply, failures } = chat.reply();
    chat.fail("post", unknown, { times: 2 });
    reply.write("one");
    await expect(chat.clock.moveUntil(reply.finish())).rejects.toBeInstanceOf(PlatformError);
    expect(failures).toHaveLength(1);
    expect(chat.calls()).toHaveLength(2);
  });

  it("to write at all ends the reply at once", async () => {
    const chat = await openChat(name);
    const { reply, failures, failed } = await begin(chat);
    chat.fail("any", forbidden);
    reply.write("one two");
    await failed;
    reply.write("one two three");
    const outcome = await reply.finish().catch((error: unknown) => error);
    expect(outcome).toMatchObject({ code: "forbidden" });
    expect(failures).toEqual([outcome]);
    expect(chat.calls()).toHaveLength(2);
  });
});
