import type { AdapterLogger, InboundEvent, Inbox, MovedEvent } from "../../src/adapter.ts";
import { type Clock, pause } from "../../src/clock.ts";

/** Waits before an event that could not be stored is offered again. */
const retryDelaysMs = [200, 1_000, 5_000];

/** What happens on Discord: its chats keep their ids. */
export type DiscordEvent = Exclude<InboundEvent, MovedEvent>;

export interface Surroundings {
  readonly clock: Clock;
  readonly logger: AdapterLogger;
  /** Aborted when the adapter stops. */
  readonly signal: AbortSignal;
}

/** Hands an event to the core, several times if need be: Discord never sends it again. It never rejects. */
export async function deliver(
  inbox: Inbox,
  event: DiscordEvent,
  { clock, logger, signal }: Surroundings,
): Promise<void> {
  for (const delayMs of [...retryDelaysMs, undefined]) {
    try {
      return await inbox.accept(event);
    } catch (error) {
      if (signal.aborted || delayMs === undefined) {
        logger.error({ ...subjectOf(event), err: error }, "an event could not be stored and is lost");
        return;
      }
      logger.warn({ ...subjectOf(event), err: error }, "an event could not be stored yet");
      await pause(clock, delayMs, signal);
    }
  }
}

function subjectOf(event: DiscordEvent): { readonly event: string; readonly chat?: string } {
  return "chat" in event ? { event: event.id, chat: event.chat.key } : { event: event.messageId };
}
