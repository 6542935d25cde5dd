import type { AnswerMessage, Entry, Exchange } from "../exchange.ts";
import { buttonInWords, fileInWords } from "../in-words.ts";
import type { Seat } from "../seat.ts";
import type { StyledText } from "./styled-text.ts";
import { styled } from "./styled-text.ts";
import { withLabel } from "./wrap.ts";

/** Both sides of one or more conversations, in the order of time, with a blank line behind each message. */
export function conversationLines(
  exchanges: readonly Exchange[],
  width: number,
  labelOf: (entry: Entry, exchange: Exchange) => string,
): StyledText[] {
  const entries = exchanges.flatMap((exchange) => exchange.entries().map((entry) => ({ entry, exchange })));
  entries.sort((a, b) => a.entry.at - b.entry.at);
  return entries.flatMap(({ entry, exchange }) => {
    const label = labelOf(entry, exchange);
    const lines =
      entry.by === "Ann"
        ? withLabel([label, "bold", "person"], [styled(entry.text)], width)
        : withLabel([label, "bold", exchange.seat.chat.name], contentOf(entry.message, exchange.seat), width);
    return [...lines, []];
  });
}

/** Files, the text below them, and the buttons below that. */
function contentOf({ media, last, buttons }: AnswerMessage, seat: Seat): StyledText {
  const blocks: readonly StyledText[] = [
    ...media.map((file) => [styled(fileInWords(file), "italic")]),
    ...(last.text === "" ? [] : [seat.read(last)]),
    ...buttons.map((row) => [styled(row.map(buttonInWords).join(" "), "bold")]),
  ];
  return blocks.flatMap((block, index) => (index === 0 ? block : [styled("\n"), ...block]));
}
