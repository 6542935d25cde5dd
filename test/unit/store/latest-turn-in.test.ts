import { join } from "node:path";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { openSqliteStore } from "../../../src/store/sqlite.ts";
import type { ConversationKey, Store, TurnState } from "../../../src/store/store.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { key, message, newTurn } from "./records.ts";

let store: Store;

beforeEach(() => {
  const clock = { now: () => 1_000, after: () => () => undefined };
  store = openSqliteStore(join(temporaryFolder(), "bridge.db"), { clock });
  onTestFinished(() => store.close());
});

async function ran(id: string, conversationId: string, state: TurnState, conversation: ConversationKey = key) {
  await store.acceptMessage(message(`m-${id}`), { ...newTurn(id), conversation });
  await store.advanceTurn(id, { state, conversationId, chatId: `chat-${id}` });
}

const latestIn = async (conversationId: string) => (await store.latestTurnIn(key, conversationId))?.id;

test("the latest turn of a conversation on Coze is told in whatever state it is", async () => {
  expect(await latestIn("c1")).toBeUndefined();
  await ran("t1", "c1", "waiting");
  expect(await latestIn("c1")).toBe("t1");
  await ran("t2", "c1", "answering");
  expect(await store.latestTurnIn(key, "c1")).toMatchObject({ id: "t2", state: "answering", conversation: key });
});

test("turns that are not known to have run there don't count", async () => {
  await ran("t1", "c1", "delivered");
  await ran("t2", "c2", "delivered");
  await ran("t3", "c1", "delivered", { ...key, place: "other" });
  await store.acceptMessage(message("m-t4"), newTurn("t4"));
  await store.acceptMessage(message("m-t5"), newTurn("t5"));
  await store.advanceTurn("t5", { state: "failed", conversationId: "c1" });
  expect(await latestIn("c1")).toBe("t1");
});
