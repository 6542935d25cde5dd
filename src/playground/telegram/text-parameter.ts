import type { MessageEntity, User } from "grammy/types";
import type { FormattedText } from "./formatted-text.ts";
import { Fields, type Parameters } from "./parameters.ts";
import { badRequest } from "./refusal.ts";

/** In bytes, before anything else is looked at (tdlib/telegram-bot-api 10.0, get_formatted_text). */
const MAX_RAW_TEXT_BYTES = 1 << 15;

const PLAIN_TYPES = [
  "bold",
  "italic",
  "underline",
  "strikethrough",
  "spoiler",
  "code",
  "blockquote",
  "expandable_blockquote",
];
const FOUND_TYPES = [
  "mention",
  "hashtag",
  "cashtag",
  "bot_command",
  "url",
  "email",
  "phone_number",
  "bank_card_number",
];

/** The names of the two parameters that make a text. */
interface TextNames {
  readonly text: string;
  readonly entities: string;
}

/**
 * Reads a text with its entities. A `parse_mode` is refused: the emulator has no Markdown or HTML parser, and says so
 * instead of showing markup as text.
 */
export function readText(
  parameters: Parameters,
  names: TextNames = { text: "text", entities: "entities" },
): FormattedText {
  const text = parameters.text(names.text);
  if (Buffer.byteLength(text) > MAX_RAW_TEXT_BYTES) throw badRequest("Text is too long");
  refuseParseMode(parameters.text("parse_mode").toLowerCase());
  const entities = parameters.json(names.entities);
  const read = Array.isArray(entities) ? entities.flatMap(readEntity) : [];
  return { text, entities: read.filter((entity) => entity.length > 0) };
}

function refuseParseMode(mode: string): void {
  if (mode === "" || mode === "none") return;
  if (!["markdown", "markdownv2", "html"].includes(mode)) throw badRequest("Unsupported parse_mode");
  throw badRequest("parse_mode is not emulated, pass entities instead");
}

/** Empty for those that the bot can't set: Telegram finds them itself. */
function readEntity(value: unknown): MessageEntity[] {
  const fields = new Fields(value, "Can't parse MessageEntity");
  const place = { offset: checkedNumber(fields, "offset"), length: checkedNumber(fields, "length") };
  const type = fields.text("type");
  if (FOUND_TYPES.includes(type)) return [];
  if (PLAIN_TYPES.includes(type)) return [{ type, ...place } as MessageEntity];
  switch (type) {
    case "pre": {
      const language = fields.optionalText("language");
      return [language === "" ? { type, ...place } : { type, ...place, language }];
    }
    case "text_link":
      return linkEntity(fields.text("url"), place);
    case "text_mention":
      return [{ type, ...place, user: fields.value("user") as User }];
    case "custom_emoji":
      return [{ type, ...place, custom_emoji_id: fields.text("custom_emoji_id") }];
    case "date_time":
      return [{ type, ...place, ...dateTime(fields) } as MessageEntity];
    default:
      throw badRequest("Can't parse MessageEntity: Unsupported type specified");
  }
}

function checkedNumber(fields: Fields, name: "offset" | "length"): number {
  const value = fields.integer(name);
  if (value < 0 || value > 1_000_000) throw badRequest(`Receive an entity with incorrect ${name} ${value}`);
  return value;
}

/** A link as Telegram keeps it, if it does; one to a person's id mentions that person. */
function linkEntity(url: string, place: { offset: number; length: number }): MessageEntity[] {
  const id = /^tg:\/*user\/?\?id=(\d+)/i.exec(url)?.[1];
  if (id === undefined) return linkTo(url).map((kept) => ({ type: "text_link", ...place, url: kept }));
  return [{ type: "text_mention", ...place, user: { id: Number(id), is_bot: false, first_name: "" } }];
}

/**
 * With a scheme and at least `/` after the host. Nothing but the web and Telegram itself is known (tdlib/td
 * LinkManager.cpp, get_checked_link): an e-mail address is taken for a host with a user name, and a host has a dot.
 */
function linkTo(url: string): string[] {
  if (/^(?:tg|ton):/i.test(url)) return [url];
  const withScheme = url.includes("://") ? url : `http://${url}`;
  if (!URL.canParse(withScheme)) return [];
  const { protocol, hostname } = new URL(withScheme);
  const isHost = (hostname.includes(".") && hostname !== ".") || hostname.startsWith("[");
  if (!["http:", "https:"].includes(protocol) || !isHost) return [];
  return [/^https?:\/\/[^/?#]+$/i.test(withScheme) ? `${withScheme}/` : withScheme];
}

function dateTime(fields: Fields): { unix_time: number; date_time_format?: string } {
  const format = fields.optionalText("date_time_format");
  const time = { unix_time: fields.integer("unix_time") };
  return format === "" ? time : { ...time, date_time_format: format };
}
