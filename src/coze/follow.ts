import type { CozeMode, Run } from "./agent.ts";
import { createAgentRunWatch } from "./agent-run.ts";
import type { Connection } from "./connection.ts";
import { CozeError } from "./errors.ts";
import type { AnswerEvent } from "./events.ts";
import { createFlowRunWatch } from "./flow-run.ts";
import type { JsonCall } from "./json-call.ts";
import { eventsOf } from "./message-events.ts";
import { inOrder, type RunWatch } from "./run-watch.ts";

export interface FollowOptions {
  readonly connection: Connection;
  readonly mode: CozeMode;
  readonly look: JsonCall;
}

/** The implementation of `CozeAgent.follow`. */
export function createFollow({ connection: { clock, observer }, mode, look }: FollowOptions) {
  const watch: RunWatch = (mode.kind === "agent" ? createAgentRunWatch : createFlowRunWatch)(look, clock);

  async function ending(run: Run, signal: AbortSignal) {
    try {
      return await watch(run, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof CozeError)) throw error;
      if (!error.received) throw untold(error);
      observer?.failed(error);
      throw error;
    }
  }

  return async function* follow(run: Run, signal: AbortSignal): AsyncGenerator<AnswerEvent, void> {
    signal.throwIfAborted();
    const { messages, end } = await ending(run, signal);
    for (const message of inOrder(messages)) yield* eventsOf(message);
    yield end;
  };
}

/** The run exists, and how it ended can't be found out. */
function untold(cause: CozeError): CozeError {
  const { code, status, logid, endpoint } = cause;
  return new CozeError(`Coze does not tell how the run ended: ${cause.message}`, {
    kind: "interrupted",
    received: true,
    code,
    endpoint,
    cause,
    ...(status !== undefined && { status }),
    ...(logid !== undefined && { logid }),
  });
}
