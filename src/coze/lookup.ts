import { anySignal } from "../abort.ts";
import { type Clock, pause } from "../clock.ts";
import { type ApiRequest, endpointOf } from "./connection.ts";
import { CozeError, type CozeErrorKind } from "./errors.ts";
import type { JsonCall } from "./json-call.ts";

/** Whoever looks something up waits for a short answer, not for a model. */
const ANSWER_LIMIT_MS = 10_000;
const UNREACHABLE_LIMIT_MS = 20_000;
const PAUSE_MS = 1000;

const PASSING: readonly CozeErrorKind[] = ["network", "interrupted", "service", "rate-limited", "busy"];

/**
 * A call that changes nothing on Coze, and so may be repeated: each has ten seconds for its answer, and while Coze can't
 * be reached it is made again and again, for about twenty seconds.
 */
export function createLookup(call: JsonCall, clock: Clock): JsonCall {
  async function callOnce(request: ApiRequest, sessionName: string, signal: AbortSignal) {
    const limit = new AbortController();
    const timedOut = new CozeError(`No answer within ${ANSWER_LIMIT_MS} ms.`, {
      kind: "network",
      endpoint: endpointOf(request),
    });
    const stopTimer = clock.after(ANSWER_LIMIT_MS, () => limit.abort(timedOut));
    const limited = anySignal([signal, limit.signal]);
    try {
      return await call(request, sessionName, limited.signal);
    } finally {
      stopTimer();
      limited.release();
    }
  }

  return async (request, sessionName, signal) => {
    const giveUpAt = clock.now() + UNREACHABLE_LIMIT_MS;
    for (;;) {
      try {
        return await callOnce(request, sessionName, signal);
      } catch (error) {
        const mayPass = error instanceof CozeError && PASSING.includes(error.kind);
        if (!mayPass || clock.now() + PAUSE_MS > giveUpAt) throw error;
      }
      await pause(clock, PAUSE_MS, signal);
      signal.throwIfAborted();
    }
  };
}
