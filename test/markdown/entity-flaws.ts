import type { MessageEntity } from "grammy/types";
import type { RenderedText } from "../../adapters/telegram/render.ts";

const styles = ["bold", "italic", "underline", "strikethrough", "spoiler"];
const verbatim = ["pre", "code"];
const quotes = ["blockquote", "expandable_blockquote"];

/** What the Bot API's rules for entities forbid (https://core.telegram.org/bots/api#formatting-options). */
export function entityFlaws({ text, entities }: RenderedText): string[] {
  const found = entities.flatMap((entity) => ownFlaws(text, entity).map((flaw) => `${flaw}: ${described(entity)}`));
  for (const [index, inner] of entities.entries()) {
    const previous = entities[index - 1];
    if (previous && !isBefore(previous, inner)) found.push(`out of order: ${described(inner)}`);
    for (const outer of entities.slice(0, index)) {
      if (endOf(outer) <= inner.offset) continue;
      if (endOf(inner) > endOf(outer)) found.push(`crossing: ${described(outer)} and ${described(inner)}`);
      else if (!canHold(outer, inner)) found.push(`wrongly nested: ${described(inner)} in ${described(outer)}`);
    }
  }
  return found;
}

function ownFlaws(text: string, entity: MessageEntity): string[] {
  const flaws: string[] = [];
  const { offset } = entity;
  if (!Number.isInteger(offset) || !Number.isInteger(entity.length)) flaws.push("not whole numbers");
  if (offset < 0 || entity.length <= 0 || endOf(entity) > text.length) flaws.push("out of bounds");
  if (isInsidePair(text, offset) || isInsidePair(text, endOf(entity))) flaws.push("inside a surrogate pair");
  if (![...styles, ...verbatim, ...quotes, "text_link"].includes(entity.type)) flaws.push("unknown");
  if (entity.type === "text_link" && !URL.canParse(entity.url)) flaws.push(`no address (${entity.url})`);
  return flaws;
}

function isBefore(previous: MessageEntity, next: MessageEntity): boolean {
  return previous.offset < next.offset || (previous.offset === next.offset && previous.length >= next.length);
}

function canHold(outer: MessageEntity, inner: MessageEntity): boolean {
  if (outer.type === inner.type || verbatim.includes(outer.type)) return false;
  if (verbatim.includes(inner.type)) return quotes.includes(outer.type);
  if (styles.includes(outer.type)) return !quotes.includes(inner.type) || endOf(inner) <= endOf(outer);
  return styles.includes(inner.type) || (quotes.includes(outer.type) && !quotes.includes(inner.type));
}

function endOf({ offset, length }: MessageEntity): number {
  return offset + length;
}

function isInsidePair(text: string, offset: number): boolean {
  return /^[\ud800-\udbff][\udc00-\udfff]$/.test(text.slice(offset - 1, offset + 1));
}

function described({ type, offset, length }: MessageEntity): string {
  return `${type} ${offset}+${length}`;
}
