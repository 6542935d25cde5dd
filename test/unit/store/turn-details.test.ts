import { join } from "node:path";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import type { Attachment } from "../../../src/adapter.ts";
import { openSqliteStore } from "../../../src/store/sqlite.ts";
import type { Store } from "../../../src/store/store.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { key, message, newTurn } from "./records.ts";

let store: Store;
let path: string;

function open(): Store {
  const opened = openSqliteStore(path, { clock: { now: () => 1_000, after: () => () => undefined } });
  onTestFinished(() => opened.close());
  return opened;
}

async function reopen(): Promise<void> {
  await store.close();
  store = open();
}

beforeEach(() => {
  path = join(temporaryFolder(), "bridge.db");
  store = open();
});

const accept = (id: string, conversation = key) =>
  store.acceptMessage(message(`m-${id}`), { ...newTurn(id), conversation });

test("a turn has what was attached to its question", async () => {
  const voice: Attachment = {
    kind: "audio",
    isVoice: true,
    name: "v.ogg",
    size: 3,
    address: { id: "9007199254740993" },
  };
  await store.acceptMessage({ ...message("m1"), attachments: [voice] }, newTurn("t1"));
  await reopen();
  expect((await store.turn("t1"))?.attachments).toEqual([voice]);
});

test("offers and facts are kept until others take their place, and survive a restart", async () => {
  await accept("t1");
  const offers = { options: ["A\u0000", "\ud83d"], followUps: [], messageId: "7" };
  const facts = { logid: "L", debugUrl: "https://x", tokens: 12, ms: 900, firstTextMs: 80 };
  await store.advanceTurn("t1", { state: "answered", offers, facts });
  await store.advanceTurn("t1", { state: "delivered" });
  await reopen();
  expect(await store.turn("t1")).toMatchObject({ state: "delivered", offers, facts });
  await store.advanceTurn("t1", { state: "waiting", offers: {}, facts: { ms: 1 } });
  expect(await store.turn("t1")).toMatchObject({ state: "waiting", offers: {}, facts: { ms: 1 } });
  expect((await store.turn("t1"))?.facts).toEqual({ ms: 1 });
});

test("a turn of which nothing more is known has none of it", async () => {
  const turn = await accept("t1");
  for (const detail of ["offers", "facts", "files", "notice"]) expect(turn).not.toHaveProperty(detail);
});

test("a turn knows who asked, and where", async () => {
  const { author, chat } = message("m1");
  await accept("t1");
  await reopen();
  expect(await store.turn("t1")).toMatchObject({ author, authorId: author.id, chat });
});

test("the latest turn of a line is the one that came last, whatever its state", async () => {
  expect(await store.latestTurn(key)).toBeUndefined();
  for (const id of ["z", "y", "x"]) await accept(id);
  await store.advanceTurn("x", { state: "failed" });
  await store.advanceTurn("z", { state: "answering" });
  expect(await store.latestTurn(key)).toEqual(await store.turn("x"));
});

test.each([{ agent: "other" }, { sessionName: "telegram:43" }, { place: "" }])(
  "a turn of a line with %o is another line's",
  async (difference) => {
    await accept("t1");
    await accept("t2", { ...key, ...difference });
    expect((await store.latestTurn(key))?.id).toBe("t1");
  },
);
