import type { BotAccount } from "./bot-account.ts";
import { type StoredMessage, shownVersion } from "./messages.ts";

/**
 * Whether the bot gets to see a message. In private always; in a group with privacy mode on only service messages,
 * commands for it or for no bot in particular, messages that mention it, and replies to its messages.
 */
export function isVisible(message: StoredMessage, bot: BotAccount, privacyMode: boolean): boolean {
  const { chat } = message;
  if (chat.type === "private") return !chat.isBlocked;
  if (!chat.isBotMember) return false;
  if (!privacyMode || message.notice !== undefined || message.replyTo?.from.id === bot.id) return true;
  return isAddressed(message, `@${bot.username}`.toLowerCase());
}

function isAddressed(message: StoredMessage, mention: string): boolean {
  const { text, entities } = shownVersion(message);
  return entities.some((entity) => {
    const marked = text.slice(entity.offset, entity.offset + entity.length).toLowerCase();
    if (entity.type === "mention") return marked === mention;
    const isCommand = entity.type === "bot_command" && entity.offset === 0;
    return isCommand && (!marked.includes("@") || marked.endsWith(mention));
  });
}
