import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Room } from "../../src/playground/chat-platform.ts";
import { gate, type Script, say } from "../../src/playground/coze/index.ts";
import type { DiscordEmulator } from "../../src/playground/discord/index.ts";
import type { TelegramEmulator } from "../../src/playground/telegram/index.ts";
import type { FailureCode } from "../../src/turn/failures.ts";
import { closedGate, type Gate } from "../support/gate.ts";
import { type Chat, type PlatformName, type StartedWorld, startWorld } from "../support/world.ts";

/** Half an answer, and the other half when the gate opens. */
function inHalves(rest: Gate): Script {
  return [...say("Half", { chunk: 100 }), gate(rest.opened), ...say(" and half.", { chunk: 100 })];
}

function describeWorld(title: string, platform: PlatformName, define: (world: () => StartedWorld) => void): void {
  describe(`${title} (${platform})`, () => {
    let world: StartedWorld | undefined;
    beforeAll(async () => {
      world = await startWorld({ platform });
    });
    afterAll(async () => {
      await world?.close();
      world?.assertDiscretion();
    });
    define(() => {
      if (!world) throw new Error("the world exists inside tests only");
      return world;
    });
  });
}

describeWorld("A group becomes a supergroup", "telegram", (world) => {
  it("goes on with what was said before, also after a restart", async () => {
    const chat = telegramOf(world().chat);
    const { person } = world().someone();
    const group = chat.addGroup("Lounge", [person]);
    await world().ask(person, group, "I like tea.", "You said: I like tea.");

    const supergroup = chat.migrateGroup(group);
    await world().ask(person, supergroup, "What did I say?", "You said:\n• I like tea.");
    await world().ended(person);
    await world().bridge.kill();
    await world().restart();

    await world().ask(person, supergroup, "What did I say?", "You said:\n• I like tea.\n• What did I say?");
    expect(world().coze.conversations).toHaveLength(1);
  });

  it("shows the whole of the answer within which that happens", async () => {
    const { coze } = world();
    const chat = telegramOf(world().chat);
    const { person } = world().someone();
    const group = chat.addGroup("Lounge", [person]);
    const rest = closedGate();
    coze.answer = ({ text }) => (text === "Go on." ? inHalves(rest) : say(`You said: ${text}`));
    await world().ask(person, group, "Go on.", "Half");

    const supergroup = chat.migrateGroup(group);
    rest.open();
    // The old room shows people what was said before and after.
    await world().hears(group, "Half and half.");
    await world().ask(person, supergroup, "Still there?", "You said: Still there?");
    expect(chat.botMessages(group).map(({ text }) => text)).toEqual(["Half and half.", "You said: Still there?"]);
  });
});

const endings: readonly Ending[] = [
  {
    title: "its thread is locked",
    code: "ERR_PLATFORM_FORBIDDEN",
    end: (chat, { thread }) => chat.archiveThread(thread, { locked: true }),
  },
  {
    title: "its thread is deleted",
    code: "ERR_PLATFORM_NOT_FOUND",
    end: (chat, { thread }) => chat.deleteRoom(thread),
  },
  { title: "its channel is deleted", code: "ERR_PLATFORM_NOT_FOUND", end: (chat, { group }) => chat.deleteRoom(group) },
];

describeWorld("A place goes away within an answer", "discord", (world) => {
  it.each(endings)("ends the turn, on Coze too, when $title, and goes on elsewhere", async ({ code, end }) => {
    const { coze, bridge } = world();
    const chat = discordOf(world().chat);
    const { person, room } = world().someone();
    const group = chat.addGroup("Lounge", [person]);
    const thread = chat.addThread(group, "Dogs");
    const rest = closedGate();
    coze.answer = ({ text }) =>
      text === "Go on." ? [...inHalves(rest), { do: "silence" }] : say(`You said: ${text}`, { chunk: 100 });
    await world().ask(person, thread, "Go on.", "Half");
    const run = coze.conversations.find(({ isRunning }) => isRunning);

    end(chat, { thread, group });
    rest.open();
    const line = await bridge.logged("turn ended", ({ conversationId }) => conversationId === run?.id);
    expect(line).toMatchObject({ level: "warn", outcome: "failed", code });
    await coze.until("the run has ended", () => coze.conversations.every(({ isRunning }) => !isRunning));
    await world().ask(person, room, "And in private?", "You said: And in private?");
  });
});

describeWorld("A thread is archived within an answer", "discord", (world) => {
  it("is opened again for the rest", async () => {
    const { coze } = world();
    const chat = discordOf(world().chat);
    const { person } = world().someone();
    const thread = chat.addThread(chat.addGroup("Lounge", [person]), "Dogs");
    const rest = closedGate();
    coze.answer = () => inHalves(rest);
    const half = await world().ask(person, thread, "Go on.", "Half");
    chat.archiveThread(thread, { locked: false });
    rest.open();
    expect((await world().hears(thread, "Half and half.")).id).toBe(half.id);
  });
});

interface Place {
  readonly thread: Room;
  readonly group: Room;
}

interface Ending {
  readonly title: string;
  readonly code: FailureCode;
  readonly end: (chat: DiscordEmulator, place: Place) => void;
}

function telegramOf(chat: Chat): TelegramEmulator {
  if (chat.name !== "telegram") throw new Error("only Telegram has supergroups");
  return chat;
}

function discordOf(chat: Chat): DiscordEmulator {
  if (chat.name !== "discord") throw new Error("only Discord has threads that end");
  return chat;
}
