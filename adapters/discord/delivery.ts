import type { AdapterLogger, InboundEvent, Inbox } from "../../src/adapter.ts";
import { type Clock, pause } from "../../src/clock.ts";

/** Waits before an event that could not be stored is offered again. */
const retryDelaysMs = [200, 1_000, 5_000];

export interface Surroundings {
  readonly clock: Clock;
  readonly logger: AdapterLogger;
  /** Aborted when the adapter stops. */
  readonly signal: AbortSignal;
}

/** Hands an event to the core, several times if need be: Discord never sends it again. It never rejects. */
export async function deliver(
  inbox: Inbox,
  event: InboundEvent,
  { clock, logger, signal }: Surroundings,
): Promise<void> {
  for (const delayMs of [...retryDelaysMs, undefined]) {
    try {
      return await inbox.accept(event);
    } catch (error) {
      if (signal.aborted || delayMs === undefined) {
        logger.error({ event: event.id, chat: event.chat.key, err: error }, "an event could not be stored and is lost");
        return;
      }
      logger.warn({ event: event.id, chat: event.chat.key, err: error }, "an event could not be stored yet");
      await pause(clock, delayMs, signal);
    }
  }
}
