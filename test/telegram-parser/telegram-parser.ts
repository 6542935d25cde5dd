import { createRequire } from "node:module";
import type { MessageEntity } from "grammy/types";
import type { RenderedText } from "../../adapters/telegram/render.ts";

/** TDLib, Telegram's own library, which the Bot API server itself runs on every text that a bot sends. */
export interface TelegramParser {
  /** The text as Telegram keeps it, with the entities in Telegram's normal form. Throws its refusal. */
  keep(message: RenderedText): KeptText;
  /** What Telegram finds in a text by itself. */
  find(text: string): readonly KeptEntity[];
}

export interface KeptText {
  readonly text: string;
  readonly entities: readonly KeptEntity[];
}

export interface KeptEntity {
  readonly offset: number;
  readonly length: number;
  /** `textEntityTypeBold`, as TDLib calls it. */
  readonly type: { readonly _: string; readonly url?: string; readonly language?: string };
}

/** What turns TDLib on, for whoever wonders why a test was skipped. */
export const installation = "npm ci --prefix test/telegram-parser --ignore-scripts";

/** `undefined` where it is not installed, as on platforms without a build of it. */
export async function loadTelegramParser(): Promise<TelegramParser | undefined> {
  const require = createRequire(import.meta.url);
  try {
    const tdjson = require.resolve("@prebuilt-tdlib/linux-x64-glibc/libtdjson.so");
    const tdl: Tdl = await import(require.resolve("tdl"));
    tdl.configure({ tdjson, verbosityLevel: 0 });
    return { keep: (message) => keep(tdl, message), find: (text) => find(tdl, text) };
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "MODULE_NOT_FOUND") return undefined;
    throw error;
  }
}

interface Tdl {
  configure(options: { readonly tdjson: string; readonly verbosityLevel: number }): void;
  execute(request: { readonly _: string; readonly text: unknown }): Answer | null;
}

interface Answer {
  readonly _: string;
  readonly message?: string;
  readonly text?: string;
  readonly entities?: readonly KeptEntity[];
}

/**
 * Of the requests that TDLib answers offline, `parseMarkdown` is the one that treats its entities as a sent message's
 * (MessageEntity.cpp, fix_formatted_text) and gives them back. Its own marks are taken out of the text before, so that
 * it has nothing to parse.
 */
function keep(tdl: Tdl, { text, entities }: RenderedText): KeptText {
  const masked = text.replaceAll(marks, mask);
  const sent = {
    _: "formattedText",
    text: masked,
    entities: entities.map((entity) => ({ _: "textEntity", ...toTdlib(entity) })),
  };
  const answer = execute(tdl, { _: "parseMarkdown", text: sent });
  const hidden = text.match(marks)?.values();
  const kept = (answer.text ?? "").replaceAll(mask, () => hidden?.next().value ?? mask);
  return { text: kept, entities: answer.entities ?? [] };
}

/** Of the private use area: a text has it seldom, and then it is masked like the marks. */
const mask = "\ue000";
const marks = /[*_~|`[\ue000]/g;

function find(tdl: Tdl, text: string): readonly KeptEntity[] {
  return execute(tdl, { _: "getTextEntities", text }).entities ?? [];
}

function execute(tdl: Tdl, request: { readonly _: string; readonly text: unknown }): Answer {
  const answer = tdl.execute(request);
  if (answer === null) throw new Error(`TDLib has no answer to ${request._}.`);
  if (answer._ === "error") throw new Error(`Telegram refuses: ${answer.message}`);
  return answer;
}

/** As the Bot API server hands the entities of a request on to TDLib. */
export function toTdlib(entity: MessageEntity): KeptEntity {
  return { offset: entity.offset, length: entity.length, type: tdlibType(entity) };
}

function tdlibType(entity: MessageEntity): KeptEntity["type"] {
  if (entity.type === "text_link") return { _: "textEntityTypeTextUrl", url: entity.url };
  if (entity.type === "pre" && entity.language) return { _: "textEntityTypePreCode", language: entity.language };
  const name = { blockquote: "BlockQuote", expandable_blockquote: "ExpandableBlockQuote" }[entity.type as string];
  return { _: `textEntityType${name ?? entity.type.charAt(0).toUpperCase() + entity.type.slice(1)}` };
}
