import { z } from "zod";
import type { CozeMode, Run } from "./agent.ts";
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

export interface ConversationPlace {
  readonly base: string;
  readonly mode: CozeMode;
}

/** Makes a conversation that the mode's questions accept, and returns its id. */
export async function createConversation(
  call: JsonCall,
  { base, mode }: ConversationPlace,
  sessionName: string,
  signal: AbortSignal,
): Promise<string> {
  if (mode.kind === "chatflow-app" && !isHosted(base)) {
    const id = await createForApp(call, mode, sessionName, signal);
    if (id) return id;
  }
  const path = "/v1/conversation/create";
  const body = mode.kind === "chatflow-app" ? {} : { bot_id: mode.botId };
  const id = readId(await call({ method: "POST", path, body }, sessionName, signal));
  if (id) return id;
  throw new CozeError("The new conversation has no id.", { kind: "service", endpoint: `POST ${path}` });
}

/**
 * coze-studio's flows accept only conversations that it bound to a name of the app; it gives "Default", which every app
 * has, a new one. Undefined where there is no such endpoint: a hosted service behind an address of one's own.
 */
async function createForApp(
  call: JsonCall,
  { appId, workflowId }: Extract<CozeMode, { kind: "chatflow-app" }>,
  sessionName: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const body = {
    app_id: appId,
    workflow_id: workflowId,
    conversation_name: "Default",
    get_or_create: false,
    // The channel "API": conversations of another one are not found by the questions asked here.
    connector_id: "1024",
  };
  try {
    return readId(await call({ method: "POST", path: "/v1/workflow/conversation/create", body }, sessionName, signal));
  } catch (error) {
    if (error instanceof CozeError && error.status === 404) return undefined;
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
