import type { MessageEntity } from "grammy/types";

type FoundType = "mention" | "bot_command" | "hashtag" | "cashtag" | "url" | "email";

const WORD = String.raw`[\p{L}\p{N}_]`;
const DOMAIN = String.raw`(?:[\p{L}\p{N}_-]+\.)+`;
const IP_ADDRESS = String.raw`(?:\d{1,3}\.){3}\d{1,3}`;
/** Domains without a scheme are links when they end in one of these: a selection of Telegram's list. */
const TOP_LEVEL = "com|org|net|io|cn|dev|app|me|ai|co|ru|uk|de|eu|edu|gov|info|py|sh|md";
const PATH = String.raw`(?::\d{1,5})?(?:[/?#][^\s<>"«»]*)?`;

/** After the expressions that are comments in tdlib/td MessageEntity.cpp (match_mentions and its neighbours). */
const PATTERNS: readonly (readonly [FoundType, RegExp])[] = [
  ["mention", pattern(`(?<!${WORD})@[A-Za-z0-9_]{4,32}(?!${WORD})`)],
  ["bot_command", /(?<![\p{L}\p{N}_/<>])\/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\p{L}\p{N}_/<>])/gu],
  ["hashtag", pattern(String.raw`(?<!${WORD})#(?=${WORD}*\p{L})${WORD}{1,256}(?!${WORD}*#)`)],
  ["cashtag", pattern(String.raw`(?<!${WORD})\$[A-Z]{1,8}(?!${WORD})`)],
  ["email", /[A-Za-z0-9_.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}/gu],
  ["url", pattern(String.raw`(?<!${WORD})(?:https?|ftp):\/\/(?:${DOMAIN}\p{L}{2,}|${IP_ADDRESS})${PATH}`)],
  [
    "url",
    pattern(String.raw`(?<![\p{L}\p{N}_@./:-])(?:${DOMAIN}(?:${TOP_LEVEL})|${IP_ADDRESS})(?![\p{L}\p{N}_-])${PATH}`),
  ],
];

/** The entities that Telegram finds by itself in any text, but for phone and bank card numbers. They may overlap. */
export function findEntities(text: string): MessageEntity[] {
  return PATTERNS.flatMap(([type, expression]) =>
    [...text.matchAll(expression)].map((match) => ({
      type,
      offset: match.index,
      length: (type === "url" ? withoutPunctuation(match[0]) : match[0]).length,
    })),
  );
}

function pattern(source: string): RegExp {
  return new RegExp(source, "gu");
}

/** What ends a sentence ends no link, nor does a bracket that was opened before it. */
function withoutPunctuation(url: string): string {
  const trimmed = url.replace(/[.:;,('?!`]+$/u, "");
  return trimmed.endsWith(")") && !trimmed.includes("(") ? withoutPunctuation(trimmed.slice(0, -1)) : trimmed;
}
