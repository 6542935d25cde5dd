import type { Revision } from "../chat-platform.ts";
import { type Style, type StyledText, withRanges } from "./styled-text.ts";

/** How Telegram's apps show a message: its text, styled by its entities (Bot API, MessageEntity). */
export function readTelegramText({ text, entities }: Revision): StyledText {
  const ranges = entities.flatMap(({ type, offset, length }) => {
    const style = styleOf[String(type)];
    const start = Number(offset);
    return style ? [{ start, end: start + Number(length), style }] : [];
  });
  return withRanges(text, ranges);
}

const styleOf: Readonly<Record<string, Style>> = {
  bold: "bold",
  italic: "italic",
  underline: "underlined",
  strikethrough: "struck",
  code: "code",
  pre: "code",
  text_link: "underlined",
};
