import type { MessageEntity } from "grammy/types";
import type { Format, FormatRange, FormattedText } from "../../src/markdown/formatted-text.ts";

/** A text as `sendMessage` and `editMessageText` take it, with offsets in UTF-16 code units. */
export interface RenderedText {
  readonly text: string;
  readonly entities: readonly MessageEntity[];
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** An entity without its place. */
type EntityKind =
  | { type: Style | "code" | "blockquote" }
  | { type: "pre"; language?: string }
  | { type: "text_link"; url: string };

type Style = "bold" | "italic" | "underline" | "strikethrough" | "spoiler";

const styles: readonly Style[] = ["bold", "italic", "underline", "strikethrough", "spoiler"];

/**
 * The text as Telegram will keep it. Telegram cuts white space at both ends by itself; doing so before leaves no doubt
 * what the offsets and the length refer to. Entities follow the nesting rules of the Bot API: code, code blocks and
 * links do not contain each other, and styles stop at code.
 */
export function render(source: FormattedText): RenderedText {
  const kept = withoutMargins(source);
  const solid = withoutInner(source.ranges.filter(({ format }) => isSolid(format)));
  const code = solid.filter(({ format }) => isCode(format));
  const quotes = withoutInner(source.ranges.filter(({ format }) => format.type === "quote"));
  const entities = [
    ...[...quotes, ...solid].flatMap(({ format, ...span }) => entity(span, format, kept)),
    ...styles.flatMap((type) => styleSpans(source.ranges, type, code).flatMap((span) => entity(span, { type }, kept))),
  ];
  return { text: source.text.slice(kept.start, kept.end), entities: entities.sort(byPosition) };
}

/** Unicode code points of the rendered text, which is what Telegram's limit counts. */
export function measure(source: FormattedText): number {
  const kept = withoutMargins(source);
  let length = 0;
  for (const _ of source.text.slice(kept.start, kept.end)) length += 1;
  return length;
}

/** What is left between the white space at both ends. The indentation of code that stands first stays, as Telegram keeps it. */
function withoutMargins({ text, ranges }: FormattedText): Span {
  let end = text.length;
  while (end > 0 && isBlank(text, end - 1)) end -= 1;
  const firstCode = ranges.find(({ format }) => isCode(format))?.start ?? end;
  let start = 0;
  while (start < Math.min(end, firstCode) && isBlank(text, start)) start += 1;
  return { start, end };
}

/** Space and the control characters that Telegram shows as one. */
function isBlank(text: string, index: number): boolean {
  return text.charCodeAt(index) <= 0x20;
}

function isCode(format: Format): boolean {
  return format.type === "pre" || format.type === "code";
}

function isSolid(format: Format): boolean {
  return isCode(format) || format.type === "link";
}

/** Leaves out what lies inside another of the same list: the outer one wins. */
function withoutInner<T extends Span>(spans: readonly T[]): T[] {
  let end = 0;
  return spans.filter((span) => {
    if (span.start < end) return false;
    end = span.end;
    return true;
  });
}

/** Where a style holds: once at any place, and not in code. */
function styleSpans(ranges: readonly FormatRange[], style: Style, code: readonly Span[]): Span[] {
  const outer = withoutInner(ranges.filter(({ format }) => styleOf(format) === style));
  return outer.flatMap((span) => subtract(span, code));
}

function styleOf(format: Format): Style | undefined {
  if (format.type === "heading") return "bold";
  return styles.find((style) => style === format.type);
}

/** The parts of `span` that none of `holes` covers; `holes` are sorted and apart. */
function subtract(span: Span, holes: readonly Span[]): Span[] {
  const parts: Span[] = [];
  let start = span.start;
  for (const hole of holes) {
    if (hole.end <= start || hole.start >= span.end) continue;
    if (hole.start > start) parts.push({ start, end: hole.start });
    start = hole.end;
  }
  if (start < span.end) parts.push({ start, end: span.end });
  return parts;
}

/** `format` at the part of `span` that is kept; nothing when no part is. */
function entity(span: Span, format: Format, kept: Span): MessageEntity[] {
  const start = Math.max(span.start, kept.start);
  const end = Math.min(span.end, kept.end);
  if (start >= end) return [];
  return [{ ...entityKind(format), offset: start - kept.start, length: end - start }];
}

function entityKind(format: Format): EntityKind {
  switch (format.type) {
    case "pre":
      return format.language ? { type: "pre", language: format.language } : { type: "pre" };
    case "link":
      return { type: "text_link", url: format.url };
    case "quote":
      return { type: "blockquote" };
    case "heading":
      return { type: "bold" };
    default:
      return { type: format.type };
  }
}

function byPosition(a: MessageEntity, b: MessageEntity): number {
  return a.offset - b.offset || b.length - a.length;
}
