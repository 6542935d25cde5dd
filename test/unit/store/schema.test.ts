import { join } from "node:path";
import Database from "better-sqlite3";
import { beforeEach, expect, test } from "vitest";
import { systemClock } from "../../../src/clock.ts";
import { migrations } from "../../../src/store/migrations/index.ts";
import { openSqliteStore } from "../../../src/store/sqlite.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { key } from "./records.ts";

let path: string;

beforeEach(() => {
  path = join(temporaryFolder(), "bridge.db");
});

function edit<T>(change: (db: Database.Database) => T): T {
  const db = new Database(path);
  try {
    return change(db);
  } finally {
    db.close();
  }
}

const open = () => openSqliteStore(path, { clock: systemClock });
const schema = (db: Database.Database) => db.prepare("SELECT name, sql FROM sqlite_schema ORDER BY name").all();

test("an empty file is migrated to the newest version", async () => {
  edit((db) => db.exec("VACUUM"));
  await open().close();
  expect(edit((db) => db.pragma("user_version", { simple: true }))).toBe(migrations.length);
});

test("a migrated file is left as it is", async () => {
  const first = open();
  await first.saveConversation(key, "c1");
  await first.close();
  const before = edit(schema);
  const second = open();
  expect(await second.conversation(key)).toBe("c1");
  await second.close();
  expect(edit(schema)).toEqual(before);
});

test("a file whose migration failed half way is as it was before", () => {
  edit((db) => db.exec("PRAGMA application_id = 0x436f7a42; CREATE TABLE turns (id TEXT)"));
  const before = edit(schema);
  expect(open).toThrow("table turns already exists");
  expect(edit(schema)).toEqual(before);
  expect(edit((db) => db.pragma("user_version", { simple: true }))).toBe(0);
});

test("the schema of a newer version is refused, and both versions are told", async () => {
  await open().close();
  edit((db) => db.pragma("user_version = 99"));
  const told = `its schema has version 99, this program knows versions up to ${migrations.length}`;
  expect(open).toThrow(expect.objectContaining({ code: "ERR_STORE_NEWER", message: expect.stringContaining(told) }));
});

test("another program's database is refused and not changed", () => {
  edit((db) => db.exec("CREATE TABLE recipes (name TEXT)"));
  expect(open).toThrow(expect.objectContaining({ code: "ERR_STORE_FOREIGN" }));
  expect(edit((db) => db.pragma("journal_mode", { simple: true }))).toBe("delete");
});
