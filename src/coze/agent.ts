import type { AnswerEvent } from "./events.ts";

/** Which agent or flow answers. The three differ in endpoint, in where the conversation id travels and in how memory resets. */
export type CozeMode =
  /** /v3/chat */
  | { readonly kind: "agent"; readonly botId: string }
  /** /v1/workflows/chat with `app_id`: Coze binds one conversation to each identity. */
  | { readonly kind: "chatflow-app"; readonly workflowId: string; readonly appId: string }
  /** /v1/workflows/chat with `bot_id`: a new conversation with every call that names none. */
  | { readonly kind: "chatflow-bot"; readonly workflowId: string; readonly botId: string };

/** The Coze side as the core sees it (client.ts implements it). Every failure is a `CozeError` (errors.ts). */
export interface CozeAgent {
  /**
   * Asks one question and yields the answer as it grows. Ends after one of `waiting`, `cancelled`, `completed`
   * (then perhaps `debug`); throws otherwise: a stream that is cut or silent for too long is an error. Retries by itself
   * only before the first event, as the error's kind allows. When `signal` aborts, it throws the signal's reason.
   */
  ask(question: Question, signal: AbortSignal): AsyncIterable<AnswerEvent>;
  /** Asks Coze to end a run. A run that has already ended is success. */
  cancel(run: Run, signal: AbortSignal): Promise<void>;
  /** Makes Coze forget the context of a conversation, which keeps its id. */
  clearConversation(sessionName: string, conversationId: string, signal: AbortSignal): Promise<void>;
  /**
   * Makes a new, empty conversation that `ask` accepts, and returns its id; `undefined` on a server where only a question
   * can make one, which every question without a conversation id then does.
   */
  createConversation(sessionName: string, signal: AbortSignal): Promise<string | undefined>;
}

export interface Question {
  readonly sessionName: string;
  readonly text: string;
  /** Absent: Coze makes or finds the conversation (facts depend on {@link CozeMode}) and `created` tells its id. */
  readonly conversationId?: string;
}

export interface Run {
  readonly sessionName: string;
  readonly conversationId: string;
  readonly chatId: string;
}
