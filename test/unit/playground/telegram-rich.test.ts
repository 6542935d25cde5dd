import { Api } from "grammy";
import type { Message } from "grammy/types";
import { describe, expect, it } from "vitest";
import { limitProfiles } from "../../../src/playground/telegram/index.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import { call, descriptionOf, emulate, personInChat, send, succeed } from "./telegram-fixture.ts";

const paragraph = (text: unknown) => ({ type: "paragraph", text });
const rich = (...blocks: unknown[]) => ({ rich_message: { blocks } });

async function inPrivate() {
  const emulator = await emulate({ limits: "off" });
  return { emulator, ...personInChat(emulator) };
}

/** A text in `depth` formats, one inside the other. */
function nested(depth: number): unknown {
  return depth === 0 ? "x" : { type: "bold", text: nested(depth - 1) };
}

describe("rich messages", () => {
  it("are shown by the text in their blocks, and answered without text", async () => {
    const { emulator, chatId, room } = await inPrivate();
    const blocks = [
      { type: "heading", text: "Weather", size: 1 },
      paragraph(["in ", { type: "bold", text: "Oslo" }, { type: "mathematical_expression", expression: "x^2" }]),
      {
        type: "table",
        cells: [
          [{ text: "°C" }, {}],
          [{ text: "-3" }, { text: "cold" }],
        ],
      },
      { type: "list", items: [{ blocks: [paragraph("a")] }, { blocks: [paragraph("b")] }] },
      { type: "details", summary: "more", blocks: [{ type: "divider" }] },
      { type: "blockquote", blocks: [{ type: "pre", text: "code" }] },
    ];
    const sent = await succeed<Message>(emulator, "sendRichMessage", { chat_id: chatId, ...rich(...blocks) });
    expect(sent.text).toBeUndefined();
    expect(sent.rich_message).toEqual({ blocks });
    const [message] = emulator.botMessages(room);
    expect(message?.text).toBe("Weather\n\nin Oslox^2\n\n°C | \n-3 | cold\n\n• a\n• b\n\nmore\n———\n\ncode");
    expect(message && emulator.richMessage(message)).toEqual({ blocks });
  });

  it("are what grammY sends, also in place of a text and back", async () => {
    const { emulator, chatId, room } = await inPrivate();
    const api = new Api(emulator.token, { apiRoot: emulator.apiRoot });
    const { message_id } = await api.sendMessage(chatId, "one");
    await api.editMessageText(chatId, message_id, { blocks: [{ type: "paragraph", text: "two" }] });
    await api.editMessageText(chatId, message_id, "three");
    const [message] = emulator.botMessages(room);
    expect(message?.revisions.map(({ text }) => text)).toEqual(["one", "two", "three"]);
    expect(message && emulator.richMessage(message)).toBeUndefined();
  });

  it("are shown by their source when they are Markdown or HTML, which is not parsed", async () => {
    const { emulator, chatId, room } = await inPrivate();
    await succeed(emulator, "sendRichMessage", { chat_id: chatId, rich_message: { markdown: "**a** $b$" } });
    await succeed(emulator, "sendRichMessage", { chat_id: chatId, rich_message: JSON.stringify({ html: "<b>a</b>" }) });
    expect(emulator.botMessages(room).map(({ text }) => text)).toEqual(["**a** $b$", "<b>a</b>"]);
  });

  it("can't be edited into what they are", async () => {
    const { emulator, chatId } = await inPrivate();
    const { message_id } = await succeed<Message>(emulator, "sendRichMessage", {
      chat_id: chatId,
      ...rich(paragraph("a")),
    });
    const edit = (text: unknown) =>
      descriptionOf(emulator, "editMessageText", { chat_id: chatId, message_id, ...rich(paragraph(text)) });
    expect(await edit("a")).toContain("message is not modified");
    expect(await edit({ type: "bold", text: "a" })).toBeUndefined();
  });

  it.each<[string, object, boolean]>([
    ["32,768 characters", rich(paragraph("😀".repeat(32_768))), true],
    ["one character more", rich(paragraph("😀".repeat(32_768)), paragraph("x")), false],
    ["500 blocks", rich(...Array.from({ length: 500 }, () => paragraph("x"))), true],
    ["501 blocks", rich(...Array.from({ length: 501 }, () => paragraph("x"))), false],
    ["a table of 500 rows", rich({ type: "table", cells: Array.from({ length: 500 }, () => [{ text: "x" }]) }), false],
    ["20 columns", rich({ type: "table", cells: [Array.from({ length: 20 }, () => ({ text: "x" }))] }), true],
    ["21 columns", rich({ type: "table", cells: [Array.from({ length: 21 }, () => ({ text: "x" }))] }), false],
    ["16 levels", rich(paragraph(nested(14))), true],
    ["17 levels", rich(paragraph(nested(15))), false],
    ["nothing to see", rich(paragraph(" ")), false],
    ["two forms", { rich_message: { markdown: "a", html: "a" } }, false],
    ["no form", {}, false],
    ["an unknown block", rich({ type: "poem", text: "x" }), false],
  ])("have the documented limits: %s", async (_, content, isTaken) => {
    const { emulator, chatId } = await inPrivate();
    const { status } = await call(emulator, "sendRichMessage", { chat_id: chatId, ...content });
    expect(status).toBe(isTaken ? 200 : 400);
  });

  it("cost what a message costs", async () => {
    const emulator = await emulate({ clock: createManualClock(), limits: limitProfiles.documented });
    const { chatId } = personInChat(emulator);
    const { message_id } = await send(emulator, chatId, "a");
    const message = { chat_id: chatId, ...rich(paragraph("b")) };
    expect((await call(emulator, "editMessageText", { ...message, message_id })).status).toBe(200);
    expect((await call(emulator, "sendRichMessage", message)).status).toBe(200);
    expect((await call(emulator, "sendRichMessage", message)).status).toBe(429);
  });
});

describe("rich drafts", () => {
  it("are shown in private chats, by the text in their blocks", async () => {
    const { emulator, person, chatId, room } = await inPrivate();
    const draft = { draft_id: 5, can_stop: true, ...rich(paragraph("Once")) };
    await succeed(emulator, "sendRichMessageDraft", { chat_id: chatId, ...draft });
    expect(emulator.draft(room)).toMatchObject({ draftId: 5, text: "Once", rich: draft.rich_message });
    const group = emulator.addGroup("Friends", [person]);
    expect(await descriptionOf(emulator, "sendRichMessageDraft", { chat_id: group.id, ...draft })).toBe(
      "Bad Request: TEXTDRAFT_PEER_INVALID",
    );
    await succeed(emulator, "sendRichMessage", { chat_id: chatId, ...rich(paragraph("Once upon a time")) });
    expect(emulator.draft(room)).toBeUndefined();
  });
});

describe("an older server", () => {
  it("without rich messages knows no such method, and looks for text in an edit", async () => {
    const emulator = await emulate({ limits: "off", without: ["rich"] });
    const { chatId } = personInChat(emulator);
    const { message_id } = await send(emulator, chatId, "a");
    const message = { chat_id: chatId, message_id, draft_id: 5, ...rich(paragraph("b")) };
    expect(await descriptionOf(emulator, "sendRichMessage", message)).toBe("Not Found: method not found");
    expect(await descriptionOf(emulator, "sendRichMessageDraft", message)).toBe("Not Found: method not found");
    expect(await descriptionOf(emulator, "editMessageText", message)).toBe("Bad Request: message text is empty");
    expect(await descriptionOf(emulator, "sendMessageDraft", { ...message, text: "a" })).toBeUndefined();
  });

  it("without drafts knows none of any kind", async () => {
    const emulator = await emulate({ limits: "off", without: ["drafts"] });
    const { chatId } = personInChat(emulator);
    const draft = { chat_id: chatId, draft_id: 5, text: "a", ...rich(paragraph("b")) };
    expect((await call(emulator, "sendMessageDraft", draft)).status).toBe(404);
    expect((await call(emulator, "sendRichMessageDraft", draft)).status).toBe(404);
    expect((await call(emulator, "sendRichMessage", draft)).status).toBe(200);
  });
});

describe("entities", () => {
  it("are kept up to a hundred that the sender set, beside those that Telegram finds", async () => {
    const { emulator, chatId } = await inPrivate();
    const text = `${"a ".repeat(120)}https://example.com/`;
    const entities = Array.from({ length: 120 }, (_, i) => ({ type: "bold", offset: 2 * i, length: 1 }));
    const { entities: kept } = await send(emulator, chatId, text, { entities });
    expect(kept?.filter(({ type }) => type === "bold").at(-1)?.offset).toBe(198);
    expect(kept?.map(({ type }) => type)).toEqual([...new Array(100).fill("bold"), "url"]);
  });
});
