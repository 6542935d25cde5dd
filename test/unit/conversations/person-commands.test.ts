import { describe, expect, it } from "vitest";
import { en } from "../../../src/locale/en.ts";
import type { ShownMessage } from "../../../src/playground/chat-platform.ts";
import { interrupt, say } from "../../../src/playground/coze/index.ts";
import { platformNames } from "../../support/world.ts";
import { type LiveBridge, startLiveBridge } from "../live-bridge.ts";

async function started(platform: (typeof platformNames)[number], options = {}): Promise<LiveBridge> {
  const live = await startLiveBridge({ platform, ...options });
  await live.receive();
  return live;
}

/** Gives a command and resolves with the bot's next message in the private chat. */
async function give(live: LiveBridge, name: string, argument = ""): Promise<ShownMessage> {
  const before = new Set(live.chat.botMessages(live.room).map(({ id }) => id));
  const next = () => live.chat.botMessages(live.room).find(({ id, text }) => !before.has(id) && text !== "");
  live.chat.command(live.person, live.room, name, argument);
  await live.until(`an answer to /${name}`, () => next() !== undefined);
  const message = next();
  if (!message) throw new Error("there is no answer");
  return message;
}

const deletion = "DELETE /v1/conversations/:conversation_id";

async function press(live: LiveBridge, message: ShownMessage, label: string, told: string): Promise<ShownMessage> {
  live.chat.press(live.person, message, label);
  const find = () => live.chat.botMessages(live.room).findLast(({ text }) => text === told);
  await live.until(told, () => find() !== undefined);
  const answer = find();
  if (!answer) throw new Error("there is no answer");
  return answer;
}

describe.each(platformNames)("/conversations on %s", (platform) => {
  async function withTwo(): Promise<LiveBridge> {
    const live = await started(platform);
    live.coze.answer = ({ text, history }) => say(`${text} after ${history.length}`);
    live.say("ducks");
    await live.ended();
    await give(live, "new");
    live.say("geese");
    await live.ended(2);
    return live;
  }

  it("says that there are none yet", async () => {
    const live = await started(platform);
    expect((await give(live, "conversations")).text).toBe(en.conversationsNone);
  });

  it("lists a person's own by their first question, the current one marked", async () => {
    const live = await withTwo();
    const { text, buttons } = await give(live, "conversations");
    expect(text).toMatch(/geese · .* ●\n.*ducks · /);
    expect(buttons.map(([title]) => title)).toEqual(["geese", "ducks"]);
  });

  it.each([
    ["a number", (live: LiveBridge) => give(live, "conversations", "2")],
    ["a title", (live: LiveBridge) => give(live, "conversations", "ducks")],
    [
      "a button",
      async (live: LiveBridge) => press(live, await give(live, "conversations"), "ducks", en.conversationUsed),
    ],
  ])("goes on in a former one by %s", async (_, choose) => {
    const live = await withTwo();
    expect((await choose(live)).text).toBe(en.conversationUsed);
    live.say("more");
    await live.ended(3);
    const asked = live.coze.requests
      .filter(({ path }) => path === "/v3/chat")
      .map(({ query }) => query.conversation_id);
    expect(asked[2]).toBe(live.coze.conversations[0]?.id);
  });

  it("renames one, on Coze too", async () => {
    const live = await withTwo();
    expect((await give(live, "conversations", "rename 2 Water birds")).text).toBe(en.conversationRenamed);
    expect((await give(live, "conversations")).text).toContain("Water birds");
    expect(live.coze.requests.at(-1)).toMatchObject({ method: "PUT", body: { name: "Water birds" } });
  });

  it("deletes one on Coze too, after a confirmation", async () => {
    const live = await withTwo();
    const [first] = live.coze.conversations;
    const list = await give(live, "conversations");
    const [row] = list.buttons.filter(([title]) => title === "ducks");
    expect(row).toEqual(["ducks", "🗑"]);
    expect((await give(live, "conversations", "delete 2")).text).toBe(en.conversationDeleted);
    expect(live.coze.conversations.map(({ id }) => id)).not.toContain(first?.id);
    expect((await give(live, "conversations")).text).not.toContain("ducks");
  });
});

describe.each(platformNames)("the button that deletes a conversation on %s", (platform) => {
  /** Resolves with the message that asks whether the only conversation is to be deleted. */
  async function askedWhether(live: LiveBridge): Promise<ShownMessage> {
    live.say("ducks");
    await live.ended();
    return await press(live, await give(live, "conversations"), "🗑", en.conversationDrop);
  }

  it("does so on Coze too", async () => {
    const live = await started(platform);
    await press(live, await askedWhether(live), en.conversationDropYes, en.conversationDeleted);
    expect(live.coze.conversations).toEqual([]);
    expect((await give(live, "conversations")).text).toBe(en.conversationsNone);
  });

  it("says so when Coze keeps it, and so does the command", async () => {
    const live = await started(platform);
    const question = await askedWhether(live);
    live.coze.faults.add({ method: deletion, times: 9, effect: { kind: "reply", status: 500, body: {} } });
    await press(live, question, en.conversationDropYes, en.conversationNotDeleted);
    expect((await give(live, "conversations")).text).toContain("ducks");
    expect((await give(live, "conversations", "delete 1")).text).toBe(en.conversationNotDeleted);
  });

  it("has expired when it is gone already", async () => {
    const live = await started(platform);
    const question = await askedWhether(live);
    expect((await give(live, "conversations", "delete 1")).text).toBe(en.conversationDeleted);
    await press(live, question, en.conversationDropYes, en.buttonExpired);
  });
});

describe.each(platformNames)("/conversations in a group on %s", (platform) => {
  /** The person has spoken of ducks with the bot in private, and asks in a group where Discord can't hide the answer. */
  async function askedInGroup(scope: "user" | "chat-user") {
    const live = await started(platform, { scope });
    const group = live.chat.addGroup("Lounge", [live.person]);
    live.say("ducks");
    await live.ended();
    const late = { kind: "reply", status: 404, body: { code: 10_062, message: "Unknown interaction" } } as const;
    live.chat.faults.add({ method: /callback$/, effect: late });
    live.chat.command(live.person, group, "conversations");
    return { live, group };
  }

  it("is answered in private where conversations follow people everywhere, and goes on from there", async () => {
    const { live, group } = await askedInGroup("user");
    const find = () => live.chat.botMessages(live.room).find(({ buttons }) => buttons.flat().includes("ducks"));
    await live.until("the list", () => find() !== undefined);
    const list = find();
    if (!list) throw new Error("there is no list");
    await press(live, list, "ducks", en.conversationUsed);
    expect(live.texts(group)).toEqual([]);
  });

  it("is answered there where the conversations are that chat's own", async () => {
    const { live, group } = await askedInGroup("chat-user");
    await live.until("the word", () => live.texts(group).includes(en.conversationsNone));
    expect(live.texts()).toEqual(["You said: ducks"]);
  });
});

describe.each(platformNames)("/forget on %s", (platform) => {
  it("deletes a person's conversations on Coze and here, when it is confirmed", async () => {
    const live = await started(platform);
    live.say("my secret is 4711");
    await live.ended();
    const ask = await give(live, "forget");
    expect(ask.text).toBe(en.forgetAsk);
    expect(live.coze.conversations).toHaveLength(1);
    await press(live, ask, en.forgetYes, en.forgetDone);
    expect(live.coze.conversations).toEqual([]);
    const key = { agent: `${live.coze.baseUrl}/agent/${live.coze.catalog.botId}`, place: "" };
    const sessionName = `${live.chat.name}:${live.person.id}`;
    expect(await live.store.pastConversations({ ...key, sessionName })).toEqual([]);
    expect(await live.store.latestTurn({ ...key, sessionName })).toBeUndefined();
  });

  it("says so when Coze keeps something", async () => {
    const live = await started(platform);
    live.say("hi");
    await live.ended();
    const reply = { kind: "reply", status: 500, body: {} } as const;
    live.coze.faults.add({ method: deletion, times: 9, effect: reply });
    await press(live, await give(live, "forget"), en.forgetYes, en.forgetPartly);
  });

  it("can be confirmed again when the process ends on the way, and until then everything is known", async () => {
    const live = await started(platform);
    live.say("hi");
    await live.ended();
    const ask = await give(live, "forget");
    live.coze.faults.add({ method: deletion, effect: { kind: "hang", applied: false } });
    live.chat.press(live.person, ask, en.forgetYes);
    await live.coze.until("the deletion", () => live.coze.requests.some(({ method }) => method === "DELETE"));
    await live.bridge.stop(0);
    expect(live.chat.botMessages(live.room).at(-1)).toMatchObject({ id: ask.id, buttons: [[en.forgetYes]] });
    const key = { agent: `${live.coze.baseUrl}/agent/${live.coze.catalog.botId}`, place: "" };
    const sessionName = `${live.chat.name}:${live.person.id}`;
    expect((await live.store.latestTurn({ ...key, sessionName }))?.text).toBe("hi");
    expect(await live.store.conversationsOf([sessionName])).toHaveLength(1);
  });
});

describe.each(platformNames)("/debug on %s", (platform) => {
  it("is unknown to whom the operator does not name", async () => {
    const live = await started(platform, { adminUsers: new Set(["telegram:1", "discord:1"]) });
    expect((await give(live, "debug")).text).toBe(en.unknownCommand);
  });

  it("tells the others what Coze's support asks for", async () => {
    const adminUsers = Object.assign(new Set(["everybody"]), { has: () => true });
    const live = await started(platform, { adminUsers });
    expect((await give(live, "debug")).text).toBe(en.debugNothing);
    live.say("hi");
    const { chatId, conversationId } = await live.ended();
    const text = (await give(live, "debug")).text.replaceAll("\\", "");
    for (const fact of ["outcome: delivered", `chat_id: ${chatId}`, `conversation_id: ${conversationId}`, "logid: "]) {
      expect(text).toContain(fact);
    }
  });
});

describe.each(platformNames)("where people share a conversation on %s", (platform) => {
  it("only the person who was asked may answer a question of the flow", async () => {
    const live = await startLiveBridge({ platform, scope: "chat", mode: "chatflow-bot" });
    const other = live.chat.addPerson({ name: "Bob" });
    const group = live.chat.addGroup("Lounge", [live.person, other]);
    live.coze.answer = ({ resumes, text }) => (resumes ? say(`To ${text}`) : [interrupt("Where to?")]);
    await live.receive();
    live.chat.say(live.person, group, "book", { mention: true });
    await live.ended();
    live.chat.say(other, group, "Mars", { mention: true });
    await live.until("the word", () => live.texts(group).includes(en.notYourQuestion));
    live.chat.say(live.person, group, "Paris", { mention: true });
    await live.until("the answer", () => live.texts(group).includes("To Paris"));
  });
});
