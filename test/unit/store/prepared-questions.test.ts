import { join } from "node:path";
import Database from "better-sqlite3";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { openSqliteStore } from "../../../src/store/sqlite.ts";
import type { PreparedQuestion, Store } from "../../../src/store/store.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { message, newTurn } from "./records.ts";

let store: Store;
let path: string;
let now: number;

function open(): Store {
  const opened = openSqliteStore(path, { clock: { now: () => now, after: () => () => undefined } });
  onTestFinished(() => opened.close());
  return opened;
}

async function reopen(): Promise<void> {
  await store.close();
  store = open();
}

beforeEach(() => {
  path = join(temporaryFolder(), "bridge.db");
  now = 1_000;
  store = open();
});

const accept = (id: string) => store.acceptMessage(message(`m-${id}`), newTurn(id));

const cat = [{ kind: "image", fileId: "cat" }] as const;
const two = [
  { kind: "file", fileId: "a" },
  { kind: "audio", fileId: "b" },
] as const;

describe("a question that was prepared", () => {
  test.each<PreparedQuestion>([
    { text: "What is this?", files: cat, notice: "" },
    { text: "hello there", files: two, notice: "> hello *there* 👋\n\n" },
    { text: "", files: [], notice: "" },
    { text: "a\u0000b", files: [{ kind: "file", fileId: "\u0000" }], notice: "a\u0000b" },
    { text: "\ud83d", files: [{ kind: "file", fileId: "\udc4b" }], notice: "" },
  ])("is %j from then on, also after a restart, and otherwise the same turn", async (question) => {
    const turn = await accept("t1");
    const other = await accept("t2");
    now = 2_000;
    await store.prepareTurn("t1", question);
    await reopen();
    expect(await store.turn("t1")).toEqual({ ...turn, ...question });
    expect(await store.turn("t2")).toEqual(other);
    expect(await store.unfinishedTurns()).toEqual([{ ...turn, ...question }, other]);
    expect(await store.turnOfEvent("telegram", "m-t1")).toEqual({ ...turn, ...question });
  });

  test("keeps its files and its notice on the way to the end, where the notice can still become another", async () => {
    await accept("t1");
    await store.prepareTurn("t1", { text: "?", files: cat, notice: "> ?" });
    await store.advanceTurn("t1", { state: "asked", conversationId: "c1" });
    await store.advanceTurn("t1", { state: "answering", chatId: "r1" });
    expect(await store.turn("t1")).toMatchObject({ files: cat, notice: "> ?" });
    await store.advanceTurn("t1", { state: "answering", notice: "> ?\n\nA new conversation." });
    await store.advanceTurn("t1", { state: "answered", answer: "A cat." });
    await reopen();
    const turn = { text: "?", files: cat, notice: "> ?\n\nA new conversation.", answer: "A cat." };
    expect(await store.turn("t1")).toMatchObject(turn);
    await store.advanceTurn("t1", { state: "delivered", notice: "" });
    expect((await store.turn("t1"))?.notice).toBe("");
  });

  test("is stored whole or not at all", async () => {
    const turn = await accept("t1");
    const db = new Database(path);
    onTestFinished(() => void db.close());
    db.exec("CREATE TRIGGER refuse BEFORE UPDATE OF files ON turns BEGIN SELECT RAISE(ABORT, 'refused'); END");
    await expect(store.prepareTurn("t1", { text: "new", files: cat, notice: "> new" })).rejects.toThrow("refused");
    expect(await store.turn("t1")).toEqual(turn);
  });

  test("is none of an unknown turn", async () => {
    const question = { text: "?", files: [], notice: "" };
    await expect(store.prepareTurn("none", question)).rejects.toThrow("There is no turn none.");
  });
});

describe("the latest files of a conversation", () => {
  /** A turn that was prepared with these files and asked in this conversation. */
  async function asked(id: string, conversationId: string, files: PreparedQuestion["files"]): Promise<void> {
    await accept(id);
    await store.prepareTurn(id, { text: "?", files, notice: "" });
    await store.advanceTurn(id, { state: "asked", conversationId });
  }

  test("are none where nothing was sent, or nothing with files, or nothing that was prepared", async () => {
    expect(await store.latestFiles("c1")).toEqual([]);
    await asked("t1", "c1", []);
    await accept("t2");
    await store.advanceTurn("t2", { state: "asked", conversationId: "c1" });
    expect(await store.latestFiles("c1")).toEqual([]);
  });

  test("are those of the last turn that had any, all of them, whatever became of it", async () => {
    await asked("t1", "c1", cat);
    expect(await store.latestFiles("c1")).toEqual(cat);
    await asked("t2", "c1", two);
    await asked("t3", "c1", []);
    await asked("t4", "c2", cat);
    await store.advanceTurn("t2", { state: "failed" });
    await store.advanceTurn("t1", { state: "delivered" });
    await reopen();
    expect(await store.latestFiles("c1")).toEqual(two);
  });

  test("are none once they are forgotten, also the earlier ones, until there are new ones", async () => {
    for (const [id, files] of [["t1", cat] as const, ["t2", two] as const]) await asked(id, "c1", files);
    await asked("t3", "c2", cat);
    await store.forgetFiles("c1");
    await reopen();
    expect(await store.latestFiles("c1")).toEqual([]);
    expect(await store.latestFiles("c2")).toEqual(cat);
    await asked("t4", "c1", cat);
    expect(await store.latestFiles("c1")).toEqual(cat);
  });

  test("are forgotten without making the question one that was not prepared", async () => {
    await asked("t1", "c1", cat);
    await accept("t2");
    await store.advanceTurn("t2", { state: "asked", conversationId: "c1" });
    await store.forgetFiles("c1");
    expect((await store.turn("t1"))?.files).toEqual([]);
    expect(await store.turn("t2")).not.toHaveProperty("files");
  });

  test("can be forgotten where there are none", async () => {
    await store.forgetFiles("c1");
    expect(await store.latestFiles("c1")).toEqual([]);
  });
});
