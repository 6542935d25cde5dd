import type { InlineKeyboardMarkup } from "grammy/types";
import { Fields, type Parameters } from "./parameters.ts";
import { badRequest } from "./refusal.ts";

export type Keyboard = InlineKeyboardMarkup["inline_keyboard"];

const MAX_CALLBACK_DATA_BYTES = 64;

/** Any of these makes a button do something; a button with none is refused. */
const ACTIONS = [
  "url",
  "callback_data",
  "web_app",
  "login_url",
  "switch_inline_query",
  "switch_inline_query_current_chat",
  "switch_inline_query_chosen_chat",
  "copy_text",
  "callback_game",
  "pay",
];

/** Reads `reply_markup`. Only an inline keyboard becomes part of a message; the other kinds leave no trace in it. */
export function readKeyboard(parameters: Parameters): Keyboard | undefined {
  const markup = parameters.json("reply_markup", "reply keyboard markup");
  if (markup === undefined) return undefined;
  const fields = new Fields(markup, "Can't parse reply keyboard markup");
  if (!fields.has("inline_keyboard")) return undefined;
  const rows = fields.value("inline_keyboard");
  if (!Array.isArray(rows)) throw badRequest('Field "inline_keyboard" of the InlineKeyboardMarkup must be an Array');
  const keyboard = rows.map(readRow).filter((row) => row.length > 0);
  return keyboard.length > 0 ? keyboard : undefined;
}

/** What people read on a keyboard, row by row. */
export function labelsOf(keyboard: Keyboard = []): readonly (readonly string[])[] {
  return keyboard.map((row) => row.map(({ text }) => text));
}

/** What the button with this label sends, when there is one that sends something. */
export function callbackData(keyboard: Keyboard | undefined, label: string): string | undefined {
  const pressed = keyboard?.flat().find(({ text }) => text === label);
  return pressed !== undefined && "callback_data" in pressed ? pressed.callback_data : undefined;
}

function readRow(row: unknown): Keyboard[number] {
  if (!Array.isArray(row)) throw badRequest('Field "inline_keyboard" must be an Array of Arrays');
  for (const button of row) checkButton(new Fields(button, "Can't parse inline keyboard button"));
  return row;
}

function checkButton(fields: Fields): void {
  fields.text("text");
  if (!ACTIONS.some((action) => fields.has(action))) {
    throw badRequest("Text buttons are unallowed in the inline keyboard");
  }
  const size = Buffer.byteLength(fields.optionalText("callback_data"));
  if (size > MAX_CALLBACK_DATA_BYTES) throw badRequest("BUTTON_DATA_INVALID");
}
