import type { CozeAgent, CozeMode } from "./agent.ts";
import { createAsk } from "./ask.ts";
import type { TokenSource } from "./auth.ts";
import { createAuthorizedCall } from "./authorized-call.ts";
import type { Connection } from "./connection.ts";
import { cancelRun, clearConversation, createConversation } from "./conversations.ts";
import { createFindRun } from "./find-run.ts";
import { createFollow } from "./follow.ts";
import { type AgentIdentity, identifyAgent } from "./identify.ts";
import { createJsonCall } from "./json-call.ts";
import { createLookup } from "./lookup.ts";
import { type RetryLogger, retriesForQuestion } from "./retry.ts";

export interface CozeClientOptions extends Connection {
  readonly mode: CozeMode;
  readonly tokens: TokenSource;
  /** Told of every repeated call. */
  readonly logger?: RetryLogger;
}

export interface CozeClient extends CozeAgent {
  /** Looks the agent or flow up, to prove that the configuration is right. */
  identifyAgent(signal: AbortSignal): Promise<AgentIdentity>;
}

/** A client for one agent or flow of Coze, hosted or self-hosted. */
export function createCozeClient(options: CozeClientOptions): CozeClient {
  const { mode, tokens, logger, ...connection } = options;
  const call = createAuthorizedCall({ connection, tokens, logger });
  const callOnce = createAuthorizedCall({ connection, tokens, logger, retriesFor: retriesForQuestion });
  const callJson = createJsonCall(connection, call);
  const look = createLookup(callJson, connection.clock);
  const place = { base: connection.base, mode };
  return {
    ask: createAsk({ connection, mode, call: callOnce }),
    follow: createFollow({ connection, mode, look }),
    findRun: createFindRun({ clock: connection.clock, mode, look }),
    cancel: (run, signal) => cancelRun(callJson, run, signal),
    clearConversation: (sessionName, id, signal) => clearConversation(callJson, sessionName, id, signal),
    createConversation: (sessionName, signal) => createConversation(callJson, place, sessionName, signal),
    identifyAgent: (signal) => identifyAgent(callJson, mode, signal),
  };
}
