import { describe, expect, it } from "vitest";
import type { CommandDescription, CommandEvent } from "../../../../src/adapter.ts";
import { createManualClock } from "../../../support/manual-clock.ts";
import { callsOf, emulator, expectNoSecret, onlineBridge } from "./bridge-side.ts";

const commands: readonly CommandDescription[] = [
  { name: "new", description: "Start over", translations: { zh: "重新开始" } },
  { name: "help", description: "What I can do", translations: {} },
];

const callback = "POST /interactions/:id/:token/callback";

describe("messages", () => {
  it("of a private chat arrive as addressed", async () => {
    const discord = await emulator();
    const bridge = await onlineBridge(discord);
    const person = discord.addPerson({ name: "Ann" });
    const said = discord.say(person, discord.privateRoom(person), "hello");
    const [event] = await bridge.received(1);
    expect(event).toMatchObject({
      type: "message",
      id: said.id,
      platform: "discord",
      author: { id: person.id, automated: false },
      chat: { key: said.room.id, kind: "private" },
      text: "hello",
      addressed: true,
    });
    expect(Math.abs((event?.sentAt ?? 0) - Date.now())).toBeLessThan(60_000);
  });

  it("of a channel tell whether the bot is addressed", async () => {
    const discord = await emulator();
    const bridge = await onlineBridge(discord);
    const person = discord.addPerson();
    const room = discord.addGroup("general", [person]);
    discord.say(person, room, "hello all");
    const mentioned = discord.say(person, room, "hello bot", { mention: true });
    const [, event] = await bridge.received(2);
    expect(bridge.events.map((each) => each.type === "message" && [each.text, each.addressed])).toEqual([
      ["", false], // Without the privileged intent Discord withholds the content.
      ["hello bot", true],
    ]);
    if (!event) throw new Error("nothing arrived");
    await bridge.adapter.post(event.target, { text: { text: "yes?", ranges: [] }, reply: true });
    const [answer] = discord.botMessages(room);
    expect(answer).toMatchObject({ text: "yes?", replyToId: mentioned.id });
    if (answer) discord.say(person, room, "and now?", { replyTo: answer });
    await bridge.received(4);
    expect(bridge.events.at(-1)).toMatchObject({ text: "and now?", addressed: true });
  });

  it("of a thread have a chat of their own", async () => {
    const discord = await emulator();
    const bridge = await onlineBridge(discord);
    const person = discord.addPerson();
    const room = discord.addGroup("general", [person]);
    const thread = discord.addThread(room, "details");
    discord.say(person, thread, "hello", { mention: true });
    const [event] = await bridge.received(1);
    expect(event?.chat).toEqual({ key: thread.id, kind: "group", isThread: true, title: "details" });
    expect(event?.target).toMatchObject({ budget: `discord:${thread.id}` });
  });

  it("of bots, the bot itself among them, arrive as automated", async () => {
    const discord = await emulator();
    const bridge = await onlineBridge(discord);
    const other = discord.addPerson({ bot: true });
    const room = discord.addGroup("general", [other]);
    discord.say(other, room, "beep", { mention: true });
    const [event] = await bridge.received(1);
    if (!event) throw new Error("nothing arrived");
    await bridge.adapter.post(event.target, { text: { text: "no", ranges: [] } });
    await bridge.received(2);
    expect(bridge.events.map(({ author }) => author.automated)).toEqual([true, true]);
  });

  it("that can't be stored are offered again, for as long as it takes", async () => {
    const discord = await emulator();
    const clock = createManualClock();
    const bridge = await onlineBridge(discord, { clock });
    const person = discord.addPerson();
    bridge.refuse(20);
    discord.say(person, discord.privateRoom(person), "first");
    await bridge.logged("an event could not be stored yet");
    await clock.advance(120_000);
    expect(bridge.events).toMatchObject([{ text: "first" }]);
  });
});

describe("slash commands", () => {
  it("are registered with their translations", async () => {
    const discord = await emulator();
    const bridge = await onlineBridge(discord);
    await bridge.adapter.registerCommands?.(commands);
    expect(discord.registeredCommands()).toEqual(["new", "help"]);
    const [call] = callsOf(discord, "PUT /applications/:id/commands");
    expect(call?.response).toMatchObject([
      { name: "new", description_localizations: { "zh-CN": "重新开始", "zh-TW": "重新开始" }, contexts: [0, 1] },
      { name: "help", description: "What I can do" },
    ]);
  });

  it("are acknowledged before they are offered", async () => {
    const discord = await emulator();
    const bridge = await onlineBridge(discord);
    await bridge.adapter.registerCommands?.(commands);
    const person = discord.addPerson({ locale: "zh-CN" });
    const room = discord.privateRoom(person);
    discord.command(person, room, "new");
    const [event] = await bridge.received(1);
    expect(event).toMatchObject({
      type: "command",
      name: "new",
      argument: "",
      author: { id: person.id, locale: "zh-CN", automated: false },
      chat: { key: room.id, kind: "private" },
      target: { budget: `discord:interaction:${event?.id}`, address: { kind: "interaction", ephemeral: false } },
    });
    expect(discord.messages(room)).toMatchObject([{ loading: true }]);
    expect(discord.messages(room)[0]).not.toHaveProperty("onlyFor", person);
  });

  it("come before what the person says behind them, and hold up nobody else", async () => {
    const discord = await emulator();
    const bridge = await onlineBridge(discord);
    await bridge.adapter.registerCommands?.(commands);
    const [ann, bob] = [discord.addPerson(), discord.addPerson()];
    const room = discord.addGroup("general", [ann, bob]);
    discord.faults.add({ method: callback, effect: { kind: "delay", ms: 300 } });
    discord.command(ann, room, "new");
    discord.say(ann, room, "and now", { mention: true });
    discord.say(bob, room, "me too", { mention: true });
    await bridge.received(3);
    const heard = bridge.events.map((event) => (event.type === "message" ? event.text : event.type));
    expect(heard).toEqual(["me too", "command", "and now"]);
  });

  it("are answered in a server to the person alone", async () => {
    const discord = await emulator();
    const bridge = await onlineBridge(discord);
    await bridge.adapter.registerCommands?.(commands);
    const person = discord.addPerson();
    const room = discord.addGroup("general", [person]);
    discord.command(person, room, "help");
    const [event] = await bridge.received(1);
    if (!event) throw new Error("nothing arrived");
    await bridge.adapter.post(event.target, { text: { text: "I answer", ranges: [] }, reply: true });
    await bridge.adapter.post(event.target, { text: { text: "and go on", ranges: [] } });
    expect(discord.botMessages(room)).toMatchObject([
      { text: "I answer", loading: false, onlyFor: person },
      { text: "and go on", loading: false, onlyFor: person },
    ]);
  });

  it.each([
    ["too late", 404, 10062, "channel"],
    ["acknowledged already", 400, 40060, "interaction"],
  ])("that are %s are still offered", async (_, status, code, kind) => {
    const discord = await emulator();
    const bridge = await onlineBridge(discord);
    await bridge.adapter.registerCommands?.(commands);
    const person = discord.addPerson();
    const room = discord.privateRoom(person);
    discord.faults.add({ method: callback, effect: { kind: "reply", status, body: { code, message: "No" } } });
    discord.command(person, room, "help");
    const [event] = await bridge.received(1);
    expect(event).toMatchObject({ type: "command", target: { address: { kind } } });
    const entry = await bridge.logged("an interaction could not be acknowledged");
    expect(entry.level).toBe("warn");
    expectNoSecret(bridge.log, discord);
    if (!event) throw new Error("nothing arrived");
    await bridge.adapter.post(event.target, { text: { text: "anyway", ranges: [] }, reply: true });
    expect(discord.botMessages(room)).toMatchObject([{ text: "anyway" }]);
  });

  it("whose acknowledgement came through without an answer go on through the interaction", async () => {
    const discord = await emulator();
    const bridge = await onlineBridge(discord);
    await bridge.adapter.registerCommands?.(commands);
    const person = discord.addPerson();
    const room = discord.privateRoom(person);
    discord.faults.add({ method: callback, effect: { kind: "reset", applied: true } });
    discord.command(person, room, "help");
    const event = (await bridge.received(1))[0] as CommandEvent;
    await bridge.adapter.post(event.target, { text: { text: "here", ranges: [] }, reply: true });
    expect(discord.messages(room)).toMatchObject([{ text: "here", loading: false }]);
    expect(discord.failedInteractions).toEqual([]);
  });
});
