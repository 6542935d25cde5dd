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
import { type Conversation, findOwned } from "./conversations.ts";
import { checkFiles } from "./message-files.ts";
import { type Message, readMessage } from "./messages.ts";
import { invalidMessage, invalidParameter, unauthorized } from "./refusal.ts";
import { nowSeconds, type Service } from "./service.ts";
import type { Identity } from "./tokens.ts";

const LARGEST_PAGE = 50;

/** The messages of a conversation (Coze docs list_message, create_message ff.). coze-studio only lists them. */
export function messageEndpoints(service: Service): readonly Endpoint[] {
  const endpoint = (name: string, answer: Parameters<typeof authorized>[1]): Endpoint => ({
    name: name.replace(" ", " /v1/conversation/message/"),
    answer: authorized(() => unauthorized("access-token"), answer),
  });
  const find = (fields: Fields, identity: Identity) => findOwned(service.conversations, fields, identity);
  const list = endpoint("POST list", ({ query, body }, identity) => listMessages(service, find(query, identity), body));
  if (service.dialect === "studio") return [list];
  return [
    list,
    endpoint("POST create", ({ query, body }, identity) => create(service, find(query, identity), body)),
    endpoint("GET retrieve", ({ query }, identity) =>
      success(describeMessage(messageIn(find(query, identity), query))),
    ),
    endpoint("POST modify", ({ query, body }, identity) =>
      modify(service, find(query, identity), { ...body, ...query }),
    ),
    endpoint("POST delete", ({ query }, identity) => {
      const conversation = find(query, identity);
      const message = messageIn(conversation, query);
      conversation.messages.splice(conversation.messages.indexOf(message), 1);
      service.changed();
      return success(describeMessage(message));
    }),
  ];
}

function messageIn({ messages }: Conversation, fields: Fields): Message {
  const id = requiredText(fields, "message_id");
  const message = messages.find((one) => one.id === id);
  if (!message) throw invalidMessage(id);
  return message;
}

function create(service: Service, conversation: Conversation, body: Fields): Reply {
  const incoming = readMessage(body);
  checkFiles(service, [incoming], conversation.owner);
  const message: Message = {
    ...incoming,
    id: service.newId(),
    conversationId: conversation.id,
    sectionId: conversation.sectionId,
    createdAt: nowSeconds(service.clock),
    ...(isFields(body.meta_data) ? { metaData: body.meta_data } : {}),
  };
  conversation.messages.push(message);
  service.changed();
  return success(describeMessage(message));
}

/** The one answer that does not hold its payload in `data`. */
function modify(service: Service, conversation: Conversation, fields: Fields): Reply {
  const former = messageIn(conversation, fields);
  const { role, content, contentType: content_type } = former;
  const changed = { role, content, content_type, ...fields, type: former.type };
  const { content: words, contentType } = readMessage(changed);
  const message: Message = {
    ...former,
    content: words,
    contentType,
    updatedAt: nowSeconds(service.clock),
    ...(isFields(fields.meta_data) ? { metaData: fields.meta_data } : {}),
  };
  checkFiles(service, [message], conversation.owner);
  conversation.messages.splice(conversation.messages.indexOf(former), 1, message);
  service.changed();
  return { kind: "success", fields: { message: describeMessage(message) } };
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
    meta_data: message.metaData ?? {},
    created_at: message.createdAt,
    updated_at: String(message.updatedAt ?? message.createdAt),
  };
}
