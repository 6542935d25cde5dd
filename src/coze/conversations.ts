import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { CozeMode, Run } from "./agent.ts";
import type { ConversationOwner } from "./chat-records.ts";
import { CozeError } from "./errors.ts";
import type { JsonCall } from "./json-call.ts";

/** 4104 of the hosted service; coze-studio's code for the same is named the other way round (errno, conversation.go). */
const ALREADY_ENDED = [4104, 103200005];

/** Coze docs chat_cancel. */
export async function cancelRun(call: JsonCall, run: Run, signal: AbortSignal): Promise<void> {
  const body = { conversation_id: run.conversationId, chat_id: run.chatId };
  try {
    await call({ method: "POST", path: "/v3/chat/cancel", body }, run.sessionName, signal);
  } catch (error) {
    if (!(error instanceof CozeError) || !ALREADY_ENDED.includes(error.code)) throw error;
  }
}

/** Coze docs clear_conversation_context. */
export async function clearConversation(
  call: JsonCall,
  sessionName: string,
  conversationId: string,
  signal: AbortSignal,
): Promise<void> {
  const path = `/v1/conversations/${encodeURIComponent(conversationId)}/clear`;
  await call({ method: "POST", path, body: {} }, sessionName, signal);
}

/** Coze docs update_conversation: a title has at most 100 characters. */
export async function renameConversation(
  call: JsonCall,
  { sessionName, conversationId }: ConversationOwner,
  title: string,
  signal: AbortSignal,
): Promise<void> {
  const path = `/v1/conversations/${encodeURIComponent(conversationId)}`;
  await call({ method: "PUT", path, body: { name: title } }, sessionName, signal);
}

/** Coze docs delete_conversation. */
export async function deleteConversation(
  call: JsonCall,
  sessionName: string,
  conversationId: string,
  signal: AbortSignal,
): Promise<void> {
  const path = `/v1/conversations/${encodeURIComponent(conversationId)}`;
  try {
    await call({ method: "DELETE", path }, sessionName, signal);
  } catch (error) {
    if (!(error instanceof CozeError) || error.kind !== "conversation-lost") throw error;
  }
}

export interface ConversationPlace {
  readonly base: string;
  readonly mode: CozeMode;
}

/** Makes a conversation that the mode's questions accept, and returns its id; `undefined` where a question makes it. */
export async function createConversation(
  call: JsonCall,
  { base, mode }: ConversationPlace,
  sessionName: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (mode.kind === "chatflow-app" && !isHosted(base) && (await bindsToNames(call, mode, sessionName, signal))) {
    return undefined;
  }
  const path = "/v1/conversation/create";
  const body = mode.kind === "chatflow-app" ? {} : { bot_id: mode.botId };
  const { data } = await call({ method: "POST", path, body }, sessionName, signal);
  const id = readId(data);
  if (id) return id;
  throw new CozeError("The new conversation has no id.", { kind: "service", endpoint: `POST ${path}` });
}

/** coze-studio has no conversation of this name (errno, workflow.go). */
const NO_SUCH_NAME = 777777762;

/**
 * Whether this is coze-studio (chatflow.go). Its flows accept only conversations that are bound to a name of the app, one
 * for each name and token; a new name gets its conversation from the first question that gives it. The endpoint that binds
 * a defined name anew would take the conversation that has it away from whoever uses it, so it is only asked for a name
 * that nobody gave. A hosted service behind an address of one's own has no such endpoint.
 */
async function bindsToNames(
  call: JsonCall,
  { appId, workflowId }: Extract<CozeMode, { kind: "chatflow-app" }>,
  sessionName: string,
  signal: AbortSignal,
): Promise<boolean> {
  const body = { app_id: appId, workflow_id: workflowId, conversation_name: randomUUID(), get_or_create: true };
  try {
    await call({ method: "POST", path: "/v1/workflow/conversation/create", body }, sessionName, signal);
    return true;
  } catch (error) {
    if (error instanceof CozeError && error.code === NO_SUCH_NAME) return true;
    if (error instanceof CozeError && error.status === 404) return false;
    throw error;
  }
}

const Created = z.object({ id: z.string().min(1) });

function readId(data: unknown): string | undefined {
  return Created.safeParse(data).data?.id;
}

function isHosted(base: string): boolean {
  return /(^|\.)coze\.(cn|com)$/.test(new URL(base).hostname);
}
