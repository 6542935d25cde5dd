import type { Entry, Exchange } from "../exchange.ts";
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
        : withLabel([label, "bold", exchange.seat.chat.name], exchange.seat.read(entry.message.last), width);
    return [...lines, []];
  });
}
