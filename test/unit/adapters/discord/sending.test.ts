import { describe, expect, it } from "vitest";
import type { CommandEvent, MessageRef, Target } from "../../../../src/adapter.ts";
import type { Person, Room } from "../../../../src/playground/chat-platform.ts";
import {
  apiError,
  cloudflareHtml,
  type DiscordEmulator,
  rateLimited,
  serverError,
} from "../../../../src/playground/discord/index.ts";
import { createManualClock } from "../../../support/manual-clock.ts";
import { type BridgeSide, callsOf, emulator, failureOf, message, onlineBridge, stored } from "./bridge-side.ts";

const create = "POST /channels/:id/messages";
const update = "PATCH /channels/:id/messages/:id";
const original = "PATCH /webhooks/:id/:token/messages/:id";

interface Chat {
  readonly discord: DiscordEmulator;
  readonly bridge: BridgeSide;
  readonly person: Person;
  readonly room: Room;
  /** Where an answer to the person's message goes. */
  readonly target: Target;
}

/** A private chat in which a person has said something. */
async function chat(config: Parameters<typeof onlineBridge>[1] = {}): Promise<Chat> {
  const discord = await emulator();
  const bridge = await onlineBridge(discord, config);
  const person = discord.addPerson();
  const room = discord.privateRoom(person);
  discord.say(person, room, "hello");
  const [event] = await bridge.received(1);
  if (!event) throw new Error("nothing arrived");
  return { discord, bridge, person, room, target: stored(event.target) };
}

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
    ["a limit shared with others", rateLimited(1.25, { scope: "shared" }), 1_250, "chat"],
  ])("%s", async (_, effect, retryAfterMs, scope) => {
    const { discord, bridge, target } = await chat();
    discord.faults.add({ method: create, effect });
    const failure = await failureOf(bridge.adapter.post(target, message("x")), discord);
    expect(failure).toMatchObject({ code: "rate-limited", status: 429, scope });
    expect(failure.retryAfterMs).toBeGreaterThanOrEqual(retryAfterMs);
    expect(failure.retryAfterMs).toBeLessThan(retryAfterMs + 500);
    expect(callsOf(discord, create)).toHaveLength(1);
  });

  it("instead of waiting in a queue when a limit is used up", async () => {
    const { discord, bridge, target } = await chat();
    const ref = await bridge.adapter.post(target, message("0"));
    for (let i = 1; i <= 5; i += 1) await bridge.adapter.edit(ref, message(`${i}`));
    const failure = await failureOf(bridge.adapter.edit(ref, message("6")), discord);
    expect(failure).toMatchObject({ code: "rate-limited", scope: "chat" });
    expect(failure.retryAfterMs).toBeGreaterThan(3_000);
    expect(callsOf(discord, update)).toHaveLength(5);
    expect(discord.calls.filter(({ status }) => status === 429)).toEqual([]);
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

describe("through an interaction", () => {
  async function command(config: Parameters<typeof onlineBridge>[1] = {}) {
    const c = await chat(config);
    await c.bridge.adapter.registerCommands?.([{ name: "help", description: "Help", translations: {} }]);
    c.discord.command(c.person, c.room, "help");
    const event = (await c.bridge.received(2))[1] as CommandEvent;
    return { ...c, event, target: stored(event.target) };
  }

  it("fills in the deferred answer, follows up and edits both", async () => {
    const { discord, bridge, room, target } = await command();
    await bridge.adapter.startTyping(target);
    const refs: MessageRef[] = [];
    for (const text of ["one", "two"]) refs.push(stored(await bridge.adapter.post(target, message(text))));
    for (const ref of refs) await bridge.adapter.edit(ref, message("edited @everyone"));
    expect(discord.botMessages(room)).toMatchObject([
      { text: "edited @everyone", loading: false, pings: [] },
      { text: "edited @everyone", loading: false, pings: [] },
    ]);
    expect(callsOf(discord, create)).toEqual([]);
    expect(callsOf(discord, "POST /channels/:id/typing")).toEqual([]);
  });

  it("repeats the deferred answer when no answer comes, and a follow-up never", async () => {
    const { discord, bridge, room, target } = await command();
    discord.faults.add({ method: original, effect: { kind: "reset", applied: true } });
    await bridge.adapter.post(target, message("one"));
    discord.faults.add({ method: "POST /webhooks/:id/:token", effect: { kind: "reset", applied: true } });
    const failure = await failureOf(bridge.adapter.post(target, message("two")), discord);
    expect(failure).toMatchObject({ code: "network", method: "POST /webhooks/:id/:token" });
    expect(discord.botMessages(room).map(({ text }) => text)).toEqual(["one", "two"]);
  });

  it("tells a rate limit without the interaction's token", async () => {
    const { discord, bridge, target } = await command();
    discord.faults.add({ method: original, effect: rateLimited(4) });
    const failure = await failureOf(bridge.adapter.post(target, message("one")), discord);
    expect(failure).toMatchObject({
      code: "rate-limited",
      method: "PATCH /webhooks/:id/:token/messages/@original",
    });
    expect(failure.retryAfterMs).toBeGreaterThanOrEqual(4_000);
  });

  it("goes on in the channel once the token is old", async () => {
    const clock = createManualClock();
    const { discord, bridge, room, target } = await command({ clock });
    const ref = await bridge.adapter.post(target, message("in time"));
    await clock.advance(15 * 60_000);
    await bridge.adapter.edit(ref, message("edited late"));
    await bridge.adapter.post(target, message("posted late"));
    expect(discord.botMessages(room).map(({ text }) => text)).toEqual(["edited late", "posted late"]);
    expect(callsOf(discord, create)).toHaveLength(1);
    expect(callsOf(discord, update)).toHaveLength(1);
  });

  it.each([
    [401, 50027, "Invalid Webhook Token"],
    [404, 10015, "Unknown Webhook"],
  ])("goes on in the channel after %i %i", async (status, code, text) => {
    const { discord, bridge, room, target } = await command();
    discord.faults.add({ method: original, effect: apiError(status, code, text) });
    await bridge.adapter.post(target, message("anyway"));
    expect(callsOf(discord, create)).toHaveLength(1);
    expect(discord.botMessages(room).map((shown) => shown.text)).toContain("anyway");
  });
});
