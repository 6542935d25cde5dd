import type { Question, QuestionFile } from "./agent.ts";
import { isOfUser } from "./message-events.ts";
import { readItems, type WireMessage } from "./wire.ts";

/** The inputs of a chatflow's start node that take files, by kind. */
export interface FileParameters {
  readonly image?: string;
  readonly file?: string;
  readonly audio?: string;
}

/** What a question says by messages. */
export type Asked = Pick<Question, "text" | "files">;

export interface UserMessage {
  readonly role: "user";
  readonly type: "question";
  readonly content: string;
  readonly content_type: "text" | "object_string";
}

/** Stands for the words of a question that has none: Coze takes no image or file without. */
const NO_WORDS = "📎";

/**
 * The messages of a question (Coze docs chat_v3, "object_string"). An image or a file goes with exactly one text. Sound
 * goes alone, and beside text alone in a message of its own: a text item wants an image or a file next to it.
 */
export function messagesOf({ text, files = [] }: Asked): readonly UserMessage[] {
  if (files.length === 0) return [textMessage(wordsOf(text))];
  if (files.some(({ kind }) => kind !== "audio")) {
    return [filesMessage([{ type: "text", text: wordsOf(text) }, ...files.map(itemOf)])];
  }
  const sound = filesMessage(files.map(itemOf));
  return text.trim() === "" ? [sound] : [textMessage(text), sound];
}

/** The files that the start node takes, as it takes them (Coze docs workflow_chat), and those left to the messages. */
export function takenByParameters(files: readonly QuestionFile[], names: FileParameters) {
  const left = files.filter(({ kind }) => names[kind] === undefined);
  const taken = new Map<string, string[]>();
  for (const { kind, fileId } of files) {
    const name = names[kind];
    if (name !== undefined) taken.set(name, [...(taken.get(name) ?? []), JSON.stringify({ file_id: fileId })]);
  }
  const parameters = [...taken].map(([name, values]) => [name, values.length > 1 ? values : values[0]] as const);
  return { parameters: Object.fromEntries(parameters), left };
}

/** Whether a stored message is one of a question's. Its files may have gone another way. */
export function isOfQuestion(message: WireMessage, { text, files = [] }: Asked): boolean {
  if (!isOfUser(message)) return false;
  const items = message.content_type === "object_string" ? readItems(message.content) : undefined;
  if (!items) return message.content.trim() === wordsOf(text).trim();
  const words = items.find(({ type }) => type === "text")?.text;
  const ids = items.map(({ file_id }) => file_id).filter((id) => id !== "");
  const asked = new Set(files.map(({ fileId }) => fileId));
  if (!ids.every((id) => asked.has(id))) return false;
  return words === undefined ? ids.length > 0 : words.trim() === wordsOf(text).trim();
}

function wordsOf(text: string): string {
  return text.trim() === "" ? NO_WORDS : text;
}

function itemOf({ kind, fileId }: QuestionFile): object {
  return { type: kind, file_id: fileId };
}

function textMessage(content: string): UserMessage {
  return { role: "user", type: "question", content, content_type: "text" };
}

function filesMessage(items: readonly object[]): UserMessage {
  return { role: "user", type: "question", content: JSON.stringify(items), content_type: "object_string" };
}
