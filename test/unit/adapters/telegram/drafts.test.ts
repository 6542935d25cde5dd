import { describe, expect, it } from "vitest";
import type { Draft } from "../../../../src/adapter.ts";
import { emptyText, plainText } from "../../../../src/markdown/formatted-text.ts";
import { formatted } from "./formatted.ts";
import { callsOf, connect, failureOf, firstTarget, privateChat, text, type WireOptions } from "./wire.ts";

const formula = formatted("so β", ["β", { type: "math", isBlock: false, source: "\\beta" }]);

async function withDraft(options: WireOptions = {}) {
  const wire = await privateChat({ streamMode: "draft", ...options });
  return { ...wire, draft: wire.adapter.openDraft?.(wire.target) as Draft };
}

describe("drafts", () => {
  it("are there only when they are asked for, and only in private chats", async () => {
    expect((await connect()).adapter).not.toHaveProperty("openDraft");
    const wire = await connect({ streamMode: "draft" });
    expect(wire.adapter.capabilities.drafts).toBe(true);
    const person = wire.telegram.addPerson();
    wire.telegram.say(person, wire.telegram.addGroup("Walks", [person]), "hello", { mention: true });
    await wire.adapter.start(wire.inbox);
    expect(wire.adapter.openDraft?.(await firstTarget(wire))).toBeUndefined();
  });

  it("tell what they may cost and how long they last", async () => {
    const { draft, person } = await withDraft();
    expect(draft).toMatchObject({
      budget: `telegram:${person.id}:drafts`,
      rate: [
        { count: 20, perMs: 5000 },
        { count: 40, perMs: 30_000 },
      ],
      lastsMs: 30_000,
    });
  });

  it("show formatted text in place of what they showed, with a button to stop", async () => {
    const wire = await withDraft();
    const { draft, telegram, room } = wire;
    await draft.show(emptyText);
    expect(telegram.draft(room)).toMatchObject({ text: "", canStop: true });
    await draft.show(formatted("Once upon", ["Once", { type: "bold" }]));
    const shown = telegram.draft(room);
    expect(shown).toMatchObject({ text: "Once upon", entities: [{ type: "bold", offset: 0, length: 4 }] });
    const ids = callsOf(wire, "sendMessageDraft").map(({ parameters }) => parameters.draft_id);
    expect(ids).toEqual([shown?.draftId, shown?.draftId]);
  });

  it("have ids of their own, from 1 to 2^31 - 1", async () => {
    const { adapter, telegram, room, target } = await withDraft();
    const ids = new Set<number>();
    for (let i = 0; i < 20; i += 1) {
      await adapter.openDraft?.(target)?.show(plainText("a"));
      ids.add(telegram.draft(room)?.draftId ?? 0);
    }
    expect(ids.size).toBe(20);
    for (const id of ids) expect(id > 0 && id < 2 ** 31 && Number.isInteger(id)).toBe(true);
  });

  it("go to the topic of their target", async () => {
    const wire = await withDraft();
    const { chat } = wire.target.address as { chat: number };
    const inTopic = { ...wire.target, address: { chat, thread: 6, replyTo: 1 } };
    // The emulator's private chats have no topics.
    await failureOf(wire.adapter.openDraft?.(inTopic)?.show(plainText("a")) ?? Promise.resolve());
    expect(callsOf(wire, "sendMessageDraft")[0]?.parameters).toMatchObject({ message_thread_id: 6 });
  });

  it("end with the message", async () => {
    const { draft, adapter, telegram, room, target } = await withDraft();
    await draft.show(plainText("Once"));
    await adapter.post(target, text("Once upon a time."));
    expect(telegram.draft(room)).toBeUndefined();
  });

  it("tell when the person stops them, and stay away then", async () => {
    const { draft, telegram, person, room, inbox } = await withDraft();
    await draft.show(plainText("Once"));
    const id = telegram.draft(room)?.draftId;
    telegram.stopDraft(person);
    const [, event] = await inbox.taken(2);
    expect(event).toMatchObject({
      type: "stopped",
      id: `7461203958:${person.id}:draft:${id}`,
      author: { id: person.id, name: "Ada" },
      chat: { key: person.id, kind: "private" },
    });
    await draft.show(plainText("Once upon"));
    expect(telegram.draft(room)).toBeUndefined();
  });
});

describe("drafts that are refused", () => {
  it.each<[string, string, string, number]>([
    ["where the chat takes none", "Bad Request: TEXTDRAFT_PEER_INVALID", "unknown", 400],
    ["where the server has none", "Not Found: method not found", "unknown", 404],
    ["where the bot is blocked", "Forbidden: bot was blocked by the user", "forbidden", 403],
    ["where there are too many", "Too Many Requests: retry after 5", "rate-limited", 429],
  ])("fail with a code: %s", async (_, description, code, error_code) => {
    const { draft, telegram } = await withDraft();
    const body = { ok: false, error_code, description };
    telegram.faults.add({ method: "sendMessageDraft", effect: { kind: "reply", status: error_code, body } });
    const error = await failureOf(draft.show(plainText("a")));
    expect(error).toMatchObject({ code, method: "sendMessageDraft" });
    expect(error.message).toBe(description);
  });

  it("by a server that is too old fail as the real one does", async () => {
    const { draft } = await withDraft({ without: ["drafts"] });
    expect(await failureOf(draft.show(plainText("a")))).toMatchObject({ code: "unknown", status: 404 });
  });
});

describe("rich drafts", () => {
  it("show what gains by it, and stay rich", async () => {
    const wire = await withDraft({ format: "rich" });
    await wire.draft.show(plainText("so"));
    await wire.draft.show(formula);
    await wire.draft.show(plainText("so what"));
    expect(wire.telegram.draft(wire.room)).toMatchObject({ text: "so what", rich: { blocks: [expect.anything()] } });
    expect(callsOf(wire, "sendRichMessageDraft")).toHaveLength(2);
  });

  it("become plain ones where the server has no rich ones", async () => {
    const wire = await withDraft({ format: "rich", without: ["rich"] });
    await wire.draft.show(formula);
    expect(wire.telegram.draft(wire.room)).toMatchObject({ text: "so β" });
    expect(wire.adapter.capabilities.maxLength).toBe(4096);
  });
});
