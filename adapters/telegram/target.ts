import type { RateWindow, Target } from "../../src/adapter.ts";
import type { ChatAddress } from "./address.ts";

/** A place to write to, with the limits of its chat. Groups have negative ids (Bot API). */
export function toTarget(address: ChatAddress): Target {
  const { chat } = address;
  return { budget: `telegram:${chat}`, rate: chat < 0 ? groupRate : privateRate, address };
}

/** Telegram's FAQ for bots: about one message a second in a chat, short bursts allowed; edits count as messages. */
const privateRate: readonly RateWindow[] = [
  { count: 3, perMs: 1000 },
  { count: 60, perMs: 60_000 },
];

/** The same source: 20 messages a minute in a group, all its topics together. */
const groupRate: readonly RateWindow[] = [
  { count: 3, perMs: 1000 },
  { count: 20, perMs: 60_000 },
];
