import { describe, expect, it } from "vitest";
import type { CommandEvent, MessageEvent } from "../../src/adapter.ts";
import { en } from "../../src/locale/en.ts";
import { zh } from "../../src/locale/zh.ts";
import { gate, say } from "../../src/playground/coze/index.ts";
import { closedGate } from "../support/gate.ts";
import { platformNames } from "../support/world.ts";
import { startLiveBridge } from "./live-bridge.ts";
import { messageEvent } from "./message-event.ts";
import { wire } from "./reply/wire.ts";

function commandEvent(event: MessageEvent, name: string, changes: Partial<CommandEvent> = {}): CommandEvent {
  const { text: _, attachments: __, addressed: ___, ...base } = event;
  return { ...base, type: "command", id: `${event.id}/${name}`, name, argument: "", ...changes };
}

describe.each(platformNames)("what the bridge does with an event of %s", (platform) => {
  it("answers it once, however often and how fast it is delivered", async () => {
    const live = await startLiveBridge({ platform });
    const event = await messageEvent(live, "hi");
    await Promise.all([live.bridge.accept(event), live.bridge.accept(event)]);
    await live.ended();
    await live.bridge.accept(event);
    await live.bridge.accept({ ...event, id: `${event.id}/next`, text: "next" });
    await live.ended(2);
    expect(live.texts()).toEqual(["You said: hi", "You said: next"]);
    expect(live.coze.requests.filter(({ path }) => path === "/v3/chat")).toHaveLength(2);
  });

  it("takes none of bots, nor of people who speak to others", async () => {
    const live = await startLiveBridge({ platform });
    const event = await messageEvent(live, "hi");
    const bot = { ...event.author, automated: true };
    await live.bridge.accept({ ...event, author: bot });
    await live.bridge.accept(commandEvent(event, "help", { author: bot }));
    await live.bridge.accept({ ...event, addressed: false });
    expect(await live.store.unfinishedTurns()).toEqual([]);
    // Not even stored: it would be taken if it were meant for the bot.
    await live.bridge.accept(event);
    await live.ended();
    expect(live.texts()).toEqual(["You said: hi"]);
  });

  it("says that it does not know a command, in private alone", async () => {
    const live = await startLiveBridge({ platform });
    const event = await messageEvent(live, "hi");
    await live.bridge.accept(commandEvent(event, "weather", { chat: { key: "-1", kind: "group" } }));
    await live.bridge.accept(commandEvent(event, "weather", { id: "another" }));
    await live.bridge.stop(10_000);
    expect(live.texts()).toEqual([en.unknownCommand]);
  });

  it("gives a command's answer once, in the person's language", async () => {
    const live = await startLiveBridge({ platform });
    const event = await messageEvent(live, "hi");
    const author = { ...event.author, locale: "zh-CN" };
    await live.bridge.accept(commandEvent(event, "stop", { author }));
    await live.bridge.accept(commandEvent(event, "stop", { author }));
    await live.reads(zh.stopNothing);
    await live.bridge.stop(10_000);
    expect(live.texts()).toEqual([zh.stopNothing]);
  });

  it("works without its commands being registered", async () => {
    const live = await startLiveBridge({ platform });
    const effect = { kind: "reset", applied: false } as const;
    const method = /setMyCommands|PUT .*commands/;
    live.chat.faults.add({ method, times: Number.POSITIVE_INFINITY, effect });
    await live.receive();
    expect(live.log).toContainEqual(expect.objectContaining({ msg: "could not register the commands", level: "warn" }));
    live.say("hi");
    await live.reads("You said: hi");
  });
});

describe.each(platformNames)("the end of the bridge on %s", (platform) => {
  it("waits for the answers that are being written", async () => {
    const live = await startLiveBridge({ platform });
    const rest = closedGate();
    live.coze.answer = () => [...say("Hello"), gate(rest.opened), ...say(" there.")];
    await live.receive();
    live.say("hi");
    await live.reads("Hello");
    const stopped = live.bridge.stop(60_000);
    rest.open();
    await stopped;
    expect(live.texts()).toEqual(["Hello there."]);
    expect(await live.store.unfinishedTurns()).toEqual([]);
  });

  it("leaves in the ledger what takes longer than the grace, as it stands", async () => {
    const live = await startLiveBridge({ platform });
    live.coze.answer = () => [...say("Hello"), gate(new Promise(() => undefined))];
    await live.receive();
    live.say("hi");
    await live.reads("Hello");
    await live.bridge.stop(0);
    expect(await live.unfinishedTurn()).toMatchObject({ state: "answering" });
    expect(live.texts()).toEqual(["Hello"]);
  });

  it("leaves a final text in the ledger that the platform does not take for now", async () => {
    const live = await startLiveBridge({ platform });
    live.coze.answer = () => say("Hello");
    await live.receive();
    const { methods, tooMany } = wire[platform];
    live.chat.faults.add({ method: methods.any, effect: tooMany(140) });
    live.say("hi");
    await live.chat.until("the refusal", () => live.chat.calls.some(({ status }) => status === 429));
    await live.bridge.stop(50);
    expect(await live.unfinishedTurn()).toMatchObject({ state: "answered", answer: "Hello" });
    expect(live.texts()).toEqual([]);
  });

  it("takes no more events, so that the platform offers them to the next process", async () => {
    const live = await startLiveBridge({ platform });
    const event = await messageEvent(live, "hi");
    await live.bridge.stop(0);
    await expect(live.bridge.accept(event)).rejects.toThrow();
    expect(await live.store.unfinishedTurns()).toEqual([]);
  });
});
