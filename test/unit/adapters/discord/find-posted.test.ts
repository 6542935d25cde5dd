import { describe, expect, it } from "vitest";
import type { MessageRef, Target } from "../../../../src/adapter.ts";
import { createManualClock } from "../../../support/manual-clock.ts";
import { failureOf, message, stored } from "./bridge-side.ts";
import { type Chat, chat, command, create, followUp } from "./chat.ts";

/** Posts although the answer is lost, and returns the id that the message got. */
async function postUnseen(c: Chat, target: Target, text: string, method = create): Promise<string> {
  // Through every repetition that the nonce allows.
  c.discord.faults.add({ method, times: method === create ? 3 : 1, effect: { kind: "reset", applied: true } });
  const room = c.discord.messages(c.room)[0]?.room ?? c.room;
  await failureOf(c.bridge.adapter.post(target, message(text, { reply: text === "first" })), c.discord);
  const found = c.discord.botMessages(room).find((shown) => shown.text === text);
  if (!found) throw new Error("The message is not there.");
  return found.id;
}

function idOf(ref: MessageRef | undefined): unknown {
  return (ref?.address as { message?: string } | undefined)?.message;
}

/** What the adapter finds, as a message that can be edited. */
async function found(c: Chat, target: Target, known: readonly MessageRef[] = []): Promise<unknown> {
  const ref = await c.bridge.adapter.findPosted?.(target, known);
  if (ref) await c.bridge.adapter.edit(stored(ref), message("found"));
  return idOf(ref);
}

describe("in a channel", () => {
  it("finds the first message of an answer by what it replies to", async () => {
    const c = await chat();
    const lost = await postUnseen(c, c.target, "first");
    expect(await found(c, c.target)).toBe(lost);
    expect(c.discord.botMessages(c.room)).toMatchObject([{ text: "found" }]);
  });

  it("finds nothing where nothing was posted, or all of it is known", async () => {
    const c = await chat();
    expect(await found(c, c.target)).toBeUndefined();
    const ref = stored(await c.bridge.adapter.post(c.target, message("first", { reply: true })));
    expect(await found(c, c.target, [ref])).toBeUndefined();
  });

  it("finds a later message of an answer behind those that are known", async () => {
    const c = await chat();
    const first = stored(await c.bridge.adapter.post(c.target, message("first", { reply: true })));
    const second = stored(await c.bridge.adapter.post(c.target, message("second")));
    c.discord.say(c.person, c.room, "and?");
    const lost = await postUnseen(c, c.target, "third");
    expect(await found(c, c.target, [first, second])).toBe(lost);
  });

  it("finds files that were sent, all of an album at once", async () => {
    const c = await chat();
    const first = stored(await c.bridge.adapter.post(c.target, message("first", { reply: true })));
    c.discord.faults.add({ method: create, times: 3, effect: { kind: "reset", applied: true } });
    const picture = { kind: "image", name: "a.png", mimeType: "image/png", data: Buffer.from("picture") } as const;
    await failureOf(c.bridge.adapter.postMedia(c.target, { items: [picture, picture] }), c.discord);
    const lost = await c.bridge.adapter.findPosted?.(c.target, [first]);
    expect(idOf(lost)).toBe(c.discord.botMessages(c.room)[1]?.id);
    expect(await c.bridge.adapter.findPosted?.(c.target, [first, ...(lost ? [lost] : [])])).toBeUndefined();
  });

  it("takes no message of another answer", async () => {
    const c = await chat();
    const first = stored(await c.bridge.adapter.post(c.target, message("first", { reply: true })));
    c.discord.say(c.person, c.room, "something else");
    const [, event] = await c.bridge.received(2);
    if (!event) throw new Error("nothing arrived");
    await c.bridge.adapter.post(event.target, message("other", { reply: true }));
    await c.bridge.adapter.post(event.target, message("more of the other"));
    expect(await found(c, c.target, [first])).toBeUndefined();
    expect(await found(c, c.target)).toBe(idOf(first));
  });

  it("takes no answer to a command", async () => {
    const c = await command("private");
    const [said] = c.bridge.events;
    if (!said) throw new Error("nothing arrived");
    const first = stored(await c.bridge.adapter.post(said.target, message("first", { reply: true })));
    c.discord.command(c.person, c.room, "help");
    const given = (await c.bridge.received(4)).findLast(({ type }) => type === "command");
    if (given) await c.bridge.adapter.post(given.target, message("help"));
    expect(c.discord.botMessages(c.room).at(-1)).toMatchObject({ text: "help" });
    expect(await found(c, said.target, [first])).toBeUndefined();
  });

  it("finds a message that is no reply behind the newest one that is known, and else nothing", async () => {
    const c = await chat();
    const target = c.bridge.adapter.chatTarget(c.room.id);
    const first = stored(await c.bridge.adapter.post(target, message("first")));
    const lost = await postUnseen(c, target, "second");
    expect(await found(c, target)).toBeUndefined();
    expect(await found(c, target, [first])).toBe(lost);
  });

  it("finds it among hundreds of others", async () => {
    const c = await chat({}, { limits: "off" });
    for (let count = 0; count < 150; count += 1) c.discord.say(c.person, c.room, `${count}`);
    const lost = await postUnseen(c, c.target, "first");
    for (let count = 0; count < 70; count += 1) c.discord.say(c.person, c.room, `${count}`);
    expect(await found(c, c.target)).toBe(lost);
  });

  it("tells what kept it from looking", async () => {
    const c = await chat();
    c.discord.faults.add({
      method: "GET /channels/:id/messages",
      effect: { kind: "reply", status: 403, body: { code: 50_001, message: "Missing Access" } },
    });
    const looking = Promise.resolve(c.bridge.adapter.findPosted?.(c.target, []));
    expect(await failureOf(looking, c.discord)).toMatchObject({ code: "forbidden" });
  });
});

describe("among the answers to a command", () => {
  it("finds those that everyone in the channel sees", async () => {
    const c = await command("private");
    expect(await found(c, c.target)).toBeUndefined();
    const first = stored(await c.bridge.adapter.post(c.target, message("first")));
    expect(await found(c, c.target, [first])).toBeUndefined();
    const lost = await postUnseen(c, c.target, "second", followUp);
    expect(await found(c, c.target, [first])).toBe(lost);
  });

  it("finds the first one that one person alone sees", async () => {
    const clock = createManualClock();
    const c = await command("group", { clock });
    expect(await found(c, c.target)).toBeUndefined();
    const first = stored(await c.bridge.adapter.post(c.target, message("first")));
    expect(await found(c, c.target)).toBe(idOf(first));
    expect(await found(c, c.target, [first])).toBeUndefined();
    await c.bridge.adapter.delete(first);
    expect(await found(c, c.target)).toBeUndefined();
    await clock.advance(15 * 60_000);
    expect(await found(c, c.target)).toBeUndefined();
  });
});
