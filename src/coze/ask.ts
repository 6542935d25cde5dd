import { randomUUID } from "node:crypto";
import type { CozeMode, Question } from "./agent.ts";
import type { CallObserver } from "./call-observer.ts";
import { CozeError } from "./errors.ts";
import type { AnswerEvent } from "./events.ts";
import type { FileParameters } from "./question-messages.ts";
import { questionRequest } from "./question-request.ts";
import { type OpenRun, observed } from "./run-stream.ts";

export interface AskOptions {
  readonly mode: CozeMode;
  readonly fileParameters: FileParameters;
  readonly openRun: OpenRun;
  readonly observer: CallObserver | undefined;
}

/** The implementation of `CozeAgent.ask`. */
export function createAsk({ mode, fileParameters, openRun, observer }: AskOptions) {
  /** Learned from the server's first refusal, see {@link wantsConversationName}. */
  let isNameWanted = false;

  function open(question: Question, named: boolean, signal: AbortSignal): Promise<AsyncGenerator<AnswerEvent, void>> {
    const request = questionRequest({ mode, fileParameters }, question, named ? randomUUID() : undefined);
    return openRun(request, question.sessionName, signal);
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
    yield* observed(await openWithNameIfWanted(question, signal), observer);
  };
}

/**
 * coze-studio (chatflow.go) makes no conversation for a flow without CONVERSATION_NAME and refuses before it runs
 * anything. The hosted service must not be sent a name that its app does not define, so the name is sent on demand. A
 * random one makes a new conversation: with one token for everybody, a fixed one would be a conversation of everybody.
 */
function wantsConversationName(error: unknown): boolean {
  return error instanceof CozeError && !error.received && /conversation name is/i.test(error.message);
}
