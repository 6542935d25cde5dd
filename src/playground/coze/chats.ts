import type { Message } from "./messages.ts";
import type { ToolResult } from "./script.ts";
import type { Channel } from "./stream.ts";

/** In the hosted service's words; the self-hosted dialect respells some on the wire. */
export type ChatStatus = "created" | "in_progress" | "completed" | "failed" | "requires_action" | "canceled";

/** A chat (对话): one question and the run that answers it. */
export interface Chat {
  readonly id: string;
  readonly conversationId: string;
  readonly sectionId: string;
  /** The agent that runs; a chatflow's run has none. */
  readonly botId?: string;
  /** The flow that runs, when one does. */
  readonly workflowId?: string;
  /** The run's id in the flow's log. */
  readonly executeId: string;
  readonly metaData: Readonly<Record<string, unknown>>;
  /** Whether question and answers became a part of the conversation. */
  readonly isSaved: boolean;
  status: ChatStatus;
  /** Unix seconds. */
  readonly createdAt: number;
  completedAt?: number;
  failedAt?: number;
  lastError: { readonly code: number; readonly msg: string };
  requiredAction?: RequiredAction;
  usage: Usage;
  /** What the usage will say of the question when the run has ended. */
  readonly inputCount: number;
  /** All that the run said, intermediate messages included, without the question. */
  readonly messages: Message[];
  /** Aborted when the chat is cancelled. */
  readonly cancellation: AbortController;
  /** Only while the chat waits for client-side tools: what it does with their results, in another stream. */
  goOn?: (results: readonly ToolResult[], channel: Channel) => Promise<void>;
}

export interface Usage {
  readonly token_count: number;
  readonly output_count: number;
  readonly input_count: number;
}

export interface RequiredAction {
  readonly type: "submit_tool_outputs";
  readonly submit_tool_outputs: { readonly tool_calls: readonly ToolCall[] };
}

export interface ToolCall {
  readonly id: string;
  /** `reply_message`: the person's next message is the result; `function`: the client runs a tool. */
  readonly type: "function" | "reply_message";
  readonly function: { readonly name: string; readonly arguments: string } | null;
  readonly require_info: null;
}

export const NO_USAGE: Usage = { token_count: 0, output_count: 0, input_count: 0 };

export function isRunning(chat: Chat): boolean {
  return chat.status === "created" || chat.status === "in_progress";
}

/** Whether the chat ended with a question to the person, which the next chat of the conversation answers. */
export function awaitsReply(chat: Chat | undefined): boolean {
  const calls = chat?.status === "requires_action" ? chat.requiredAction?.submit_tool_outputs.tool_calls : undefined;
  return calls?.some((call) => call.type === "reply_message") ?? false;
}
