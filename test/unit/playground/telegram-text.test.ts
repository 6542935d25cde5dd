import type { MessageEntity } from "grammy/types";
import { describe, expect, it } from "vitest";
import { fixedText } from "../../../src/playground/telegram/formatted-text.ts";
import { call, emulate, personInChat, send } from "./telegram-fixture.ts";

/** `0+4:bold 2+1:code`: offset, length and type of each entity. */
function spans(notation: string): MessageEntity[] {
  return [...notation.matchAll(/(\d+)\+(\d+):(\w+)/g)].map(
    ([, offset, length, type]) => ({ type, offset: Number(offset), length: Number(length) }) as MessageEntity,
  );
}

const notationOf = (entities: readonly MessageEntity[]) =>
  entities.map(({ type, offset, length }) => `${offset}+${length}:${type}`).join(" ");

async function chatting() {
  const emulator = await emulate();
  return { emulator, ...personInChat(emulator) };
}

/** The expected entities are what TDLib 1.8 itself makes of them (`parseMarkdown` of a text without markup). */
describe("entities are brought in order as TDLib does it:", () => {
  it.each([
    ["sorted", "2+1:italic 0+1:bold", "0+1:bold 2+1:italic"],
    ["equal ones that touch are merged", "0+2:bold 2+2:bold", "0+4:bold"],
    ["crossing formats are cut", "0+4:bold 2+4:italic", "0+2:bold 2+4:italic 2+2:bold"],
    ["nested formats are cut", "0+6:bold 1+4:italic", "0+1:bold 1+5:bold 1+4:italic"],
    ["merged, then cut", "0+4:bold 2+4:bold 5+3:strikethrough", "0+5:bold 5+3:strikethrough 5+1:bold"],
    ["twice the same counts once", "0+2:bold 0+2:italic 0+2:bold", "0+2:bold 0+2:italic"],
    ["nothing is formatted inside code", "1+2:code 1+2:bold", "1+2:code"],
    ["a format around code is cut out of it", "0+4:bold 1+2:code", "0+1:bold 1+2:code 3+1:bold"],
    ["of two code spans the first one stays", "0+4:code 2+4:pre", "0+4:code"],
    ["quotes do not nest", "0+6:blockquote 2+2:blockquote", "0+6:blockquote"],
    ["a quote cuts formats", "0+4:blockquote 2+4:bold", "0+4:blockquote 2+2:bold 4+2:bold"],
    ["code does not leave a quote", "0+4:blockquote 2+4:code", "0+4:blockquote"],
    [
      "around code and at the end",
      "0+8:spoiler 2+2:pre 6+2:bold",
      "0+2:spoiler 2+2:pre 4+2:spoiler 6+2:bold 6+2:spoiler",
    ],
  ])("%s", (_what, given, kept) => {
    expect(notationOf(fixedText({ text: "abcdefgh", entities: spans(given) }).entities)).toBe(kept);
  });
});

describe("text is cleaned, and entities move along:", () => {
  it.each([
    ["control characters become spaces, \\r goes", ["a\tb\r\nc\u0001d", "0+8:italic"], ["a b\nc d", "0+7:italic"]],
    ["what is removed in front moves the rest", ["\r\rab", "2+2:bold"], ["ab", "0+2:bold"]],
    ["bidi controls and vertical lines go", ["a\u202eb\u0333c", "0+5:code"], ["abc", "0+3:code"]],
    ["offsets are UTF-16 units", ["a😀b", "1+2:bold 3+1:italic"], ["a😀b", "1+2:bold 3+1:italic"]],
    ["space is trimmed on both sides", ["\n  ab \n", ""], ["ab", ""]],
    ["space inside an entity is kept in front", ["  ab", "0+4:code"], ["  ab", "0+4:code"]],
    ["and is not behind", ["ab  ", "0+4:code"], ["ab", "0+2:code"]],
    ["an entity of trimmed space alone goes", ["ab  ", "2+2:bold"], ["ab", ""]],
  ] as const)("%s", (_what, [text, given], [keptText, kept]) => {
    const fixed = fixedText({ text, entities: spans(given) });
    expect([fixed.text, notationOf(fixed.entities)]).toEqual([keptText, kept]);
  });
});

describe("Telegram's own entities", () => {
  it.each([
    ["see /help or https://x.org/a. @some_user", "4+5:bot_command 13+15:url 30+10:mention"],
    ["main.py (https://x.org/a), x@y.org", "0+7:url 9+15:url 27+7:email"],
    ["/new@coze_bot #tag $USD 1.2.3.4", "0+13:bot_command 14+4:hashtag 19+4:cashtag 24+7:url"],
    ["你好@some_user a/b e.g. index.ts http://localhost/ @ab", ""],
  ])("are found in %j", (text, found) => {
    expect(notationOf(fixedText({ text, entities: [] }).entities)).toBe(found);
  });

  it("are not looked for in code and links", () => {
    const text = "see /help or https://x.org/a";
    const entities: MessageEntity[] = [
      { type: "code", offset: 4, length: 5 },
      { type: "text_link", offset: 13, length: 15, url: "https://e.org/" },
    ];
    expect(fixedText({ text, entities }).entities).toEqual(entities);
  });
});

describe("entities on the wire", () => {
  it.each([
    [{ offset: 5, length: 1 }, "entity begins after the end of the text at UTF-16 offset 5"],
    [
      { offset: 2, length: 9 },
      "entity beginning at UTF-16 offset 2 ends after the end of the text at UTF-16 offset 11",
    ],
    [{ offset: 1, length: 1 }, "entity begins in a middle of a UTF-16 symbol at byte offset 4"],
    [
      { offset: 0, length: 1 },
      "entity beginning at UTF-16 offset 0 ends in a middle of a UTF-16 symbol at byte offset 4",
    ],
    [{ offset: -1, length: 1 }, "receive an entity with incorrect offset -1"],
    [{ offset: 0 }, `can't parse MessageEntity: Can't find field "length"`],
    [{ offset: 0, length: 2, type: "glow" }, "can't parse MessageEntity: Unsupported type specified"],
    [{ offset: 0, length: 2, type: "text_link" }, `can't parse MessageEntity: Can't find field "url"`],
  ])("are refused: %j", async (entity, reason) => {
    const { chatId, emulator } = await chatting();
    const entities = [{ type: "bold", ...entity }];
    const { body } = await call(emulator, "sendMessage", { chat_id: chatId, text: "😀ab", entities });
    expect(body).toEqual({ ok: false, error_code: 400, description: `Bad Request: ${reason}` });
  });

  it("keep what belongs to them; links are completed, and dropped when they are none", async () => {
    const { chatId, emulator } = await chatting();
    const sent = async (entity: object) => (await send(emulator, chatId, "a", { entities: [entity] })).entities;
    const link = (url: string) => ({ type: "text_link", offset: 0, length: 1, url });
    const block = { type: "pre", offset: 0, length: 1, language: "ts" };
    expect(await sent(block)).toEqual([block]);
    expect(await sent(link("example.com"))).toEqual([link("http://example.com/")]);
    expect(await sent(link("https://e.org/x?y"))).toEqual([link("https://e.org/x?y")]);
    expect(await sent(link("./file.md"))).toBeUndefined();
    expect(await sent({ type: "url", offset: 0, length: 1 })).toBeUndefined();
    expect(await sent({ type: "bold", offset: 0, length: 0 })).toBeUndefined();
  });

  it("are ignored when they are no list", async () => {
    const { chatId, emulator } = await chatting();
    expect((await send(emulator, chatId, "a", { entities: "nonsense" })).text).toBe("a");
  });
});
