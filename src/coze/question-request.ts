import type { CozeMode, Question } from "./agent.ts";
import type { ApiRequest } from "./connection.ts";

/**
 * The request that asks a question. Both endpoints keep the history on Coze's side, so only the new message is sent.
 * `conversationName` is for a chatflow on a server that neither knows nor makes a conversation without a name.
 */
export function questionRequest(mode: CozeMode, question: Question, conversationName?: string): ApiRequest {
  return mode.kind === "agent" ? agentRequest(mode.botId, question) : flowRequest(mode, question, conversationName);
}

/** Coze docs chat_v3. The conversation's id is a query parameter; in the body it would have no effect. */
function agentRequest(botId: string, question: Question): ApiRequest {
  const { conversationId } = question;
  return {
    method: "POST",
    path: "/v3/chat",
    ...(conversationId !== undefined && { query: { conversation_id: conversationId } }),
    body: {
      bot_id: botId,
      user_id: question.sessionName,
      stream: true,
      auto_save_history: true,
      additional_messages: [userMessage(question.text)],
    },
  };
}

/** Coze docs workflow_chat. */
function flowRequest(
  mode: Exclude<CozeMode, { kind: "agent" }>,
  { text, conversationId }: Question,
  conversationName: string | undefined,
): ApiRequest {
  const isNamed = conversationId === undefined && conversationName !== undefined;
  return {
    method: "POST",
    path: "/v1/workflows/chat",
    body: {
      workflow_id: mode.workflowId,
      ...(mode.kind === "chatflow-app" ? { app_id: mode.appId } : { bot_id: mode.botId }),
      additional_messages: [userMessage(text)],
      parameters: isNamed ? { CONVERSATION_NAME: conversationName } : {},
      ...(conversationId !== undefined && { conversation_id: conversationId }),
    },
  };
}

function userMessage(content: string): object {
  return { role: "user", type: "question", content, content_type: "text" };
}
