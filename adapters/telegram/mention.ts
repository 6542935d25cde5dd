import type { MessageEntity, User } from "grammy/types";

/** A part of a text, in UTF-16 code units. */
interface Place {
  readonly offset: number;
  readonly length: number;
}

/** Where the text mentions the bot: by `@name`, or by a link to it without one. */
export function mentionsOf(bot: User, text: string, entities: readonly MessageEntity[]): Place[] {
  return entities.filter((entity) => {
    if (entity.type === "text_mention") return entity.user.id === bot.id;
    return entity.type === "mention" && isNameOf(bot, text.slice(entity.offset + 1, entity.offset + entity.length));
  });
}

/** Names of users are the same in any case. */
export function isNameOf(bot: User, name: string): boolean {
  return name.toLowerCase() === bot.username?.toLowerCase();
}

/** The text as if the mentions had not been written, without the comma or the second space that stood beside them. */
export function withoutMentions(text: string, mentions: readonly Place[]): string {
  const lastFirst = [...mentions].sort((a, b) => b.offset - a.offset);
  const without = (rest: string, { offset, length }: Place) => join(rest.slice(0, offset), rest.slice(offset + length));
  return lastFirst.reduce(without, text).trim();
}

function join(before: string, after: string): string {
  const opensLine = /(^|\n)\s*$/.test(before);
  if (opensLine) return before + after.replace(/^[\s,:;，：；、]+/, "");
  const closesSentence = /^\s*([.!?。！？…]|$)/.test(after);
  if (closesSentence) return before.replace(/[ \t,，]+$/, "") + after;
  return /^[\s\p{P}]/u.test(after) ? before.replace(/[ \t]+$/, "") + after : before + after;
}
