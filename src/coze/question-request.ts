import type { CozeMode, Question } from "./agent.ts";
import type { ApiRequest } from "./connection.ts";
import { type FileParameters, messagesOf, takenByParameters } from "./question-messages.ts";

export interface AskedAgent {
  readonly mode: CozeMode;
  readonly fileParameters: FileParameters;
}

/**
 * The request that asks a question. Both endpoints keep the history on Coze's side, so only what is new is sent.
 * `conversationName` is for a chatflow on a server that neither knows nor makes a conversation without a name.
 */
export function questionRequest(agent: AskedAgent, question: Question, conversationName?: string): ApiRequest {
  const { mode, fileParameters } = agent;
  if (mode.kind === "agent") return agentRequest(mode.botId, question);
  return flowRequest({ mode, fileParameters }, question, conversationName);
}

/** Coze docs chat_v3. The conversation's id is a query parameter; in the body it would have no effect. */
function agentRequest(botId: string, question: Question): ApiRequest {
  const { conversationId, context = {} } = question;
  return {
    method: "POST",
    path: "/v3/chat",
    ...(conversationId !== undefined && { query: { conversation_id: conversationId } }),
    body: {
      bot_id: botId,
      user_id: question.sessionName,
      stream: true,
      auto_save_history: true,
      additional_messages: messagesOf(question),
      ...(context.customVariables && { custom_variables: context.customVariables }),
      ...(context.parameters && { parameters: context.parameters }),
      ...(context.metaData && { meta_data: context.metaData }),
    },
  };
}

interface AskedFlow extends AskedAgent {
  readonly mode: Exclude<CozeMode, { kind: "agent" }>;
}

/** Coze docs workflow_chat. A flow has neither prompt variables nor meta data. */
function flowRequest(
  { mode, fileParameters }: AskedFlow,
  { text, files = [], context = {}, conversationId }: Question,
  conversationName: string | undefined,
): ApiRequest {
  const isNamed = conversationId === undefined && conversationName !== undefined;
  const { parameters, left } = takenByParameters(files, fileParameters);
  return {
    method: "POST",
    path: "/v1/workflows/chat",
    body: {
      workflow_id: mode.workflowId,
      ...(mode.kind === "chatflow-app" ? { app_id: mode.appId } : { bot_id: mode.botId }),
      additional_messages: messagesOf({ text, files: left }),
      parameters: { ...context.parameters, ...parameters, ...(isNamed && { CONVERSATION_NAME: conversationName }) },
      ...(conversationId !== undefined && { conversation_id: conversationId }),
    },
  };
}
