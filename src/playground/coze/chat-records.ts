import { chatDetail, messageDetail } from "./agent-wire.ts";
import { authorized, type Endpoint, type Fields, requiredText, success } from "./api.ts";
import type { Chat } from "./chats.ts";
import type { Message } from "./messages.ts";
import { invalidChat, invalidConversation, unauthorized } from "./refusal.ts";
import type { Service } from "./service.ts";
import type { Identity } from "./tokens.ts";

/** What is kept of a chat, running or ended (Coze docs retrieve_chat, list_chat_messages). */
export function chatRecordEndpoints(service: Service): readonly Endpoint[] {
  const refuse = () => unauthorized("access-token");
  const retrieve = authorized(refuse, ({ query }, identity) => {
    const chat = findRecord(service, query, identity);
    return success(chatDetail(service.dialect === "studio" ? inStudio(chat) : chat, service.dialect));
  });
  const listMessages = authorized(refuse, ({ query }, identity) => {
    const chat = findRecord(service, query, identity);
    if (service.dialect === "studio")
      return success([...questionsOf(service, chat), ...chat.messages].map(messageDetail));
    // Seen without `data` when the chat had failed (coze-py#425).
    if (chat.status === "failed") return { kind: "success", fields: {} };
    return success(outOfOrder(chat.messages).map(messageDetail));
  });
  return [
    // The docs say GET; the official JavaScript and Python clients send POST.
    { name: "GET /v3/chat/retrieve", answer: retrieve },
    { name: "POST /v3/chat/retrieve", answer: retrieve },
    { name: "GET /v3/chat/message/list", answer: listMessages },
    { name: "POST /v3/chat/message/list", answer: listMessages },
  ];
}

/** The chat that `conversation_id` and `chat_id` name, of an agent or of a flow. */
export function findChat(service: Service, fields: Fields, identity: Identity): Chat {
  const conversationId = requiredText(fields, "conversation_id");
  const chatId = requiredText(fields, "chat_id");
  const conversation = service.conversations.find(identity, conversationId);
  if (!conversation) throw invalidConversation(conversationId);
  const chat = conversation.chats.find((one) => one.id === chatId);
  if (!chat) throw invalidChat(chatId);
  return chat;
}

/** No document says whether the hosted service knows the chats of flows here. */
function findRecord(service: Service, fields: Fields, identity: Identity): Chat {
  const chat = findChat(service, fields, identity);
  const isUnknown = service.dialect === "hosted" && chat.workflowId !== undefined && !service.retrievesFlowChats;
  if (isUnknown) throw invalidChat(chat.id);
  return chat;
}

/** coze-studio makes a record for a flow's chat and then forgets about it, but for a cancellation (chatflow.go). */
function inStudio(chat: Chat): Chat {
  if (chat.workflowId === undefined || chat.status === "canceled") return chat;
  const { completedAt: _completed, failedAt: _failed, ...record } = chat;
  return { ...record, status: "created" };
}

/** coze-studio lists the question as well (openapi_agent_run.go, ListChatMessageApi). */
function questionsOf({ conversations }: Service, chat: Chat): readonly Message[] {
  const conversation = conversations.all().find(({ id }) => id === chat.conversationId);
  const isOwn = (message: Message) => message.chatId === chat.id && message.role === "user";
  return conversation?.messages.filter(isOwn) ?? [];
}

/** The order of the list is not that of the chat: in the docs' samples other messages stand before the answer. */
function outOfOrder(messages: readonly Message[]): readonly Message[] {
  const isOdd = (_: Message, index: number) => index % 2 === 1;
  const isEven = (_: Message, index: number) => index % 2 === 0;
  return [...messages.filter(isOdd), ...messages.filter(isEven)];
}
