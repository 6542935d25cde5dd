import { join } from "node:path";
import Database from "better-sqlite3";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { openSqliteStore } from "../../../src/store/sqlite.ts";
import type { Store } from "../../../src/store/store.ts";
import { createManualClock, type ManualClock } from "../../support/manual-clock.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { key } from "./records.ts";

let clock: ManualClock;
let store: Store;
let other: Database.Database;

beforeEach(() => {
  const path = join(temporaryFolder(), "bridge.db");
  clock = createManualClock();
  store = openSqliteStore(path, { clock });
  other = new Database(path);
  other.exec("BEGIN IMMEDIATE");
  onTestFinished(async () => {
    other.close();
    await store.close();
  });
});

describe("while another program writes", () => {
  test("a call waits until it is done, and the process goes on meanwhile", async () => {
    const saving = store.saveConversation(key, "c1");
    await clock.advance(5_000);
    other.exec("COMMIT");
    await clock.advance(200);
    await saving;
    expect(await store.conversation(key)).toBe("c1");
  });

  test("calls keep their order", async () => {
    const calls = [store.saveConversation(key, "c1"), store.saveConversation(key, "c2"), store.conversation(key)];
    await clock.advance(1_000);
    other.exec("COMMIT");
    await clock.advance(200);
    expect(await Promise.all(calls)).toEqual([undefined, undefined, "c2"]);
  });

  test("a call that waits too long fails, and the next one works once the program is done", async () => {
    const saving = store.saveConversation(key, "c1").catch((error: unknown) => error);
    await clock.advance(16_000);
    expect(await saving).toMatchObject({ code: "ERR_STORE_BUSY" });
    other.exec("COMMIT");
    await store.saveConversation(key, "c2");
    expect(await store.conversation(key)).toBe("c2");
  });

  test("a failure of the call's own is not tried again", async () => {
    other.exec("COMMIT");
    await expect(store.advanceTurn("none", { state: "asked" })).rejects.toThrow("There is no turn none.");
    expect(clock.pending).toBe(0);
  });
});
