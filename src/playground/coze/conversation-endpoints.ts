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
import { API_CONNECTOR, type Conversation, findOwned } from "./conversations.ts";
import { checkFiles } from "./message-files.ts";
import { readMessages } from "./messages.ts";
import { invalidParameter, unauthorized } from "./refusal.ts";
import { nowSeconds, type Service } from "./service.ts";
import type { Identity } from "./tokens.ts";

const LONGEST_NAME = 100;
const LARGEST_PAGE = 50;
const MOST_FIRST_MESSAGES = 16;

/** Conversations (Coze docs create_conversation ff.). */
export function conversationEndpoints(service: Service): readonly Endpoint[] {
  const { conversations } = service;
  const endpoint = (name: string, answer: Parameters<typeof authorized>[1]): Endpoint => ({
    name,
    answer: authorized(() => unauthorized("access-token"), answer),
  });
  return [
    endpoint("POST /v1/conversation/create", ({ body }, identity) => create(service, body, identity)),
    endpoint("GET /v1/conversation/retrieve", ({ query }, identity) =>
      success(describe(findOwned(conversations, query, identity))),
    ),
    endpoint("GET /v1/conversations", ({ query }, identity) => list(service, query, identity)),
    endpoint("PUT /v1/conversations/:conversation_id", ({ body, parameters }, identity) => {
      const conversation = findOwned(conversations, parameters, identity);
      conversation.name = checkName(requiredText(body, "name"));
      service.changed();
      return success(describe(conversation));
    }),
    endpoint("DELETE /v1/conversations/:conversation_id", ({ parameters }, identity) => {
      conversations.delete(findOwned(conversations, parameters, identity));
      service.changed();
      return { kind: "success", fields: {} };
    }),
    endpoint("POST /v1/conversations/:conversation_id/clear", ({ parameters }, identity) => {
      const conversation = findOwned(conversations, parameters, identity);
      conversations.clear(conversation);
      service.changed();
      return success({ id: conversation.sectionId, conversation_id: conversation.id });
    }),
  ];
}

function create(service: Service, body: Fields, identity: Identity): Reply {
  const messages = readMessages(body.messages, "messages", MOST_FIRST_MESSAGES);
  checkFiles(service, messages, identity);
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
