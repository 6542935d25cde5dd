import type { User } from "grammy/types";

/** The bot as others see it. */
export type BotAccount = User & { readonly username: string };

/** A token begins with the id of its bot. */
export function botOfToken(token: string): BotAccount {
  const id = Number.parseInt(token, 10);
  if (!/^[1-9]\d*:./.test(token)) throw new Error("A bot token begins with the bot's numeric id and a colon.");
  return { id, is_bot: true, first_name: "Coze", username: "coze_playground_bot" };
}
