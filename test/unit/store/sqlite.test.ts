import { statSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import type { Clock } from "../../../src/clock.ts";
import { findDamage } from "../../../src/store/integrity.ts";
import { openSqliteStore } from "../../../src/store/sqlite.ts";
import type { Store } from "../../../src/store/store.ts";
import { endStates } from "../../../src/store/store.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { command, key, message, newTurn } from "./records.ts";

let path: string;
let store: Store;
let now: number;
const clock: Clock = { now: () => now, after: () => () => undefined };

function open(): Store {
  const opened = openSqliteStore(path, { clock });
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

describe("messages and turns", () => {
  test("an accepted message becomes a turn that holds all that is needed to run it", async () => {
    const event = message("m1");
    expect(await store.acceptMessage(event, newTurn("t1"))).toEqual({
      id: "t1",
      platform: "telegram",
      eventId: "m1",
      authorId: "42",
      author: event.author,
      chat: event.chat,
      conversation: key,
      locale: "zh",
      target: event.target,
      text: event.text,
      attachments: [],
      state: "accepted",
      createdAt: 1_000,
      updatedAt: 1_000,
    });
  });

  test.each(["a\u0000b", "\ud83d", "'; DROP TABLE turns; --", "", "\u202e\n\r\t"])(
    "the text %j comes back unchanged",
    async (text) => {
      expect((await store.acceptMessage(message("m1", text), newTurn("t1")))?.text).toBe(text);
    },
  );

  test("the same event again changes nothing, also after a restart", async () => {
    const first = await store.acceptMessage(message("m1"), newTurn("t1"));
    expect(await store.acceptMessage(message("m1", "other"), newTurn("t2"))).toBeUndefined();
    await reopen();
    expect(await store.acceptMessage(message("m1", "other"), newTurn("t3"))).toBeUndefined();
    expect(await store.unfinishedTurns()).toEqual([first]);
  });

  test("the same event id on another platform is another event", async () => {
    await store.acceptMessage(message("m1"), newTurn("t1"));
    expect(await store.acceptMessage({ ...message("m1"), platform: "discord" }, newTurn("t2"))).toMatchObject({
      platform: "discord",
    });
  });

  test("a turn that can't be stored leaves no event behind, so the message can be offered again", async () => {
    await store.acceptMessage(message("m1"), newTurn("t1"));
    await expect(store.acceptMessage(message("m2"), newTurn("t1"))).rejects.toThrow("UNIQUE");
    expect(await store.acceptMessage(message("m2"), newTurn("t2"))).toMatchObject({ id: "t2", eventId: "m2" });
  });

  test("each step keeps what earlier steps told and survives a restart", async () => {
    await store.acceptMessage(message("m1"), newTurn("t1"));
    now = 2_000;
    await store.advanceTurn("t1", { state: "answering", conversationId: "c1", chatId: "r1" });
    now = 3_000;
    await store.advanceTurn("t1", { state: "answered", answer: "**done**" });
    await reopen();
    const known = { conversationId: "c1", chatId: "r1", answer: "**done**", createdAt: 1_000 };
    expect(await store.turn("t1")).toMatchObject({ ...known, state: "answered", updatedAt: 3_000 });
    await store.advanceTurn("t1", { state: "failed", error: "coze-busy" });
    expect(await store.turn("t1")).toMatchObject({ ...known, state: "failed", error: "coze-busy" });
  });

  test("an empty answer is an answer", async () => {
    await store.acceptMessage(message("m1"), newTurn("t1"));
    await store.advanceTurn("t1", { state: "answered", answer: "" });
    expect((await store.turn("t1"))?.answer).toBe("");
  });

  test("an unknown turn is absent, and to advance it is an error", async () => {
    expect(await store.turn("none")).toBeUndefined();
    await expect(store.advanceTurn("none", { state: "asked" })).rejects.toThrow("There is no turn none.");
  });

  test("unfinished turns come in the order of their arrival, without those that ended", async () => {
    for (const id of ["z", "y", "x", ...endStates]) await store.acceptMessage(message(`m-${id}`), newTurn(id));
    for (const state of endStates) await store.advanceTurn(state, { state });
    await store.advanceTurn("z", { state: "answered", answer: "…" });
    expect((await store.unfinishedTurns()).map((turn) => turn.id)).toEqual(["z", "y", "x"]);
  });
});

describe("finding a turn", () => {
  test("by the platform's event that began it", async () => {
    const turn = await store.acceptMessage(message("m1"), newTurn("t1"));
    await store.acceptMessage({ ...message("m1"), platform: "discord" }, newTurn("t2"));
    await store.acceptCommand(command("c1"));
    expect(await store.turnOfEvent("telegram", "m1")).toEqual(turn);
    expect(await store.turnOfEvent("telegram", "m2")).toBeUndefined();
    expect(await store.turnOfEvent("telegram", "c1")).toBeUndefined();
  });

  test("whether a run on Coze is a turn's", async () => {
    await store.acceptMessage(message("m1"), newTurn("t1"));
    expect(await store.isChatKnown("r1")).toBe(false);
    await store.advanceTurn("t1", { state: "answering", conversationId: "c1", chatId: "r1" });
    expect(await store.isChatKnown("r1")).toBe(true);
    expect(await store.isChatKnown("c1")).toBe(false);
  });
});

describe("a question that the person changes", () => {
  test.each(["better", "", "a\u0000b", "\ud83d", '"}'])(
    "reads %j from then on, and is otherwise the same",
    async (text) => {
      const turn = await store.acceptMessage(message("m1"), newTurn("t1"));
      await store.acceptMessage(message("m2"), newTurn("t2"));
      now = 2_000;
      await store.changeQuestion("t1", text);
      await reopen();
      expect(await store.turn("t1")).toEqual({ ...turn, text });
      expect((await store.turn("t2"))?.text).toBe(message("m2").text);
      expect(await store.acceptMessage(message("m1"), newTurn("t3"))).toBeUndefined();
    },
  );

  test("stays as it is once it is prepared or asked, also when nothing came of either", async () => {
    for (const id of ["prepared", "asked", "ended"]) await store.acceptMessage(message(`m-${id}`, "old"), newTurn(id));
    await store.prepareTurn("prepared", { text: "old", files: [], notice: "" });
    await store.advanceTurn("asked", { state: "asked" });
    await store.advanceTurn("ended", { state: "failed" });
    for (const id of ["prepared", "asked", "ended"]) {
      await store.changeQuestion(id, "new");
      expect((await store.turn(id))?.text).toBe("old");
    }
  });

  test("can be none that is unknown, which is no error", async () => {
    await store.changeQuestion("none", "x");
    expect(await store.turn("none")).toBeUndefined();
  });
});

describe("commands", () => {
  test("a command is new once, also after a restart", async () => {
    expect(await store.acceptCommand(command("c1"))).toBe(true);
    expect(await store.acceptCommand(command("c1"))).toBe(false);
    await reopen();
    expect(await store.acceptCommand(command("c1"))).toBe(false);
    expect(await store.acceptCommand(command("c2"))).toBe(true);
    expect(await store.unfinishedTurns()).toEqual([]);
  });
});

describe("conversations", () => {
  test("an id is kept, replaced, forgotten, and survives a restart", async () => {
    expect(await store.conversation(key)).toBeUndefined();
    await store.saveConversation(key, "c1");
    await store.saveConversation(key, "c2");
    await reopen();
    expect(await store.conversation(key)).toBe("c2");
    await store.forgetConversation(key);
    expect(await store.conversation(key)).toBeUndefined();
    await store.forgetConversation(key);
  });

  test.each([{ agent: "other" }, { sessionName: "telegram:43" }, { place: "" }])(
    "a conversation is not found, replaced or forgotten by a key with %o",
    async (difference) => {
      const other = { ...key, ...difference };
      await store.saveConversation(key, "c1");
      expect(await store.conversation(other)).toBeUndefined();
      await store.saveConversation(other, "c2");
      await store.forgetConversation(other);
      expect(await store.conversation(key)).toBe("c1");
    },
  );
});

describe("messages of an answer", () => {
  test("they are replaced by part, come in order, and survive a restart", async () => {
    await store.acceptMessage(message("m1"), newTurn("t1"));
    const second = { part: 1, segment: 2, ref: { address: { id: "9007199254740993" } }, textEnd: 4100, sealed: false };
    const first = { part: 0, segment: 0, ref: { address: [1, "a", null] }, textEnd: 10, sealed: false };
    await store.saveTurnMessage("t1", second);
    await store.saveTurnMessage("t1", first);
    await store.saveTurnMessage("t1", { ...first, textEnd: 4000, sealed: true });
    await reopen();
    expect(await store.turnMessages("t1")).toEqual([{ ...first, textEnd: 4000, sealed: true }, second]);
    expect(await store.turnMessages("none")).toEqual([]);
  });

  test("one that is noted before it is sent has no handle yet, and may stand in for another", async () => {
    await store.acceptMessage(message("m1"), newTurn("t1"));
    const noted = { part: 0, segment: 0, replaces: { address: 7 }, textEnd: 10, sealed: false };
    await store.saveTurnMessage("t1", noted);
    await reopen();
    expect(await store.turnMessages("t1")).toEqual([noted]);
    const sent = { part: 0, segment: 1, ref: { address: 8 }, textEnd: 10, sealed: true };
    await store.saveTurnMessage("t1", sent);
    expect(await store.turnMessages("t1")).toEqual([sent]);
  });

  test("a message of an unknown turn is refused", async () => {
    const orphan = { part: 0, segment: 0, ref: { address: 1 }, textEnd: 0, sealed: false };
    await expect(store.saveTurnMessage("none", orphan)).rejects.toThrow("FOREIGN KEY");
  });
});

describe("the file", () => {
  test("it and the files beside it are their owner's alone", async () => {
    await store.saveConversation(key, "c1");
    for (const file of [path, `${path}.lock`, `${path}-wal`]) expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test("an operator can read it while the bridge runs", async () => {
    await store.saveConversation(key, "c1");
    const reader = new Database(path, { readonly: true });
    expect(reader.prepare("SELECT conversation_id FROM conversations").pluck().all()).toEqual(["c1"]);
    reader.close();
  });

  test("it has a write-ahead log and passes its integrity check", async () => {
    const reader = new Database(path, { readonly: true });
    expect(reader.pragma("journal_mode", { simple: true })).toBe("wal");
    reader.close();
    expect(await findDamage(path)).toBeUndefined();
  });

  test("an operator who reads does not keep the closing store from moving everything into it", async () => {
    const reader = new Database(path, { readonly: true });
    reader.prepare("SELECT count(*) FROM turns").get();
    await store.saveConversation(key, "c1");
    await store.close();
    expect(statSync(`${path}-wal`).size).toBe(0);
    reader.close();
  });

  test("it answers while it is open", async () => {
    await store.ping();
    await store.close();
    await expect(store.ping()).rejects.toThrow("not open");
  });

  test("closing twice is harmless", async () => {
    await store.close();
    await store.close();
  });
});
