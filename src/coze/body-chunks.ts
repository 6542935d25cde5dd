import type { Clock } from "../clock.ts";

export interface BodyReading {
  readonly clock: Clock;
  /** The longest silence; every byte ends it. */
  readonly idleTimeoutMs: number;
  readonly signal: AbortSignal;
}

/** Nothing arrived for too long. */
export class IdleTimeoutError extends Error {
  override readonly name = "IdleTimeoutError";

  constructor(idleTimeoutMs: number) {
    super(`Nothing arrived for ${idleTimeoutMs} ms.`);
  }
}

/**
 * The chunks of a body. Throws an {@link IdleTimeoutError}, the reason of an aborted signal, or what the connection
 * broke with; in each case, and when the consumer leaves early, the body is cancelled and with it the connection.
 */
export async function* readChunks(
  body: ReadableStream<Uint8Array>,
  { clock, idleTimeoutMs, signal }: BodyReading,
): AsyncGenerator<Uint8Array, void> {
  const reader = body.getReader();
  let idle = false;
  // A cancelled body ends at once, also for a read that is under way.
  const cancel = () => void reader.cancel().catch(() => undefined);
  signal.addEventListener("abort", cancel, { once: true });
  try {
    for (;;) {
      signal.throwIfAborted();
      const stopTimer = clock.after(idleTimeoutMs, () => {
        idle = true;
        cancel();
      });
      const { done, value } = await reader.read().finally(stopTimer);
      signal.throwIfAborted();
      if (idle) throw new IdleTimeoutError(idleTimeoutMs);
      if (done) return;
      yield value;
    }
  } finally {
    signal.removeEventListener("abort", cancel);
    cancel();
  }
}
