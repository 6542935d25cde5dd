import type { InlineKeyboardMarkup } from "grammy/types";
import type { Buttons } from "../../src/adapter.ts";

/** The parameter of a call that shows buttons below a message; none where there are none, which takes away older ones. */
export function keyboard(buttons: Buttons = []): { reply_markup?: InlineKeyboardMarkup } {
  if (buttons.length === 0) return {};
  const inline_keyboard = buttons.map((row) => row.map(({ label, value }) => ({ text: label, callback_data: value })));
  return { reply_markup: { inline_keyboard } };
}
