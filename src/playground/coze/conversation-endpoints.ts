import {
  authorized,
  type Endpoint,
  type Fields,
  isFields,
  optionalInteger,
  optionalText,
  type Reply,
  requiredText,
  success,
} from "./api.ts";
import { API_CONNECTOR, type Conversation } from "./conversations.ts";
import { type Message, readMessages } from "./messages.ts";
import { invalidParameter, unauthorized, unknownConversation } from "./refusal.ts";
import { nowSeconds, type Service } from "./service.ts";
import type { Identity } from "./tokens.ts";

const LONGEST_NAME = 100;
const LARGEST_PAGE = 50;
const MOST_FIRST_MESSAGES = 16;

/** Conversations and the messages in them (Coze docs create_conversation ff., list_message). */
export function conversationEndpoints(service: Service): readonly Endpoint[] {
  const { conversations } = service;
  const endpoint = (name: string, answer: Parameters<typeof authorized>[1]): Endpoint => ({
    name,
    answer: authorized(() => unauthorized("access-token"), answer),
  });
  return [
    endpoint("POST /v1/conversation/create", ({ body }, identity) => create(service, body, identity)),
    endpoint("GET /v1/conversation/retrieve", ({ query }, identity) =>
      success(describe(find(service, query, identity))),
    ),
    endpoint("GET /v1/conversations", ({ query }, identity) => list(service, query, identity)),
    endpoint("PUT /v1/conversations/:conversation_id", ({ body, parameters }, identity) => {
      const conversation = find(service, parameters, identity);
      conversation.name = checkName(requiredText(body, "name"));
      service.changed();
      return success(describe(conversation));
    }),
    endpoint("DELETE /v1/conversations/:conversation_id", ({ parameters }, identity) => {
      conversations.delete(find(service, parameters, identity));
      service.changed();
      return { kind: "success", fields: {} };
    }),
    endpoint("POST /v1/conversations/:conversation_id/clear", ({ parameters }, identity) => {
      const conversation = find(service, parameters, identity);
      conversations.clear(conversation);
      service.changed();
      return success({ id: conversation.sectionId, conversation_id: conversation.id });
    }),
    endpoint("POST /v1/conversation/message/list", ({ query, body }, identity) =>
      listMessages(service, find(service, query, identity), body),
    ),
  ];
}

function find(service: Service, fields: Fields, identity: Identity): Conversation {
  const id = requiredText(fields, "conversation_id");
  const conversation = service.conversations.find(identity, id);
  if (!conversation) throw unknownConversation(id);
  return conversation;
}

function create(service: Service, body: Fields, identity: Identity): Reply {
  const messages = readMessages(body.messages, "messages", MOST_FIRST_MESSAGES);
  const name = optionalText(body, "name");
  const botId = optionalText(body, "bot_id");
  const connectorId = optionalText(body, "connector_id");
  const conversation = service.conversations.create(identity, {
    ...(name === undefined ? {} : { name: checkName(name) }),
    ...(botId === undefined ? {} : { botId }),
    ...(connectorId === undefined ? {} : { connectorId }),
    ...(isFields(body.meta_data) ? { metaData: body.meta_data } : {}),
  });
  for (const message of messages) {
    conversation.messages.push({
      ...message,
      id: service.newId(),
      conversationId: conversation.id,
      sectionId: conversation.sectionId,
      createdAt: nowSeconds(service.clock),
    });
  }
  service.changed();
  return success(describe(conversation));
}

function checkName(name: string): string {
  if ([...name].length > LONGEST_NAME) throw invalidParameter(`name is longer than ${LONGEST_NAME} characters`);
  return name;
}

/** Only conversations that were made for the agent; those of apps have no list. */
function list(service: Service, query: Fields, identity: Identity): Reply {
  const botId = requiredText(query, "bot_id");
  const connectorId = optionalText(query, "connector_id") ?? API_CONNECTOR;
  const page = optionalInteger(query, "page_num") ?? 1;
  const size = optionalInteger(query, "page_size") ?? LARGEST_PAGE;
  if (page < 1 || size < 1 || size > LARGEST_PAGE) throw invalidParameter("page_num or page_size is out of range");
  const oldestFirst = service.conversations
    .all()
    .filter((one) => one.botId === botId && one.connectorId === connectorId)
    .filter((one) => service.conversations.find(identity, one.id));
  const sorted = query.sort_order === "ASC" ? oldestFirst : oldestFirst.toReversed();
  const start = (page - 1) * size;
  return success({
    conversations: sorted.slice(start, start + size).map(describe),
    has_more: sorted.length > start + size,
  });
}

/** Messages of all sections, newest first by default. */
function listMessages(service: Service, conversation: Conversation, body: Fields): Reply {
  const order = optionalText(body, "order") ?? "desc";
  if (order !== "asc" && order !== "desc") throw invalidParameter("order must be asc or desc");
  const limit = optionalInteger(body, "limit") ?? LARGEST_PAGE;
  if (limit < 1 || limit > LARGEST_PAGE) throw invalidParameter(`limit must be within 1 and ${LARGEST_PAGE}`);
  const isWhole = service.dialect === "hosted" && body.include_middle_message === true;
  const messages = isWhole ? withMiddleMessages(conversation) : conversation.messages;
  const position = (id: string | undefined) => messages.findIndex((message) => message.id === id);
  const before = position(optionalText(body, "before_id"));
  const after = position(optionalText(body, "after_id"));
  const chatId = optionalText(body, "chat_id");
  const found = messages
    .slice(after + 1, before < 0 ? undefined : before)
    .filter((message) => chatId === undefined || message.chatId === chatId);
  const page = (order === "asc" ? found : found.toReversed()).slice(0, limit);
  return {
    kind: "success",
    fields: {
      data: page.map(describeMessage),
      first_id: page[0]?.id ?? "0",
      last_id: page.at(-1)?.id ?? "0",
      has_more: found.length > page.length,
    },
  };
}

/** Questions and answers, and what runs said besides, by id: ids are given out one after the other. */
function withMiddleMessages({ messages, chats }: Conversation): readonly Message[] {
  const saved = new Set(messages.map(({ chatId }) => chatId));
  const middle = chats.filter(({ id }) => saved.has(id)).flatMap((chat) => chat.messages.filter(isMiddle));
  return [...messages, ...middle].sort((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1));
}

function isMiddle({ type }: Message): boolean {
  return type !== "answer";
}

function describe(conversation: Conversation): Record<string, unknown> {
  return {
    id: conversation.id,
    name: conversation.name,
    meta_data: conversation.metaData,
    creator_id: conversation.owner.account,
    created_at: conversation.createdAt,
    updated_at: conversation.updatedAt,
    last_section_id: conversation.sectionId,
    connector_id: conversation.connectorId,
  };
}

/** As documented: one time is a number, the other a string. */
function describeMessage(message: Message): Record<string, unknown> {
  return {
    id: message.id,
    conversation_id: message.conversationId,
    section_id: message.sectionId,
    bot_id: message.botId ?? "",
    chat_id: message.chatId ?? "",
    role: message.role,
    type: message.chatId === undefined ? "" : message.type,
    content: message.content,
    content_type: message.contentType,
    reasoning_content: message.reasoning,
    meta_data: {},
    created_at: message.createdAt,
    updated_at: String(message.createdAt),
  };
}
