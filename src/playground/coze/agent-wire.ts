import { type Chat, isRunning } from "./chats.ts";
import type { Dialect } from "./dialect.ts";
import type { Message } from "./messages.ts";
import { canceledEvent, failedEvent, statusWord, type Wire } from "./wire.ts";

/** The stream of /v3/chat, as recorded by coze-py's test data (hosted) and written by coze-studio. */
export function agentWire(dialect: Dialect): Wire {
  const wire: Wire = {
    framing: { space: false, numbered: false },
    marksAnswers: true,
    stopsOnCancel: dialect === "studio",
    answerFinish: () => "",
    chat: dialect === "hosted" ? hostedChat : studioChat,
    delta: agentMessage,
    completed: agentMessage,
    failed: (chat, shape) => failedEvent(wire, chat, shape),
    requiresAction: (chat) =>
      dialect === "hosted" ? { name: "conversation.chat.requires_action", data: wire.chat(chat) } : undefined,
    canceled: (chat) => canceledEvent(wire, chat, dialect),
    done: () =>
      dialect === "hosted" ? { name: "done", data: '"[DONE]"' } : { name: "conversation.stream.done", data: "" },
  };
  return wire;
}

/** A chat in a JSON answer (Coze docs retrieve_chat). coze-studio tells neither what failed nor what is required. */
export function chatDetail(chat: Chat, dialect: Dialect): Record<string, unknown> {
  const detail = {
    id: chat.id,
    conversation_id: chat.conversationId,
    bot_id: chat.botId,
    section_id: chat.sectionId,
    status: statusWord(chat.status, dialect),
    created_at: chat.createdAt,
    completed_at: chat.completedAt,
    failed_at: chat.failedAt,
    usage: chat.usage,
  };
  if (dialect === "studio") return detail;
  const { metaData: meta_data, lastError: last_error, requiredAction: required_action } = chat;
  return { ...detail, meta_data, last_error, required_action };
}

/** A message in a JSON answer (Coze docs list_chat_messages). */
export function messageDetail(message: Message): Record<string, unknown> {
  return {
    ...agentMessage(message),
    section_id: message.sectionId,
    created_at: message.createdAt,
    updated_at: message.createdAt,
  };
}

/** Recorded quirks: `completed_at` from the start, no `created_at` before the end, an empty action in good order. */
function hostedChat(chat: Chat): Record<string, unknown> {
  const common = {
    id: chat.id,
    conversation_id: chat.conversationId,
    bot_id: chat.botId,
    completed_at: chat.completedAt ?? chat.createdAt,
    failed_at: chat.failedAt,
    last_error: chat.lastError,
    status: chat.status,
    usage: chat.usage,
  };
  if (isRunning(chat) || chat.status === "failed") return common;
  return {
    ...common,
    created_at: chat.createdAt,
    required_action: chat.requiredAction ?? { type: "", submit_tool_outputs: { tool_calls: [] } },
    section_id: chat.sectionId,
  };
}

function studioChat(chat: Chat): Record<string, unknown> {
  return {
    id: chat.id,
    conversation_id: chat.conversationId,
    bot_id: chat.botId,
    section_id: chat.sectionId,
    created_at: chat.createdAt,
    completed_at: chat.completedAt ?? 0,
    failed_at: chat.failedAt ?? 0,
    last_error: chat.status === "failed" ? chat.lastError : undefined,
    status: statusWord(chat.status, "studio"),
    usage: chat.usage,
  };
}

function agentMessage(message: Message): Record<string, unknown> {
  return {
    id: message.id,
    conversation_id: message.conversationId,
    bot_id: message.botId,
    role: message.role,
    type: message.type,
    content: message.content,
    content_type: message.contentType,
    chat_id: message.chatId,
    reasoning_content: message.reasoning,
  };
}
