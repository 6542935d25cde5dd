import type { CozeAgent, CozeMode } from "./agent.ts";
import { createAsk } from "./ask.ts";
import type { TokenSource } from "./auth.ts";
import { createAuthorizedCall } from "./authorized-call.ts";
import type { Connection } from "./connection.ts";
import {
  cancelRun,
  clearConversation,
  createConversation,
  deleteConversation,
  renameConversation,
} from "./conversations.ts";
import { createRate } from "./feedback.ts";
import { createFileCalls } from "./files.ts";
import { createFindRun } from "./find-run.ts";
import { createFollow } from "./follow.ts";
import { type AgentIdentity, identifyAgent } from "./identify.ts";
import { createJsonCall } from "./json-call.ts";
import { createLookup } from "./lookup.ts";
import type { FileParameters } from "./question-messages.ts";
import { type RetryLogger, retriesForQuestion } from "./retry.ts";
import { createOpenRun } from "./run-stream.ts";
import { createSpeak } from "./speech.ts";
import { createSubmitToolOutputs } from "./tool-outputs.ts";

export interface CozeClientOptions extends Connection {
  readonly mode: CozeMode;
  readonly tokens: TokenSource;
  /** Through which inputs a chatflow takes files. Files of a kind without an input go with the message. */
  readonly fileParameters?: FileParameters;
  /** Told of every repeated call. */
  readonly logger?: RetryLogger;
}

export interface CozeClient extends CozeAgent {
  /** Looks the agent or flow up, to prove that the configuration is right. */
  identifyAgent(signal: AbortSignal): Promise<AgentIdentity>;
}

/** A client for one agent or flow of Coze, hosted or self-hosted. */
export function createCozeClient(options: CozeClientOptions): CozeClient {
  const { mode, tokens, logger, fileParameters = {}, ...connection } = options;
  const { observer } = connection;
  const call = createAuthorizedCall({ connection, tokens, logger });
  const callOnce = createAuthorizedCall({ connection, tokens, logger, retriesFor: retriesForQuestion });
  const openRun = createOpenRun(connection, callOnce);
  const callJson = createJsonCall(connection, call);
  const look = createLookup(callJson, connection.clock);
  const place = { base: connection.base, mode };
  return {
    ask: createAsk({ mode, fileParameters, openRun, observer }),
    submitToolOutputs: createSubmitToolOutputs({ openRun, observer }),
    follow: createFollow({ connection, mode, look }),
    findRun: createFindRun({ clock: connection.clock, mode, look }),
    ...createFileCalls(connection, callJson),
    speak: createSpeak(connection, call),
    rate: createRate(callJson),
    cancel: (run, signal) => cancelRun(callJson, run, signal),
    clearConversation: (sessionName, id, signal) => clearConversation(callJson, sessionName, id, signal),
    renameConversation: (sessionName, conversationId, title, signal) =>
      renameConversation(callJson, { sessionName, conversationId }, title, signal),
    deleteConversation: (sessionName, id, signal) => deleteConversation(callJson, sessionName, id, signal),
    createConversation: (sessionName, signal) => createConversation(callJson, place, sessionName, signal),
    identifyAgent: (signal) => identifyAgent(callJson, mode, signal),
  };
}
