import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import Database from "better-sqlite3";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import type { MessageEvent } from "../../../src/adapter.ts";
import { findDamage } from "../../../src/store/integrity.ts";
import { openSqliteStore } from "../../../src/store/sqlite.ts";
import type { ConversationKey, Store } from "../../../src/store/store.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { command, key, message } from "./records.ts";

let path: string;
let store: Store;
let now: number;

function open(): Store {
  const opened = openSqliteStore(path, { clock: { now: () => now, after: () => () => undefined } });
  onTestFinished(() => opened.close());
  return opened;
}

beforeEach(() => {
  path = join(temporaryFolder(), "bridge.db");
  now = 1_000;
  store = open();
});

/** A person whose every trace (id, name, words, session name, conversations) contains `name`. */
function person(name: string) {
  return { platform: "telegram", authorId: `${name}-id`, sessionNames: [`telegram:${name}-id`] } as const;
}

function keyOf(name: string): ConversationKey {
  return { ...key, sessionName: `telegram:${name}-id`, place: "" };
}

type Said = Pick<MessageEvent, "sentAt" | "chat">;

function said(name: string, id: string, { sentAt = 500, chat }: Partial<Said> = {}): MessageEvent {
  const event = message(
    id,
    `words of ${name} `.repeat(1 + ((id.length * 37 + id.charCodeAt(id.length - 1) * 11) % 400)),
  );
  const author = { ...event.author, id: `${name}-id`, name };
  return { ...event, author, sentAt, chat: chat ?? { key: `${name}-chat`, kind: "private", title: name } };
}

const turnOf = (event: MessageEvent, conversation: ConversationKey) => ({
  id: `turn of ${event.author.name} ${event.id}`,
  conversation,
  locale: "en",
});

/** A question with its answer and all that is noted on the way. */
async function answered(
  name: string,
  id: string,
  { conversation = keyOf(name), ...at }: Partial<Said & { conversation: ConversationKey }> = {},
) {
  const event = said(name, id, at);
  const turn = turnOf(event, conversation);
  await store.acceptMessage(event, turn);
  const files = [{ kind: "image", fileId: `${name}-file` }] as const;
  await store.prepareTurn(turn.id, { text: event.text, files, notice: `> heard from ${name}` });
  await store.advanceTurn(turn.id, { state: "asked" });
  await store.saveTurnMessage(turn.id, {
    part: 0,
    segment: 0,
    ref: { address: `${name} 1` },
    textEnd: 1,
    sealed: false,
  });
  const conversationId = `${conversation.sessionName}-conversation`;
  await store.saveConversation(conversation, conversationId);
  await store.advanceTurn(turn.id, { state: "answering", conversationId, chatId: `${name}-run-${id}` });
  await store.advanceTurn(turn.id, {
    state: "answered",
    answer: `answer for ${name} `.repeat(1 + (id.charCodeAt(0) % 300)),
  });
  await store.saveTurnMessage(turn.id, {
    part: 0,
    segment: 0,
    ref: { address: `${name} 2` },
    textEnd: 9,
    sealed: true,
  });
  const offers = { followUps: [`More of ${name}?`] };
  await store.advanceTurn(turn.id, { state: "delivered", offers, facts: { logid: name, ms: 1 } });
}

/** The files in which the bytes of `text` stand, in UTF-8. */
function filesWith(text: string): string[] {
  const folder = dirname(path);
  return readdirSync(folder).filter((name) => readFileSync(join(folder, name)).includes(text));
}

const count = (table: string) => {
  const db = new Database(path, { readonly: true });
  try {
    return db.prepare(`SELECT count(*) FROM ${table}`).pluck().get();
  } finally {
    db.close();
  }
};

describe("a person who is forgotten", () => {
  test("leaves no byte in any file, among many people and after months of splitting and deleting pages", async () => {
    const people = ["Ada", "Zoe", "Kim", "Lin"];
    for (let index = 0; index < 200; index += 1) {
      const name = people[(index * 7) % people.length] ?? "";
      now += 10;
      const id = `${((index * 7919) % 997).toString(36)}:${index}`;
      await answered(name, id);
      if (index % 5 === 0) await store.changeQuestion(`turn of ${name} ${id}`, `${name} meant this`);
      if (index % 50 === 49) await store.prune(now - 1_000);
    }
    await store.titleConversation(keyOf("Zoe"), `${keyOf("Zoe").sessionName}-conversation`, "Zoe and her cats");
    const cut = said("Zoe", "unfinished");
    await store.acceptMessage(cut, turnOf(cut, keyOf("Zoe")));
    await store.acceptCommand({ ...command("c1"), author: cut.author, argument: "Zoe" });
    expect(filesWith("Zoe")).not.toEqual([]);
    await store.forgetPerson(person("Zoe"));
    expect(filesWith("Zoe")).toEqual([]);
    expect(statSync(`${path}-wal`).size).toBeLessThan(50_000);
    expect(filesWith("Kim")).not.toEqual([]);
    expect(await findDamage(path)).toBeUndefined();
    await store.close();
    expect(filesWith("Zoe")).toEqual([]);
  });

  test("leaves no turn, message, event and conversation, and nobody else loses any", async () => {
    await answered("Zoe", "z1");
    await answered("Kim", "k1");
    const sessionName = "telegram:Zoe-id";
    await store.saveConversation({ agent: "other", sessionName, place: "group" }, "elsewhere");
    expect(await store.forgetPerson(person("Zoe"))).toEqual(
      expect.arrayContaining([
        { agent: key.agent, sessionName, conversationId: `${sessionName}-conversation` },
        { agent: "other", sessionName, conversationId: "elsewhere" },
      ]),
    );
    expect(await store.turn("turn of Zoe z1")).toBeUndefined();
    expect(await store.latestTurn(keyOf("Zoe"))).toBeUndefined();
    expect(await store.conversation(keyOf("Zoe"))).toBeUndefined();
    expect(await store.pastConversations(keyOf("Zoe"))).toEqual([]);
    expect((await store.turn("turn of Kim k1"))?.state).toBe("delivered");
    expect(await store.conversation(keyOf("Kim"))).toBeDefined();
    for (const table of ["events", "turns", "turn_messages", "conversations", "past_conversations"]) {
      expect([table, count(table)]).toEqual([table, 1]);
    }
  });

  test("is not the one with the same id on another platform", async () => {
    await answered("Zoe", "z1");
    expect(await store.forgetPerson({ ...person("Zoe"), platform: "discord", sessionNames: [] })).toEqual([]);
    expect(await store.turn("turn of Zoe z1")).toBeDefined();
    expect(await store.conversation(keyOf("Zoe"))).toBeDefined();
  });

  test("loses turns in the middle, too", async () => {
    const event = said("Zoe", "z1");
    await store.acceptMessage(event, turnOf(event, keyOf("Zoe")));
    await store.forgetPerson(person("Zoe"));
    expect(await store.unfinishedTurns()).toEqual([]);
  });

  test("can be forgotten twice, and be met again", async () => {
    await answered("Zoe", "z1");
    await store.forgetPerson(person("Zoe"));
    expect(await store.forgetPerson(person("Zoe"))).toEqual([]);
    await answered("Zoe", "z1");
    expect((await store.turn("turn of Zoe z1"))?.state).toBe("delivered");
  });
});

describe("in a group", () => {
  const group = { key: "-100", kind: "group", title: "Zoe's friends" } as const;
  const shared: ConversationKey = { ...key, sessionName: "telegram:chat:-100", place: "-100" };

  test("the shared conversation stays, without the title that may be the person's words", async () => {
    await answered("Zoe", "1", { chat: group, conversation: shared });
    await answered("Kim", "2", { chat: { ...group, title: "ours" }, conversation: shared, sentAt: 501 });
    await store.titleConversation(shared, `${shared.sessionName}-conversation`, "What Zoe asked");
    expect(await store.forgetPerson(person("Zoe"))).toEqual([]);
    expect(await store.pastConversations(shared)).toMatchObject([{ title: "" }]);
    expect(await store.conversation(shared)).toBeDefined();
    expect((await store.latestTurn(shared))?.authorId).toBe("Kim-id");
    expect(filesWith("Zoe")).toEqual([]);
  });

  test("the last message stays as a mark without author, words and title, so that no earlier one is read again", async () => {
    await answered("Kim", "1", { chat: group, conversation: shared, sentAt: 10 });
    await answered("Zoe", "2", { chat: group, conversation: shared, sentAt: 20 });
    await answered("Zoe", "3", { chat: group, conversation: shared, sentAt: 30 });
    await answered("Zoe", "button:retry:x", { chat: group, conversation: shared, sentAt: 40 });
    await store.forgetPerson(person("Zoe"));
    expect(await store.recentChats("telegram", 0)).toEqual([
      { chat: { key: "-100", kind: "group" }, lastId: "3", lastSentAt: 30 },
    ]);
    expect(count("events")).toBe(2);
    expect(await store.turnOfEvent("telegram", "3")).toBeUndefined();
    now = 9_000;
    await store.prune(9_000);
    expect(count("events")).toBe(0);
  });

  test("no mark stays where somebody else spoke later, and none of a private chat", async () => {
    await answered("Zoe", "1", { chat: group, conversation: shared, sentAt: 10 });
    await answered("Kim", "2", { chat: group, conversation: shared, sentAt: 20 });
    await answered("Zoe", "3");
    await store.forgetPerson(person("Zoe"));
    expect(await store.recentChats("telegram", 0)).toMatchObject([{ lastId: "2" }]);
    expect(count("events")).toBe(1);
  });
});

describe("on the way", () => {
  /** As {@link answered} leaves them, but many. */
  function addAnswered(total: number): void {
    const db = new Database(path);
    const numbers = `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${total})`;
    db.exec(`
      INSERT INTO events (platform, event_id, kind, author_id, sent_at, received_at, payload)
        ${numbers} SELECT 'telegram', i, 'message', 'Zoe-id', 0, 1000, '{"text":"Zoe"}' FROM n;
      INSERT INTO turns (id, platform, event_id, agent, session_name, place, locale, state, created_at, updated_at)
        ${numbers} SELECT i, 'telegram', i, '', 'telegram:Zoe-id', '', 'en', 'delivered', 1000, 1000 FROM n;
      INSERT INTO turn_messages (turn_id, part, text_end, sealed) ${numbers} SELECT i, 0, 1, 1 FROM n;`);
    db.close();
  }

  test("others have their turn between the batches", async () => {
    addAnswered(2_000);
    const inBetween = new Set<unknown>();
    let isOver = false;
    const forgetting = store.forgetPerson(person("Zoe")).finally(() => {
      isOver = true;
    });
    while (!isOver) {
      await store.saveConversation(keyOf("Kim"), "c1");
      inBetween.add(count("events"));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await forgetting;
    expect(inBetween.size).toBeGreaterThan(5);
    expect(filesWith("Zoe")).toEqual([]);
  });

  test("a store that closes half way says so, and the rest, with the conversations, goes another time", async () => {
    addAnswered(2_000);
    await store.saveConversation(keyOf("Zoe"), "c1");
    const forgetting = store.forgetPerson(person("Zoe"));
    await store.close();
    await expect(forgetting).rejects.toThrow("closed before the person was forgotten");
    expect(count("turns")).toBeGreaterThan(0);
    store = open();
    expect(await store.forgetPerson(person("Zoe"))).toMatchObject([{ conversationId: "c1" }]);
    expect(filesWith("Zoe")).toEqual([]);
  });

  test("traces that an operator's reading keeps in the log are swept by the next pruning, also of another process", async () => {
    await answered("Zoe", "z1");
    const reader = new Database(path, { readonly: true });
    reader.exec("BEGIN");
    reader.prepare("SELECT count(*) FROM turns").get();
    expect(await store.forgetPerson(person("Zoe"))).toHaveLength(1);
    expect(filesWith("Zoe")).not.toEqual([]);
    expect(count("unswept")).toBe(1);
    reader.close();
    await store.close();
    store = open();
    await store.prune(0);
    expect(count("unswept")).toBe(0);
    expect(filesWith("Zoe")).toEqual([]);
  });

  test("a file that has nothing to sweep is not written anew", async () => {
    await answered("Kim", "k1");
    await store.forgetPerson(person("Zoe"));
    await store.prune(0);
    await store.saveConversation(keyOf("Kim"), "c2");
    const before = statSync(`${path}-wal`).size;
    await store.prune(0);
    expect(statSync(`${path}-wal`).size).toBe(before);
  });
});
