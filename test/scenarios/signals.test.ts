import { afterEach, describe, expect, it } from "vitest";
import { gate, type Script, say } from "../../src/playground/coze/index.ts";
import { runBridge } from "../support/bridge-process.ts";
import { cozeQuestions } from "../support/coze-questions.ts";
import { closedGate, type Gate } from "../support/gate.ts";
import { inRoom, platformFaults } from "../support/platform-faults.ts";
import { unusedAddress } from "../support/unused-address.ts";
import { platformNames, type StartedWorld, startWorld } from "../support/world.ts";

/** Half an answer, and the other half when the gate opens. */
function inHalves(rest: Gate): Script {
  return [...say("Half", { chunk: 100 }), gate(rest.opened), ...say(" and half.", { chunk: 100 })];
}

describe.each(platformNames)("The process is told to stop (%s)", (platform) => {
  const { methods } = platformFaults[platform];
  let world: StartedWorld;
  const start = async (graceMs: number) => {
    world = await startWorld({ platform, environment: { SHUTDOWN_GRACE_MS: String(graceMs) } });
  };
  afterEach(async () => {
    world.assertDiscretion();
    await world.close();
  });

  it.each(["SIGTERM", "SIGINT"] as const)(
    "finishes the answer that it is writing, then exits 0, at %s",
    async (signal) => {
      await start(10_000);
      const { person, room } = world.someone();
      const rest = closedGate();
      world.coze.answer = () => inHalves(rest);
      const half = await world.ask(person, room, "Go on.", "Half");
      world.bridge.signal(signal);
      await world.bridge.logged("stopping");
      rest.open();

      expect(await world.bridge.exited).toBe(0);
      expect(world.chat.botMessages(room)).toMatchObject([{ id: half.id, text: "Half and half." }]);
      await world.restart();
      await world.ask(person, room, "Go on.", "Half and half.");
      expect(world.chat.botMessages(room)).toHaveLength(2);
    },
  );

  it("lets a message arrive whose sending is under way, and sends no second one", async () => {
    await start(10_000);
    const { chat } = world;
    const { person, room } = world.someone();
    chat.faults.add({ method: methods.send, where: inRoom(room), effect: { kind: "delay", ms: 500 } });
    chat.say(person, room, "Hello?");
    await chat.until("the message is on its way", () => chat.botMessages(room)[0]);

    expect(await world.bridge.stop()).toBe(0);
    expect(chat.botMessages(room).map(({ text }) => text)).toEqual(["You said: Hello?"]);
  });

  it("leaves an answer that takes too long, and completes it after the next start instead of asking again", async () => {
    await start(100);
    const { person, room } = world.someone();
    const rest = closedGate();
    world.coze.answer = () => inHalves(rest);
    const half = await world.ask(person, room, "Go on.", "Half");
    expect(await world.bridge.stop()).toBe(0);
    rest.open();
    await world.restart();

    const whole = await world.hears(room, "Half and half.");
    expect(whole.id).toBe(half.id);
    world.coze.answer = () => say("Gladly.");
    await world.ask(person, room, "Once more?", "Gladly.");
    expect(world.chat.botMessages(room)).toHaveLength(2);
    expect(cozeQuestions(world.coze, world.sessionName(person))).toHaveLength(2);
  });

  it("answers after the next start what waited in line, and what was said meanwhile", async () => {
    await start(1000);
    const { chat, coze } = world;
    const { person, room } = world.someone();
    const rest = closedGate();
    coze.answer = ({ text }) => (text === "Go on." ? inHalves(rest) : say(`You said: ${text}`));
    await world.ask(person, room, "Go on.", "Half");
    chat.say(person, room, "And then?");
    await chat.until("the second message was taken", () => chat.isTyping(room));
    world.bridge.signal("SIGTERM");
    await world.bridge.logged("stopping");
    chat.say(person, room, "Still there?");
    expect(await world.bridge.exited).toBe(0);
    rest.open();
    await world.restart();

    await world.hears(room, "You said: Still there?");
    const answers = ["Half and half.", "You said: And then?", "You said: Still there?"];
    expect(chat.botMessages(room).map(({ text }) => text)).toEqual(answers);
    const questions = cozeQuestions(coze, world.sessionName(person)).map(({ text }) => text);
    expect(questions).toEqual(["Go on.", "And then?", "Still there?"]);
  });

  it("does not wait for a platform that does not answer", async () => {
    await start(100);
    const { person, room } = world.someone();
    const hang = { kind: "hang", applied: false } as const;
    world.chat.faults.add({ method: methods.send, where: inRoom(room), effect: hang });
    world.chat.say(person, room, "Hello?");
    await world.coze.until("Coze is asked", () => world.coze.conversations.some(({ messages }) => messages.length > 1));
    const before = Date.now();
    expect(await world.bridge.stop()).toBe(0);
    expect(Date.now() - before).toBeLessThan(5000);
  });

  it("exits at once at a second signal", async () => {
    await start(600_000);
    const { person, room } = world.someone();
    const rest = closedGate();
    world.coze.answer = () => inHalves(rest);
    await world.ask(person, room, "Go on.", "Half");
    world.bridge.signal("SIGTERM");
    await world.bridge.logged("stopping");
    world.bridge.signal("SIGINT");
    expect(await world.bridge.exited).toBe(1);
    await world.restart();
    rest.open();
    await world.hears(room, "Half and half.");
    expect(cozeQuestions(world.coze, world.sessionName(person))).toHaveLength(1);
  });

  it("finds the message again after a kill in the very moment of sending, and asks Coze no second time", async () => {
    await start(0);
    const { chat, coze } = world;
    const { person, room } = world.someone();
    const rest = closedGate();
    coze.answer = () => inHalves(rest);
    chat.faults.add({ method: methods.send, where: inRoom(room), effect: { kind: "hang", applied: true } });
    chat.say(person, room, "Go on.");
    const half = await world.hears(room, "Half");
    await world.bridge.kill();
    rest.open();
    await world.restart();

    const whole = await world.hears(room, "Half and half.");
    expect(whole.id).toBe(half.id);
    coze.answer = () => say("Gladly.");
    await world.ask(person, room, "Once more?", "Gladly.");
    expect(chat.botMessages(room)).toHaveLength(2);
    expect(cozeQuestions(coze, world.sessionName(person))).toHaveLength(2);
  });

  it("exits 0 while it still waits for the platform to come up", async () => {
    await start(10_000);
    const { environment, bridge } = world;
    expect(await bridge.stop()).toBe(0);
    const address = await unusedAddress();
    const nowhere = { TELEGRAM_API_BASE: address, DISCORD_API_BASE: address };
    const waiting = runBridge({ ...environment, ...nowhere });
    await waiting.logged("could not reach the platform, trying again");
    expect(await waiting.stop()).toBe(0);
  });
});
