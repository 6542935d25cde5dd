import { readFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { findDamage } from "../../../src/store/integrity.ts";
import { openSqliteStore } from "../../../src/store/sqlite.ts";
import type { Store } from "../../../src/store/store.ts";
import { endStates } from "../../../src/store/store.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { command, key, message, newTurn } from "./records.ts";

let path: string;
let store: Store;
let now: number;

beforeEach(() => {
  path = join(temporaryFolder(), "bridge.db");
  now = 1_000;
  store = openSqliteStore(path, { clock: { now: () => now, after: () => () => undefined } });
  onTestFinished(() => store.close());
});

async function answered(id: string): Promise<void> {
  await store.acceptMessage(message(`m-${id}`), newTurn(id));
  await store.saveTurnMessage(id, { part: 0, segment: 0, ref: { address: id }, textEnd: 1, sealed: true });
  await store.advanceTurn(id, { state: "delivered", answer: "…" });
}

/** As {@link answered} leaves them. */
function addAnswered(count: number): void {
  const db = new Database(path);
  const numbers = `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})`;
  db.exec(`
    INSERT INTO events (platform, event_id, kind, sent_at, received_at, payload)
      ${numbers} SELECT 'telegram', i, 'message', 0, 1000, '{}' FROM n;
    INSERT INTO turns (id, platform, event_id, agent, session_name, place, locale, state, created_at, updated_at)
      ${numbers} SELECT i, 'telegram', i, '', '', '', 'en', 'delivered', 1000, 1000 FROM n;
    INSERT INTO turn_messages (turn_id, part, text_end, sealed) ${numbers} SELECT i, 0, 1, 1 FROM n;`);
  db.close();
}

function count(table: "events" | "turns" | "turn_messages"): unknown {
  const db = new Database(path, { readonly: true });
  try {
    return db.prepare(`SELECT count(*) FROM ${table}`).pluck().get();
  } finally {
    db.close();
  }
}

test("what ended before is gone with its messages and events, and what is younger stays", async () => {
  await answered("old");
  await store.acceptCommand(command("old command"));
  now = 2_000;
  await answered("young");
  await store.acceptCommand(command("young command"));
  expect(await store.prune(2_000)).toBe(2);
  expect(await store.turn("old")).toBeUndefined();
  expect(await store.turnMessages("old")).toEqual([]);
  expect(await store.turn("young")).toBeDefined();
  expect(await store.turnMessages("young")).toHaveLength(1);
  expect(await store.acceptCommand(command("young command"))).toBe(false);
  expect(await store.acceptCommand(command("old command"))).toBe(true);
});

test("what is gone is overwritten in the file", async () => {
  await store.acceptMessage(message("m1", "Who was Ada Lovelace?"), newTurn("t1"));
  await store.advanceTurn("t1", { state: "delivered", answer: "Ada Lovelace wrote … ".repeat(500) });
  now = 2_000;
  await store.prune(2_000);
  await store.close();
  expect(readFileSync(path).includes("Lovelace")).toBe(false);
});

test("files and offers go with their turn", async () => {
  await answered("old");
  const files = [{ kind: "image", fileId: "f1" }] as const;
  await store.prepareTurn("old", { text: "And this?", files, notice: "" });
  await store.advanceTurn("old", { state: "delivered", conversationId: "c1", offers: { followUps: ["And?"] } });
  await store.prune(2_000);
  expect(await store.latestFiles("c1")).toEqual([]);
  expect(await store.latestTurn(key)).toBeUndefined();
});

test("a turn in any end state goes, an unfinished one never does, however old", async () => {
  for (const state of [...endStates, "accepted", "asked", "answering", "answered"] as const) {
    await store.acceptMessage(message(`m-${state}`), newTurn(state));
    await store.advanceTurn(state, { state });
  }
  now = 1_000_000;
  expect(await store.prune(now)).toBe(endStates.length);
  expect((await store.unfinishedTurns()).map(({ id }) => id)).toEqual(["accepted", "asked", "answering", "answered"]);
  expect(await findDamage(path)).toBeUndefined();
});

test("an old question that was answered only now stays", async () => {
  await store.acceptMessage(message("m1"), newTurn("t1"));
  now = 5_000;
  await store.advanceTurn("t1", { state: "delivered" });
  expect(await store.prune(4_000)).toBe(0);
  expect(await store.turnOfEvent("telegram", "m1")).toBeDefined();
});

test("conversations, past ones as well, and moved chats stay", async () => {
  await store.saveConversation(key, "c1");
  await store.saveConversation(key, "c2");
  await store.titleConversation(key, "c1", "Cats");
  await store.moveChat({ platform: "telegram", from: "-1", to: "-1001" });
  await store.prune(9_000);
  expect(await store.conversation(key)).toBe("c2");
  expect((await store.pastConversations(key)).map(({ title }) => title).toSorted()).toEqual(["", "Cats"]);
  expect(await store.movedChats()).toHaveLength(1);
});

test("many go in batches, between which others have their turn", async () => {
  addAnswered(2_000);
  now = 9_000;
  const pruning = store.prune(9_000);
  const inBetween = new Set<unknown>();
  let isOver = false;
  void pruning.then(() => {
    isOver = true;
  });
  while (!isOver) {
    await store.saveConversation(key, "c1");
    inBetween.add(count("events")).add(count("turns"));
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(await pruning).toBe(2_000);
  expect(inBetween.size).toBeGreaterThan(5);
  expect([count("events"), count("turns"), count("turn_messages")]).toEqual([0, 0, 0]);
});

test("a store that closes ends it half way, and the rest goes another time", async () => {
  addAnswered(2_000);
  now = 9_000;
  const pruning = store.prune(9_000);
  await store.close();
  await pruning;
  expect(count("turns")).toBeGreaterThan(0);
  expect(count("turns")).toBeLessThan(2_000);
  store = openSqliteStore(path, { clock: { now: () => now, after: () => () => undefined } });
  await store.prune(9_000);
  expect([count("events"), count("turns"), count("turn_messages")]).toEqual([0, 0, 0]);
});
