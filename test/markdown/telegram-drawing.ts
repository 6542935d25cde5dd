import type { MessageEntity } from "grammy/types";
import type { RenderedText } from "../../adapters/telegram/render.ts";

/**
 * A message on Telegram as plain text: `‹b›bold‹/b›`, a bar before each line of a quotation, a frame at each line of a
 * code block.
 */
export function drawing({ text, entities }: RenderedText): string {
  const lines: string[] = [];
  let start = 0;
  for (const line of text.split("\n")) {
    lines.push(...drawnLine({ line, start, end: start + line.length }, entities));
    start += line.length + 1;
  }
  return lines.join("\n");
}

interface Line {
  readonly line: string;
  readonly start: number;
  readonly end: number;
}

function drawnLine({ line, start, end }: Line, entities: readonly MessageEntity[]): string[] {
  const holds = (entity: MessageEntity) => entity.offset <= Math.max(start, end - 1) && endOf(entity) > start;
  const quote = entities.find((entity) => entity.type.endsWith("blockquote") && holds(entity));
  const code = entities.find((entity) => entity.type === "pre" && holds(entity));
  const bar = quote === undefined ? "" : quote.type === "blockquote" ? "▌ " : "▌▾ ";
  if (!code) return [bar + withTags({ line, start, end }, entities)];
  const language = code.type === "pre" && code.language ? ` ${code.language}` : "";
  const above = code.offset >= start ? [`${bar}┌──${language}`] : [];
  const below = endOf(code) <= end ? [`${bar}└──`] : [];
  // What of a code block's line is outside of it is a mistake that should be seen.
  const [before, after] = [Math.max(0, code.offset - start), Math.min(line.length, endOf(code) - start)];
  const own = line.slice(before, after);
  return [
    ...(before > 0 ? [bar + line.slice(0, before)] : []),
    ...above,
    `${bar}│ ${own}`,
    ...below,
    ...(after < line.length ? [bar + line.slice(after)] : []),
  ];
}

const tags: Partial<Record<MessageEntity["type"], string>> = {
  bold: "b",
  italic: "i",
  underline: "u",
  strikethrough: "s",
  spoiler: "spoiler",
  code: "code",
  text_link: "a",
};

function withTags({ line, start, end }: Line, entities: readonly MessageEntity[]): string {
  const here = entities.filter((entity) => tags[entity.type] && entity.offset < end && endOf(entity) > start);
  let drawn = "";
  for (let at = start; at <= end; at += 1) {
    const closing = here.filter((entity) => at === Math.min(endOf(entity), end));
    const opening = here.filter((entity) => at === Math.max(entity.offset, start));
    drawn += closing
      .toReversed()
      .map((entity) => `‹/${tags[entity.type]}›`)
      .join("");
    drawn += opening.map((entity) => `‹${tags[entity.type]}${"url" in entity ? ` ${entity.url}` : ""}›`).join("");
    drawn += line.charAt(at - start);
  }
  return drawn;
}

function endOf({ offset, length }: MessageEntity): number {
  return offset + length;
}
