import { Api, GrammyError } from "grammy";
import { describe, expect, it } from "vitest";
import { createManualClock } from "../../support/manual-clock.ts";
import { call, emulate, pendingUpdates, personInChat, send, succeed } from "./telegram-fixture.ts";

const HOUR = 3_600_000;
const NOT_MODIFIED =
  "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message";

/** grammY as the bot, a person who wrote to it, and a way to see what is refused. */
async function chatting(options?: Parameters<typeof emulate>[0]) {
  const emulator = await emulate(options);
  const api = new Api(emulator.token, { apiRoot: emulator.apiRoot });
  const chat = personInChat(emulator);
  const refusal = async (method: string, parameters: object) => (await call(emulator, method, parameters)).body;
  return { emulator, api, refusal, ...chat };
}

describe("sendMessage", () => {
  it("returns the message as Telegram keeps it", async () => {
    const clock = createManualClock(Date.UTC(2026, 0, 1) + 567);
    const { emulator, api, chatId, hello } = await chatting({ clock });
    const sent = await api.sendMessage(chatId, "  **hi** \n", {
      entities: [{ type: "bold", offset: 4, length: 2 }],
      link_preview_options: { is_disabled: true },
      reply_parameters: { message_id: Number(hello.id) },
      reply_markup: { inline_keyboard: [[{ text: "Stop", callback_data: "stop" }]] },
    });
    expect(sent).toEqual({
      message_id: 2,
      from: { id: emulator.bot.id, is_bot: true, first_name: "Coze", username: "coze_playground_bot" },
      chat: { id: chatId, type: "private", first_name: "Ann" },
      date: Date.UTC(2026, 0, 1) / 1000,
      text: "**hi**",
      entities: [{ type: "bold", offset: 2, length: 2 }],
      link_preview_options: { is_disabled: true },
      reply_to_message: expect.objectContaining({ message_id: 1, text: "hello" }),
      reply_markup: { inline_keyboard: [[{ text: "Stop", callback_data: "stop" }]] },
    });
  });

  it("numbers people's and the bot's messages in one row over all chats but supergroups, which have their own", async () => {
    const { emulator, api, chatId, person, room } = await chatting();
    await api.sendMessage(chatId, "two");
    emulator.say(person, room, "three");
    expect(emulator.messages(room).map(({ id }) => id)).toEqual(["1", "2", "3"]);
    const other = personInChat(emulator, "Bob");
    expect((await api.sendMessage(other.chatId, "five")).message_id).toBe(5);
    const group = emulator.addGroup("Friends", [person]);
    expect((await api.sendMessage(group.id, "six")).message_id).toBe(6);
    const supergroup = emulator.migrateGroup(group);
    expect((await api.sendMessage(supergroup.id, "after the notice")).message_id).toBe(2);
    expect((await api.sendMessage(chatId, "after the other notice")).message_id).toBe(8);
  });

  it("does not tell the bot of its own messages", async () => {
    const { emulator, api, chatId } = await chatting();
    await api.sendMessage(chatId, "two");
    expect(await pendingUpdates(emulator)).toHaveLength(1);
  });

  it("counts code points, not UTF-16 units, and says 'too long' in its own words", async () => {
    const { api, chatId, refusal } = await chatting();
    const sent = await api.sendMessage(chatId, "😀".repeat(4096));
    expect(sent.text).toHaveLength(8192);
    expect(await refusal("sendMessage", { chat_id: chatId, text: "😀".repeat(4097) })).toEqual({
      ok: false,
      error_code: 400,
      description: "Bad Request: message is too long",
    });
  });

  it.each<[object, string]>([
    [{ text: "" }, "message text is empty"],
    [{}, "message text is empty"],
    [{ text: " \n\t\r\u200b" }, "text must be non-empty"],
    [{ text: "x".repeat(32_769) }, "text is too long"],
    [{ text: "a", parse_mode: "Sand" }, "unsupported parse_mode"],
    [{ text: "a", parse_mode: "HTML" }, "parse_mode is not emulated, pass entities instead"],
    [{ text: "a", chat_id: "" }, "chat_id is empty"],
    [{ text: "a", chat_id: "@nobody" }, "chat not found"],
    [{ text: "a", reply_parameters: { message_id: 99 } }, "message to be replied not found"],
    [{ text: "a", reply_parameters: "{" }, "can't parse reply parameters JSON object"],
    [{ text: "a", message_thread_id: 7 }, "message thread not found"],
    [
      { text: "a", reply_markup: { inline_keyboard: [[{ text: "x" }]] } },
      "text buttons are unallowed in the inline keyboard",
    ],
    [
      { text: "a", reply_markup: { inline_keyboard: [[{ text: "x", callback_data: "é".repeat(33) }]] } },
      "BUTTON_DATA_INVALID",
    ],
  ])("refuses what is wrong: case %#", async (parameters, reason) => {
    const { chatId, refusal } = await chatting();
    expect(await refusal("sendMessage", { chat_id: chatId, ...parameters })).toEqual({
      ok: false,
      error_code: 400,
      description: `Bad Request: ${reason}`,
    });
  });

  it("sends without the answered message where the bot allows that", async () => {
    const { api, chatId, emulator, person, hello } = await chatting();
    emulator.deleteMessage(person, hello);
    const reply_parameters = { message_id: Number(hello.id), allow_sending_without_reply: true };
    const sent = await api.sendMessage(chatId, "a", { reply_parameters });
    expect(sent.reply_to_message).toBeUndefined();
  });
});

describe("editMessageText", () => {
  it("replaces text, entities and keyboard, and dates the edit", async () => {
    const clock = createManualClock();
    const { emulator, api, chatId, room } = await chatting({ clock });
    const reply_markup = { inline_keyboard: [[{ text: "Stop", callback_data: "stop" }]] };
    const sent = await api.sendMessage(chatId, "one", { reply_markup });
    await clock.advance(2500);
    const edited = await api.editMessageText(chatId, sent.message_id, "one two", {
      entities: [{ type: "italic", offset: 0, length: 3 }],
    });
    expect(edited).toMatchObject({ text: "one two", date: sent.date, edit_date: sent.date + 2 });
    expect(edited).not.toHaveProperty("reply_markup");
    const [shown] = emulator.botMessages(room);
    expect(shown?.text).toBe("one two");
    expect(shown?.revisions.map(({ text, at, entities }) => [text, at, entities.length])).toEqual([
      ["one", clock.now() - 2500, 0],
      ["one two", clock.now(), 1],
    ]);
  });

  it.each([
    ["the same text and entities", "same", [{ type: "bold", offset: 0, length: 4 }], true],
    ["the same after trimming", "  same\n", [{ type: "bold", offset: 2, length: 4 }], true],
    ["other entities", "same", [{ type: "italic", offset: 0, length: 4 }], false],
    ["no entities", "same", [], false],
  ])("tells whether something changed: %s", async (_what, text, entities, isSame) => {
    const { chatId, emulator, refusal } = await chatting();
    const sent = await send(emulator, chatId, "same", { entities: [{ type: "bold", offset: 0, length: 4 }] });
    const answer = await refusal("editMessageText", { chat_id: chatId, message_id: sent.message_id, text, entities });
    expect(answer.description).toBe(isSame ? NOT_MODIFIED : undefined);
  });

  it("takes a keyboard alone for a change, and its absence too", async () => {
    const { chatId, emulator, room } = await chatting();
    const { message_id } = await send(emulator, chatId, "same");
    const target = { chat_id: chatId, message_id, text: "same" };
    const reply_markup = { inline_keyboard: [[{ text: "Stop", callback_data: "stop" }]] };
    await succeed(emulator, "editMessageText", { ...target, reply_markup });
    const [shown] = emulator.botMessages(room);
    expect(shown && emulator.keyboard(shown)).toEqual(reply_markup.inline_keyboard);
    expect((await call(emulator, "editMessageText", { ...target, reply_markup })).body.description).toBe(NOT_MODIFIED);
    expect(await succeed(emulator, "editMessageText", target)).not.toHaveProperty("reply_markup");
  });

  it("is told apart from sending when the text is too long", async () => {
    const { chatId, emulator, refusal } = await chatting();
    const { message_id } = await send(emulator, chatId, "a");
    const text = "x".repeat(4097);
    const { description } = await refusal("editMessageText", { chat_id: chatId, message_id, text });
    expect(description).toBe("Bad Request: MESSAGE_TOO_LONG");
  });

  it("fails as a GrammyError when the person deleted the message", async () => {
    const { api, chatId, emulator, person, room } = await chatting();
    const { message_id } = await api.sendMessage(chatId, "a");
    const [shown] = emulator.botMessages(room);
    if (shown) emulator.deleteMessage(person, shown);
    expect(emulator.botMessages(room)).toEqual([]);
    const error = await api.editMessageText(chatId, message_id, "b").catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(GrammyError);
    expect(error).toMatchObject({ error_code: 400, description: "Bad Request: message to edit not found" });
  });

  it("can't change what a person wrote", async () => {
    const { chatId, refusal } = await chatting();
    const answer = await refusal("editMessageText", { chat_id: chatId, message_id: 1, text: "b" });
    expect(answer.description).toBe("Bad Request: message can't be edited");
  });
});

describe("editMessageReplyMarkup", () => {
  const stop = { inline_keyboard: [[{ text: "Stop", callback_data: "stop" }]] };

  it("replaces or removes the keyboard alone", async () => {
    const { api, chatId, emulator, room } = await chatting();
    const { message_id } = await api.sendMessage(chatId, "same", {
      entities: [{ type: "bold", offset: 0, length: 4 }],
    });
    const edited = await api.editMessageReplyMarkup(chatId, message_id, { reply_markup: stop });
    expect(edited).toMatchObject({ text: "same", entities: [{ type: "bold" }], reply_markup: stop });
    expect(emulator.botMessages(room)).toMatchObject([{ text: "same", buttons: [["Stop"]] }]);
    expect(await api.editMessageReplyMarkup(chatId, message_id)).not.toHaveProperty("reply_markup");
    expect(emulator.botMessages(room)).toMatchObject([{ text: "same", buttons: [] }]);
  });

  it("tells what is not the bot's, what is not there and what is so already", async () => {
    const { chatId, emulator, hello, refusal } = await chatting();
    const { message_id } = await send(emulator, chatId, "a");
    const refusalOf = async (id: number, more = {}) =>
      (await refusal("editMessageReplyMarkup", { chat_id: chatId, message_id: id, ...more })).description;
    expect(await refusalOf(Number(hello.id))).toBe("Bad Request: message can't be edited");
    expect(await refusalOf(message_id + 1)).toBe("Bad Request: message to edit not found");
    expect(await refusalOf(message_id)).toBe(NOT_MODIFIED);
    expect(await refusalOf(message_id, { reply_markup: stop })).toBeUndefined();
    expect(await refusalOf(message_id, { reply_markup: stop })).toBe(NOT_MODIFIED);
  });

  it("counts as an edit", async () => {
    const limits = { name: "one", budgets: [oneAMinute] };
    const { chatId, emulator, refusal } = await chatting({ limits });
    const { message_id } = await send(emulator, chatId, "a");
    const answer = await refusal("editMessageReplyMarkup", { chat_id: chatId, message_id });
    expect(answer.error_code).toBe(429);
  });
});

const oneAMinute = {
  calls: ["send", "edit"],
  scope: "private",
  meters: [{ kind: "window", count: 1, perMs: 60_000 }],
} as const;

describe("deleteMessage", () => {
  it("removes a message once", async () => {
    const { api, chatId, emulator, room, refusal } = await chatting();
    const { message_id } = await api.sendMessage(chatId, "a");
    expect(await api.deleteMessage(chatId, message_id)).toBe(true);
    expect(emulator.botMessages(room)).toEqual([]);
    const again = await refusal("deleteMessage", { chat_id: chatId, message_id });
    expect(again.description).toBe("Bad Request: message to delete not found");
  });

  it("refuses messages older than 48 hours and, in groups, those of others", async () => {
    const clock = createManualClock();
    const { chatId, emulator, person, refusal } = await chatting({ clock });
    const group = emulator.addGroup("Friends", [person]);
    const { id: theirId } = emulator.say(person, group, "mine");
    const theirs = await refusal("deleteMessage", { chat_id: group.id, message_id: theirId });
    expect(theirs.description).toBe("Bad Request: message can't be deleted");
    const { message_id } = await send(emulator, chatId, "a");
    await clock.advance(48 * HOUR);
    const old = await refusal("deleteMessage", { chat_id: chatId, message_id });
    expect(old.description).toBe("Bad Request: message can't be deleted");
  });
});
