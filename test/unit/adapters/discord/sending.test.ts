import { describe, expect, it } from "vitest";
import { apiError, cloudflareHtml, rateLimited, serverError } from "../../../../src/playground/discord/index.ts";
import { createManualClock } from "../../../support/manual-clock.ts";
import { callsOf, emulator, failureOf, message, onlineBridge, stored } from "./bridge-side.ts";
import { type Chat, chat, create, removal, update } from "./chat.ts";

describe("in a channel", () => {
  it("posts as a reply, edits and pings nobody", async () => {
    const { discord, bridge, person, room, target } = await chat();
    const ref = await bridge.adapter.post(target, message(`one <@${person.id}> @everyone`, { reply: true }));
    await bridge.adapter.edit(stored(ref), message(`two <@${person.id}> @everyone`));
    await bridge.adapter.post(target, message("three"));
    const [first, second] = discord.botMessages(room);
    expect(first).toMatchObject({ text: `two \\<@${person.id}> @everyone`, pings: [] });
    expect(first?.replyToId).toBe(discord.messages(room)[0]?.id);
    expect(first?.revisions).toHaveLength(2);
    expect(second).toMatchObject({ text: "three" });
    expect(second).not.toHaveProperty("replyToId");
  });

  it("posts where the message it replies to is gone", async () => {
    const { discord, bridge, person, room, target } = await chat();
    const [said] = discord.messages(room);
    if (said) discord.deleteMessage(person, said);
    await bridge.adapter.post(target, message("still here", { reply: true }));
    expect(discord.botMessages(room)).toMatchObject([{ text: "still here" }]);
  });

  it("renders formats as Discord's markdown", async () => {
    const { discord, bridge, room, target } = await chat();
    const text = { text: "a b", ranges: [{ start: 2, end: 3, format: { type: "bold" as const } }] };
    await bridge.adapter.post(target, { text });
    expect(discord.botMessages(room)).toMatchObject([{ text: "a **b**" }]);
  });

  it("takes an edit without a change", async () => {
    const { bridge, target } = await chat();
    const ref = await bridge.adapter.post(target, message("same"));
    await expect(bridge.adapter.edit(ref, message("same"))).resolves.toBeUndefined();
  });

  it("deletes a message, and takes one that is gone for deleted", async () => {
    const { discord, bridge, room, target } = await chat();
    const ref = stored(await bridge.adapter.post(target, message("gone soon")));
    await bridge.adapter.delete(ref);
    expect(discord.botMessages(room)).toEqual([]);
    await expect(bridge.adapter.delete(ref)).resolves.toBeUndefined();
    expect(callsOf(discord, removal).map(({ status }) => status)).toEqual([204, 404]);
  });

  it("shows the bot as typing", async () => {
    const { discord, bridge, room, target } = await chat();
    await bridge.adapter.startTyping(target);
    expect(discord.isTyping(room)).toBe(true);
  });

  it("posts a message of exactly the longest length, and none beyond", async () => {
    const { discord, bridge, room, target } = await chat();
    const { maxLength, measure } = bridge.adapter.capabilities;
    const longest = message("😀".repeat(maxLength));
    expect(measure(longest.text)).toBe(maxLength);
    await bridge.adapter.post(target, longest);
    expect(discord.botMessages(room)).toHaveLength(1);
    const failure = await failureOf(bridge.adapter.post(target, message(`${longest.text.text}x`)), discord);
    expect(failure).toMatchObject({ code: "too-long", status: 400, method: create });
  });
});

describe("makes exactly one message", () => {
  it.each([
    ["the connection is cut after Discord took it", { kind: "reset", applied: true } as const],
    ["the connection is cut before Discord took it", { kind: "reset", applied: false } as const],
    ["Discord fails", serverError(500)],
    ["Cloudflare can't reach Discord", cloudflareHtml(502)],
  ])("when %s", async (_, effect) => {
    const { discord, bridge, room, target } = await chat();
    discord.faults.add({ method: create, effect });
    const ref = await bridge.adapter.post(target, message("once"));
    expect(discord.botMessages(room)).toMatchObject([
      { text: "once", id: (ref.address as { message: string }).message },
    ]);
    expect(callsOf(discord, create)).toHaveLength(2);
  });

  it("when no answer comes at all", async () => {
    const clock = createManualClock();
    const { discord, bridge, room, target } = await chat({ clock });
    discord.faults.add({ method: create, effect: { kind: "hang", applied: true } });
    const posting = bridge.adapter.post(target, message("once"));
    await discord.until("the hanging call", () => callsOf(discord, create).length === 1);
    await clock.advance(15_000);
    await clock.moveUntil(posting, 5_000);
    expect(discord.botMessages(room)).toHaveLength(1);
  });

  it("for one nonce, also in two calls", async () => {
    const { discord, bridge, room, target } = await chat();
    const refs = [];
    for (let i = 0; i < 2; i += 1) refs.push(await bridge.adapter.post(target, message("once", { nonce: "turn-1" })));
    expect(refs[0]).toEqual(refs[1]);
    expect(discord.botMessages(room)).toHaveLength(1);
  });

  it("for one nonce, with the text of the later call", async () => {
    const { discord, bridge, room, target } = await chat();
    await bridge.adapter.post(target, message("One", { nonce: "turn-1" }));
    await bridge.adapter.post(target, message("One and two", { nonce: "turn-1" }));
    expect(discord.botMessages(room).map(({ text }) => text)).toEqual(["One and two"]);
  });
});

describe("tells what went wrong", () => {
  it("as network after three attempts without an answer", async () => {
    const { discord, bridge, target } = await chat();
    discord.faults.add({ method: create, times: 3, effect: { kind: "reset", applied: false } });
    expect(await failureOf(bridge.adapter.post(target, message("x")), discord)).toMatchObject({
      code: "network",
      method: create,
    });
    expect(callsOf(discord, create)).toHaveLength(3);
  });

  it("as network when a refusal follows an attempt without an answer", async () => {
    const { discord, bridge, target } = await chat();
    discord.faults.add({ method: create, effect: { kind: "reset", applied: true } });
    discord.faults.add({ method: create, effect: rateLimited(2) });
    expect(await failureOf(bridge.adapter.post(target, message("x")), discord)).toMatchObject({ code: "network" });
  });

  it("of an edit, which it tries once", async () => {
    const { discord, bridge, target } = await chat();
    const ref = await bridge.adapter.post(target, message("one"));
    discord.faults.add({ method: update, effect: serverError(503) });
    expect(await failureOf(bridge.adapter.edit(ref, message("two")), discord)).toMatchObject({
      code: "network",
      status: 503,
    });
    expect(callsOf(discord, update)).toHaveLength(1);
  });

  it.each([
    ["a limit of the channel", rateLimited(3), 3_000, "chat"],
    ["a limit of the bot", rateLimited(2, { global: true }), 2_000, "bot"],
    ["a limit of the bot, to the millisecond", rateLimited(0.347, { global: true }), 347, "bot"],
    ["a limit shared with others", rateLimited(1.25, { scope: "shared" }), 1_250, "chat"],
    ["a time with more than three decimals", rateLimited(2.00041), 2_001, "chat"],
  ])("%s", async (_, effect, retryAfterMs, scope) => {
    const { discord, bridge, target } = await chat();
    discord.faults.add({ method: create, effect });
    const failure = await failureOf(bridge.adapter.post(target, message("x")), discord);
    expect(failure).toMatchObject({ code: "rate-limited", status: 429, scope });
    expect(failure.retryAfterMs).toBe(retryAfterMs);
    expect(callsOf(discord, create)).toHaveLength(1);
  });

  it("of too many edits of an old message", async () => {
    const { discord, bridge, target } = await chat();
    const ref = await bridge.adapter.post(target, message("one"));
    const { effect } = oldMessageLimit(17.3);
    discord.faults.add({ method: update, effect });
    const failure = await failureOf(bridge.adapter.edit(ref, message("two")), discord);
    expect(failure).toMatchObject({ code: "rate-limited", retryAfterMs: 17_300, scope: "chat", method: update });
  });

  it("of an address that Cloudflare keeps out, for every chat", async () => {
    const { discord, bridge, target } = await chat();
    const effect = { kind: "reply", status: 429, body: "<html>1015</html>", headers: { "Retry-After": "90" } } as const;
    discord.faults.add({ method: create, effect });
    const failure = await failureOf(bridge.adapter.post(target, message("x")), discord);
    expect(failure).toMatchObject({ code: "rate-limited", retryAfterMs: 90_000, scope: "bot" });
  });

  it.each([
    ["a blocked private chat", (c: Chat) => c.discord.setBlocked(c.person, true), "forbidden"],
    [
      "anything Discord does not explain",
      (c: Chat) =>
        c.discord.faults.add({ method: create, effect: apiError(400, 50006, "Cannot send an empty message") }),
      "unknown",
    ],
  ])("%s", async (_, prepare, code) => {
    const c = await chat();
    prepare(c);
    expect(await failureOf(c.bridge.adapter.post(c.target, message("x")), c.discord)).toMatchObject({ code });
  });

  it("of an edit whose message is gone", async () => {
    const { discord, bridge, target } = await chat();
    const ref = await bridge.adapter.post(target, message("x"));
    discord.faults.add({ method: update, effect: apiError(404, 10008, "Unknown Message") });
    expect(await failureOf(bridge.adapter.edit(ref, message("y")), discord)).toMatchObject({ code: "not-found" });
  });

  it("of a channel it may not write to", async () => {
    const discord = await emulator();
    const bridge = await onlineBridge(discord);
    const person = discord.addPerson();
    const room = discord.addGroup("general", [person]);
    discord.say(person, room, "hello", { mention: true });
    const [event] = await bridge.received(1);
    discord.setPermission(room, "SEND_MESSAGES", false);
    if (!event) throw new Error("nothing arrived");
    expect(await failureOf(bridge.adapter.post(event.target, message("x")), discord)).toMatchObject({
      code: "forbidden",
      status: 403,
    });
  });
});

function oldMessageLimit(seconds: number) {
  const text = "Maximum number of edits to messages older than 1 hour reached. Try again later";
  const body = { message: text, code: 30046, retry_after: seconds, global: false };
  return { effect: { kind: "reply", status: 429, body } as const };
}
