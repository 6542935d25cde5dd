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
  /**
   * Yields the answer of a run whose stream is lost, as soon as the run has ended: its messages whole, then the same ends
   * as `ask`. Throws a `CozeError` when the run failed, and one of the kind `interrupted` when Coze does not tell.
   */
  follow(run: Run, signal: AbortSignal): AsyncIterable<AnswerEvent>;
  /**
   * The run of a question of which it is not known whether it has reached Coze; nothing when Coze has none. Throws a
   * `CozeError` when that can't be found out.
   */
  findRun(question: LostQuestion, signal: AbortSignal): Promise<Run | undefined>;
  /** Gives the results of client-side tools to a run that waits for them, and yields the answer as it goes on, like `ask`. */
  submitToolOutputs(run: Run, outputs: readonly ToolOutput[], signal: AbortSignal): AsyncIterable<AnswerEvent>;
  /** Uploads a file, which is not held in memory, and returns its `file_id`. Kept by Coze for three months. */
  upload(sessionName: string, file: UploadFile, signal: AbortSignal): Promise<string>;
  /** What was said in a recording of at most 10 MB. Absent on a self-hosted server: throws `agent-unavailable`. */
  transcribe(sessionName: string, file: UploadFile, signal: AbortSignal): Promise<string>;
  /** Speech as Ogg with Opus for a text of at most 1024 bytes. */
  speak(sessionName: string, text: string, voiceId: string, signal: AbortSignal): Promise<Uint8Array>;
  /** What a person thinks of an answer message; nothing takes it back. */
  rate(message: AnswerRef, feedback: "like" | "unlike", signal: AbortSignal): Promise<void>;
  renameConversation(sessionName: string, conversationId: string, title: string, signal: AbortSignal): Promise<void>;
  /** Deletes a conversation with all its messages. One that is unknown already is success. */
  deleteConversation(sessionName: string, conversationId: string, signal: AbortSignal): Promise<void>;
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
  /** Uploaded before, with the same identity. */
  readonly files?: readonly QuestionFile[];
  /** What the agent is told besides, within Coze's bounds (context-bounds.ts). */
  readonly context?: QuestionContext;
  /** Absent: Coze makes or finds the conversation (facts depend on {@link CozeMode}) and `created` tells its id. */
  readonly conversationId?: string;
}

/** A question that was being sent when the process ended. */
export interface LostQuestion extends Question {
  /** When it was sent, in milliseconds since the epoch. */
  readonly askedAt: number;
  /** Whether a run is another question's. */
  readonly isKnown: (chatId: string) => Promise<boolean>;
}

export interface QuestionFile {
  readonly kind: "image" | "file" | "audio";
  readonly fileId: string;
  /** Milliseconds since the epoch. */
  readonly uploadedAt?: number;
}

export interface QuestionContext {
  /** Variables of the agent's prompt. */
  readonly customVariables?: Readonly<Record<string, string>>;
  /** Inputs of the start node. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** At most 16 pairs. */
  readonly metaData?: Readonly<Record<string, string>>;
}

export interface UploadFile {
  readonly name: string;
  readonly mimeType?: string;
  /** In bytes, when known. */
  readonly size?: number;
  /** Opened anew for each attempt. */
  readonly open: (signal: AbortSignal) => Promise<ReadableStream<Uint8Array>>;
}

export interface ToolOutput {
  readonly callId: string;
  readonly output: string;
}

/** An answer message, where it stands. */
export interface AnswerRef {
  readonly sessionName: string;
  readonly conversationId: string;
  readonly messageId: string;
}

export interface Run {
  readonly sessionName: string;
  readonly conversationId: string;
  readonly chatId: string;
}
