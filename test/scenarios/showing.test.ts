import { afterEach, describe, expect, it } from "vitest";
import type { ChatPlatform, Room } from "../../src/playground/chat-platform.ts";
import { gate, say } from "../../src/playground/coze/index.ts";
import type { TelegramEmulator } from "../../src/playground/telegram/index.ts";
import { cozeQuestions } from "../support/coze-questions.ts";
import { closedGate } from "../support/gate.ts";
import { type PlatformName, type StartedWorld, startWorld } from "../support/world.ts";

let world: StartedWorld | undefined;

async function begin(platform: PlatformName, environment: Readonly<Record<string, string>>): Promise<StartedWorld> {
  world = await startWorld({ platform, environment });
  return world;
}

afterEach(async () => {
  world?.assertDiscretion();
  await world?.close();
});

const table = "| city | people |\n| --- | ---: |\n| Rome | 2,750,000 |\n| Oslo | 717,000 |";

function telegramOf({ chat }: StartedWorld): TelegramEmulator {
  if (chat.name !== "telegram") throw new Error("this is about Telegram");
  return chat;
}

function methods(chat: ChatPlatform, room: Room): string[] {
  return chat.calls.filter(({ parameters }) => String(parameters.chat_id) === room.id).map(({ method }) => method);
}

describe("TELEGRAM_STREAM_MODE=draft", () => {
  it("lets an answer grow in a draft, and ends it as a message", async () => {
    const started = await begin("telegram", { TELEGRAM_STREAM_MODE: "draft" });
    const { coze } = started;
    const chat = telegramOf(started);
    const { person, room } = started.someone();
    const later = closedGate();
    coze.answer = () => [...say("Half of it", { chunk: 100 }), gate(later.opened), ...say(" and the rest.")];
    chat.say(person, room, "Tell me all of it.");
    await chat.until("the draft", () => chat.draft(room)?.text === "Half of it");
    expect(chat.botMessages(room)).toEqual([]);

    later.open();
    await started.hears(room, "Half of it and the rest.");
    expect(chat.draft(room)).toBeUndefined();
    expect(methods(chat, room).filter((method) => method === "editMessageText")).toEqual([]);
  });

  it("ends the answer by Telegram's own button, and keeps what was shown", async () => {
    const started = await begin("telegram", { TELEGRAM_STREAM_MODE: "draft" });
    const { coze } = started;
    const chat = telegramOf(started);
    const { person, room } = started.someone();
    const never = closedGate();
    coze.answer = () => [...say("Half of it", { chunk: 100 }), gate(never.opened)];
    chat.say(person, room, "Tell me all of it.");
    await chat.until("the draft", () => chat.draft(room)?.text === "Half of it");
    chat.stopDraft(person);
    await started.hears(room, "Half of it\n\n⏹ Stopped.");
    const [question] = cozeQuestions(coze, started.sessionName(person));
    await coze.until("the run is cancelled", () => question?.request.aborted);
    expect(chat.botMessages(room)).toHaveLength(1);
  });

  it("edits messages in groups, which have no drafts", async () => {
    const started = await begin("telegram", { TELEGRAM_STREAM_MODE: "draft" });
    const chat = telegramOf(started);
    const person = chat.addPerson();
    const group = chat.addGroup("Readers", [person]);
    await started.ask(person, group, "Hello.");
    expect(methods(chat, group)).toContain("sendMessage");
    expect(methods(chat, group)).not.toContain("sendMessageDraft");
  });
});

describe("TELEGRAM_FORMAT=rich", () => {
  it("sends a table as a table, and other answers as they were", async () => {
    const started = await begin("telegram", { TELEGRAM_FORMAT: "rich" });
    const chat = telegramOf(started);
    const { person, room } = started.someone();
    started.coze.answer = () => say(`It costs $400 and $600.\n\n${table}`, { chunk: 500 });
    chat.say(person, room, "How many people?");
    await chat.until("a rich message", () => methods(chat, room).includes("sendRichMessage"));
    started.coze.answer = () => say("With pleasure.", { chunk: 500 });
    chat.say(person, room, "Something simple.");
    await started.hears(room, "With pleasure.");
    expect(methods(chat, room)).toContain("sendMessage");
    const rich = chat.calls.find(({ method }) => method === "sendRichMessage");
    expect(JSON.stringify(rich?.parameters)).toContain('"table"');
    expect(JSON.stringify(rich?.parameters)).toContain("$400 and $600");
  });
});

describe("DISCORD_FINISH=fresh", () => {
  it("ends an answer that grew as a new message", async () => {
    const started = await begin("discord", { DISCORD_FINISH: "fresh" });
    const { coze, chat } = started;
    const { person, room } = started.someone();
    const later = closedGate();
    coze.answer = () => [...say("Half of it", { chunk: 100 }), gate(later.opened), ...say(" and the rest.")];
    const half = await started.ask(person, room, "Tell me all of it.", "Half of it");
    later.open();
    const whole = await chat.until("a new message", () =>
      chat.botMessages(room).find(({ id, text }) => id !== half.id && text === "Half of it and the rest."),
    );
    await chat.until("the old one is gone", () => chat.botMessages(room).length === 1);
    expect(chat.botMessages(room)[0]?.id).toBe(whole.id);
  });
});
