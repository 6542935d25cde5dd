import { Api } from "grammy";
import type { Update } from "grammy/types";
import { describe, expect, it } from "vitest";
import { createManualClock } from "../../support/manual-clock.ts";
import {
  call,
  descriptionOf,
  emulate,
  inGroup,
  pendingUpdates,
  personInChat,
  send,
  succeed,
} from "./telegram-fixture.ts";

describe("typing and drafts", () => {
  it("show the bot as typing for five seconds, or until its message", async () => {
    const clock = createManualClock();
    const emulator = await emulate({ clock });
    const { person, chatId, room } = personInChat(emulator);
    const type = () => succeed(emulator, "sendChatAction", { chat_id: chatId, action: "Typing" });
    await type();
    emulator.say(person, room, "and?");
    await clock.advance(4999);
    expect(emulator.isTyping(room)).toBe(true);
    const over = emulator.until("typing is over", () => !emulator.isTyping(room));
    await clock.advance(1);
    await over;
    await type();
    await send(emulator, chatId, "done");
    expect(emulator.isTyping(room)).toBe(false);
    expect(await descriptionOf(emulator, "sendChatAction", { chat_id: chatId, action: "sing" })).toBe(
      "Bad Request: wrong parameter action in request",
    );
  });

  it("show a draft for thirty seconds, or until a message", async () => {
    const clock = createManualClock();
    const emulator = await emulate({ clock });
    const { chatId, room } = personInChat(emulator);
    const api = new Api(emulator.token, { apiRoot: emulator.apiRoot });
    await api.sendMessageDraft(chatId, 5, "");
    expect(emulator.draft(room)).toMatchObject({ draftId: 5, text: "" });
    await api.sendMessageDraft(chatId, 5, "Once upon");
    expect(emulator.draft(room)).toMatchObject({ draftId: 5, text: "Once upon" });
    expect(emulator.botMessages(room)).toEqual([]);
    await clock.advance(30_000);
    expect(emulator.draft(room)).toBeUndefined();
    await api.sendMessageDraft(chatId, 5, "Once upon a time");
    await api.sendMessage(chatId, "Once upon a time.");
    expect(emulator.draft(room)).toBeUndefined();
  });

  it("let the person stop a draft, after which it is not shown again", async () => {
    const emulator = await emulate();
    const { person, chatId, room } = personInChat(emulator);
    const draft = { chat_id: chatId, draft_id: 5, text: "Once" };
    await succeed(emulator, "sendMessageDraft", draft);
    expect(() => emulator.stopDraft(person)).toThrow("No draft is shown");
    await succeed(emulator, "sendMessageDraft", { ...draft, can_stop: true });
    emulator.stopDraft(person);
    const update: Update | undefined = (await pendingUpdates(emulator)).at(-1);
    expect(update?.stopped_message_generation).toMatchObject({ chat: { id: chatId }, draft_id: "5" });
    await succeed(emulator, "sendMessageDraft", { ...draft, text: "Once upon" });
    expect(emulator.draft(room)).toBeUndefined();
  });

  it("refuse drafts in groups and without an id", async () => {
    const { emulator, ann, group } = await inGroup();
    emulator.command(ann, emulator.privateRoom(ann), "start");
    expect(await descriptionOf(emulator, "sendMessageDraft", { chat_id: group.id, draft_id: 5, text: "a" })).toBe(
      "Bad Request: TEXTDRAFT_PEER_INVALID",
    );
    expect((await call(emulator, "sendMessageDraft", { chat_id: ann.id, text: "a" })).status).toBe(400);
  });
});
