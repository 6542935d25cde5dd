import { describe, expect, it } from "vitest";
import { platformNames } from "../../support/world.ts";
import { longAnswer } from "../markdown/corpus.ts";
import { rendered } from "../markdown/formatted.ts";
import { createChance } from "../random.ts";
import { begin, openChat, type TestChat } from "./chat.ts";
import { wire } from "./wire.ts";

const solid = (text: string) => text.replace(/\s+/g, "");

/** Calls were made at these moments, in seconds after the first one: none earlier, and none a quarter of a second later. */
function expectMoments(chat: TestChat, moments: readonly number[]): void {
  const times = chat.calls().map(({ at }) => (at - (chat.calls()[0]?.at ?? 0)) / 1000);
  expect(times).toHaveLength(moments.length);
  let delay = 0;
  for (const [n, time] of times.entries()) {
    // discord.js adds some milliseconds to each penalty.
    expect(time - delay).toBeGreaterThanOrEqual(moments[n] ?? 0);
    expect(time - delay).toBeLessThan((moments[n] ?? 0) + 0.25);
    delay = time - (moments[n] ?? 0);
  }
}

describe.each(platformNames)("a penalty on %s", (name) => {
  const { tooMany, textOf } = wire[name];

  it("on the first message delays it, and what is shown then is the newest", async () => {
    const chat = await openChat(name);
    const { reply } = chat.reply();
    chat.fail("post", tooMany(35));
    reply.write("one");
    await chat.emulator.until("the refusal", () => chat.calls()[0]?.status === 429);
    reply.write("one two");
    await chat.clock.advance(34_900);
    expect(chat.calls()).toHaveLength(1);
    await chat.clock.moveUntil(reply.finish());
    expect(chat.texts()).toEqual(["one two"]);
    expectMoments(chat, [0, 35]);
  });

  it("in the middle is kept to the second, while the text grows on unseen", async () => {
    const chat = await openChat(name);
    const { reply } = await begin(chat);
    chat.fail("edit", tooMany(60));
    for (let n = 0; n < 50; n += 1) {
      reply.write(`one ${n}`);
      await chat.clock.advance(1000);
    }
    expect(chat.calls().map(({ status }) => status)).toEqual([200, 429]);
    await chat.clock.moveUntil(reply.finish());
    expect(chat.texts()).toEqual(["one 49"]);
    expect(chat.calls().map(textOf)).toEqual(["one", "one 0", "one 49"]);
    expectMoments(chat, [0, 2, 62]);
  });

  it("exactly at the end is waited for in full: nothing is called inside it, and the end is shown", async () => {
    const chat = await openChat(name);
    const { reply } = await begin(chat);
    chat.fail("edit", tooMany(140));
    reply.write("one two three");
    const finished = reply.finish();
    await chat.emulator.until("the refusal", () => chat.calls()[1]?.status === 429);
    await chat.clock.advance(139_900);
    expect(chat.calls()).toHaveLength(2);
    await chat.clock.moveUntil(finished);
    expect(chat.texts()).toEqual(["one two three"]);
    expectMoments(chat, [0, 2, 142]);
  });

  it("that follows another is kept too", async () => {
    const chat = await openChat(name);
    const { reply } = await begin(chat);
    chat.fail("edit", tooMany(30), { times: 3 });
    reply.write("one two");
    await chat.clock.moveUntil(reply.finish());
    expect(chat.texts()).toEqual(["one two"]);
    expectMoments(chat, [0, 2, 32, 62, 92]);
  });

  it("holds for every answer of the chat", async () => {
    const chat = await openChat(name);
    const { reply } = await begin(chat);
    chat.fail("edit", tooMany(60));
    reply.write("one two");
    await expect.poll(() => chat.budget.isPenalised()).toBe(true);
    const other = chat.reply({ id: "other" });
    other.reply.write("another answer");
    await chat.clock.advance(59_000);
    expect(chat.calls()).toHaveLength(2);
    await chat.clock.moveUntil(Promise.all([reply.finish(), other.reply.finish()]));
    expect(chat.texts()).toEqual(["one two", "another answer"]);
  });

  it("between two messages of a long answer loses and doubles nothing", async () => {
    const chat = await openChat(name);
    const { reply } = chat.reply();
    chat.fail("post", tooMany(40), { skip: 1 });
    chat.fail("post", tooMany(40), { skip: 1 });
    const source = longAnswer(createChance(1), 12_000);
    reply.write(source);
    await chat.clock.moveUntil(reply.finish());
    expect(solid(chat.texts().join(""))).toBe(solid(rendered(source).text));
  });
});
