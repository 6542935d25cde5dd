import type { MessageEntity } from "grammy/types";
import { describe, expect, it, type TestContext } from "vitest";
import { type RenderedText, render } from "../../adapters/telegram/render.ts";
import { MarkdownStream } from "../../src/markdown/blocks.ts";
import { corpus } from "../markdown/corpus.ts";
import { partsOf, telegram } from "../markdown/platforms.ts";
import { forAnswers, timeLimitMs } from "../markdown/runs.ts";
import { corpus as traps } from "../unit/markdown/corpus.ts";
import { installation, type KeptText, loadTelegramParser, type TelegramParser, toTdlib } from "./telegram-parser.ts";

const installed = await loadTelegramParser();

function parserOf({ skip }: TestContext): TelegramParser {
  return installed ?? skip(`Telegram's parser is not installed: ${installation}`);
}

/** Each property holds for the messages of typical answers, of short texts with a trap, and of what a generator makes of both. */
function holdsForAll(holds: (message: RenderedText, parser: TelegramParser) => void): void {
  it.for(Object.entries({ ...traps, ...corpus }))("%s", ([, source], context) => {
    const parser = parserOf(context);
    for (const message of messagesOf(source)) holds(message, parser);
  });

  it("generated answers", { timeout: timeLimitMs }, (context) => {
    const parser = parserOf(context);
    forAnswers((source) => {
      for (const message of messagesOf(source)) holds(message, parser);
    });
  });
}

function messagesOf(source: string): RenderedText[] {
  const stream = new MarkdownStream();
  stream.write(source);
  const messages = partsOf(stream.read(), telegram).map(({ text }) => render(text));
  return messages.filter(({ text }) => text !== "");
}

describe("Telegram keeps every message as it is sent", () =>
  holdsForAll((message, parser) => {
    const kept = parser.keep(message);
    const meant = cleaned(placesOf({ text: message.text, entities: message.entities.map(toTdlib) }));
    expect(kept.text).toBe(meant.map(({ character }) => character).join(""));
    expect(placesOf(kept)).toEqual(meant);
    expect(kept.entities.length).toBeLessThanOrEqual(100);
  }));

describe("Telegram finds no mention that would notify", () =>
  holdsForAll((message, parser) => {
    const found = parser
      .find(message.text)
      // Names of people begin with a letter.
      .filter(
        ({ offset, type }) => type._ === "textEntityTypeMention" && /[a-z]/i.test(message.text.charAt(offset + 1)),
      );
    const exposed = found.filter(
      (mention) => !message.entities.some((entity) => isSolid(entity) && overlaps(entity, mention)),
    );
    expect(exposed.map(({ offset, length }) => message.text.slice(offset, offset + length))).toEqual([]);
  }));

/** A UTF-16 code unit and its formats. */
interface Place {
  readonly character: string;
  readonly formats: readonly string[];
}

/** Telegram merges entities, and splits them where others begin, which changes no format of any character. */
function placesOf({ text, entities }: KeptText): Place[] {
  const places = text.split("").map((character) => ({ character, formats: [] as string[] }));
  for (const { offset, length, type } of entities) {
    const address = type.url === undefined ? "" : new URL(type.url).href;
    const language = cleaned(placesOf({ text: type.language ?? "", entities: [] }));
    const format = [type._, address, ...language.map(({ character }) => character)].join(" ").trim();
    for (const place of places.slice(offset, offset + length)) place.formats.push(format);
  }
  return places.map(({ character, formats }) => ({ character, formats: formats.toSorted() }));
}

/** What Telegram does to every text: control characters become blanks, some other characters vanish (TDLib, clean_input_string). */
function cleaned(places: readonly Place[]): Place[] {
  const kept = places.filter(({ character }) => !/\r|[\u2028-\u202e]|\u030a|\u0333|\u033f/.test(character));
  return kept.map((place, index) => {
    if (place.character < " " && place.character !== "\n") return { ...place, character: " " };
    // Of several marks of direction only the last one stays.
    const isFollowed = isDirectionMark(place) && isDirectionMark(kept[index + 1]);
    return isFollowed ? { ...place, character: "\u200c" } : place;
  });
}

function isDirectionMark(place: Place | undefined): boolean {
  return place?.character === "\u200e" || place?.character === "\u200f";
}

/** Where Telegram looks for nothing. */
function isSolid({ type }: MessageEntity): boolean {
  return type === "text_link" || type === "code" || type === "pre";
}

function overlaps(a: Span, b: Span): boolean {
  return a.offset < b.offset + b.length && b.offset < a.offset + a.length;
}

interface Span {
  readonly offset: number;
  readonly length: number;
}
