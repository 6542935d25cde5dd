import type { Settings } from "./settings.ts";
import { readWholeNumber } from "./values.ts";

/** The silence after which a question starts a new conversation, in milliseconds; nothing when none does. */
export function readConversationIdleMs(settings: Settings): number | undefined {
  const next = "Without it, a conversation goes on however long the silence was.";
  const hours = readWholeNumber(settings, "CONVERSATION_IDLE_HOURS", { min: 1, max: 8_760, next });
  return hours && hours * 3_600_000;
}
