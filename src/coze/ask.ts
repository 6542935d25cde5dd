import { randomUUID } from "node:crypto";
import type { CozeMode, Question } from "./agent.ts";
import { openAnswer } from "./answer-stream.ts";
import type { AuthorizedCall } from "./authorized-call.ts";
import { type Connection, wasNeverSent } from "./connection.ts";
import { CozeError } from "./errors.ts";
import type { AnswerEvent } from "./events.ts";
import { questionRequest } from "./question-request.ts";

export interface AskOptions {
  readonly connection: Connection;
  readonly mode: CozeMode;
  readonly call: AuthorizedCall;
}

/** The implementation of `CozeAgent.ask`. */
export function createAsk({ connection, mode, call }: AskOptions) {
  /** Learned from the server's first refusal, see {@link wantsConversationName}. */
  let isNameWanted = false;

  function open(question: Question, named: boolean, signal: AbortSignal): Promise<AsyncGenerator<AnswerEvent, void>> {
    const request = questionRequest(mode, question, named ? randomUUID() : undefined);
    return call(question.sessionName, signal, (token) =>
      openAnswer(connection, request, token, signal).catch((error: unknown) => {
        throw mayHaveArrived(error) ? uncertain(error) : error;
      }),
    );
  }

  async function openWithNameIfWanted(question: Question, signal: AbortSignal) {
    const named = isNameWanted;
    try {
      return await open(question, named, signal);
    } catch (error) {
      if (named || !wantsConversationName(error)) throw error;
      isNameWanted = true;
      return await open(question, true, signal);
    }
  }

  return async function* ask(question: Question, signal: AbortSignal): AsyncGenerator<AnswerEvent, void> {
    const answer = await openWithNameIfWanted(question, signal);
    try {
      yield* answer;
    } catch (error) {
      if (error instanceof CozeError) connection.observer?.failed(error);
      throw error;
    }
  };
}

/** No answer came, or none that says what became of the question. */
function mayHaveArrived(error: unknown): error is CozeError {
  if (!(error instanceof CozeError) || error.received || wasNeverSent(error)) return false;
  return error.kind === "network" || error.kind === "interrupted";
}

function uncertain(error: CozeError): CozeError {
  const { kind, code, status, logid, endpoint, cause } = error;
  const told = { ...(status !== undefined && { status }), ...(logid !== undefined && { logid }) };
  return new CozeError(error.message, { kind, code, endpoint, cause, uncertain: true, ...told });
}

/**
 * coze-studio (chatflow.go) makes no conversation for a flow without CONVERSATION_NAME and refuses before it runs
 * anything. The hosted service must not be sent a name that its app does not define, so the name is sent on demand. A
 * random one makes a new conversation: with one token for everybody, a fixed one would be a conversation of everybody.
 */
function wantsConversationName(error: unknown): boolean {
  return error instanceof CozeError && !error.received && /conversation name is/i.test(error.message);
}
