import type { AdapterLogger, InboundEvent, Inbox, MovedEvent } from "../../src/adapter.ts";
import { type Clock, pause } from "../../src/clock.ts";

/** Waits before an event that could not be stored is offered again. */
const retryDelaysMs = [200, 1_000];
const longestDelayMs = 5_000;
/** So many events may wait at once. What comes then is found in the history by the next process. */
const mostHeld = 1_000;

/** What happens on Discord: its chats keep their ids. */
export type DiscordEvent = Exclude<InboundEvent, MovedEvent>;

export interface Surroundings {
  readonly clock: Clock;
  readonly logger: AdapterLogger;
  /** Aborted when the adapter stops. */
  readonly signal: AbortSignal;
}

let held = 0;

/** Hands an event to the core, as often as it takes: Discord never sends it again. It never rejects. */
export async function deliver(
  inbox: Inbox,
  event: DiscordEvent,
  { clock, logger, signal }: Surroundings,
): Promise<void> {
  held += 1;
  try {
    for (let attempt = 0; !signal.aborted; attempt += 1) {
      try {
        return await inbox.accept(event);
      } catch (err) {
        if (held > mostHeld) return logger.error({ ...subjectOf(event), err }, "an event could not be stored");
        if (attempt === 0) logger.warn({ ...subjectOf(event), err }, "an event could not be stored yet");
        await pause(clock, retryDelaysMs[attempt] ?? longestDelayMs, signal);
      }
    }
  } finally {
    held -= 1;
  }
}

function subjectOf(event: DiscordEvent): { readonly event: string; readonly chat?: string } {
  return "chat" in event ? { event: event.id, chat: event.chat.key } : { event: event.messageId };
}
