import type { Chat } from "./chats.ts";
import type { Dialect } from "./dialect.ts";
import type { Message } from "./messages.ts";
import { canceledEvent, failedEvent, type Wire } from "./wire.ts";

const SPACE_ID = "7498204883280412345";

/** The stream of /v1/workflows/chat, as recorded by coze-py's test data (hosted) and written by coze-studio. */
export function chatflowWire(dialect: Dialect): Wire {
  const studio = dialect === "studio";
  const wire: Wire = {
    framing: { space: true, numbered: studio },
    marksAnswers: !studio,
    stopsOnCancel: studio,
    answerFinish: (interrupted) => JSON.stringify({ finish_reason: interrupted ? 1 : 0, FinData: "" }),
    chat: (chat) => (studio ? { ...hostedChat(chat), ...studioFields(chat) } : hostedChat(chat)),
    delta: (message, isLast) => ({ ...flowMessage(message), created_at: isLast ? message.createdAt : undefined }),
    completed: completedMessage,
    failed: (chat, shape) => (studio ? studioFailure(chat) : failedEvent(wire, chat, shape)),
    requiresAction: (chat) => ({ name: "conversation.chat.requires_action", data: wire.chat(chat) }),
    canceled: (chat) => canceledEvent(wire, chat, dialect),
    done: (chat) => ({ name: "done", data: `{"debug_url":"${debugUrl(chat).replaceAll("&", "\\u0026")}"}` }),
  };
  return wire;
}

function hostedChat(chat: Chat): Record<string, unknown> {
  return {
    id: chat.id,
    conversation_id: chat.conversationId,
    created_at: chat.createdAt,
    completed_at: chat.completedAt,
    failed_at: chat.failedAt,
    last_error: chat.lastError,
    status: chat.status,
    usage: chat.usage,
    required_action: chat.requiredAction,
    section_id: chat.sectionId,
  };
}

function studioFields(chat: Chat): Record<string, unknown> {
  return {
    execute_id: chat.executeId,
    status: chat.status === "canceled" ? "cancelled" : chat.status,
    required_action: undefined,
  };
}

function studioFailure(chat: Chat): { name: string; data: unknown } {
  const { code, msg } = chat.lastError;
  return { name: "error", data: { code: String(code), msg, debug_url: debugUrl(chat) } };
}

function flowMessage(message: Message): Record<string, unknown> {
  return {
    id: message.id,
    conversation_id: message.conversationId,
    role: message.role,
    type: message.type,
    content: message.content,
    content_type: message.contentType,
    chat_id: message.chatId,
    section_id: message.sectionId,
    reasoning_content: message.reasoning,
  };
}

function completedMessage(message: Message): Record<string, unknown> {
  const updated = message.type === "verbose" ? { updated_at: message.createdAt } : {};
  return { ...flowMessage(message), created_at: message.createdAt, ...updated };
}

function debugUrl(chat: Chat): string {
  const query = `execute_id=${chat.executeId}&space_id=${SPACE_ID}&workflow_id=${chat.workflowId ?? ""}`;
  return `https://www.coze.cn/work_flow?${query}`;
}
