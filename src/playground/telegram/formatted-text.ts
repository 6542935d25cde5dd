import type { MessageEntity } from "grammy/types";
import { cleanedText } from "./cleaned-text.ts";
import { normalized, withFound } from "./entities.ts";
import { findEntities } from "./found-entities.ts";
import { badRequest } from "./refusal.ts";

/** Text as Telegram keeps it. Entity offsets and lengths are in UTF-16 code units. */
export interface FormattedText {
  readonly text: string;
  readonly entities: readonly MessageEntity[];
}

/** In Unicode code points, after the entities were parsed. */
export const MAX_TEXT_LENGTH = 4096;

/** Telegram's servers keep the first ones of those that the sender set, and drop the others. */
const MAX_ENTITIES = 100;

/** Characters that leave a text empty when there is nothing else (tdlib/td strip_empty_characters). */
const INVISIBLE = /^[\s\u1680\u180E\u2000-\u200F\u202E\u202F\u205F\u2800\u3000\uFEFF\uFFFC\u{E0000}-\u{E007F}]*$/u;

/** The length that Telegram's limits count: Unicode code points. */
export function lengthOf(text: string): number {
  let length = 0;
  for (const _ of text) length += 1;
  return length;
}

/**
 * What Telegram makes of a text that someone sends: control characters replaced, trimmed on both sides, entities
 * checked and brought in order, and its own ones added (tdlib/td MessageEntity.cpp, fix_formatted_text). Refuses
 * entities out of bounds and, unless `mayBeEmpty`, a text without visible characters.
 */
export function fixedText(source: FormattedText, mayBeEmpty = false): FormattedText {
  const cleaned = cleanedText(source.text, normalized(source.entities));
  const text = cleaned.text.replace(/[ \n]+$/, "");
  if (INVISIBLE.test(text)) {
    if (mayBeEmpty) return { text: "", entities: [] };
    throw badRequest("Text must be non-empty");
  }
  const inBounds = cleaned.entities
    .filter((entity) => entity.length > 0 && entity.offset < text.length)
    .map((entity) => ({ ...entity, length: Math.min(entity.length, text.length - entity.offset) }));
  const trimmed = withoutLeadingSpace({ text, entities: normalized(inBounds).slice(0, MAX_ENTITIES) });
  return { text: trimmed.text, entities: withFound(trimmed.entities, findEntities(trimmed.text)) };
}

/** Space that an entity covers stays: it is the sender's formatting. */
function withoutLeadingSpace({ text, entities }: FormattedText): FormattedText {
  const space = /^[ \n]*/.exec(text)?.[0].length ?? 0;
  const cut = Math.min(space, entities[0]?.offset ?? space);
  return {
    text: text.slice(cut),
    entities: entities.map((entity) => ({ ...entity, offset: entity.offset - cut })),
  };
}
