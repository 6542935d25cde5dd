import { type Clock, pause } from "../clock.ts";
import type { Run } from "./agent.ts";
import { isRunning, type RunEnd } from "./chat-outcome.ts";
import { listRunMessages, type RetrievedChat, retrieveChat } from "./chat-records.ts";
import { CozeError, type CozeErrorKind } from "./errors.ts";
import type { JsonCall } from "./json-call.ts";
import { announcesInterrupt, announcesLastAnswer, isAnswer } from "./message-events.ts";
import { endOfRetrieved, POLL_MS, type RunWatch } from "./run-watch.ts";
import type { WireMessage } from "./wire.ts";

/**
 * How long the messages of a run must have stayed the same when nothing but an answer says that it may have ended: the
 * next node of the flow may be at work on another one.
 */
const QUIET_MS = 5000;

const REFUSALS: readonly CozeErrorKind[] = ["agent-unavailable", "conversation-lost", "rejected", "authentication"];

/**
 * Watches the runs of /v1/workflows/chat. By their status where the server has one: whether the hosted service knows them
 * is not documented, and coze-studio leaves all of them at `created` for good (chatflow.go). Otherwise by what the
 * conversation holds of them.
 */
export function createFlowRunWatch(look: JsonCall, clock: Clock): RunWatch {
  /** Learned from the first run that can't be retrieved although its messages can. */
  let hasStatus = true;

  async function retrieve(run: Run, signal: AbortSignal): Promise<RetrievedChat | undefined> {
    try {
      return hasStatus ? await retrieveChat(look, run, signal) : undefined;
    } catch (error) {
      if (error instanceof CozeError && REFUSALS.includes(error.kind)) return undefined;
      throw error;
    }
  }

  return async (run, signal) => {
    const listed = new ListedMessages(clock);
    for (;;) {
      const retrieved = await retrieve(run, signal);
      if (retrieved && !isRunning(retrieved.chat)) {
        const end = endOfRetrieved(retrieved);
        return { messages: await listRunMessages(look, run, signal), end };
      }
      if (retrieved?.chat.status !== "in_progress") {
        const messages = await listRunMessages(look, run, signal);
        hasStatus &&= retrieved !== undefined;
        const end = listed.endAfter(messages);
        if (end) return { messages, end };
      }
      await pause(clock, POLL_MS, signal);
      signal.throwIfAborted();
    }
  };
}

/** Decides by the messages of a run whether it has ended. */
class ListedMessages {
  readonly #clock: Clock;
  #content = "";
  #sameSince = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The end of the run, if these messages, compared with those of the call before, show that it has ended. */
  endAfter(messages: readonly WireMessage[]): RunEnd | undefined {
    const content = JSON.stringify(messages.map(({ id, content: text }) => [id, text]));
    if (content !== this.#content) {
      this.#content = content;
      this.#sameSince = this.#clock.now();
      return undefined;
    }
    if (messages.some(announcesInterrupt)) return { type: "waiting", for: "reply" };
    const isQuiet = this.#clock.now() - this.#sameSince >= QUIET_MS;
    const hasEnded = messages.some(announcesLastAnswer) || (isQuiet && messages.some(isAnswer));
    return hasEnded ? { type: "completed" } : undefined;
  }
}
