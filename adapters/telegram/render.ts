import type { MessageEntity } from "grammy/types";
import type { Format, FormatRange, FormattedText } from "../../src/markdown/formatted-text.ts";
import { isVerbatim, withSafeLinks } from "./links.ts";
import { withSpacesForTabs } from "./tabs.ts";

/** A text as `sendMessage` and `editMessageText` take it, with offsets in UTF-16 code units. */
export interface RenderedText {
  readonly text: string;
  readonly entities: readonly MessageEntity[];
}

/** The longest text of a message, in Unicode code points. */
export const MAX_TEXT_LENGTH = 4096;

/** Telegram keeps the first hundred entities of a message and drops the others without a word. */
const MAX_ENTITIES = 100;

interface Span {
  readonly start: number;
  readonly end: number;
}

/** An entity without its place. */
type EntityKind =
  | { type: Style | "code" | "blockquote" | "expandable_blockquote" }
  | { type: "pre"; language?: string }
  | { type: "text_link"; url: string };

type Style = "bold" | "italic" | "underline" | "strikethrough" | "spoiler";

const styleOf: Partial<Readonly<Record<string, Style>>> = {
  bold: "bold",
  heading: "bold",
  italic: "italic",
  subtext: "italic",
  underline: "underline",
  strikethrough: "strikethrough",
  spoiler: "spoiler",
};

/**
 * The text as Telegram will keep it. Telegram cuts white space at both ends by itself; doing so before leaves no doubt
 * what the offsets and the length refer to. Entities follow the nesting rules of the Bot API: code, code blocks and
 * links do not contain each other, and styles stop at code; only a spoiler covers code, which is then shown as text. A
 * quotation is collapsed only if it was written so: one that became so as it grew would hide what is being read.
 */
export function render(source: FormattedText): RenderedText {
  const known = renderings.get(source);
  if (known) return known;
  const safe = withSafeLinks(withoutCodeInSpoilers(withSpacesForTabs(source)));
  const kept = withoutMargins(safe);
  const rendered = { text: safe.text.slice(kept.start, kept.end), entities: entitiesOf(safe, kept) };
  renderings.set(source, rendered);
  return rendered;
}

/** A text is measured before it is sent. */
const renderings = new WeakMap<FormattedText, RenderedText>();

/**
 * Unicode code points of the rendered text, which is what Telegram's limit counts. A text with more formats than a
 * message can have measures too long, so that it is continued in another message instead of losing some.
 */
export function measure(source: FormattedText): number {
  const { text, entities } = render(source);
  const excess = countAsKept(entities) - MAX_ENTITIES;
  return Math.max(codePoints(text), excess > 0 ? MAX_TEXT_LENGTH + excess : 0);
}

/** A spoiler would stop at code and so show what it hides. */
function withoutCodeInSpoilers({ text, ranges }: FormattedText): FormattedText {
  let covered = 0;
  const shown = ranges.filter((range) => {
    if (range.format.type === "spoiler") covered = Math.max(covered, range.end);
    return range.start >= covered || !isCode(range, text);
  });
  return { text, ranges: shown };
}

export function codePoints(text: string, { start, end }: Span = { start: 0, end: text.length }): number {
  let count = end - start;
  for (let i = start + 1; i < end; i += 1) {
    if (isBetween(text, i - 1, 0xd800, 0xdbff) && isBetween(text, i, 0xdc00, 0xdfff)) count -= 1;
  }
  return count;
}

function isBetween(text: string, index: number, low: number, high: number): boolean {
  const code = text.charCodeAt(index);
  return code >= low && code <= high;
}

/** What is left between the white space at both ends. The indentation of code that stands first stays, as Telegram keeps it. */
function withoutMargins({ text, ranges }: FormattedText): Span {
  let end = text.length;
  while (end > 0 && isBlank(text, end - 1)) end -= 1;
  const firstCode = ranges.find((range) => isCode(range, text))?.start ?? end;
  let start = 0;
  while (start < Math.min(end, firstCode) && isBlank(text, start)) start += 1;
  return { start, end };
}

/** Space and the control characters that Telegram shows as one. */
function isBlank(text: string, index: number): boolean {
  return text.charCodeAt(index) <= 0x20;
}

function isCode({ start, end, format }: FormatRange, text: string): boolean {
  return isVerbatim(format, format.type === "math" ? text.slice(start, end) : "");
}

function entitiesOf({ text, ranges }: FormattedText, kept: Span): MessageEntity[] {
  const solid = outermost(ranges, (range) =>
    range.format.type === "link" || isCode(range, text) ? "solid" : undefined,
  );
  const code = solid.filter(({ format }) => format.type !== "link");
  const quotes = outermost(ranges, ({ format }) => (format.type === "quote" ? "quote" : undefined));
  const styled = outermost(ranges, ({ format }) => styleOf[format.type]);
  const entities = [...quotes, ...solid].flatMap((range) => entity(range, kindOf(range.format), kept));
  for (const span of outside(styled, code)) {
    const type = styleOf[span.format.type];
    if (type !== undefined) entities.push(...entity(span, { type }, kept));
  }
  return entities.sort(byPosition);
}

/** The ranges that have a kind, without those inside another of the same kind: the outer one wins. */
function outermost(ranges: readonly FormatRange[], kindOf: (range: FormatRange) => string | undefined): FormatRange[] {
  const ends = new Map<string, number>();
  return ranges.filter((range) => {
    const kind = kindOf(range);
    if (kind === undefined || range.start < (ends.get(kind) ?? 0)) return false;
    ends.set(kind, range.end);
    return true;
  });
}

/** The parts of the ranges that none of `holes` covers. Both are sorted, and the holes are apart. */
function outside(ranges: readonly FormatRange[], holes: readonly Span[]): FormatRange[] {
  const parts: FormatRange[] = [];
  let passed = 0;
  for (const { start, end, format } of ranges) {
    while ((holes[passed]?.end ?? Infinity) <= start) passed += 1;
    let from = start;
    for (let i = passed; from < end; i += 1) {
      const hole = holes[i];
      const to = Math.min(hole?.start ?? end, end);
      if (to > from) parts.push({ start: from, end: to, format });
      from = to < end ? (hole?.end ?? end) : end;
    }
  }
  return parts;
}

/** `kind` at the part of `span` that is kept; nothing when no part is. */
function entity(span: Span, kind: EntityKind, kept: Span): MessageEntity[] {
  const start = Math.max(span.start, kept.start);
  const end = Math.min(span.end, kept.end);
  return start < end ? [{ ...kind, offset: start - kept.start, length: end - start }] : [];
}

function kindOf(format: Format): EntityKind {
  switch (format.type) {
    case "pre":
      return format.language ? { type: "pre", language: format.language } : { type: "pre" };
    case "table":
      return { type: "pre" };
    case "link":
      return { type: "text_link", url: format.url };
    case "quote":
      return { type: format.collapsed ? "expandable_blockquote" : "blockquote" };
    default:
      return { type: "code" };
  }
}

function byPosition(a: MessageEntity, b: MessageEntity): number {
  return a.offset - b.offset || b.length - a.length;
}

/** How many Telegram makes of these: it cuts a style where another entity begins in it and where a link in it ends. */
function countAsKept(entities: readonly MessageEntity[]): number {
  let count = entities.length;
  let open: MessageEntity[] = [];
  for (const inner of entities) {
    open = open.filter((outer) => outer.offset + outer.length > inner.offset);
    for (const outer of open) {
      if (outer.offset < inner.offset && isStyle(outer)) count += isStyle(inner) ? 1 : 2;
    }
    open.push(inner);
  }
  return count;
}

function isStyle({ type }: MessageEntity): boolean {
  return type in styleOf;
}
