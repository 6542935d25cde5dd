import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../../src/clock.ts";
import { findDamage } from "../../../src/store/integrity.ts";
import { initial } from "../../../src/store/migrations/0001-initial.ts";
import { openSqliteStore } from "../../../src/store/sqlite.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { key, message, newTurn } from "./records.ts";

let path: string;

beforeEach(() => {
  path = join(temporaryFolder(), "bridge.db");
});

/** In the file's header (sqlite.org/fileformat2.html). */
const offsetOfFreelistSize = 36;

test("a sound database in use has none, and the bridge goes on writing", async () => {
  const store = openSqliteStore(path, { clock: systemClock });
  onTestFinished(() => store.close());
  await store.acceptMessage(message("m1"), newTurn("t1"));
  expect(await findDamage(path)).toBeUndefined();
  await store.saveConversation(key, "c1");
});

test("damage that does not stop the bridge is told in SQLite's words, in one line", async () => {
  await openSqliteStore(path, { clock: systemClock }).close();
  const file = openSync(path, "r+");
  writeSync(file, Buffer.from([0, 0, 0, 5]), 0, 4, offsetOfFreelistSize);
  closeSync(file);
  expect(await findDamage(path)).toMatch(/^Freelist: .*5.*$/);
});

test("a row that refers to a missing one is damage", async () => {
  await openSqliteStore(path, { clock: systemClock }).close();
  const db = new Database(path);
  db.exec(
    "PRAGMA foreign_keys = OFF; INSERT INTO turn_messages (turn_id, part, text_end, sealed) VALUES ('none', 0, 0, 0)",
  );
  db.close();
  expect(await findDamage(path)).toBe("turn_messages: refers to a missing row");
});

test("the look migrates nothing", async () => {
  const db = new Database(path);
  db.exec(`${initial} PRAGMA application_id = 0x436f7a42; PRAGMA user_version = 1`);
  db.close();
  const before = readFileSync(path);
  expect(await findDamage(path)).toBeUndefined();
  expect(readFileSync(path)).toEqual(before);
});

test.each([
  ["a missing file", () => undefined, "ERR_STORE_MISSING"],
  ["a file that is no database", () => writeFileSync(path, "x".repeat(9_000)), "ERR_STORE_CORRUPT"],
])("%s is a StoreError, and nothing is made", async (_what, make, code) => {
  make();
  await expect(findDamage(path)).rejects.toMatchObject({ name: "StoreError", code });
});
