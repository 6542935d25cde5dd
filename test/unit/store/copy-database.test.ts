import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../../src/clock.ts";
import { CopyError, copyDatabase } from "../../../src/store/copy-database.ts";
import { openSqliteStore } from "../../../src/store/sqlite.ts";
import type { Store } from "../../../src/store/store.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { key, message, newTurn } from "./records.ts";

let folder: string;
let path: string;
let target: string;

beforeEach(() => {
  folder = temporaryFolder();
  path = join(folder, "bridge.db");
  target = join(folder, "copy.db");
});

function open(file = path): Store {
  const store = openSqliteStore(file, { clock: systemClock });
  onTestFinished(() => store.close());
  return store;
}

const failure = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

describe("a copy", () => {
  test("of a database in use holds what is stored, is one file, its owner's alone, and a bridge runs on it", async () => {
    const store = open();
    await store.acceptMessage(message("m1"), newTurn("t1"));
    const size = await copyDatabase(path, target);
    expect(statSync(target)).toMatchObject({ size, mode: 0o100_600 });
    const reader = new Database(target, { readonly: true });
    expect(reader.pragma("journal_mode", { simple: true })).toBe("delete");
    reader.close();
    expect(readdirSync(folder).filter((name) => name.startsWith("copy.db"))).toEqual(["copy.db"]);
    await store.saveConversation(key, "c1");
    const copy = open(target);
    expect(await copy.unfinishedTurns()).toEqual(await store.unfinishedTurns());
    expect(await copy.conversation(key)).toBeUndefined();
  });

  test("is of one moment, however much is written meanwhile", async () => {
    const store = open();
    const db = new Database(path);
    db.exec(
      "CREATE TABLE filler AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) SELECT randomblob(3000) FROM n",
    );
    db.close();
    let written = 0;
    let isOver = false;
    const copying = copyDatabase(path, target).finally(() => (isOver = true));
    while (!isOver) {
      await store.saveConversation({ ...key, place: String(written) }, String(written));
      written += 1;
      await new Promise((resolve) => setImmediate(resolve));
    }
    await copying;
    const copy = new Database(target, { readonly: true });
    const ids = copy.prepare("SELECT conversation_id FROM conversations ORDER BY CAST(place AS INTEGER)").pluck().all();
    copy.close();
    expect(ids).toEqual(ids.map((_, index) => String(index)));
    expect(written).toBeGreaterThan(0);
  });

  test("of a database that nobody uses leaves nothing beside it", async () => {
    await openSqliteStore(path, { clock: systemClock }).close();
    await copyDatabase(path, target);
    expect(readdirSync(folder).sort()).toEqual(["bridge.db", "bridge.db.lock", "copy.db"]);
  });
});

describe("the copy can't be written", () => {
  beforeEach(() => openSqliteStore(path, { clock: systemClock }).close());

  test("because the file exists: it is left alone", async () => {
    writeFileSync(target, "precious");
    const error = await failure(copyDatabase(path, target));
    expect(error).toBeInstanceOf(CopyError);
    expect(error).toHaveProperty(
      "message",
      `${target} exists already, and a backup overwrites nothing. Name another file.`,
    );
    expect(statSync(target).size).toBe(8);
    expect(await failure(copyDatabase(path, path))).toHaveProperty(
      "message",
      expect.stringContaining("exists already"),
    );
  });

  test("because it is a folder", async () => {
    mkdirSync(target);
    const told = `${target} is a folder. Name a file in it, for example ${join(target, "bridge-backup.db")}.`;
    expect(await failure(copyDatabase(path, target))).toHaveProperty("message", told);
  });

  test("because its folder is missing", async () => {
    const told = `The folder ${join(folder, "no")} doesn't exist. Create it, or name a file elsewhere.`;
    expect(await failure(copyDatabase(path, join(folder, "no", "copy.db")))).toHaveProperty("message", told);
  });

  test("because an interrupted one is in its way", async () => {
    writeFileSync(`${target}.partial`, "");
    const error = await failure(copyDatabase(path, target));
    expect(error).toHaveProperty("message", expect.stringMatching(/copy\.db\.partial is there.*Delete it unless/));
    expect(existsSync(`${target}.partial`)).toBe(true);
  });

  test("because of the system, whose reason is told", async () => {
    const error = await failure(copyDatabase(path, join(folder, "x".repeat(300))));
    expect(error).toBeInstanceOf(CopyError);
    expect(error).toHaveProperty("message", expect.stringMatching(/^The backup .* can't be written \(ENAMETOOLONG: /));
  });
});

describe("the database can't be copied", () => {
  test.each([
    ["missing", () => undefined, "ERR_STORE_MISSING"],
    ["no database", () => writeFileSync(path, "x".repeat(9_000)), "ERR_STORE_CORRUPT"],
    [
      "another program's",
      () => new Database(path).exec("CREATE TABLE recipes (name TEXT)").close(),
      "ERR_STORE_FOREIGN",
    ],
  ])("because it is %s", async (_what, make, code) => {
    make();
    expect(await failure(copyDatabase(path, target))).toMatchObject({ name: "StoreError", code });
    expect(readdirSync(folder).filter((name) => name.startsWith("copy"))).toEqual([]);
  });

  test("because it is damaged: there is no copy that looks like a good one", async () => {
    await openSqliteStore(path, { clock: systemClock }).close();
    const file = openSync(path, "r+");
    writeSync(file, Buffer.from([0, 0, 0, 5]), 0, 4, 36);
    closeSync(file);
    const error = await failure(copyDatabase(path, target));
    expect(error).toMatchObject({ code: "ERR_STORE_CORRUPT", message: expect.stringContaining(path) });
    expect(readdirSync(folder).filter((name) => name.startsWith("copy"))).toEqual([]);
  });

  test("a file that nobody may write is copied all the same", async () => {
    await openSqliteStore(path, { clock: systemClock }).close();
    chmodSync(path, 0o400);
    expect(await copyDatabase(path, target)).toBeGreaterThan(0);
  });
});
