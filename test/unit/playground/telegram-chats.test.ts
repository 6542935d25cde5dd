import { describe, expect, it } from "vitest";
import {
  call,
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

describe("chats that close", () => {
  it("refuse a bot that was blocked, and tell it", async () => {
    const emulator = await emulate();
    const { person, chatId } = personInChat(emulator);
    const { message_id } = await send(emulator, chatId, "a");
    emulator.block(person);
    const refused = "Forbidden: bot was blocked by the user";
    expect(await call(emulator, "sendMessage", { chat_id: chatId, text: "b" })).toMatchObject({
      status: 403,
      body: { ok: false, error_code: 403, description: refused },
    });
    expect(await descriptionOf(emulator, "editMessageText", { chat_id: chatId, message_id, text: "b" })).toBe(refused);
    expect(await descriptionOf(emulator, "sendChatAction", { chat_id: chatId, action: "typing" })).toBe(refused);
    emulator.unblock(person);
    await send(emulator, chatId, "c");
    const changes = (await pendingUpdates(emulator)).flatMap((update) => update.my_chat_member ?? []);
    expect(changes.map((change) => [change.old_chat_member.status, change.new_chat_member.status])).toEqual([
      ["member", "kicked"],
      ["kicked", "member"],
    ]);
    expect(changes[0]).toMatchObject({ chat: { id: chatId }, from: { id: chatId } });
  });

  it("refuse a bot that was kicked, which hears no more", async () => {
    const { emulator, ann, group } = await inGroup();
    emulator.kickBot(group);
    emulator.say(ann, group, "hi", { mention: true });
    const kinds = (await pendingUpdates(emulator)).map((update) => Object.keys(update)[1]);
    expect(kinds).toEqual(["my_chat_member"]);
    const target = { chat_id: group.id, text: "a" };
    expect(await descriptionOf(emulator, "sendMessage", target)).toBe("Forbidden: bot was kicked from the group chat");
    emulator.readmitBot(group);
    expect(await descriptionOf(emulator, "sendMessage", target)).toBeUndefined();
  });

  it("are unknown, or not to be opened by the bot, before the person wrote", async () => {
    const { emulator, ann } = await inGroup();
    const stranger = emulator.addPerson({ name: "Cy" });
    const refusalFor = (chat_id: string) => descriptionOf(emulator, "sendMessage", { chat_id, text: "a" });
    expect(await refusalFor(stranger.id)).toBe("Bad Request: chat not found");
    expect(await refusalFor(ann.id)).toBe("Forbidden: bot can't initiate conversation with a user");
  });

  it("move to a supergroup, where the old id leads to the new one", async () => {
    const { emulator, ann, group } = await inGroup();
    await send(emulator, group.id, "before");
    const upgraded = emulator.migrateGroup(group);
    expect(Number(group.id)).toBeGreaterThan(-1e12);
    expect(Number(upgraded.id)).toBeLessThan(-1e12);
    const notices = (await pendingUpdates(emulator)).map(({ message }) => message);
    expect(notices).toMatchObject([
      { chat: { id: Number(group.id), type: "group" }, migrate_to_chat_id: Number(upgraded.id) },
      { chat: { id: Number(upgraded.id), type: "supergroup" }, migrate_from_chat_id: Number(group.id) },
    ]);
    expect((await call(emulator, "sendMessage", { chat_id: group.id, text: "a" })).body).toEqual({
      ok: false,
      error_code: 400,
      description: "Bad Request: group chat was upgraded to a supergroup chat",
      parameters: { migrate_to_chat_id: Number(upgraded.id) },
    });
    await send(emulator, upgraded.id, "after");
    emulator.say(ann, group, "still here", { mention: true });
    expect((await lastMessage(emulator))?.chat.id).toBe(Number(upgraded.id));
    expect(emulator.messages(group).map(({ text }) => text)).toEqual(["before", "after", `${BOT} still here`]);
  });
});

describe("forum topics", () => {
  it("mark their messages, which answer the one that opened the topic", async () => {
    const { emulator, ann, group } = await inGroup();
    const thread = emulator.addThread(group, "News");
    const opening = (await pendingUpdates(emulator)).at(-1)?.message;
    expect(opening).toMatchObject({ forum_topic_created: { name: "News" }, is_topic_message: true });
    const message_thread_id = opening?.message_id ?? 0;
    expect(thread).toMatchObject({ kind: "thread", title: "News" });

    const shown = emulator.say(ann, thread, "hi", { mention: true });
    expect(shown).not.toHaveProperty("replyToId");
    const message = await lastMessage(emulator);
    expect(message).toMatchObject({
      chat: { type: "supergroup", is_forum: true },
      message_thread_id,
      is_topic_message: true,
      reply_to_message: { message_id: message_thread_id, forum_topic_created: { name: "News" } },
    });

    const sent = await send(emulator, message?.chat.id ?? 0, "in the topic", { message_thread_id });
    expect(sent).toMatchObject({ message_thread_id, is_topic_message: true });
    await send(emulator, message?.chat.id ?? 0, "in general");
    expect(emulator.botMessages(thread).map(({ text }) => text)).toEqual(["in the topic"]);
    expect(emulator.botMessages(group).map(({ text }) => text)).toEqual(["in general"]);
  });

  it("are not found when they are unknown, deleted, or the general one", async () => {
    const emulator = await emulate();
    const ann = emulator.addPerson();
    const forum = emulator.addGroup("Forum", [ann], { forum: true });
    const thread = emulator.addThread(forum, "News");
    const sendTo = (message_thread_id: number) =>
      descriptionOf(emulator, "sendMessage", { chat_id: forum.id, text: "a", message_thread_id });
    const id = Number(thread.id.split(":")[1]);
    expect(await sendTo(id)).toBeUndefined();
    emulator.deleteThread(thread);
    for (const unknown of [1, 77, id]) expect(await sendTo(unknown)).toBe("Bad Request: message thread not found");
  });

  it("do not exist in other groups: there the parameter is ignored, and replies name their first message", async () => {
    const { emulator, ann, group } = await inGroup();
    const supergroup = emulator.migrateGroup(group);
    expect(await send(emulator, supergroup.id, "a", { message_thread_id: 77 })).not.toHaveProperty("message_thread_id");
    const [answer] = emulator.botMessages(supergroup);
    emulator.say(ann, supergroup, "b", answer ? { replyTo: answer } : {});
    const reply = await lastMessage(emulator);
    expect(reply?.message_thread_id).toBe(Number(answer?.id));
    expect(reply).not.toHaveProperty("is_topic_message");
  });
});

describe("getChat", () => {
  it("tells what a chat is", async () => {
    const { emulator, group } = await inGroup();
    expect(await succeed(emulator, "getChat", { chat_id: group.id })).toMatchObject({
      id: Number(group.id),
      type: "group",
      title: "Friends",
    });
    expect(await descriptionOf(emulator, "getChat", { chat_id: 5 })).toBe("Bad Request: chat not found");
  });
});
