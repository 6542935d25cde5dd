import type { Run } from "./agent.ts";
import { type ApiRequest, endpointOf } from "./connection.ts";
import { CozeError } from "./errors.ts";
import type { JsonCall } from "./json-call.ts";
import type { Origin } from "./reply.ts";
import { chatIn, conversationsIn, messagesIn, type WireChat, type WireConversation, type WireMessage } from "./wire.ts";

export interface RetrievedChat {
  readonly chat: WireChat;
  readonly origin: Origin;
}

export interface ConversationOwner {
  readonly sessionName: string;
  readonly conversationId: string;
}

/** Coze docs list_message, list_conversations. */
const LARGEST_PAGE = 50;

/** How a run stands (Coze docs retrieve_chat). */
export async function retrieveChat(look: JsonCall, run: Run, signal: AbortSignal): Promise<RetrievedChat> {
  const request = { method: "GET", path: "/v3/chat/retrieve", query: queryOf(run) } as const;
  const { data, origin } = await look(request, run.sessionName, signal);
  return { chat: expected(chatIn(data), request), origin };
}

/** All that the run of an agent said, in no particular order (Coze docs list_chat_messages). */
export async function listChatMessages(look: JsonCall, run: Run, signal: AbortSignal): Promise<readonly WireMessage[]> {
  const request = { method: "GET", path: "/v3/chat/message/list", query: queryOf(run) } as const;
  const { data } = await look(request, run.sessionName, signal);
  return expected(messagesIn(data), request);
}

/** What a conversation holds of one run, in no particular order, as far as it is there already. */
export async function listRunMessages(look: JsonCall, run: Run, signal: AbortSignal): Promise<readonly WireMessage[]> {
  const found = new Map<string, WireMessage>();
  let after: string | undefined;
  do {
    const position = after === undefined ? {} : { after_id: after };
    // Middle messages tell of a flow whether it has ended.
    const body = { order: "asc", chat_id: run.chatId, include_middle_message: true, ...position };
    const page = await listMessages(look, run, body, signal);
    const sizeBefore = found.size;
    for (const message of page) found.set(message.id, message);
    // coze-studio pages backwards whatever the order, and a server that does not page would send the same again.
    const hasMore = page.length >= LARGEST_PAGE && found.size > sizeBefore;
    after = hasMore ? page.at(-1)?.id : undefined;
  } while (after !== undefined);
  return [...found.values()];
}

/** What was last said in a conversation, newest first. */
export function listNewestMessages(
  look: JsonCall,
  owner: ConversationOwner,
  signal: AbortSignal,
): Promise<readonly WireMessage[]> {
  return listMessages(look, owner, { order: "desc" }, signal);
}

/** The newest conversations with an agent that were begun by this identity (Coze docs list_conversations). */
export async function listNewestConversations(
  look: JsonCall,
  sessionName: string,
  botId: string,
  signal: AbortSignal,
): Promise<readonly WireConversation[]> {
  const query = { bot_id: botId, page_num: "1", page_size: String(LARGEST_PAGE), sort_order: "DESC" };
  const request = { method: "GET", path: "/v1/conversations", query } as const;
  const { data } = await look(request, sessionName, signal);
  return expected(conversationsIn(data), request);
}

/** Coze docs list_message. */
async function listMessages(
  look: JsonCall,
  { sessionName, conversationId }: ConversationOwner,
  body: object,
  signal: AbortSignal,
): Promise<readonly WireMessage[]> {
  const request = {
    method: "POST",
    path: "/v1/conversation/message/list",
    query: { conversation_id: conversationId },
    body: { limit: LARGEST_PAGE, ...body },
  } as const;
  const { data } = await look(request, sessionName, signal);
  return expected(messagesIn(data), request).map(withType);
}

/** Of both sides' messages this list may leave the type empty (Coze docs list_message). */
function withType(message: WireMessage): WireMessage {
  if (message.type !== "") return message;
  return { ...message, type: message.role === "user" ? "question" : "answer" };
}

function queryOf({ conversationId, chatId }: Run) {
  return { conversation_id: conversationId, chat_id: chatId };
}

function expected<T>(found: T | undefined, request: ApiRequest): T {
  if (found !== undefined) return found;
  const endpoint = endpointOf(request);
  throw new CozeError("The answer does not hold what was asked for.", { kind: "service", endpoint });
}
