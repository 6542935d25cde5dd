import { type Fields, isFields, optionalText, requiredText } from "./api.ts";
import { invalidParameter } from "./refusal.ts";

/** A message as it is stored, of either side. */
export interface Message {
  readonly id: string;
  readonly conversationId: string;
  /** The context section that it was said in. */
  readonly sectionId: string;
  /** Absent for messages that were written into the conversation without a chat. */
  readonly chatId?: string;
  readonly botId?: string;
  readonly role: "user" | "assistant";
  readonly type: string;
  readonly content: string;
  readonly contentType: string;
  readonly reasoning?: string;
  /** Unix seconds. */
  readonly createdAt: number;
  readonly updatedAt?: number;
  readonly metaData?: Fields;
}

/** A message of a request's `additional_messages`. */
export type IncomingMessage = Pick<Message, "role" | "type" | "content" | "contentType">;

/** Reads and checks messages of a request (Coze docs chat_v3, workflow_chat). `name` is the field's. */
export function readMessages(value: unknown, name: string, limit: number): readonly IncomingMessage[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw invalidParameter(`${name} must be an array`);
  if (value.length > limit) throw invalidParameter(`${name} holds more than ${limit} messages`);
  return value.map((item: unknown) => {
    if (!isFields(item)) throw invalidParameter(`${name} must hold objects`);
    return readMessage(item);
  });
}

/** The `additional_messages` of a chat: none at all, or the question last. */
export function readAdditionalMessages(body: Fields, limit: number): readonly IncomingMessage[] {
  const messages = readMessages(body.additional_messages, "additional_messages", limit);
  if (messages.length > 0 && messages.at(-1)?.role !== "user") {
    throw invalidParameter("the last message must have the role user");
  }
  messages.forEach(checkNeighbours);
  return messages;
}

/** An image or a file without words needs a message of words beside it; sound needs none (Coze docs chat_v3). */
function checkNeighbours(message: IncomingMessage, index: number, messages: readonly IncomingMessage[]): void {
  if (message.contentType !== "object_string") return;
  const types = itemsOf(message).map(({ type }) => type);
  if (types.includes("text") || types.every((type) => type === "audio")) return;
  const neighbours = [messages[index - 1], messages[index + 1]];
  if (neighbours.some((neighbour) => neighbour?.contentType === "text")) return;
  throw invalidParameter("a message of images or files needs a text message before or after it");
}

/** The items of multimodal content; none of others. */
export function itemsOf({ content, contentType }: Pick<Message, "content" | "contentType">): readonly Fields[] {
  return contentType === "object_string" ? parseItems(content) : [];
}

/** What a person would read of a message; of multimodal content the text items. */
export function textOf({ content, contentType }: Pick<Message, "content" | "contentType">): string {
  if (contentType !== "object_string") return content;
  return itemsOf({ content, contentType })
    .filter((item) => item.type === "text")
    .map((item) => String(item.text))
    .join("\n");
}

const INCOMING_TYPES = ["question", "answer", "function_call", "tool_output", "tool_response"];

/** Reads and checks one message (Coze docs chat_v3, create_message). */
export function readMessage(item: Fields): IncomingMessage {
  const { role } = item;
  if (role !== "user" && role !== "assistant") throw invalidParameter("role must be user or assistant");
  const type = optionalText(item, "type") ?? "question";
  if (!INCOMING_TYPES.includes(type)) throw invalidParameter(`message type ${type} is not accepted`);
  const content = requiredText(item, "content");
  const contentType = requiredText(item, "content_type");
  if (contentType === "object_string") checkItems(parseItems(content));
  else if (contentType !== "text") throw invalidParameter(`content_type ${contentType} is not accepted`);
  return { role, type, content, contentType };
}

function parseItems(content: string): readonly Fields[] {
  try {
    const items: unknown = JSON.parse(content);
    if (Array.isArray(items) && items.every(isFields)) return items;
  } catch {
    // Reported below, as any other content that is no array of objects.
  }
  throw invalidParameter("content of an object_string must be an array of objects in JSON");
}

function checkItems(items: readonly Fields[]): void {
  const texts = items.filter((item) => item.type === "text");
  const files = items.filter((item) => ["image", "file", "audio"].includes(String(item.type)));
  if (texts.length + files.length !== items.length) throw invalidParameter("object_string holds an unknown type");
  if (texts.length > 1) throw invalidParameter("object_string holds more than one text");
  if (texts.length > 0 && files.every(({ type }) => type === "audio")) {
    throw invalidParameter("object_string with a text needs an image or a file");
  }
  for (const file of files) {
    if (!file.file_id && !file.file_url) throw invalidParameter("file_id or file_url is required");
  }
}
