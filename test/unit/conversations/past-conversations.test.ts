import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { systemClock } from "../../../src/clock.ts";
import { PastConversations } from "../../../src/conversations/past-conversations.ts";
import { createLogger } from "../../../src/logger.ts";
import { cozeError, startCozeEmulator } from "../../../src/playground/coze/index.ts";
import { openSqliteStore } from "../../../src/store/sqlite.ts";
import type { ConversationKey } from "../../../src/store/store.ts";
import { createClient, modeOf } from "../live-bridge.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const key: ConversationKey = { agent: "a", sessionName: "telegram:42", place: "" };
const { signal } = new AbortController();

/** A person with one conversation, which Coze has. */
async function open() {
  const coze = await startCozeEmulator();
  const store = openSqliteStore(join(temporaryFolder(), "bridge.db"), { clock: systemClock });
  onTestFinished(async () => {
    await Promise.all([coze.close(), store.close()]);
  });
  const lines: string[] = [];
  const logger = createLogger("debug", { write: (line: string) => void lines.push(line) });
  const agent = createClient(coze, modeOf(coze, "agent"));
  const id = (await agent.createConversation(key.sessionName, signal)) ?? "";
  await store.saveConversation(key, id);
  const log = () => lines.map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
  return { coze, store, id, log, past: new PastConversations(store, agent, logger, "chat-user") };
}

it("a conversation is dropped when Coze has deleted it, and unknown from then on", async () => {
  const { coze, store, id, past, log } = await open();
  expect(await past.drop(key, id, signal)).toBe("deleted");
  expect([coze.conversations, await store.pastConversations(key)]).toEqual([[], []]);
  expect(await past.drop(key, id, signal)).toBe("unknown");
  expect(log()).toEqual([]);
});

it("a conversation that Coze does not delete is kept, and the operator reads why", async () => {
  const { coze, store, id, past, log } = await open();
  const method = "DELETE /v1/conversations/:conversation_id";
  coze.faults.add({ method, effect: cozeError(4101, "no permission"), times: Number.POSITIVE_INFINITY });
  expect(await past.drop(key, id, signal)).toBe("kept");
  expect(await store.conversation(key)).toBe(id);
  expect(log()).toMatchObject([{ level: "warn", msg: "could not delete a conversation on Coze", err: { code: 4101 } }]);
});

it("a conversation of somebody else is unknown, and stays", async () => {
  const { coze, id, past } = await open();
  expect(await past.drop({ ...key, sessionName: "telegram:43" }, id, signal)).toBe("unknown");
  expect(coze.conversations).toHaveLength(1);
});

it("a title that Coze does not take is kept here, and the operator reads why", async () => {
  const { coze, store, id, past, log } = await open();
  coze.faults.add({ method: /^PUT /, effect: cozeError(4101, "no permission"), times: Number.POSITIVE_INFINITY });
  expect(await past.rename(key, id, "Holidays", signal)).toBe(true);
  expect(await store.pastConversations(key)).toMatchObject([{ title: "Holidays" }]);
  expect(log()).toMatchObject([{ level: "warn", msg: "could not rename a conversation on Coze" }]);
});
