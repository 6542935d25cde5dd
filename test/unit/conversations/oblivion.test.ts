import { join } from "node:path";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import type { CommandEvent } from "../../../src/adapter.ts";
import { systemClock } from "../../../src/clock.ts";
import { Oblivion } from "../../../src/conversations/oblivion.ts";
import { sessionName } from "../../../src/conversations/session-name.ts";
import type { CozeAgent } from "../../../src/coze/agent.ts";
import { createLogger } from "../../../src/logger.ts";
import { type CozeEmulator, cozeError, startCozeEmulator } from "../../../src/playground/coze/index.ts";
import { openSqliteStore } from "../../../src/store/sqlite.ts";
import type { Store } from "../../../src/store/store.ts";
import { createClient, modeOf } from "../live-bridge.ts";
import { command, key, message, newTurn } from "../store/records.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const deletion = "DELETE /v1/conversations/:conversation_id";
const { signal } = new AbortController();

let coze: CozeEmulator;
let agent: CozeAgent;
let store: Store;
let log: string[];
let event: CommandEvent;

/** The bridge's person of {@link key} with two conversations, of which a question was asked in the later one. */
beforeEach(async () => {
  coze = await startCozeEmulator();
  store = openSqliteStore(join(temporaryFolder(), "bridge.db"), { clock: systemClock });
  onTestFinished(() => Promise.all([coze.close(), store.close()]).then(() => undefined));
  agent = createClient(coze, modeOf(coze, "agent"));
  log = [];
  event = command("c1");
  await begin();
  await begin();
  await store.acceptMessage(message("m1"), newTurn("t1"));
});

/** Begins a conversation on Coze, which is from then on the one in which the person speaks. */
async function begin(identity = key.sessionName): Promise<string> {
  const id = (await agent.createConversation(identity, signal)) ?? "";
  await store.saveConversation({ ...key, sessionName: identity }, id);
  return id;
}

function oblivion(parts: Partial<ConstructorParameters<typeof Oblivion>[0]> = {}): Oblivion {
  const logger = createLogger("error", { write: (line: string) => void log.push(line) });
  return new Oblivion({ store, agent, logger, stop: async () => undefined, ...parts });
}

const idsOnCoze = () => coze.conversations.map(({ id }) => id);

async function expectAllForgotten(): Promise<void> {
  expect(idsOnCoze()).toEqual([]);
  expect(await store.conversationsOf([key.sessionName])).toEqual([]);
  expect(await store.conversation(key)).toBeUndefined();
  expect(await store.turn("t1")).toBeUndefined();
}

async function expectAllKnown(): Promise<void> {
  expect(await store.conversationsOf([key.sessionName])).toHaveLength(2);
  expect(await store.conversation(key)).toBeDefined();
  expect(await store.turn("t1")).toBeDefined();
}

describe("a person who is forgotten", () => {
  it("is stopped first, then unknown on Coze, then here", async () => {
    const steps: string[] = [];
    const note = async (step: string) => {
      await expectAllKnown();
      steps.push(`${step}, ${idsOnCoze().length} on Coze`);
    };
    const deleteConversation: CozeAgent["deleteConversation"] = async (...call) => {
      await note("delete");
      await agent.deleteConversation(...call);
    };
    const stop = (platform: string, authorId: string) => note(`stop ${platform} ${authorId}`);
    const isWhole = await oblivion({ agent: { ...agent, deleteConversation }, stop }).forget(event, signal);
    expect(isWhole).toBe(true);
    expect(steps).toEqual(["stop telegram 42, 2 on Coze", "delete, 2 on Coze", "delete, 1 on Coze"]);
    await expectAllForgotten();
  });

  it("loses a conversation that began meanwhile as well, which is deleted once", async () => {
    const deleted: string[] = [];
    const deleteConversation: CozeAgent["deleteConversation"] = async (identity, id, ending) => {
      if (deleted.length === 0) await begin();
      deleted.push(id);
      await agent.deleteConversation(identity, id, ending);
    };
    expect(await oblivion({ agent: { ...agent, deleteConversation } }).forget(event, signal)).toBe(true);
    expect(new Set(deleted).size).toBe(3);
    expect(deleted).toHaveLength(3);
    await expectAllForgotten();
  });

  it("leaves the conversations of others alone", async () => {
    const theirs = await begin("telegram:43");
    expect(await oblivion().forget(event, signal)).toBe(true);
    expect(idsOnCoze()).toEqual([theirs]);
    expect(await store.conversationsOf(["telegram:43"])).toHaveLength(1);
  });

  it("is known to Coze by a pseudonym where there is a secret", async () => {
    const sessionNameSecret = "s".repeat(32);
    const own = await begin(sessionName(event.platform, event.author.id, sessionNameSecret));
    expect(await oblivion({ sessionNameSecret }).forget(event, signal)).toBe(true);
    expect(idsOnCoze()).toHaveLength(2);
    expect(idsOnCoze()).not.toContain(own);
  });
});

describe("what Coze keeps although it was asked to delete it", () => {
  it("is told, with its id for the operator alone, and all the rest is forgotten", async () => {
    coze.faults.add({ method: deletion, effect: cozeError(4000, "not now") });
    const before = idsOnCoze();
    expect(await oblivion().forget(event, signal)).toBe(false);
    const [kept = ""] = idsOnCoze();
    expect(before).toContain(kept);
    expect(idsOnCoze()).toHaveLength(1);
    expect(log.join()).toContain(kept);
    expect(log.join()).not.toContain(key.sessionName);
    expect(await store.conversationsOf([key.sessionName])).toEqual([]);
    expect(await store.turn("t1")).toBeUndefined();
  });
});

describe("a process that ends on the way", () => {
  /** Forgets, and ends the process while a conversation is being deleted. */
  async function forgetAndEnd(skip: number): Promise<void> {
    const ending = new AbortController();
    const restored = coze.faults.add({ method: deletion, skip, effect: { kind: "hang", applied: false } });
    const forgetting = oblivion().forget(event, ending.signal);
    const rejected = expect(forgetting).rejects.toThrow("the end");
    await coze.until("the deletion", () => coze.requests.filter(({ method }) => method === "DELETE").length > skip);
    ending.abort(new Error("the end"));
    await rejected;
    restored();
  }

  it.each([0, 1])("after %i deletions on Coze still knows everything here, and nothing is an error", async (skip) => {
    await forgetAndEnd(skip);
    expect(idsOnCoze()).toHaveLength(2 - skip);
    await expectAllKnown();
    expect(log).toEqual([]);
  });

  it.each([0, 1])("after %i deletions on Coze lets the next one forget the rest", async (skip) => {
    await forgetAndEnd(skip);
    expect(await oblivion().forget(event, signal)).toBe(true);
    await expectAllForgotten();
  });
});
