import type { MessageEntity } from "grammy/types";
import type { FormattedText } from "./formatted-text.ts";
import { badRequest } from "./refusal.ts";

const NEW_LINE = 10;

const endOf = (entity: MessageEntity) => entity.offset + entity.length;

/**
 * Replaces or removes the characters that Telegram does not keep, and moves the entities accordingly (tdlib/td
 * MessageEntity.cpp, clean_input_string_with_entities). Refuses entities that begin or end where no character does.
 */
export function cleanedText(text: string, entities: readonly MessageEntity[]): FormattedText {
  if (Buffer.from(text).toString() !== text) throw badRequest("Strings must be encoded in UTF-8");
  checkBounds(entities, text);
  if (isClean(text)) return { text, entities };
  /** The new place of each old UTF-16 offset. */
  const places: number[] = [];
  let cleaned = "";
  for (const character of text) {
    for (let i = 0; i < character.length; i += 1) places.push(cleaned.length);
    cleaned += replacementOf(character);
  }
  places.push(cleaned.length);
  return {
    text: cleaned.replace(/[\u200E\u200F](?=[\u200E\u200F])/g, "\u200C"),
    entities: entities.map((entity) => {
      const offset = places[entity.offset] ?? 0;
      return { ...entity, offset, length: (places[endOf(entity)] ?? 0) - offset };
    }),
  };
}

function isClean(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if ((code < 32 && code !== NEW_LINE) || isRemoved(code) || isDirectionMark(code)) return false;
  }
  return true;
}

function replacementOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (character === "\r") return "";
  if (code < 32 && code !== NEW_LINE) return " ";
  return isRemoved(code) ? "" : character;
}

function isRemoved(code: number): boolean {
  const isBidiControl = code >= 0x2028 && code <= 0x202e;
  const isVerticalLine = code === 0x333 || code === 0x33f || code === 0x30a;
  return isBidiControl || isVerticalLine;
}

function isDirectionMark(code: number): boolean {
  return code === 0x200e || code === 0x200f;
}

/** Refuses what a walk through the text would come upon first; the entities must be sorted and properly nested. */
function checkBounds(entities: readonly MessageEntity[], text: string): void {
  const splits = (offset: number) => /^[\uDC00-\uDFFF]/.test(text.charAt(offset));
  const ending = entities.filter((entity) => splits(endOf(entity))).toReversed();
  const beginning = entities.filter((entity) => splits(entity.offset));
  const [first] = [
    ...ending.map((entity) => ({
      at: endOf(entity) + 1,
      what: `Entity beginning at UTF-16 offset ${entity.offset} ends`,
    })),
    ...beginning.map((entity) => ({ at: entity.offset + 1, what: "Entity begins" })),
  ].toSorted((a, b) => a.at - b.at);
  if (first !== undefined) {
    const bytes = Buffer.byteLength(text.slice(0, first.at));
    throw badRequest(`${first.what} in a middle of a UTF-16 symbol at byte offset ${bytes}`);
  }
  const beyond = entities.find((entity) => entity.offset > text.length);
  if (beyond !== undefined) {
    throw badRequest(`Entity begins after the end of the text at UTF-16 offset ${beyond.offset}`);
  }
  const open = entities.findLast((entity) => endOf(entity) > text.length);
  if (open !== undefined) {
    const end = `ends after the end of the text at UTF-16 offset ${endOf(open)}`;
    throw badRequest(`Entity beginning at UTF-16 offset ${open.offset} ${end}`);
  }
}
