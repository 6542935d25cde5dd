import type { MessageEntity } from "grammy/types";

/** Formats that may be cut into pieces and merged: everything else keeps its bounds or goes. */
const SPLITTABLE = ["bold", "italic", "underline", "strikethrough", "spoiler"] as const;
type Splittable = (typeof SPLITTABLE)[number];

const isSplittable = (entity: MessageEntity) => (SPLITTABLE as readonly string[]).includes(entity.type);
const isQuote = (entity: MessageEntity) => entity.type === "blockquote" || entity.type === "expandable_blockquote";
const isVerbatim = (entity: MessageEntity) => ["pre", "code", "date_time"].includes(entity.type);
const isContinuous = (entity: MessageEntity) => !isSplittable(entity) && !isQuote(entity) && !isVerbatim(entity);
const endOf = (entity: MessageEntity) => entity.offset + entity.length;

/** Which of two entities with the same bounds comes first; 50 for those that are not named. */
const ORDER: Readonly<Record<string, number>> = {
  blockquote: 0,
  expandable_blockquote: 0,
  pre: 10,
  code: 20,
  date_time: 30,
  text_link: 49,
  text_mention: 49,
  bold: 90,
  italic: 91,
  underline: 92,
  strikethrough: 93,
  spoiler: 94,
  custom_emoji: 99,
};

/**
 * Brings entities into the form in which Telegram keeps them: sorted, without crossings, adjacent equal formats merged,
 * nothing inside code (tdlib/td MessageEntity.cpp, fix_entities).
 */
export function normalized(entities: readonly MessageEntity[]): MessageEntity[] {
  const inOrder = sorted(entities);
  if (isNormal(inOrder)) return inOrder;
  const quotes = withoutIntersecting(inOrder.filter(isQuote));
  const others = withoutIntersecting(inOrder.filter((entity) => !isQuote(entity) && !isSplittable(entity)));
  const fixed = sorted([...withoutCrossing(others, quotes), ...quotes]);
  return withSplit(inOrder.filter(isSplittable), fixed);
}

/** Adds entities that Telegram found by itself (links, commands, mentions); what the sender marked wins. */
export function withFound(entities: readonly MessageEntity[], found: readonly MessageEntity[]): MessageEntity[] {
  if (found.length === 0) return [...entities];
  const quotes = entities.filter(isQuote);
  const others = entities.filter((entity) => !isQuote(entity) && !isSplittable(entity));
  const free = withoutCrossing(withoutIntersecting(sorted(found)), quotes).filter(
    (entity) => !others.some((other) => entity.offset < endOf(other) && other.offset < endOf(entity)),
  );
  return withSplit(entities.filter(isSplittable), sorted([...others, ...free, ...quotes]));
}

function sorted(entities: readonly MessageEntity[]): MessageEntity[] {
  const order = (entity: MessageEntity) => ORDER[entity.type] ?? 50;
  return entities.toSorted((a, b) => a.offset - b.offset || b.length - a.length || order(a) - order(b));
}

function isNormal(entities: readonly MessageEntity[]): boolean {
  const ends = new Map<string, number>();
  let open: MessageEntity[] = [];
  for (const entity of entities) {
    open = open.filter((outer) => entity.offset < endOf(outer));
    if (!fitsInside(entity, open)) return false;
    if (isSplittable(entity)) {
      if ((ends.get(entity.type) ?? -1) >= entity.offset) return false;
      ends.set(entity.type, endOf(entity));
    }
    open.push(entity);
  }
  return true;
}

function fitsInside(entity: MessageEntity, outer: readonly MessageEntity[]): boolean {
  const parent = outer.at(-1);
  if (parent === undefined) return true;
  if (endOf(entity) > endOf(parent) || isVerbatim(parent)) return false;
  if (outer.some((other) => other.type === entity.type || isSplittable(other))) return false;
  if (isVerbatim(entity) && !outer.every(isQuote)) return false;
  if (isQuote(entity) && outer.some(isQuote)) return false;
  return !((isContinuous(entity) || isQuote(entity)) && outer.some(isContinuous));
}

/** Keeps the first of those that share a place; nested ones go too. The entities must be sorted. */
function withoutIntersecting(entities: readonly MessageEntity[]): MessageEntity[] {
  let end = 0;
  return entities.filter((entity) => {
    if (entity.offset < end) return false;
    end = endOf(entity);
    return true;
  });
}

/** Drops entities that cross the border of a quote; those inside stay. */
function withoutCrossing(entities: readonly MessageEntity[], quotes: readonly MessageEntity[]): MessageEntity[] {
  return entities.filter((entity) => {
    const quote = quotes.find((candidate) => endOf(candidate) > entity.offset);
    if (quote === undefined) return true;
    const leavesIt = endOf(quote) < endOf(entity);
    const entersIt = entity.offset < quote.offset && quote.offset < endOf(entity);
    return !leavesIt && !entersIt;
  });
}

/**
 * Merges splittable formats of the same kind, cuts them at the borders of the fixed entities and at the start of one
 * another, and takes them out of code.
 */
function withSplit(splittable: readonly MessageEntity[], fixed: readonly MessageEntity[]): MessageEntity[] {
  const runs = SPLITTABLE.flatMap((type) => merged(splittable.filter((entity) => entity.type === type)));
  const cuts = [...fixed.flatMap((entity) => [entity.offset, endOf(entity)]), ...runs.map((run) => run.offset)];
  const pieces = runs.flatMap((run) => piecesOf(run, cuts));
  const verbatim = fixed.filter(isVerbatim);
  const visible = pieces.filter(
    (piece) => !verbatim.some((code) => piece.offset >= code.offset && endOf(piece) <= endOf(code)),
  );
  return sorted([...fixed, ...visible]);
}

function merged(entities: readonly MessageEntity[]): MessageEntity[] {
  const runs: MessageEntity[] = [];
  for (const entity of sorted(entities)) {
    const last = runs.at(-1);
    if (last === undefined || entity.offset > endOf(last)) runs.push({ ...entity });
    else last.length = Math.max(endOf(last), endOf(entity)) - last.offset;
  }
  return runs;
}

function piecesOf(run: MessageEntity, cuts: readonly number[]): MessageEntity[] {
  const inside = [...new Set(cuts.filter((cut) => cut > run.offset && cut < endOf(run)))].toSorted((a, b) => a - b);
  const bounds = [run.offset, ...inside, endOf(run)];
  return inside.length === 0
    ? [run]
    : bounds.slice(1).map((end, index) => ({
        type: run.type as Splittable,
        offset: bounds[index] ?? 0,
        length: end - (bounds[index] ?? 0),
      }));
}
