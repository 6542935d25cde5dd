import { sessionName } from "../conversations/session-name.ts";
import type { Turn } from "../store/store.ts";

/** What a template can say of a question, in braces: `{user_name}`. */
export const placeholders = ["user_name", "user_id", "locale", "platform", "chat_title", "chat_kind", "time"] as const;

export type Placeholder = (typeof placeholders)[number];
export type PlaceholderValues = Readonly<Record<Placeholder, string>>;

/** The longest value that takes a placeholder's place, in characters. */
export const longestPlaceholderValue = 100;

/** Every name that stands in a pair of braces, known or not. Other braces are text: a template can hold JSON. */
export function namesIn(template: string): readonly string[] {
  return Array.from(template.matchAll(named), ([, name = ""]) => name);
}

export function fill(template: string, values: PlaceholderValues): string {
  return template.replace(named, (written, name: string) => (isPlaceholder(name) ? values[name] : written));
}

/**
 * The values of a turn, the same whenever they are asked for. With `secret`, which hides from Coze who a person is, the
 * id is the person's pseudonym.
 */
export function valuesOf({ author, chat, platform, createdAt }: Turn, secret?: string): PlaceholderValues {
  return {
    user_name: harmless(author.name),
    user_id: secret === undefined ? harmless(author.id) : sessionName(platform, author.id, secret),
    locale: harmless(author.locale ?? ""),
    platform,
    chat_title: harmless(chat.title ?? ""),
    chat_kind: chat.kind,
    time: new Date(createdAt).toISOString().replace(/\.\d+/, ""),
  };
}

export function isPlaceholder(name: string): name is Placeholder {
  return placeholders.some((known) => known === name);
}

const named = /\{([\w .-]+)\}/g;

/**
 * A name or title as one short line that neither a Jinja2 prompt, nor JSON, nor a quotation in a prompt takes for
 * anything but text: people give themselves any name.
 */
function harmless(text: string): string {
  const line = text
    .replace(/[\s\p{Cc}\p{Zl}\p{Zp}]+/gu, " ")
    .replace(invisible, "")
    .replace(/[{}"\\]/g, (character) => substitutes.get(character) ?? "")
    .trim();
  return [...line].slice(0, longestPlaceholderValue).join("").trimEnd();
}

/** Marks that turn the direction of text around, letters that models read and people don't see, halves of characters. */
const invisible = /[\p{Bidi_Control}\p{Surrogate}\u{e0000}-\u{e007f}]/gu;

const substitutes: ReadonlyMap<string, string> = new Map([
  ["{", "("],
  ["}", ")"],
  ['"', "”"],
  ["\\", "/"],
]);
