import type { Fields } from "./api.ts";
import type { Mode } from "./brain.ts";
import { awaitsReply, type Chat, isRunning, NO_USAGE } from "./chats.ts";
import { type Conversation, contextOf, runningChat } from "./conversations.ts";
import { filesOfMessages, filesOfParameters } from "./message-files.ts";
import { type IncomingMessage, itemsOf, type Message, textOf } from "./messages.ts";
import { conversationBusy, invalidParameter } from "./refusal.ts";
import { Run } from "./run.ts";
import { nowSeconds, type Service } from "./service.ts";
import type { Channel } from "./stream.ts";
import type { Wire } from "./wire.ts";

export interface TurnRequest {
  readonly mode: Mode;
  readonly conversation: Conversation;
  readonly wire: Wire;
  /** The last one is the question. Empty: the conversation's last message is. */
  readonly incoming: readonly IncomingMessage[];
  /** Whether question and answers become a part of the conversation. */
  readonly isSaved: boolean;
  readonly botId?: string;
  readonly workflowId?: string;
  readonly metaData?: Fields;
  readonly parameters?: Fields;
  readonly customVariables?: Readonly<Record<string, string>>;
}

export interface Turn {
  readonly chat: Chat;
  /** Runs the chat to its end; to be called once. */
  readonly play: (channel: Channel) => Promise<void>;
}

/** Opens a chat in a conversation that has none running, and chooses the script of its run. */
export function openTurn(service: Service, request: TurnRequest): Turn {
  const { conversation, incoming, mode } = request;
  if (runningChat(conversation)) throw conversationBusy(conversation.id);
  const before = contextOf(conversation);
  const said = [...before, ...incoming];
  const question = questionOf(said);
  if (question.at(-1)?.role !== "user") throw invalidParameter("the last message must have the role user");
  const earlier = said.slice(0, -question.length);
  const parameters = request.parameters ?? {};
  const text = question.map(textOf).filter(Boolean).join("\n");
  const script = service.answer({
    text,
    files: [...filesOfMessages(service, question), ...filesOfParameters(service, parameters)],
    parameters,
    customVariables: request.customVariables ?? {},
    history: earlier.map((message) => ({ role: message.role, text: textOf(message) })),
    ...(conversation.owner.sessionName === undefined ? {} : { sessionName: conversation.owner.sessionName }),
    conversationId: conversation.id,
    mode,
    turn: conversation.chats.length + 1,
    resumes: awaitsReply(conversation.chats.at(-1)),
  });
  const chat = openChat(service, request, text);
  const keep = (message: Message) => {
    chat.messages.push(message);
    if (request.isSaved && message.type === "answer") conversation.messages.push(message);
  };
  const play = (channel: Channel) => new Run({ service, wire: request.wire, chat, keep }, script, channel).play();
  return { chat, play };
}

/** The last message, and the one before it where the words are in one and the files in the other. */
function questionOf(said: readonly IncomingMessage[]): readonly IncomingMessage[] {
  const [former, last] = said.slice(-2);
  if (!last || former?.role !== "user") return said.slice(-1);
  const isSplit = itemsOf(last).length > 0 ? textOf(last) === "" : itemsOf(former).length > 0 && textOf(former) === "";
  return isSplit ? [former, last] : [last];
}

/** Marks a running chat as cancelled. False when it has ended. */
export function cancelChat(service: Service, chat: Chat): boolean {
  if (!isRunning(chat)) return false;
  chat.status = "canceled";
  chat.completedAt = nowSeconds(service.clock);
  chat.cancellation.abort();
  service.changed();
  return true;
}

function openChat(service: Service, request: TurnRequest, question: string): Chat {
  const { conversation, botId, workflowId } = request;
  const now = nowSeconds(service.clock);
  const chat: Chat = {
    id: service.newId(),
    conversationId: conversation.id,
    sectionId: conversation.sectionId,
    ...(botId === undefined ? {} : { botId }),
    ...(workflowId === undefined ? {} : { workflowId }),
    executeId: service.newId(),
    metaData: request.metaData ?? {},
    isSaved: request.isSaved,
    status: "created",
    createdAt: now,
    lastError: { code: 0, msg: "" },
    usage: NO_USAGE,
    inputCount: [...question].length,
    messages: [],
    cancellation: new AbortController(),
  };
  conversation.chats.push(chat);
  // A conversation is named after the first thing said in it.
  conversation.name ||= [...question].slice(0, 100).join("");
  conversation.updatedAt = now;
  if (request.isSaved) conversation.messages.push(...request.incoming.map((message) => stored(service, chat, message)));
  service.changed();
  return chat;
}

function stored(service: Service, chat: Chat, message: IncomingMessage): Message {
  return {
    ...message,
    id: service.newId(),
    conversationId: chat.conversationId,
    sectionId: chat.sectionId,
    chatId: chat.id,
    ...(chat.botId === undefined ? {} : { botId: chat.botId }),
    createdAt: nowSeconds(service.clock),
  };
}
