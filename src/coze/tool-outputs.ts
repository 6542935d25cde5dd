import type { CozeAgent } from "./agent.ts";
import type { CallObserver } from "./call-observer.ts";
import { type OpenRun, observed } from "./run-stream.ts";

export interface SubmitOptions {
  readonly openRun: OpenRun;
  readonly observer: CallObserver | undefined;
}

/** The implementation of `CozeAgent.submitToolOutputs` (Coze docs chat_submit_tool_outputs). */
export function createSubmitToolOutputs({ openRun, observer }: SubmitOptions): CozeAgent["submitToolOutputs"] {
  return async function* submitToolOutputs(run, outputs, signal) {
    const request = {
      method: "POST",
      path: "/v3/chat/submit_tool_outputs",
      query: { conversation_id: run.conversationId, chat_id: run.chatId },
      body: { tool_outputs: outputs.map(({ callId, output }) => ({ tool_call_id: callId, output })), stream: true },
      isGoingOn: true,
    } as const;
    yield* observed(await openRun(request, run.sessionName, signal), observer);
  };
}
