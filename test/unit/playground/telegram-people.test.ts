import { Api, Bot } from "grammy";
import { describe, expect, it } from "vitest";
import type { TelegramEmulator } from "../../../src/playground/telegram/index.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import {
  descriptionOf,
  emulate,
  inGroup,
  lastMessage,
  pendingUpdates,
  personInChat,
  send,
  succeed,
} from "./telegram-fixture.ts";

const BOT = "@coze_playground_bot";

describe("what a person says", () => {
  it("reaches the bot with who, where, when and in which language", async () => {
    const emulator = await emulate({ clock: createManualClock(1_750_000_000_900) });
    const person = emulator.addPerson({ name: "Li", locale: "zh-hans" });
    emulator.say(person, emulator.privateRoom(person), "你好 https://e.org");
    const id = Number(person.id);
    expect(id).toBeGreaterThan(2 ** 31);
    expect(await lastMessage(emulator)).toEqual({
      message_id: 1,
      from: { id, is_bot: false, first_name: "Li", language_code: "zh-hans" },
      chat: { id, type: "private", first_name: "Li" },
      date: 1_750_000_000,
      text: "你好 https://e.org",
      entities: [{ type: "url", offset: 3, length: 13 }],
    });
  });

  it("comes in several messages when it is long", async () => {
    const emulator = await emulate();
    const { person, room } = personInChat(emulator);
    const text = "😀".repeat(4096) + "b".repeat(5000);
    emulator.say(person, room, text);
    const texts = (await pendingUpdates(emulator)).slice(1).map(({ message }) => message?.text ?? "");
    expect(texts.map((part) => [...part].length)).toEqual([4096, 4096, 904]);
    expect(texts.join("")).toBe(text);
  });

  it("shows the message that it answers, one level deep", async () => {
    const emulator = await emulate();
    const { person, room, chatId } = personInChat(emulator);
    await send(emulator, chatId, "two", { reply_parameters: { message_id: 1 } });
    const [answer] = emulator.botMessages(room);
    const shown = emulator.say(person, room, "three", answer ? { replyTo: answer } : {});
    expect(shown.replyToId).toBe("2");
    const message = await lastMessage(emulator);
    expect(message?.reply_to_message).toMatchObject({ message_id: 2, text: "two", from: { is_bot: true } });
    expect(message?.reply_to_message).not.toHaveProperty("reply_to_message");
  });

  it("is a command with its entity, addressed to the bot in groups", async () => {
    const { emulator, ann, group } = await inGroup();
    emulator.command(ann, emulator.privateRoom(ann), "start");
    expect(await lastMessage(emulator)).toMatchObject({
      text: "/start",
      entities: [{ type: "bot_command", offset: 0, length: 6 }],
    });
    emulator.command(ann, group, "new", "please");
    expect(await lastMessage(emulator)).toMatchObject({
      text: `/new${BOT} please`,
      entities: [{ type: "bot_command", offset: 0, length: 24 }],
    });
  });

  it("can be edited and deleted; of a deletion the bot hears nothing", async () => {
    const emulator = await emulate();
    const { person, room, hello } = personInChat(emulator);
    emulator.editMessage(person, hello, "hello!");
    const [, update] = await pendingUpdates(emulator);
    expect(update?.edited_message).toMatchObject({ message_id: 1, text: "hello!", edit_date: expect.any(Number) });
    emulator.deleteMessage(person, hello);
    expect(emulator.messages(room)).toEqual([]);
    expect(await pendingUpdates(emulator)).toHaveLength(2);
  });

  it("is refused where the apps would not allow it", async () => {
    const { emulator, ann, group } = await inGroup();
    const stranger = emulator.addPerson({ name: "Cy" });
    expect(() => emulator.say(stranger, group, "hi")).toThrow("Cy is not in Friends.");
    emulator.block(ann);
    expect(() => emulator.say(ann, emulator.privateRoom(ann), "hi")).toThrow("must unblock");
  });
});

describe("privacy mode", () => {
  const textsFor = async (emulator: TelegramEmulator) =>
    (await pendingUpdates(emulator)).map(({ message }) => message?.text);

  it("lets the bot see only what is meant for it", async () => {
    const { emulator, ann, bob, group } = await inGroup();
    emulator.say(ann, group, "hi all");
    emulator.say(ann, group, "/help");
    emulator.say(ann, group, "/help@other_bot");
    emulator.say(ann, group, "ask @coze_playground_bot_2");
    emulator.say(ann, group, "what is up?", { mention: true });
    await send(emulator, group.id, "an answer");
    const [answer] = emulator.botMessages(group);
    const said = emulator.say(bob, group, "a reply to the bot", answer ? { replyTo: answer } : {});
    emulator.say(ann, group, "a reply to Bob", { replyTo: said });
    expect(await textsFor(emulator)).toEqual(["/help", `${BOT} what is up?`, "a reply to the bot"]);
    expect(await succeed(emulator, "getMe")).toMatchObject({ can_read_all_group_messages: false });
  });

  it("can be switched off", async () => {
    const { emulator, ann, group } = await inGroup();
    emulator.setPrivacyMode(false);
    emulator.say(ann, group, "hi all");
    expect(await textsFor(emulator)).toEqual(["hi all"]);
    expect(await succeed(emulator, "getMe")).toMatchObject({ can_read_all_group_messages: true });
  });

  it("makes grammY's filters work as they do in life", async () => {
    const { emulator, ann, group } = await inGroup();
    const bot = new Bot(emulator.token, { client: { apiRoot: emulator.apiRoot } });
    bot.command("new", (context) => context.reply(`command:${context.match}`));
    bot.on("::mention", (context) => context.reply("mentioned"));
    const done = bot.start();
    emulator.command(ann, group, "new", "now");
    emulator.say(ann, group, "hey", { mention: true });
    await emulator.until("both are answered", () => emulator.botMessages(group).length === 2);
    expect(emulator.botMessages(group).map(({ text }) => text)).toEqual(["command:now", "mentioned"]);
    emulator.revokeToken();
    await expect(done).rejects.toMatchObject({ error_code: 401 });
  });
});

describe("another bot in a group", () => {
  it("is told to be one", async () => {
    const emulator = await emulate();
    const ann = emulator.addPerson({ name: "Ann" });
    const other = emulator.addBot("Weather");
    const group = emulator.addGroup("Friends", [ann, other]);
    emulator.say(other, group, "sunny", { mention: true });
    expect((await lastMessage(emulator))?.from).toMatchObject({ is_bot: true, username: "weather_bot" });
    expect(emulator.botMessages(group)).toEqual([]);
    expect(emulator.messages(group)[0]?.author).toMatchObject({ name: "Weather" });
  });
});

describe("buttons", () => {
  async function asked() {
    const clock = createManualClock();
    const emulator = await emulate({ clock });
    const chat = personInChat(emulator);
    const reply_markup = { inline_keyboard: [[{ text: "Stop", callback_data: "stop" }]] };
    await send(emulator, chat.chatId, "?", { reply_markup });
    const [question] = emulator.botMessages(chat.room);
    if (question === undefined) throw new Error("The question is missing.");
    return { clock, emulator, question, ...chat };
  }
  const lastQuery = async (emulator: TelegramEmulator) => (await pendingUpdates(emulator)).at(-1)?.callback_query;
  const TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid";

  it("are shown by their labels, row by row", async () => {
    const { emulator, chatId, room, question } = await asked();
    expect(question.buttons).toEqual([["Stop"]]);
    const inline_keyboard = ["a", "b"].map((text) => [{ text, url: "https://example.com" }]);
    await send(emulator, chatId, "?", { reply_markup: { inline_keyboard } });
    expect(emulator.messages(room).map(({ buttons }) => buttons)).toEqual([[], [["Stop"]], [["a"], ["b"]]]);
  });

  it("send a query that can be answered once", async () => {
    const { emulator, person, question, chatId } = await asked();
    emulator.press(person, question, "Stop");
    const query = await lastQuery(emulator);
    const callback_query_id = query?.id ?? "";
    expect(query).toMatchObject({ data: "stop", from: { id: chatId }, message: { text: "?" } });
    const api = new Api(emulator.token, { apiRoot: emulator.apiRoot });
    expect(await api.answerCallbackQuery(callback_query_id)).toBe(true);
    expect(await descriptionOf(emulator, "answerCallbackQuery", { callback_query_id })).toBe(TOO_OLD);
  });

  it("send one that is too old after 150 s", async () => {
    const { clock, emulator, person, question } = await asked();
    emulator.press(person, question, "Stop");
    const callback_query_id = (await lastQuery(emulator))?.id;
    await clock.advance(150_000);
    expect(await descriptionOf(emulator, "answerCallbackQuery", { callback_query_id })).toBe(TOO_OLD);
  });

  it("can be pressed in an old picture of the message, also when it is deleted, but nowhere else", async () => {
    const { emulator, person, room, question, chatId } = await asked();
    await succeed(emulator, "editMessageText", { chat_id: chatId, message_id: question.id, text: "!" });
    emulator.press(person, question, "Stop");
    const [edited] = emulator.botMessages(room);
    expect(() => edited && emulator.press(person, edited, "Stop")).toThrow('has no button "Stop"');
    await succeed(emulator, "deleteMessage", { chat_id: chatId, message_id: question.id });
    emulator.press(person, question, "Stop");
    const [first, second] = (await pendingUpdates(emulator)).flatMap(({ callback_query }) => callback_query ?? []);
    expect(first?.message).toMatchObject({ text: "!" });
    expect(second?.message).toEqual({ chat: expect.objectContaining({ id: chatId }), message_id: 2, date: 0 });
    expect(() => emulator.press(person, question, "stop")).toThrow('has no button "stop"');
  });
});

describe("a wait that fails", () => {
  it("tells what was said", async () => {
    const emulator = await emulate();
    const { chatId } = personInChat(emulator);
    await send(emulator, chatId, "hi");
    const failure = emulator.until("the cows come home", () => false, 1);
    await expect(failure).rejects.toThrow(/for: the cows come home\nAnn \(private \d+\)\n.* Ann: hello\n.* Coze: hi/);
    expect(emulator.environment).toEqual({ TELEGRAM_BOT_TOKEN: emulator.token, TELEGRAM_API_BASE: emulator.apiRoot });
  });
});
