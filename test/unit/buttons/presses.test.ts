import { describe, expect, it } from "vitest";
import { en } from "../../../src/locale/en.ts";
import type { ShownMessage } from "../../../src/playground/chat-platform.ts";
import { cozeError, followUp, gate, interrupt, type Script, say } from "../../../src/playground/coze/index.ts";
import { closedGate } from "../../support/gate.ts";
import { platformNames } from "../../support/world.ts";
import { type LiveBridge, startLiveBridge } from "../live-bridge.ts";

const buttons = ["stop", "options", "follow-ups", "regenerate", "feedback"] as const;

/** The questions that Coze was asked, oldest first. */
function questions(live: LiveBridge): string[] {
  const asked = live.coze.requests.filter(({ path }) => path === "/v3/chat" || path === "/v1/workflows/chat");
  return asked.map(({ body }) => String((body.additional_messages as { content: string }[])[0]?.content));
}

/** Resolves with the bot's message that has this button. */
async function withButton(live: LiveBridge, label: string): Promise<ShownMessage> {
  const find = () => live.chat.botMessages(live.room).find((message) => message.buttons.flat().includes(label));
  await live.until(`the button ${label}`, () => find() !== undefined);
  const message = find();
  if (!message) throw new Error("the button went away");
  return message;
}

const echo = ({ text }: { readonly text: string }): Script => say(`You said: ${text}`);

describe.each(platformNames)("a suggested question on %s", (platform) => {
  it("is asked by its button, once, and the buttons go away", async () => {
    const live = await startLiveBridge({ platform, buttons });
    live.coze.answer = ({ text }) => [...echo({ text }), followUp("And then?")];
    await live.receive();
    live.say("hi");
    const message = await withButton(live, "And then?");
    live.coze.answer = echo;
    live.chat.press(live.person, message, "And then?");
    live.chat.press(live.person, message, "And then?");
    await live.until("the answer", (texts) => texts.includes("You said: And then?"));
    await live.until("no suggestion", () => live.chat.botMessages(live.room)[0]?.buttons.length === 0);
    expect(questions(live)).toEqual(["hi", "And then?"]);
  });
});

describe.each(platformNames)("a question of the flow on %s", (platform) => {
  const city: LiveBridge["coze"]["answer"] = ({ resumes, text }) =>
    resumes ? say(`To ${text}`) : [interrupt("Where to?\n1. Paris\n2. Rome")];

  it("is answered by the button of an option", async () => {
    const live = await startLiveBridge({ platform, buttons, mode: "chatflow-bot" });
    live.coze.answer = city;
    await live.receive();
    live.say("book");
    live.chat.press(live.person, await withButton(live, "Rome"), "Rome");
    await live.until("the answer", (texts) => texts.includes("To Rome"));
    expect(questions(live)).toEqual(["book", "Rome"]);
  });

  it("is answered in writing as well, and its buttons then say that they are too late", async () => {
    const live = await startLiveBridge({ platform, buttons, mode: "chatflow-bot" });
    live.coze.answer = city;
    await live.receive();
    live.say("book");
    const message = await withButton(live, "Rome");
    live.say("Oslo");
    await live.until("the answer", (texts) => texts.includes("To Oslo"));
    live.chat.press(live.person, message, "Rome");
    await live.until("the word", (texts) => texts.includes(en.buttonExpired));
    expect(questions(live)).toEqual(["book", "Oslo"]);
  });

  it("waits no longer after /stop", async () => {
    const live = await startLiveBridge({ platform, buttons, mode: "chatflow-bot" });
    live.coze.answer = city;
    await live.receive();
    live.say("book");
    await withButton(live, "Rome");
    live.chat.command(live.person, live.room, "stop");
    await live.until("the word", (texts) => texts.includes(en.stopDone));
    live.say("hello");
    await live.until("a new question", (texts) => texts.filter((text) => text.startsWith("Where to?")).length === 2);
  });
});

describe.each(platformNames)("the buttons of an answer on %s", (platform) => {
  it("stop it while it is written", async () => {
    const live = await startLiveBridge({ platform, buttons });
    const grown = closedGate();
    live.coze.answer = () => [...say("One"), gate(grown.opened), ...say(", two"), gate(new Promise(() => undefined))];
    await live.receive();
    live.say("count");
    await live.reads("One");
    grown.open();
    live.chat.press(live.person, await withButton(live, en.stop), en.stop);
    expect(await live.ended()).toMatchObject({ outcome: "stopped" });
    await live.until("no button", () => live.chat.botMessages(live.room)[0]?.buttons.length === 0);
  });

  it("ask again", async () => {
    const live = await startLiveBridge({ platform, buttons });
    live.coze.answer = echo;
    await live.receive();
    live.say("hi");
    live.chat.press(live.person, await withButton(live, "🔁"), "🔁");
    await live.until("two answers", (texts) => texts.length === 2);
    expect(questions(live)).toEqual(["hi", "hi"]);
  });

  it.each([
    ["👍", "like"],
    ["👎", "unlike"],
  ])("%s tell Coze what the person thinks, and go away", async (label, feedback) => {
    const live = await startLiveBridge({ platform, buttons });
    live.coze.answer = echo;
    await live.receive();
    live.say("hi");
    live.chat.press(live.person, await withButton(live, label), label);
    await live.until("they go away", () => live.chat.botMessages(live.room)[0]?.buttons.flat().join() === "🔁");
    const [rated] = live.coze.requests.filter(({ path }) => path.endsWith("/feedback"));
    expect(rated?.body).toEqual({ feedback_type: feedback });
  });

  it.each([
    ["code 5000", cozeError(5000, "internal error")],
    ["status 500", { kind: "reply", status: 500, body: {} } as const],
  ])("stay when Coze refuses the rating with %s, and work later", async (_, effect) => {
    const live = await startLiveBridge({ platform, buttons });
    live.coze.answer = echo;
    await live.receive();
    live.say("hi");
    const message = await withButton(live, "👍");
    const restored = live.coze.faults.add({ method: /feedback$/, times: Number.POSITIVE_INFINITY, effect });
    live.chat.press(live.person, message, "👍");
    await live.until("the word", (texts) => texts.includes(en.notRated));
    expect((await withButton(live, "👍")).buttons).toEqual(message.buttons);
    restored();
    live.chat.press(live.person, message, "👍");
    await live.until("they go away", () => live.chat.botMessages(live.room)[0]?.buttons.flat().join() === "🔁");
    expect(live.texts()).toEqual(["You said: hi", en.notRated]);
    await live.bridge.stop(10_000);
    expect(live.log).toContainEqual(expect.objectContaining({ msg: "button failed", level: "warn" }));
  });

  it("are none of somebody's with the same id on another platform", async () => {
    const live = await startLiveBridge({ platform, buttons });
    live.coze.answer = echo;
    await live.receive((event) => (event.type === "action" ? { ...event, platform: "irc" } : event));
    live.say("hi");
    const message = await withButton(live, "👍");
    await live.ended();
    for (const label of ["👍", "🔁"]) live.chat.press(live.person, message, label);
    await live.accepted(3);
    await live.bridge.stop(10_000);
    expect(live.coze.requests.filter(({ path }) => path.endsWith("/feedback"))).toEqual([]);
    expect(await live.store.unfinishedTurns()).toEqual([]);
  });

  it("are the asker's alone in a group", async () => {
    const live = await startLiveBridge({ platform, buttons });
    const other = live.chat.addPerson({ name: "Bob" });
    const group = live.chat.addGroup("Lounge", [live.person, other]);
    live.coze.answer = echo;
    await live.receive();
    live.chat.say(live.person, group, "hi", { mention: true });
    const find = () => live.chat.botMessages(group).find((message) => message.buttons.length > 0);
    await live.until("the buttons", () => find() !== undefined);
    const message = find();
    if (!message) throw new Error("no buttons");
    live.chat.press(other, message, "🔁");
    await live.accepted(2);
    expect(questions(live)).toEqual(["hi"]);
  });
});
