import { type Clock, pause } from "../clock.ts";
import { isRunning } from "./chat-outcome.ts";
import { listChatMessages, retrieveChat } from "./chat-records.ts";
import type { JsonCall } from "./json-call.ts";
import { endOfRetrieved, POLL_MS, type RunWatch } from "./run-watch.ts";

/** Watches the runs of /v3/chat: by their status, then their messages (Coze docs chat_v3, "non-streaming"). */
export function createAgentRunWatch(look: JsonCall, clock: Clock): RunWatch {
  return async (run, signal) => {
    for (;;) {
      const retrieved = await retrieveChat(look, run, signal);
      if (!isRunning(retrieved.chat)) {
        const end = endOfRetrieved(retrieved);
        return { messages: await listChatMessages(look, run, signal), end };
      }
      await pause(clock, POLL_MS, signal);
      signal.throwIfAborted();
    }
  };
}
