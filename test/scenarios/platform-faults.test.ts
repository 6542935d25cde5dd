import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { gate, type Script, say } from "../../src/playground/coze/index.ts";
import type { FaultEffect } from "../../src/playground/faults.ts";
import { badGatewayPage, internalServerError, truncatedBody } from "../../src/playground/telegram/index.ts";
import { closedGate, type Gate } from "../support/gate.ts";
import { inRoom, platformFaults } from "../support/platform-faults.ts";
import { describeEachPlatform, platformNames, type StartedWorld, startWorld } from "../support/world.ts";

/** Half an answer, and the other half when the gate opens. */
function inHalves(rest: Gate): Script {
  return [...say("Half", { chunk: 100 }), gate(rest.opened), ...say(" and half.", { chunk: 100 })];
}

describe.each(platformNames)("A call to the platform goes wrong (%s)", (platform) => {
  const { methods, serverError, gatewayPage, rateLimit } = platformFaults[platform];
  const gates = new Map<string, Gate>();
  let world: StartedWorld;
  beforeAll(async () => {
    world = await startWorld({ platform });
    world.coze.answer = ({ text, sessionName = "" }) => {
      const rest = gates.get(sessionName);
      return text === "Go on." && rest ? inHalves(rest) : say(`You said: ${text}`);
    };
  });
  afterAll(async () => {
    world.assertDiscretion();
    await world.close();
  });

  const calls = ["send", "edit"] as const;
  const effects: readonly (readonly [string, FaultEffect])[] = [
    ["is refused for a second", rateLimit(1)],
    ["meets a failing server", serverError],
    ["meets a gateway's page", gatewayPage],
    ["is cut off before it took effect", { kind: "reset", applied: false }],
    ["is cut off after it took effect", { kind: "reset", applied: true }],
  ];

  it.concurrent.each(calls.flatMap((call) => effects.map((effect) => [call, ...effect] as const)))(
    "shows the whole answer in the end when the first %s %s",
    async (call, _what, effect) => {
      const { chat } = world;
      const { person, room } = world.someone();
      const rest = closedGate();
      gates.set(world.sessionName(person), rest);
      chat.faults.add({ method: methods[call], where: inRoom(room), effect });
      chat.say(person, room, "Go on.");
      const first = await world.hears(room, "Half");
      rest.open();
      await world.hears(room, "Half and half.");
      await world.ask(person, room, "Still there?", "You said: Still there?");

      const texts = chat.botMessages(room).map(({ text }) => text);
      expect(texts).toEqual(["Half and half.", "You said: Still there?"]);
      expect(chat.botMessages(room)[0]?.id).toBe(first.id);
    },
  );

  it("knows its own message again however often the answer to it is lost", async () => {
    const { person, room } = world.someone();
    // More often than the adapter itself sends a message.
    const effect = { kind: "reset", applied: true } as const;
    world.chat.faults.add({ method: methods.send, where: inRoom(room), times: 4, effect });
    world.chat.say(person, room, "Hello?");
    await world.hears(room, "You said: Hello?");
    await world.ask(person, room, "Still there?", "You said: Still there?");
    expect(world.chat.botMessages(room)).toHaveLength(2);
  });

  it.concurrent("shows the whole answer when the typing indicator never works", async () => {
    const { person, room } = world.someone();
    const effect = { kind: "reset", applied: false } as const;
    world.chat.faults.add({ method: methods.typing, where: inRoom(room), times: Number.POSITIVE_INFINITY, effect });
    await world.ask(person, room, "Hello?", "You said: Hello?");
    expect(world.chat.isTyping(room)).toBe(false);
  });
});

describeEachPlatform("The platform asks to wait", {}, (world, platform) => {
  const { methods, rateLimit } = platformFaults[platform];

  it.each(["in the middle of an answer", "at its very last edit"])("makes no call while it waits, %s", async (when) => {
    const { coze, chat } = world();
    const { person, room } = world().someone();
    const [middle, rest] = [closedGate(), closedGate()];
    coze.answer = () => [
      ...say("One", { chunk: 100 }),
      gate(middle.opened),
      ...say(", two", { chunk: 100 }),
      gate(rest.opened),
      ...say(", three.", { chunk: 100 }),
    ];
    const first = await world().ask(person, room, "Count.", "One");
    if (when.startsWith("at")) {
      middle.open();
      await world().hears(room, "One, two");
    }
    chat.faults.add({ method: methods.edit, effect: rateLimit(1) });
    middle.open();
    rest.open();
    const whole = await world().hears(room, "One, two, three.");

    expect(whole.id).toBe(first.id);
    expect(chat.botMessages(room)).toHaveLength(1);
    const refused = chat.calls.find(({ method, status }) => method === methods.edit && status === 429);
    const untilThen = (refused?.at ?? 0) + 950;
    const meanwhile = chat.calls.filter(({ at, parameters }) => at > (refused?.at ?? 0) && inRoom(room)(parameters));
    expect(meanwhile.filter(({ at }) => at < untilThen)).toEqual([]);
  });
});

describeEachPlatform("People make the answer impossible", {}, (world, platform) => {
  it("writes the answer anew when someone deletes the message within it", async () => {
    const { coze, chat } = world();
    const { person } = world().someone();
    const room = chat.addGroup("Lounge", [person]);
    const rest = closedGate();
    coze.answer = () => inHalves(rest);
    const half = await world().ask(person, room, "Go on.", "Half");
    chat.deleteMessage(person, half);
    rest.open();
    const whole = await world().hears(room, "Half and half.");

    expect(whole.id).not.toBe(half.id);
    expect(chat.botMessages(room)).toHaveLength(1);
    coze.answer = ({ text }) => say(`You said: ${text}`);
    await world().ask(person, room, "Still there?", "You said: Still there?");
    expect(chat.botMessages(room)).toHaveLength(2);
  });

  it("gives up an answer, on Coze too, when the bot is thrown out within it, and goes on with others", async () => {
    const { coze, chat, bridge } = world();
    const { person } = world().someone();
    const room = chat.addGroup("Lounge", [person]);
    const rest = closedGate();
    coze.answer = () => [...inHalves(rest), { do: "silence" }];
    await world().ask(person, room, "Go on.", "Half");
    chat.kickBot(room);
    rest.open();

    const line = await bridge.logged("turn ended", ({ code }) => code === "ERR_PLATFORM_FORBIDDEN");
    expect(line).toMatchObject({ level: "warn", outcome: "failed", platform, err: { code: "forbidden" } });
    await coze.until("the run is cancelled", () => coze.requests.some(({ path }) => path === "/v3/chat/cancel"));
    expect(chat.botMessages(room).map(({ text }) => text)).toEqual(["Half"]);
    coze.answer = () => say("Gladly.");
    const other = world().someone();
    await world().ask(other.person, other.room, "And me?", "Gladly.");
  });

  it("ends a turn whose answer can't be sent at all, and goes on with others", async () => {
    const { coze, chat, bridge } = world();
    const { person, room } = world().someone();
    const rest = closedGate();
    coze.answer = () => [gate(rest.opened), ...say("Hello.")];
    chat.say(person, room, "Hello?");
    await coze.until("the question runs", () => coze.conversations.some(({ isRunning }) => isRunning));
    if (chat.name === "telegram") chat.block(person);
    else chat.setBlocked(person, true);
    rest.open();

    const conversation = coze.conversations.find(({ sessionName }) => sessionName === world().sessionName(person));
    const line = await bridge.logged("turn ended", ({ conversationId }) => conversationId === conversation?.id);
    expect(line).toMatchObject({ level: "warn", outcome: "failed", code: "ERR_PLATFORM_FORBIDDEN", platform });
    expect(chat.botMessages(room)).toEqual([]);
    coze.answer = () => say("Gladly.");
    const other = world().someone();
    await world().ask(other.person, other.room, "And me?", "Gladly.");
  });
});

describe("Receiving goes wrong (telegram)", () => {
  let world: StartedWorld;
  beforeAll(async () => {
    world = await startWorld({ platform: "telegram" });
  });
  afterAll(async () => {
    world.assertDiscretion();
    await world.close();
  });

  it.each<readonly [string, FaultEffect]>([
    ["a failing server", internalServerError()],
    ["a gateway's page", badGatewayPage()],
    ["half an answer", truncatedBody()],
    ["a connection that breaks", { kind: "reset", applied: false }],
  ])("answers once what was said meanwhile, after %s", async (_what, effect) => {
    const { person, room } = world.someone();
    world.chat.faults.add({ method: "getUpdates", effect });
    await world.ask(person, room, "One", "You said: One");
    await world.ask(person, room, "Two", "You said: Two");
    expect(world.chat.botMessages(room)).toHaveLength(2);
  });

  it("says that another program takes its messages, and takes them again when that has ended", async () => {
    const { chat, bridge } = world;
    if (chat.name !== "telegram") throw new Error("only Telegram is polled");
    const { person, room } = world.someone();
    await chat.until("the bridge polls", () => chat.isPolled);
    chat.pollElsewhere();
    await bridge.logged("another program receives this bot's messages: stop it, or give it a bot of its own");
    await world.ask(person, room, "Hello?", "You said: Hello?");
    expect(chat.botMessages(room)).toHaveLength(1);
  });
});

describe("The gateway goes away within an answer (discord)", () => {
  let world: StartedWorld;
  beforeAll(async () => {
    world = await startWorld({ platform: "discord" });
  });
  afterAll(async () => {
    world.assertDiscretion();
    await world.close();
  });

  it.each(["drops the line", "closes it", "asks to reconnect"])(
    "completes the answer, and hears what was said meanwhile, when Discord %s",
    async (how) => {
      const { chat, coze } = world;
      if (chat.name !== "discord") throw new Error("only Discord has a gateway");
      const { gateway } = chat;
      const { person, room } = world.someone();
      const rest = closedGate();
      coze.answer = ({ text }) => (text === "Go on." ? inHalves(rest) : say(`You said: ${text}`));
      const half = await world.ask(person, room, "Go on.", "Half");
      const { resumed } = gateway;
      if (how === "drops the line") gateway.dropConnections();
      else if (how === "closes it") gateway.closeConnections(4000);
      else gateway.requestReconnect();
      chat.say(person, room, "Still there?");
      rest.open();
      await world.hears(room, "You said: Still there?");

      await chat.until("the gateway has resumed", () => gateway.resumed === resumed + 1);
      const texts = chat.botMessages(room).map(({ text }) => text);
      expect(texts).toEqual(["Half and half.", "You said: Still there?"]);
      expect(chat.botMessages(room)[0]?.id).toBe(half.id);
    },
  );

  it("completes the answer, and reads afterwards what was said, when Discord is away and forgets the session", async () => {
    const { chat, coze } = world;
    if (chat.name !== "discord") throw new Error("only Discord has a gateway");
    const { gateway } = chat;
    const { person, room } = world.someone();
    const rest = closedGate();
    coze.answer = ({ text }) => (text === "Go on." ? inHalves(rest) : say(`You said: ${text}`));
    await world.ask(person, room, "Go on.", "Half");
    const { identified } = gateway;
    gateway.goDown({ forgetSessions: true });
    chat.say(person, room, "Still there?");
    rest.open();
    await world.hears(room, "Half and half.");
    gateway.comeBack();

    await world.hears(room, "You said: Still there?");
    expect(gateway.identified).toBe(identified + 1);
    await world.ask(person, room, "Thank you.", "You said: Thank you.");
    const texts = chat.botMessages(room).map(({ text }) => text);
    expect(texts).toEqual(["Half and half.", "You said: Still there?", "You said: Thank you."]);
  });
});
