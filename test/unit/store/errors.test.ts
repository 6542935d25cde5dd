import {
  chmodSync,
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../../../src/clock.ts";
import { StoreError, storeErrorFrom } from "../../../src/store/errors.ts";
import { openSqliteStore } from "../../../src/store/sqlite.ts";
import type { Store } from "../../../src/store/store.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { message, newTurn } from "./records.ts";

let folder: string;
let path: string;

beforeEach(() => {
  folder = temporaryFolder();
  path = join(folder, "bridge.db");
});

const pageSize = 4_096;

const open = (file = path): Store => openSqliteStore(file, { clock: systemClock });

function failure(work: () => unknown): StoreError {
  try {
    work();
  } catch (error) {
    if (error instanceof StoreError) return error;
    throw error;
  }
  throw new Error("It should have failed.");
}

/** Root may write anywhere, so a test that takes rights away runs the work as the user "nobody" (65534). */
function withoutRootsRights<T>(work: () => T): T {
  if (process.geteuid?.() !== 0) return work();
  process.seteuid?.(65_534);
  try {
    return work();
  } finally {
    process.seteuid?.(0);
  }
}

describe("opening", () => {
  test("missing folders are made", async () => {
    await open(join(folder, "a", "b", "bridge.db")).close();
  });

  test("a file that is no database is damaged, is left alone, and does not stay locked", async () => {
    writeFileSync(path, "not a database, but long enough to look like one ".repeat(100));
    const before = readFileSync(path);
    expect(failure(() => open())).toMatchObject({ code: "ERR_STORE_CORRUPT" });
    expect(readFileSync(path)).toEqual(before);
    writeFileSync(path, "");
    await open().close();
  });

  test("a damaged schema is reported", async () => {
    await open().close();
    const file = openSync(path, "r+");
    writeSync(file, Buffer.alloc(3_900, 0xff), 0, 3_900, 100);
    closeSync(file);
    expect(failure(() => open())).toMatchObject({ code: "ERR_STORE_CORRUPT" });
  });

  test("a folder is no file", () => {
    expect(failure(() => open(folder))).toMatchObject({ code: "ERR_STORE_IS_DIRECTORY" });
  });

  test("a folder that can't be made is named", () => {
    writeFileSync(join(folder, "file"), "");
    const error = failure(() => open(join(folder, "file", "sub", "bridge.db")));
    expect(error.code).toBe("ERR_STORE_NO_FOLDER");
    expect(error.message).toContain(join(folder, "file", "sub"));
  });

  test("a folder that can't be written", () => {
    chmodSync(folder, 0o555);
    expect(failure(() => withoutRootsRights(() => open()))).toMatchObject({ code: "ERR_STORE_READ_ONLY" });
  });

  test.each([
    ["the database and its lock", 0o444, 0o444],
    ["the database alone", 0o444, 0o666],
    ["the lock alone, which would then exclude nobody", 0o666, 0o444],
  ])("without write permission on %s", async (_what, database, lock) => {
    await open().close();
    chmodSync(folder, 0o777);
    chmodSync(path, database);
    chmodSync(`${path}.lock`, lock);
    expect(failure(() => withoutRootsRights(() => open()))).toMatchObject({ code: "ERR_STORE_READ_ONLY" });
  });

  test("a second store on the same file is refused, also through a link, until the first one closes", async () => {
    const first = open();
    const link = join(folder, "link.db");
    symlinkSync(path, link);
    expect(failure(() => open())).toMatchObject({ code: "ERR_STORE_IN_USE" });
    expect(failure(() => open(link))).toMatchObject({ code: "ERR_STORE_IN_USE" });
    await first.close();
    await open(link).close();
  });

  test("a file that another program keeps locked", async () => {
    await open().close();
    const other = new Database(path);
    other.pragma("locking_mode = EXCLUSIVE");
    other.exec("BEGIN EXCLUSIVE");
    expect(failure(() => open())).toMatchObject({ code: "ERR_STORE_BUSY" });
    other.close();
    await open().close();
  });
});

describe("while the store is open", () => {
  test("damage met on the way is a sentence, not a crash of SQLite", async () => {
    const store = open();
    for (let number = 0; number < 50; number += 1) {
      await store.acceptMessage(message(`m${number}`, "x".repeat(3_000)), newTurn(`t${number}`));
    }
    await store.close();
    const file = openSync(path, "r+");
    writeSync(file, Buffer.alloc(pageSize * 20), 0, pageSize * 20, pageSize * 10);
    closeSync(file);
    const damaged = open();
    await expect(damaged.unfinishedTurns()).rejects.toMatchObject({ code: "ERR_STORE_CORRUPT" });
    await damaged.close();
  });
});

describe("the sentence", () => {
  test("a full disk, as SQLite reports it", () => {
    const db = new Database(path);
    db.exec("CREATE TABLE t (a)");
    db.pragma("max_page_count = 3");
    const fill = () => db.prepare("INSERT INTO t VALUES (?)").run("x".repeat(100_000));
    expect(failure(() => rethrow(fill))).toMatchObject({ code: "ERR_STORE_FULL" });
    db.close();
  });

  test.each([
    ["SQLITE_CORRUPT_INDEX", "ERR_STORE_CORRUPT"],
    ["SQLITE_BUSY_SNAPSHOT", "ERR_STORE_BUSY"],
    ["SQLITE_READONLY_DIRECTORY", "ERR_STORE_READ_ONLY"],
    ["EROFS", "ERR_STORE_READ_ONLY"],
    ["ENOSPC", "ERR_STORE_FULL"],
    ["SQLITE_IOERR_FSYNC", "ERR_STORE_IO"],
  ])("%s is %s, and says which file, why, and which setting to change", (reason, code) => {
    const cause = Object.assign(new Error("reason of the system"), { code: reason });
    const error = storeErrorFrom(cause, "/srv/bridge.db") as StoreError;
    expect(error).toMatchObject({ name: "StoreError", code, cause });
    for (const part of ["/srv/bridge.db", "reason of the system", "DATABASE_PATH"])
      expect(error.message).toContain(part);
  });

  test("a mistake of the program is not the operator's", () => {
    const mistake = Object.assign(new Error("UNIQUE constraint failed"), { code: "SQLITE_CONSTRAINT_UNIQUE" });
    expect(storeErrorFrom(mistake, path)).toBe(mistake);
  });

  test("a folder in place of the file is answered with a path to use", () => {
    mkdirSync(path);
    expect(failure(() => open()).message).toBe(
      `${path} is a folder, not a database file. Set DATABASE_PATH to a file, for example ${path}/bridge.db.`,
    );
  });

  function rethrow(work: () => unknown): void {
    try {
      work();
    } catch (error) {
      throw storeErrorFrom(error, path);
    }
  }
});
