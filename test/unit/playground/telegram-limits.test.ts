import { Api } from "grammy";
import { describe, expect, it } from "vitest";
import { type LimitProfile, limitProfiles, type TelegramEmulator } from "../../../src/playground/telegram/index.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import { call, emulate, personInChat, send } from "./telegram-fixture.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;

async function limited(limits?: "off" | LimitProfile) {
  const clock = createManualClock();
  const emulator = await emulate(limits === undefined ? { clock } : { clock, limits });
  const { person, chatId } = personInChat(emulator);
  const group = Number(emulator.addGroup("Friends", [person]).id);
  return { clock, emulator, chatId, group };
}

/** The seconds of each 429; 0 for calls that went through. */
async function waits(emulator: TelegramEmulator, method: string, calls: readonly object[]): Promise<number[]> {
  const seconds: number[] = [];
  for (const parameters of calls) {
    const { status, body } = await call(emulator, method, parameters);
    if (status !== 200 && status !== 429) throw new Error(body.description);
    seconds.push(body.parameters?.retry_after ?? 0);
  }
  return seconds;
}

const sends = (chat_id: number, count: number, text = "a") => Array.from({ length: count }, () => ({ chat_id, text }));
const free = (count: number) => new Array<number>(count).fill(0);

describe("rate limits", () => {
  it("are on by default: 20 at once in a private chat, then one a second", async () => {
    const { clock, emulator, chatId } = await limited();
    expect(await waits(emulator, "sendMessage", sends(chatId, 20))).toEqual(free(20));
    await clock.advance(3 * SECOND);
    expect(await waits(emulator, "sendMessage", sends(chatId, 4))).toEqual([0, 0, 0, 30]);
  });

  it("count edits and sends together, and an edit that changes nothing too", async () => {
    const { emulator, chatId } = await limited();
    const { message_id } = await send(emulator, chatId, "0");
    const edits = Array.from({ length: 9 }, (_, index) => ({ chat_id: chatId, message_id, text: `${index}-` }));
    expect(await waits(emulator, "editMessageText", edits)).toEqual(free(9));
    const same = await call(emulator, "editMessageText", { chat_id: chatId, message_id, text: "8-" });
    expect(same.status).toBe(400);
    expect(await waits(emulator, "sendMessage", sends(chatId, 10))).toEqual([...free(9), 30]);
  });

  it("let a group have 20 a minute, with all its topics", async () => {
    const { clock, emulator } = await limited();
    const { person } = personInChat(emulator, "Bob");
    const forum = emulator.addGroup("Forum", [person], { forum: true });
    const thread = emulator.addThread(forum, "News");
    const inTopic = { chat_id: forum.id, message_thread_id: Number(thread.id.split(":")[1]), text: "a" };
    expect(await waits(emulator, "sendMessage", sends(Number(forum.id), 10))).toEqual(free(10));
    await clock.advance(10 * SECOND);
    expect(await waits(emulator, "sendMessage", new Array(10).fill(inTopic))).toEqual(free(10));
    await clock.advance(50 * SECOND);
    expect(await waits(emulator, "sendMessage", sends(Number(forum.id), 11))).toEqual([...free(10), 30]);
  });

  it("count a text over 500 characters twice", async () => {
    const { emulator, chatId } = await limited();
    const long = sends(chatId, 11, "x".repeat(501));
    expect(await waits(emulator, "sendMessage", long)).toEqual([...free(10), 30]);
  });

  it("let the bot send 30 a second in all", async () => {
    const { emulator } = await limited();
    const chats = Array.from({ length: 31 }, () => personInChat(emulator).chatId);
    const calls = chats.map((chat_id) => ({ chat_id, text: "a" }));
    expect(await waits(emulator, "sendMessage", calls)).toEqual([...free(30), 30]);
  });

  it("answer with what is left of the penalty, in this chat only", async () => {
    const { clock, emulator, chatId, group } = await limited();
    await waits(emulator, "sendMessage", sends(chatId, 21));
    await clock.advance(12_300);
    expect(await waits(emulator, "sendMessage", sends(chatId, 2))).toEqual([18, 18]);
    expect(await waits(emulator, "sendMessage", sends(group, 1))).toEqual([0]);
    await clock.advance(17_700);
    expect(await waits(emulator, "sendMessage", sends(chatId, 1))).toEqual([0]);
  });

  it("make the penalty longer with each breach, up to 280 s, and forget after ten minutes", async () => {
    const { clock, emulator, group } = await limited();
    const breach = async () => Math.max(...(await waits(emulator, "sendMessage", sends(group, 21))));
    const penalties: number[] = [];
    for (let round = 0; round < 6; round += 1) {
      penalties.push(await breach());
      await clock.advance((penalties.at(-1) ?? 0) * SECOND + MINUTE);
    }
    expect(penalties).toEqual([30, 60, 120, 240, 280, 280]);
    await clock.advance(10 * MINUTE);
    expect(await breach()).toBe(30);
  });

  it("do not hold for answers to buttons, and count chat actions and drafts apart", async () => {
    const { clock, emulator, chatId } = await limited();
    await waits(emulator, "sendMessage", sends(chatId, 21));
    const query = await call(emulator, "answerCallbackQuery", { callback_query_id: "1" });
    expect(query.status).toBe(400);
    const actions = new Array(10).fill({ chat_id: chatId, action: "typing" });
    expect(await waits(emulator, "sendChatAction", actions)).toEqual(free(10));
    const drafts = new Array(11).fill({ chat_id: chatId, draft_id: 1, text: "a" });
    expect(await waits(emulator, "sendMessageDraft", drafts)).toEqual([...free(10), 5]);
    await clock.advance(5 * SECOND);
    expect(await waits(emulator, "sendMessageDraft", drafts.slice(1))).toEqual(free(10));
  });

  it("cost nothing when the call is refused for another reason before", async () => {
    const { emulator, chatId } = await limited();
    for (let i = 0; i < 30; i += 1) await call(emulator, "sendMessage", { chat_id: chatId, text: "" });
    expect(await waits(emulator, "sendMessage", sends(chatId, 1))).toEqual([0]);
  });

  it("can be switched off", async () => {
    const { emulator, chatId } = await limited("off");
    expect(await waits(emulator, "sendMessage", sends(chatId, 100))).toEqual(free(100));
  });

  it("reach grammY as an error with the seconds in it", async () => {
    const { emulator, chatId } = await limited();
    await waits(emulator, "sendMessage", sends(chatId, 20));
    const api = new Api(emulator.token, { apiRoot: emulator.apiRoot });
    await expect(api.sendMessage(chatId, "a")).rejects.toMatchObject({
      error_code: 429,
      description: "Too Many Requests: retry after 30",
      parameters: { retry_after: 30 },
    });
  });
});

describe("limit profiles", () => {
  it("documented: 3 a second, 20 a minute in groups, room again as soon as there is some, deletions counted", async () => {
    const { clock, emulator, chatId, group } = await limited(limitProfiles.documented);
    expect(await waits(emulator, "sendMessage", sends(chatId, 4))).toEqual([0, 0, 0, 1]);
    await clock.advance(SECOND);
    expect(await waits(emulator, "deleteMessage", [{ chat_id: chatId, message_id: 2 }])).toEqual([0]);
    expect(await waits(emulator, "sendMessage", sends(chatId, 3))).toEqual([0, 0, 1]);
    for (let sent = 0; sent < 18; sent += 3) {
      await waits(emulator, "sendMessage", sends(group, 3));
      await clock.advance(2 * SECOND);
    }
    expect(await waits(emulator, "sendMessage", sends(group, 3))).toEqual([0, 0, 48]);
  });

  it("penalties: 30, 135, 503 s, and sooner for a bot that does not stop calling", async () => {
    const { clock, emulator, chatId } = await limited(limitProfiles.penalties);
    expect(await waits(emulator, "sendMessage", sends(chatId, 8))).toEqual([0, 0, 0, 30, 30, 30, 30, 135]);
    await clock.advance(135 * SECOND);
    expect(await waits(emulator, "sendMessage", sends(chatId, 4))).toEqual([0, 0, 0, 503]);
  });

  it("lenientGroupEdits: edits in a group do not use up its messages", async () => {
    const { emulator, group } = await limited(limitProfiles.lenientGroupEdits);
    const { message_id } = await send(emulator, group, "0");
    const edits = Array.from({ length: 25 }, (_, index) => ({ chat_id: group, message_id, text: `${index}-` }));
    expect(await waits(emulator, "editMessageText", edits)).toEqual(free(25));
    expect(await waits(emulator, "sendMessage", sends(group, 2))).toEqual(free(2));
  });
});
