import { join } from "node:path";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { openSqliteStore } from "../../../src/store/sqlite.ts";
import type { Store } from "../../../src/store/store.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { key } from "./records.ts";

let store: Store;
let path: string;
let now: number;

function open(): Store {
  const opened = openSqliteStore(path, { clock: { now: () => now, after: () => () => undefined } });
  onTestFinished(() => opened.close());
  return opened;
}

async function save(conversationId: string, at: number): Promise<void> {
  now = at;
  await store.saveConversation(key, conversationId);
}

beforeEach(() => {
  path = join(temporaryFolder(), "bridge.db");
  now = 0;
  store = open();
});

test("every conversation that was saved is listed, the one used last first, also after a restart", async () => {
  expect(await store.pastConversations(key)).toEqual([]);
  await save("c1", 10);
  await save("c2", 20);
  await save("c1", 30);
  await store.close();
  store = open();
  expect(await store.pastConversations(key)).toEqual([
    { conversationId: "c1", title: "", createdAt: 10, usedAt: 30 },
    { conversationId: "c2", title: "", createdAt: 20, usedAt: 20 },
  ]);
});

test("one that was left stays in the list", async () => {
  await save("c1", 10);
  await store.forgetConversation(key);
  expect(await store.conversation(key)).toBeUndefined();
  expect(await store.pastConversations(key)).toMatchObject([{ conversationId: "c1" }]);
});

test.each(["Cats 🐈", "", "'; DROP TABLE turns; --"])(
  "a title such as %j is kept when it is used again",
  async (title) => {
    await save("c1", 10);
    await save("c2", 20);
    await store.titleConversation(key, "c1", title);
    await save("c1", 30);
    expect(await store.pastConversations(key)).toMatchObject([{ title, usedAt: 30 }, { title: "" }]);
  },
);

test("one that is not listed gets no title", async () => {
  await store.titleConversation(key, "c1", "Cats");
  expect(await store.pastConversations(key)).toEqual([]);
});

test("the current one that is dropped is left as well", async () => {
  await save("c1", 10);
  await store.dropConversation(key, "c1");
  expect(await store.conversation(key)).toBeUndefined();
  expect(await store.pastConversations(key)).toEqual([]);
});

test("another one that is dropped leaves the current one alone", async () => {
  await save("c1", 10);
  await save("c2", 20);
  await store.dropConversation(key, "c1");
  expect(await store.conversation(key)).toBe("c2");
  expect(await store.pastConversations(key)).toMatchObject([{ conversationId: "c2" }]);
});

test.each([{ agent: "other" }, { sessionName: "telegram:43" }, { place: "" }])(
  "none is listed, titled or dropped by a key with %o",
  async (difference) => {
    const other = { ...key, ...difference };
    await save("c1", 10);
    await store.titleConversation(other, "c1", "theirs");
    await store.dropConversation(other, "c1");
    expect(await store.pastConversations(other)).toEqual([]);
    expect(await store.pastConversations(key)).toMatchObject([{ conversationId: "c1", title: "" }]);
    expect(await store.conversation(key)).toBe("c1");
  },
);

test("those of an identity are told with their agents, former ones as well, each once, also after a restart", async () => {
  const { agent, sessionName } = key;
  await save("c1", 10);
  await save("c2", 20);
  await store.saveConversation({ ...key, place: "" }, "c2");
  await store.saveConversation({ ...key, agent: "other" }, "c3");
  await store.saveConversation({ ...key, sessionName: "telegram:43" }, "theirs");
  await save("dropped", 30);
  await store.dropConversation(key, "dropped");
  await store.forgetConversation(key);
  await store.close();
  store = open();
  const own = [
    { agent, sessionName, conversationId: "c1" },
    { agent, sessionName, conversationId: "c2" },
    { agent: "other", sessionName, conversationId: "c3" },
  ];
  const told = await store.conversationsOf([sessionName]);
  expect(told.toSorted((a, b) => a.conversationId.localeCompare(b.conversationId))).toEqual(own);
  expect(await store.conversationsOf([sessionName, "telegram:43"])).toHaveLength(4);
  expect(await store.conversationsOf(["telegram:4", "'"])).toEqual([]);
  expect(await store.conversationsOf([])).toEqual([]);
});

test("to tell those of an identity changes nothing", async () => {
  await save("c1", 10);
  await store.conversationsOf([key.sessionName]);
  expect(await store.conversation(key)).toBe("c1");
  expect(await store.pastConversations(key)).toHaveLength(1);
});
