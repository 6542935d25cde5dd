import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type CozeClient, createCozeClient } from "../../../src/coze/client.ts";
import type { AnswerEvent } from "../../../src/coze/events.ts";
import {
  type CozeEmulator,
  complete,
  cozeError,
  cut,
  errorEvent,
  fail,
  followUp,
  interrupt,
  say,
  startCozeEmulator,
  think,
  toolCall,
  verbose,
} from "../../../src/playground/coze/index.ts";
import { connection, emulatedClient, jwtTokens, kinds, modeOf, worlds } from "./emulated-client.ts";
import { collect } from "./fixtures.ts";

const { signal } = new AbortController();

describe.each(worlds)("against the $dialect emulator, $kind", ({ dialect, kind }) => {
  let coze: CozeEmulator;
  let client: CozeClient;

  beforeEach(async () => {
    coze = await startCozeEmulator({ dialect });
    client = emulatedClient(coze, kind);
  });
  afterEach(() => coze.close());

  test("an answer is whole, and remembered in its conversation alone", async () => {
    const first = await talk(client, "I like ducks");
    expect(first.text).toBe("You said: I like ducks");
    expect(first.end).toMatchObject({ type: "completed" });

    const second = await talk(client, "what did I say?", first.conversationId);
    expect(second.conversationId).toBe(first.conversationId);
    expect(second.text).toContain("I like ducks");

    const stranger = await talk(client, "what did I say?", undefined, "telegram:2");
    expect(stranger.conversationId).not.toBe(first.conversationId);
    expect(stranger.text).toBe("You have said nothing so far.");
  });

  test("a cleared conversation keeps its id and nothing else", async () => {
    const { conversationId } = await talk(client, "I like ducks");
    await client.clearConversation("telegram:1", conversationId, signal);
    const after = await talk(client, "what did I say?", conversationId);
    expect(after).toMatchObject({ conversationId, text: "You have said nothing so far." });
  });

  test("all parts of an answer arrive apart, however its bytes are cut", async () => {
    coze.answer = () => [
      ...toolCall("search", { q: "duck" }, "{}"),
      think("Let me see."),
      ...say("第一部分 🦆"),
      complete(),
      ...say("second"),
      complete("second, corrected"),
      followUp("More?"),
    ];
    coze.writing.chunkBytes = 1;
    coze.writing.lineEnd = "\r\n";
    const { events } = await talk(client, "hi");
    expect(events.filter(({ type }) => type === "message")).toMatchObject([
      { text: "第一部分 🦆" },
      { text: "second, corrected" },
    ]);
    expect(events.filter(({ type }) => type === "reasoning")).toMatchObject([{ text: "Let me see." }]);
    expect(events.at(0)?.type).toBe("created");
  });

  test("a question of the flow waits for the reply", async () => {
    coze.answer = ({ resumes, text }) => (resumes ? say(`To ${text}`) : [interrupt("Where to?")]);
    const first = await talk(client, "book");
    expect(first.end).toEqual({ type: "waiting", for: "reply" });
    const second = await talk(client, "Paris", first.conversationId);
    expect(second.text).toBe("To Paris");
  });

  test("a cut stream is an error, and the question is not asked again", async () => {
    const answer = vi.fn(() => [...say("half an ans"), cut("reset", { midLine: true })]);
    coze.answer = answer;
    await expect(talk(client, "hi")).rejects.toMatchObject({ kind: "interrupted", received: true });
    expect(answer).toHaveBeenCalledOnce();
  });

  test.each(["chat", "number", "string"] as const)("a failed run is an error: %s", async (shape) => {
    coze.answer = () => [...say("x"), fail(4028, "Your free quota has been used up", shape)];
    await expect(talk(client, "hi")).rejects.toMatchObject({ kind: "quota", code: 4028, received: true });
  });

  test("an error event is an error", async () => {
    coze.answer = () => [verbose("empty result", "empty result"), errorEvent(4105, "no")];
    await expect(talk(client, "hi")).rejects.toMatchObject({ kind: "rejected", code: 4105 });
  });

  test("a refusal before the run is repeated", async () => {
    coze.faults.add({ method: /POST .*\/chat$/, effect: cozeError(4009, "at capacity") });
    expect((await talk(client, "hi")).text).toBe("You said: hi");
  });

  test("an unknown conversation is lost", async () => {
    // coze-studio's agents make a new one instead.
    if (dialect === "studio" && kind === "agent") return;
    const lost = talk(client, "hi", "7000000000000000001");
    await expect(lost).rejects.toMatchObject({ kind: "conversation-lost", received: false });
  });

  test("a running chat is cancelled, and one that has ended too", async () => {
    coze.answer = () => [...say("begin"), { do: "silence" }];
    const abort = new AbortController();
    const answer = client.ask({ sessionName: "telegram:1", text: "hi" }, abort.signal)[Symbol.asyncIterator]();
    const { value: created } = await answer.next();
    if (created?.type !== "created") throw new Error("The first event is created.");
    const run = { sessionName: "telegram:1", ...created };
    await client.cancel(run, signal);
    await client.cancel(run, signal);
    abort.abort();
    expect(coze.conversations.some(({ isRunning }) => isRunning)).toBe(false);
  });

  test("the agent or flow is found by name", async () => {
    expect(await client.identifyAgent(signal)).toEqual({ name: kind === "agent" ? "Emulated agent" : "emulated_flow" });
  });
});

describe("against the hosted emulator", () => {
  let coze: CozeEmulator;

  beforeEach(async () => {
    coze = await startCozeEmulator();
  });
  afterEach(() => coze.close());

  test.each(kinds)("a made conversation is accepted: %s", async (kind) => {
    const client = emulatedClient(coze, kind);
    const id = await client.createConversation("telegram:1", signal);
    expect(await talk(client, "hi", id)).toMatchObject({ conversationId: id, text: "You said: hi" });
  });

  test("one exchange serves a session until its token is refused", async () => {
    const client = emulatedClient(coze, "agent");
    await talk(client, "one");
    await talk(client, "two");
    expect(coze.exchanges.get("telegram:1")).toBe(1);
    coze.revokeTokens();
    expect((await talk(client, "three")).text).toBe("You said: three");
    expect(coze.exchanges.get("telegram:1")).toBe(2);
  });

  test("both key formats sign", async () => {
    for (const pem of [coze.oauthApp.privateKey, coze.oauthApp.privateKeyPkcs1]) {
      const client = createCozeClient({
        ...connection(coze),
        mode: modeOf(coze, "agent"),
        tokens: jwtTokens(coze, pem),
      });
      expect((await talk(client, "hi")).text).toBe("You said: hi");
    }
  });

  test("chatflows tell where their run can be looked at", async () => {
    const { events } = await talk(emulatedClient(coze, "chatflow-app"), "hi");
    expect(events.at(-1)).toMatchObject({ type: "debug", url: expect.stringContaining("execute_id=") });
  });

  test("many people at once get their own answers", async () => {
    const client = emulatedClient(coze, "chatflow-app");
    const people = Array.from({ length: 30 }, (_, person) => `telegram:${person}`);
    const answers = await Promise.all(people.map((name) => talk(client, `I am ${name}`, undefined, name)));
    expect(answers.map(({ text }) => text)).toEqual(people.map((name) => `You said: I am ${name}`));
    expect(new Set(answers.map(({ conversationId }) => conversationId)).size).toBe(30);
    expect([...coze.exchanges.values()]).toEqual(people.map(() => 1));
  });
});

interface Talk {
  readonly events: readonly AnswerEvent[];
  readonly conversationId: string;
  readonly text: string;
  readonly end: AnswerEvent | undefined;
}

async function talk(
  client: CozeClient,
  text: string,
  conversationId?: string,
  sessionName = "telegram:1",
): Promise<Talk> {
  const question = { sessionName, text, ...(conversationId !== undefined && { conversationId }) };
  const events = await collect(client.ask(question, new AbortController().signal));
  const [created] = events;
  if (created?.type !== "created") throw new Error("The first event is created.");
  const message = events.findLast((event) => event.type === "message");
  return {
    events,
    conversationId: created.conversationId,
    text: message?.text ?? "",
    end: events.findLast(({ type }) => type !== "debug"),
  };
}
