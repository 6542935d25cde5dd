import { join } from "node:path";
import Database from "better-sqlite3";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { openSqliteStore } from "../../../src/store/sqlite.ts";
import type { Store } from "../../../src/store/store.ts";
import { createManualClock, type ManualClock } from "../../support/manual-clock.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { key, message, newTurn } from "./records.ts";

let clock: ManualClock;
let path: string;
let store: Store;
let other: Database.Database;
let told: string[];

beforeEach(() => {
  path = join(temporaryFolder(), "bridge.db");
  clock = createManualClock();
  told = [];
  const observer = {
    failed: ({ code }: { readonly code: string }) => void told.push(code),
    recovered: () => void told.push("recovered"),
  };
  store = openSqliteStore(path, { clock, observer });
  other = new Database(path);
  onTestFinished(async () => {
    other.close();
    await clock.moveUntil(store.close());
  });
});

/** Longer than a call waits for another program's lock. */
const waitMs = 16_000;

/** Makes writing fail until `mend`: another program holds the lock for longer than a call waits. */
const spoil = () => other.exec("BEGIN IMMEDIATE");
/** What waits behind the lock has had its turn when this resolves. */
async function mend(): Promise<void> {
  other.exec("ROLLBACK");
  await clock.advance(200);
}

async function fails(write: Promise<unknown>): Promise<void> {
  await Promise.all([expect(write).rejects.toThrow("locked"), clock.advance(waitMs)]);
}

describe("who observes the store", () => {
  test("hears of a failure, and that writing works again once it has done so for a while", async () => {
    spoil();
    await fails(store.saveConversation(key, "c1"));
    expect(told).toEqual(["ERR_STORE_BUSY"]);
    await mend();
    await store.saveConversation(key, "c1");
    expect(told).toEqual(["ERR_STORE_BUSY"]);
    await clock.advance(40_000);
    await store.saveConversation(key, "c1");
    expect(told).toEqual(["ERR_STORE_BUSY", "recovered"]);
    expect(clock.pending).toBe(0);
  });

  test("hears nothing of a mistake of the program", async () => {
    await expect(store.advanceTurn("none", { state: "asked" })).rejects.toThrow("There is no turn");
    expect(told).toEqual([]);
  });
});

describe("a ping", () => {
  test("reads a store in good order, so that one locked for writing answers too", async () => {
    spoil();
    await store.ping();
    await mend();
  });

  test("tries to write after a failure", async () => {
    spoil();
    await fails(store.saveConversation(key, "c1"));
    await fails(store.ping());
    await mend();
    await store.ping();
  });
});

describe("what a turn came to while nothing could be written", () => {
  beforeEach(async () => {
    await store.acceptMessage(message("m1"), newTurn("t1"));
    spoil();
    await fails(store.saveTurnMessage("t1", { part: 0, segment: 0, ref: { address: 1 }, textEnd: 3, sealed: false }));
    await fails(store.advanceTurn("t1", { state: "answered", answer: "…" }));
    await fails(store.advanceTurn("t1", { state: "delivered" }));
  });

  const expectAll = async () => {
    expect(await store.turn("t1")).toMatchObject({ state: "delivered", answer: "…" });
    expect(await store.turnMessages("t1")).toHaveLength(1);
  };

  test("is stored with the next write", async () => {
    await mend();
    await store.saveConversation(key, "c1");
    await expectAll();
  });

  test("is stored although nobody writes anything", async () => {
    await clock.advance(20_000);
    await mend();
    await clock.advance(10_000);
    await expectAll();
  });

  test("is stored when the store closes, if it can be by then", async () => {
    await mend();
    await store.close();
    store = openSqliteStore(path, { clock });
    await expectAll();
  });

  test("does not take the place of what came after it", async () => {
    await mend();
    await store.saveTurnMessage("t1", { part: 0, segment: 0, ref: { address: 2 }, textEnd: 9, sealed: true });
    expect(await store.turnMessages("t1")).toEqual([
      { part: 0, segment: 0, ref: { address: 2 }, textEnd: 9, sealed: true },
    ]);
  });

  test("keeps the time when it happened", async () => {
    const before = clock.now();
    await mend();
    await clock.advance(60_000);
    expect((await store.turn("t1"))?.updatedAt).toBeLessThan(before);
  });

  test("is known of a question that was prepared, too", async () => {
    await mend();
    await store.acceptMessage(message("m2"), newTurn("t2"));
    spoil();
    const question = { text: "What is this?", files: [{ kind: "image", fileId: "cat" }], notice: "> hm" } as const;
    await fails(store.prepareTurn("t2", question));
    await fails(store.advanceTurn("t2", { state: "asked" }));
    await mend();
    await store.saveConversation(key, "c1");
    expect(await store.turn("t2")).toMatchObject({ ...question, state: "asked" });
  });

  test("holds nobody up when the turn is gone meanwhile", async () => {
    await mend();
    spoil();
    await fails(store.prepareTurn("t1", { text: "?", files: [], notice: "" }));
    await mend();
    other.exec("DELETE FROM turn_messages; DELETE FROM turns");
    await store.saveConversation(key, "c1");
    expect(await store.conversation(key)).toBe("c1");
  });
});
