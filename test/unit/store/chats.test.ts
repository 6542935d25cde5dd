import { join } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import type { MessageEvent } from "../../../src/adapter.ts";
import { openSqliteStore } from "../../../src/store/sqlite.ts";
import type { Store } from "../../../src/store/store.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { command, message, newTurn } from "./records.ts";

let store: Store;
let now: number;

beforeEach(() => {
  now = 1_000;
  const clock = { now: () => now, after: () => () => undefined };
  store = openSqliteStore(join(temporaryFolder(), "bridge.db"), { clock });
  onTestFinished(() => store.close());
});

function said(chat: string, id: string, sentAt: number): MessageEvent {
  const event = message(id);
  return {
    ...event,
    sentAt,
    chat: { key: chat, kind: "group", title: chat },
    target: { ...event.target, budget: chat },
  };
}

async function take(...events: readonly MessageEvent[]): Promise<void> {
  for (const event of events)
    await store.acceptMessage(
      event,
      newTurn(`turn of ${event.id}${event.platform === "discord" ? " on discord" : ""}`),
    );
}

describe("recent chats", () => {
  test("each comes once, with the event that was sent last, the latest chat first", async () => {
    await take(said("a", "a1", 10), said("b", "b2", 40), said("a", "a2", 30), said("b", "b1", 20));
    expect(await store.recentChats("telegram", 0)).toEqual([
      { chat: { key: "b", kind: "group", title: "b" }, lastId: "b2", lastSentAt: 40 },
      { chat: { key: "a", kind: "group", title: "a" }, lastId: "a2", lastSentAt: 30 },
    ]);
  });

  test("those without an event since then are left out", async () => {
    await take(said("a", "a1", 10), said("b", "b1", 20), said("c", "c1", 30));
    const recent = await store.recentChats("telegram", 20);
    expect(recent.map(({ chat }) => chat.key)).toEqual(["c", "b"]);
  });

  test("those of another platform are left out", async () => {
    await take(said("a", "a1", 10), { ...said("a", "a1", 99), platform: "discord" });
    expect(await store.recentChats("telegram", 0)).toMatchObject([{ lastId: "a1", lastSentAt: 10 }]);
  });

  test("a command says nothing about which messages were read", async () => {
    await take(said("42", "m1", 10));
    await store.acceptCommand(command("c1"));
    expect(await store.recentChats("telegram", 0)).toMatchObject([{ lastId: "m1", lastSentAt: 10 }]);
  });

  test("a question that was asked again by its button is no event of the platform", async () => {
    await take(said("a", "a1", 10), said("a", "button:retry:turn", 90), said("b", "button:retry:other", 90));
    expect(await store.recentChats("telegram", 0)).toMatchObject([{ lastId: "a1", lastSentAt: 10 }]);
  });
});

describe("messages in a chat", () => {
  const save = (turn: string, part: number, address: number) =>
    store.saveTurnMessage(turn, { part, segment: 0, ref: { address }, textEnd: 1, sealed: true });

  test("they are those of all answers there, also the ones that are being replaced, and of no other chat", async () => {
    await take(said("a", "a1", 0), said("b", "b1", 0), said("a", "a2", 0));
    await save("turn of a1", 0, 1);
    await save("turn of b1", 0, 2);
    await save("turn of a2", 0, 3);
    await store.saveTurnMessage("turn of a2", {
      part: 1,
      segment: 0,
      replaces: { address: 4 },
      textEnd: 2,
      sealed: false,
    });
    expect(await store.messagesInChat("telegram", "a", 0)).toEqual([{ address: 1 }, { address: 3 }, { address: 4 }]);
    expect(await store.messagesInChat("discord", "a", 0)).toEqual([]);
  });

  test("an answer that ended before is left out, one that is unfinished never is", async () => {
    await take(said("a", "a1", 0), said("a", "a2", 0), said("a", "a3", 0));
    for (const [index, id] of ["a1", "a2", "a3"].entries()) await save(`turn of ${id}`, 0, index);
    await store.advanceTurn("turn of a1", { state: "delivered" });
    now = 2_000;
    await store.advanceTurn("turn of a2", { state: "delivered" });
    expect(await store.messagesInChat("telegram", "a", 1_500)).toEqual([{ address: 1 }, { address: 2 }]);
  });
});

describe("chats that moved", () => {
  test("a move is kept, once for each chat, and is a platform's own", async () => {
    expect(await store.movedChats()).toEqual([]);
    const move = { platform: "telegram", from: "-1", to: "-1001" };
    await store.moveChat(move);
    await store.moveChat({ ...move, to: "-1002" });
    await store.moveChat({ ...move, platform: "discord" });
    const kept = await store.movedChats();
    expect(kept).toHaveLength(2);
    expect(kept).toEqual(
      expect.arrayContaining([
        { ...move, to: "-1002" },
        { ...move, platform: "discord" },
      ]),
    );
  });
});
