import { join } from "node:path";
import Database from "better-sqlite3";
import { beforeEach, expect, test } from "vitest";
import { systemClock } from "../../../src/clock.ts";
import { findDamage } from "../../../src/store/integrity.ts";
import { initial } from "../../../src/store/migrations/0001-initial.ts";
import { recovery } from "../../../src/store/migrations/0002-recovery.ts";
import { conversations } from "../../../src/store/migrations/0003-conversations.ts";
import { openSqliteStore } from "../../../src/store/sqlite.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { command, key, message, newTurn } from "./records.ts";

let path: string;

beforeEach(() => {
  path = join(temporaryFolder(), "bridge.db");
});

const group = { key: "-100", kind: "group" } as const;

/** A database as version 0.1.0 wrote it: a finished turn, one that it left in the middle, a command, a conversation. */
function writeVersion1(): void {
  const db = new Database(path);
  db.exec(initial);
  db.exec("PRAGMA application_id = 0x436f7a42; PRAGMA user_version = 1");
  const event = db.prepare("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?)");
  const elsewhere = { ...command("c1"), sentAt: 100, chat: group };
  for (const { platform, id, type, sentAt, ...payload } of [message("m1"), message("m2", "?"), elsewhere]) {
    event.run(platform, id, type, id === "m2" ? sentAt + 1 : sentAt, 600, JSON.stringify(payload));
  }
  const turn = db.prepare(
    `INSERT INTO turns (id, platform, event_id, agent, session_name, place, locale, state, chat_id, answer, created_at, updated_at)
     VALUES (?, 'telegram', ?, ?, ?, ?, 'zh', ?, ?, ?, 600, 700)`,
  );
  turn.run("t1", "m1", key.agent, key.sessionName, key.place, "delivered", "r1", "**done**");
  turn.run("t2", "m2", key.agent, key.sessionName, key.place, "answering", "r2", null);
  const part = db.prepare("INSERT INTO turn_messages VALUES (?, ?, ?, ?, ?)");
  part.run("t1", 0, '{"address":{"id":1}}', 8, 1);
  part.run("t2", 0, '{"address":{"id":2}}', 4000, 1);
  part.run("t2", 1, '{"address":{"id":3}}', 4100, 0);
  db.prepare("INSERT INTO conversations VALUES (?, ?, ?, 'conv', 700)").run(key.agent, key.sessionName, key.place);
  db.close();
}

test("what version 1 of the schema kept is all there in the newest", async () => {
  writeVersion1();
  const store = openSqliteStore(path, { clock: systemClock });
  expect(await store.turn("t1")).toEqual({
    ...newTurn("t1"),
    platform: "telegram",
    eventId: "m1",
    authorId: "42",
    author: message("m1").author,
    chat: message("m1").chat,
    target: message("m1").target,
    text: message("m1").text,
    attachments: [],
    state: "delivered",
    chatId: "r1",
    answer: "**done**",
    createdAt: 600,
    updatedAt: 700,
  });
  expect(await store.turnMessages("t1")).toEqual([
    { part: 0, segment: 0, ref: { address: { id: 1 } }, textEnd: 8, sealed: true },
  ]);
  expect((await store.unfinishedTurns()).map(({ id, text }) => [id, text])).toEqual([["t2", "?"]]);
  expect(await store.turnMessages("t2")).toEqual([
    { part: 0, segment: 0, ref: { address: { id: 2 } }, textEnd: 4000, sealed: true },
    { part: 1, segment: 0, ref: { address: { id: 3 } }, textEnd: 4100, sealed: false },
  ]);
  expect(await store.conversation(key)).toBe("conv");
  expect(await store.acceptMessage(message("m1"), newTurn("t3"))).toBeUndefined();
  expect(await store.acceptCommand(command("c1"))).toBe(false);
  await store.close();
});

test("what the newest version can do, it can do with the rows of version 1", async () => {
  writeVersion1();
  const store = openSqliteStore(path, { clock: systemClock });
  expect(await store.isChatKnown("r1")).toBe(true);
  expect(await store.recentChats("telegram", 0)).toEqual([{ chat: message("m1").chat, lastId: "m2", lastSentAt: 501 }]);
  expect(await store.messagesInChat("telegram", "42", 0)).toHaveLength(3);
  const replaces = { address: { id: 3 } };
  await store.saveTurnMessage("t2", { part: 2, segment: 1, replaces, textEnd: 4200, sealed: false });
  expect(await store.prune(10_000)).toBe(2);
  expect((await store.unfinishedTurns()).map(({ id }) => id)).toEqual(["t2"]);
  await store.close();
});

/** As version 2 of the schema wrote it: {@link writeVersion1}, and conversations of which only the turns still know. */
function writeVersion2(): void {
  writeVersion1();
  const db = new Database(path);
  db.exec(recovery);
  db.exec(`PRAGMA user_version = 2;
    UPDATE turns SET conversation_id = 'left', created_at = 300, updated_at = 400 WHERE id = 't1';
    UPDATE turns SET conversation_id = 'conv', created_at = 600, updated_at = 800 WHERE id = 't2'`);
  const picture = { kind: "image", name: "cat.jpg", address: { file: 1 } } as const;
  db.prepare("UPDATE events SET payload = json_set(payload, '$.attachments', json(?)) WHERE event_id = 'm1'").run(
    JSON.stringify([picture]),
  );
  db.close();
}

test("the conversations of version 2 are listed, also those that only its turns know", async () => {
  writeVersion2();
  const store = openSqliteStore(path, { clock: systemClock });
  expect(await store.conversation(key)).toBe("conv");
  expect(await store.pastConversations(key)).toEqual([
    { conversationId: "conv", title: "", createdAt: 600, usedAt: 800 },
    { conversationId: "left", title: "", createdAt: 300, usedAt: 400 },
  ]);
  await store.close();
});

test("turns of version 2 have their attachments, and nothing that was not known then", async () => {
  writeVersion2();
  const store = openSqliteStore(path, { clock: systemClock });
  const turn = await store.turn("t1");
  expect(turn?.attachments).toEqual([{ kind: "image", name: "cat.jpg", address: { file: 1 } }]);
  expect(turn).not.toHaveProperty("offers");
  expect(turn).not.toHaveProperty("facts");
  expect(turn).not.toHaveProperty("files");
  expect(turn).not.toHaveProperty("notice");
  expect(await store.latestFiles("left")).toEqual([]);
  expect((await store.latestTurn(key))?.id).toBe("t2");
  expect(await store.recentChats("telegram", 0)).toMatchObject([{ lastId: "m2" }]);
  await store.close();
});

test("a person whom version 2 knew can be forgotten", async () => {
  writeVersion2();
  const store = openSqliteStore(path, { clock: systemClock });
  const { agent, sessionName } = key;
  const forgotten = await store.forgetPerson({ platform: "telegram", authorId: "42", sessionNames: [sessionName] });
  expect(forgotten.toSorted((a, b) => (a.conversationId < b.conversationId ? -1 : 1))).toEqual([
    { agent, sessionName, conversationId: "conv" },
    { agent, sessionName, conversationId: "left" },
  ]);
  await store.close();
  const db = new Database(path, { readonly: true });
  for (const table of ["turns", "turn_messages", "conversations", "past_conversations"]) {
    expect(db.prepare(`SELECT count(*) FROM ${table}`).pluck().get()).toBe(0);
  }
  expect(db.prepare("SELECT count(*) FROM events").pluck().get()).toBe(0);
  db.close();
});

/** As version 3 of the schema wrote it: {@link writeVersion2}, with the files of a question and what an answer offers. */
function writeVersion3(): void {
  writeVersion2();
  const db = new Database(path);
  db.exec(conversations);
  db.exec(`PRAGMA user_version = 3;
    UPDATE turns SET files = '[{"kind":"image","fileId":"cat"}]', offers = '{"followUps":["And?"]}' WHERE id = 't1';
    UPDATE past_conversations SET title = 'Cats' WHERE conversation_id = 'left'`);
  db.close();
}

test("what version 3 kept is all there, and its messages are those of answers in one segment", async () => {
  writeVersion3();
  const store = openSqliteStore(path, { clock: systemClock });
  const files = [{ kind: "image", fileId: "cat" }];
  expect(await store.turn("t1")).toMatchObject({ files, offers: { followUps: ["And?"] }, answer: "**done**" });
  expect(await store.turn("t1")).not.toHaveProperty("notice");
  expect(await store.turn("t2")).not.toHaveProperty("files");
  expect(await store.turnMessages("t2")).toEqual([
    { part: 0, segment: 0, ref: { address: { id: 2 } }, textEnd: 4000, sealed: true },
    { part: 1, segment: 0, ref: { address: { id: 3 } }, textEnd: 4100, sealed: false },
  ]);
  expect(await store.pastConversations(key)).toMatchObject([{ title: "" }, { title: "Cats" }]);
  await store.close();
});

test("a turn that version 3 left in the middle can be prepared, and files that it knew can be forgotten", async () => {
  writeVersion3();
  const store = openSqliteStore(path, { clock: systemClock });
  await store.prepareTurn("t2", { text: "? and a dog", files: [{ kind: "image", fileId: "dog" }], notice: "> dog" });
  expect(await store.turn("t2")).toMatchObject({ text: "? and a dog", notice: "> dog", state: "answering" });
  expect(await store.latestFiles("conv")).toEqual([{ kind: "image", fileId: "dog" }]);
  expect(await store.latestFiles("left")).toEqual([{ kind: "image", fileId: "cat" }]);
  await store.forgetFiles("left");
  expect(await store.latestFiles("left")).toEqual([]);
  await store.close();
});

test("a migrated file is sound, and no row refers to a missing one", async () => {
  writeVersion1();
  await openSqliteStore(path, { clock: systemClock }).close();
  expect(await findDamage(path)).toBeUndefined();
  const db = new Database(path, { readonly: true });
  expect(db.pragma("foreign_key_check")).toEqual([]);
  expect(db.pragma("foreign_key_list(turn_messages)")).toMatchObject([{ table: "turns", from: "turn_id", to: "id" }]);
  db.close();
});
