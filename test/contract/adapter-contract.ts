import { inspect } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Adapter, InboundEvent, MessageEvent, MessageRef, OutgoingMessage, Target } from "../../src/adapter.ts";
import { PlatformError } from "../../src/errors.ts";
import { type FormattedText, plainText } from "../../src/markdown/formatted-text.ts";
import type { Person, Room } from "../../src/playground/chat-platform.ts";
import type { FaultEffect } from "../../src/playground/faults.ts";
import { platformFaults } from "../support/platform-faults.ts";
import { read } from "../support/reading.ts";
import { type Chat, type PlatformName, startChat } from "../support/world.ts";
import { BridgeSide, type Surroundings } from "./bridge-side.ts";

/** An adapter that has to prove itself. */
export interface AdapterSubject {
  readonly platform: PlatformName;
  /** An adapter for the bot that an emulator's environment names. */
  createAdapter(environment: Readonly<Record<string, string>>, surroundings: Surroundings): Adapter;
}

interface Sides {
  readonly chat: Chat;
  readonly bridge: BridgeSide;
  readonly adapter: Adapter;
}

/** What every adapter must satisfy (src/adapter.ts), against its platform's emulator and over real sockets. */
export function describeAdapterContract(subject: AdapterSubject): void {
  describe(`the ${subject.platform} adapter`, () => {
    describe("receiving", () => describeReceiving(() => connect(subject)));
    describe("sending", () => describeSending(() => connect(subject)));
    describe("failing", () => describeFailing(() => connect(subject)));
    describe("ending", () => describeEnding(() => prepare(subject)));
  });
}

/** An emulator and an adapter that is not started; both end with the test. */
async function prepare({ platform, createAdapter }: AdapterSubject): Promise<Sides> {
  const chat = await startChat(platform);
  const bridge = new BridgeSide((surroundings) => createAdapter(chat.environment, surroundings));
  onTestFinished(async () => {
    await bridge.adapter.stop();
    await chat.close();
  });
  return { chat, bridge, adapter: bridge.adapter };
}

async function connect(subject: AdapterSubject): Promise<Sides> {
  const sides = await prepare(subject);
  await sides.adapter.start(sides.bridge);
  return sides;
}

function describeReceiving(connected: () => Promise<Sides>): void {
  it("knows who it is without being started", async () => {
    const { adapter, chat } = await connected();
    await adapter.stop();
    expect(await adapter.identify()).toMatchObject({ id: expect.stringMatching(/^\d+$/), name: /^@\w+/ });
    expect(adapter.name).toBe(chat.name);
  });

  it("offers what a person says in private, addressed to the bot", async () => {
    const { chat, bridge } = await connected();
    const before = Date.now();
    const person = chat.addPerson({ name: "Ann" });
    chat.say(person, chat.privateRoom(person), "Hello.");
    const event = await bridge.message("Hello.");
    expect(event).toMatchObject({ platform: chat.name, addressed: true, attachments: [] });
    expect(event.author).toMatchObject({ id: person.id, name: "Ann", automated: false });
    expect(event.chat).toMatchObject({ kind: "private" });
    expect(event.chat.isThread ?? false).toBe(false);
    expect(Math.abs(event.sentAt - before)).toBeLessThan(60_000);
  });

  it("tells in a group whether the bot is meant: by a mention, which is no part of the text, or by a reply", async () => {
    const { chat, bridge, adapter } = await connected();
    const person = chat.addPerson();
    const room = chat.addGroup("Lounge", [person]);
    chat.say(person, room, "Just among us.");
    chat.say(person, room, "Are you there?", { mention: true });
    const mentioned = await bridge.message("Are you there?");
    expect(mentioned).toMatchObject({ addressed: true, chat: { kind: "group", title: expect.any(String) } });
    await adapter.post(mentioned.target, { text: plainText("Yes.") });
    const [answer] = chat.botMessages(room);
    if (!answer) throw new Error("The answer is not there.");
    chat.say(person, room, "Good.", { replyTo: answer });
    expect(await bridge.message("Good.")).toMatchObject({ addressed: true });
    const others = bridge.events.filter((event) => event.type === "message" && event.text === "Just among us.");
    for (const event of others) expect(event).toMatchObject({ addressed: false });
  });

  it("never offers what the bot itself said as a person's word", async () => {
    const { chat, bridge, adapter } = await connected();
    const { room, event } = await greeted(chat, bridge);
    await adapter.post(event.target, { text: plainText("I am the bot.") });
    await chat.until("the bot's message", () => chat.botMessages(room).length === 1);
    const other = chat.addPerson();
    chat.say(other, chat.privateRoom(other), "Next.");
    await bridge.message("Next.");
    const isFromBot = (offered: InboundEvent) => offered.type === "message" && offered.text === "I am the bot.";
    for (const said of bridge.events.filter(isFromBot)) {
      expect(said).toMatchObject({ author: { automated: true } });
    }
  });

  it("gives every place its own key, and one place always the same", async () => {
    const { chat, bridge } = await connected();
    const [ann, bob] = [chat.addPerson(), chat.addPerson()];
    const group = chat.addGroup("Lounge", [ann, bob]);
    const rooms: readonly (readonly [Person, Room])[] = [
      [ann, chat.privateRoom(ann)],
      [bob, chat.privateRoom(bob)],
      [ann, chat.addThread(group, "Weather")],
      [ann, chat.addThread(group, "Food")],
      [ann, group],
    ];
    const keys: string[] = [];
    for (const [index, [person, room]] of rooms.entries()) {
      const says = (text: string) => chat.say(person, room, text, { mention: room.kind !== "private" });
      says(`first ${index}`);
      says(`second ${index}`);
      const { chat: first } = await bridge.message(`first ${index}`);
      const { chat: second } = await bridge.message(`second ${index}`);
      expect(second.key).toBe(first.key);
      expect(first.isThread ?? false).toBe(room.kind === "thread");
      keys.push(first.key);
    }
    expect(new Set(keys).size).toBe(rooms.length);
  });

  it("offers an event again under its id when it could not be stored, and others under other ids", async () => {
    const { chat, bridge } = await connected();
    bridge.refusals = 1;
    const person = chat.addPerson();
    chat.say(person, chat.privateRoom(person), "Once.");
    const once = await bridge.message("Once.");
    expect(bridge.offered).toEqual([once.id, once.id]);
    chat.say(person, chat.privateRoom(person), "Twice.");
    expect((await bridge.message("Twice.")).id).not.toBe(once.id);
  });

  it("registers commands, and offers them with a place for the answer", async () => {
    const { chat, bridge, adapter } = await connected();
    const { person, room } = await greeted(chat, bridge);
    const translations = { zh: "帮助" };
    await adapter.registerCommands?.([{ name: "help", description: "What I can do", translations }]);
    expect(chat.registeredCommands()).toEqual(["help"]);
    chat.command(person, room, "help");
    const command = await bridge.command("help");
    expect(command).toMatchObject({ argument: "", author: { id: person.id }, chat: { kind: "private" } });
    await adapter.post(stored(command.target), { text: plainText("All of it.") });
    await chat.until("the answer", () => chat.botMessages(room).some(({ text }) => text === "All of it."));
  });
}

function describeSending(connected: () => Promise<Sides>): void {
  it("answers as a reply, edits and removes, through what came back from storage", async () => {
    const { chat, bridge, adapter } = await connected();
    const { room, event, said } = await greeted(chat, bridge);
    const ref = await adapter.post(stored(event.target), { text: plainText("One"), reply: true });
    await adapter.edit(stored(ref), { text: plainText("Two") });
    expect(chat.botMessages(room)).toMatchObject([{ text: "Two", replyToId: said.id }]);
    for (const again of [ref, stored(ref)]) await adapter.delete(again);
    expect(chat.botMessages(room)).toEqual([]);
  });

  it("counts an edit that changes nothing as done", async () => {
    const { chat, bridge, adapter } = await connected();
    const { room, event } = await greeted(chat, bridge);
    const ref = await adapter.post(event.target, { text: plainText("Same") });
    await adapter.edit(ref, { text: plainText("Same") });
    await adapter.edit(ref, { text: plainText("Same") });
    expect(chat.botMessages(room)).toMatchObject([{ text: "Same" }]);
  });

  it.each<readonly [string, FormattedText]>([
    ["plain", plainText(awkward)],
    ["bold", { text: awkward, ranges: [{ start: 0, end: awkward.length, format: { type: "bold" } }] }],
    ["a code block", { text: awkward, ranges: [{ start: 0, end: awkward.length, format: { type: "pre" } }] }],
  ])("shows every special character to the letter: %s", async (_what, text) => {
    const { chat, bridge, adapter } = await connected();
    const { room, event } = await greeted(chat, bridge);
    await adapter.post(event.target, { text });
    const [message] = chat.botMessages(room);
    if (!message) throw new Error("Nothing was sent.");
    expect(read(chat.name, message).text.trim()).toBe(awkward);
  });

  it.each([
    ["letters", "x"],
    ["characters of two code units", "😀"],
    ["characters that mean something", "*"],
  ])("measures as the platform does: %s", async (_what, character) => {
    const { chat, bridge, adapter } = await connected();
    const { room, event } = await greeted(chat, bridge);
    const { maxLength, measure } = adapter.capabilities;
    const count = Math.floor(maxLength / measure(plainText(character)));
    await adapter.post(event.target, { text: plainText(character.repeat(count)) });
    expect(chat.botMessages(room)).toHaveLength(1);
    const longer = adapter.post(event.target, { text: plainText(character.repeat(count + 1)) });
    expect(await failureOf(longer, chat)).toMatchObject({ code: "too-long" });
  });

  it("shows the bot as typing", async () => {
    const { chat, bridge, adapter } = await connected();
    const { room, event } = await greeted(chat, bridge);
    await adapter.startTyping(stored(event.target));
    expect(chat.isTyping(room)).toBe(true);
    await adapter.post(event.target, { text: plainText("Done.") });
    expect(chat.isTyping(room)).toBe(false);
  });
}

/** Everything that some kind of markdown, HTML or the platforms themselves would read as more than a character. */
const awkward =
  "*a* _b_ **c** __d__ ~~e~~ ||f|| `g` ``h`` [i](https://example.com) <b>j</b> &amp; > k # l - m 1. n \\o {p} @everyone <@1> <#2> :smile: $q$ ^r ``` s | t";

function describeFailing(connected: () => Promise<Sides>): void {
  /** Sends and edits with a fault; both must fail alike. */
  async function failures(effect: (chat: Chat) => FaultEffect): Promise<readonly PlatformError[]> {
    const { chat, bridge, adapter } = await connected();
    const { event } = await greeted(chat, bridge);
    const ref = await adapter.post(event.target, { text: plainText("One") });
    const { send, edit } = platformFaults[chat.name].methods;
    const times = Number.POSITIVE_INFINITY;
    chat.faults.add({ method: send, times, effect: effect(chat) });
    chat.faults.add({ method: edit, times, effect: effect(chat) });
    const two: OutgoingMessage = { text: plainText("Two") };
    return [await failureOf(adapter.post(event.target, two), chat), await failureOf(adapter.edit(ref, two), chat)];
  }

  it("tells how long a rate limit lasts", async () => {
    for (const error of await failures((chat) => platformFaults[chat.name].rateLimit(7))) {
      expect(error).toMatchObject({ code: "rate-limited", status: 429, scope: "chat" });
      expect(error.retryAfterMs).toBeGreaterThanOrEqual(7000);
      expect(error.retryAfterMs).toBeLessThan(8000);
    }
  });

  it.each<readonly [string, (chat: Chat) => FaultEffect]>([
    ["a broken connection", () => ({ kind: "reset", applied: false })],
    ["a gateway's page", (chat) => platformFaults[chat.name].gatewayPage],
    ["a failing server", (chat) => platformFaults[chat.name].serverError],
  ])("calls it a failure of the network: %s", async (_what, effect) => {
    for (const error of await failures(effect)) expect(error).toMatchObject({ code: "network" });
  });

  it("tells that a message is gone", async () => {
    const { chat, bridge, adapter } = await connected();
    const person = chat.addPerson();
    const room = chat.addGroup("Lounge", [person]);
    chat.say(person, room, "Hello.", { mention: true });
    const { target } = await bridge.message("Hello.");
    const ref = await adapter.post(target, { text: plainText("One") });
    const [sent] = chat.botMessages(room);
    if (sent) chat.deleteMessage(person, sent);
    expect(await failureOf(adapter.edit(ref, { text: plainText("Two") }), chat)).toMatchObject({ code: "not-found" });
  });

  it("tells that the bot may not write any more", async () => {
    const { chat, bridge, adapter } = await connected();
    const { person, event } = await greeted(chat, bridge);
    if (chat.name === "telegram") chat.block(person);
    else chat.setBlocked(person, true);
    const error = await failureOf(adapter.post(event.target, { text: plainText("One") }), chat);
    expect(error).toMatchObject({ code: "forbidden", platform: chat.name });
    expect(error.method).not.toBe("");
  });
}

function describeEnding(prepared: () => Promise<Sides>): void {
  it("can be stopped before it is started, twice, and started again", async () => {
    const { chat, bridge, adapter } = await prepared();
    await adapter.stopReceiving();
    await adapter.stop();
    await adapter.start(bridge);
    await adapter.stopReceiving();
    await adapter.stopReceiving();
    await adapter.stop();
    await adapter.stop();
    await adapter.start(bridge);
    await greeted(chat, bridge);
  });

  it("can still send when it takes no more events", async () => {
    const { chat, bridge, adapter } = await prepared();
    await adapter.start(bridge);
    const { person, room, event } = await greeted(chat, bridge);
    await adapter.stopReceiving();
    chat.say(person, room, "Too late.");
    await adapter.post(event.target, { text: plainText("Goodbye.") });
    expect(chat.botMessages(room)).toMatchObject([{ text: "Goodbye." }]);
    expect(bridge.offered).toHaveLength(1);
  });

  it("leaves no timer and no connection, also with a call under way", async () => {
    const { chat, bridge, adapter } = await prepared();
    await adapter.start(bridge);
    const { event } = await greeted(chat, bridge);
    const { send } = platformFaults[chat.name].methods;
    chat.faults.add({ method: send, times: Number.POSITIVE_INFINITY, effect: { kind: "hang", applied: false } });
    const hanging = failureOf(adapter.post(event.target, { text: plainText("One") }), chat);
    await adapter.stop();
    expect(await hanging).toMatchObject({ code: "network" });
    expect(bridge.clock.pending).toBe(0);
    const isConnected = () => (chat.name === "telegram" ? chat.isPolled : chat.gateway.connected > 0);
    await chat.until("the connection is gone", () => !isConnected());
  });
}

/** A person whose word in private was taken. */
async function greeted(chat: Chat, bridge: BridgeSide) {
  const person = chat.addPerson();
  const room = chat.privateRoom(person);
  const said = chat.say(person, room, `Hello from ${person.id}.`);
  const event: MessageEvent = await bridge.message(said.text);
  return { person, room, said, event };
}

/** As the core does: what an adapter gave comes back from storage. */
function stored<T extends Target | MessageRef>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

/** The error that a call ends with; however deep one looks into it, it holds no token. */
async function failureOf(call: Promise<unknown>, { environment }: Chat): Promise<PlatformError> {
  const error: unknown = await call.then(
    () => new Error("The call did not fail."),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(PlatformError);
  const shown = inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true });
  for (const token of [environment.TELEGRAM_BOT_TOKEN, environment.DISCORD_TOKEN]) {
    if (token !== undefined) expect(shown).not.toContain(token);
  }
  return error as PlatformError;
}
