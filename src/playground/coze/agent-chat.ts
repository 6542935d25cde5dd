import { agentWire, chatDetail } from "./agent-wire.ts";
import {
  type ApiRequest,
  authorized,
  type Endpoint,
  type Fields,
  isFields,
  optionalText,
  type Reply,
  requiredText,
  success,
} from "./api.ts";
import { catalog, checkBot } from "./catalog.ts";
import { findChat } from "./chat-records.ts";
import type { Conversation } from "./conversations.ts";
import { checkFiles } from "./message-files.ts";
import { type IncomingMessage, readAdditionalMessages } from "./messages.ts";
import {
  badMetaData,
  invalidConversation,
  invalidParameter,
  needsSavedHistory,
  notCancellable,
  type Refusal,
  unauthorized,
  unknownBot,
} from "./refusal.ts";
import type { Service } from "./service.ts";
import { unheard } from "./stream.ts";
import type { Identity } from "./tokens.ts";
import { cancelChat, openTurn } from "./turn.ts";

const MOST_MESSAGES = 100;

/** The chats of agents (Coze docs chat_v3, chat_cancel). */
export function agentChatEndpoints(service: Service): readonly Endpoint[] {
  const refuse = () => unauthorized("access-token");
  return [
    { name: "POST /v3/chat", answer: authorized(refuseChat, (request, identity) => chat(service, request, identity)) },
    {
      name: "POST /v3/chat/cancel",
      answer: authorized(refuse, ({ body }, identity) => {
        const chat = findChat(service, body, identity);
        if (!cancelChat(service, chat)) throw notCancellable();
        return success(chatDetail(chat, service.dialect));
      }),
    },
  ];
}

function chat(service: Service, request: ApiRequest, identity: Identity): Reply {
  const { body, query } = request;
  const botId = requiredText(body, "bot_id");
  requiredText(body, "user_id");
  const parameters = body.parameters ?? {};
  if (!isFields(parameters)) throw invalidParameter("parameters must be an object");
  const incoming = readAdditionalMessages(body, MOST_MESSAGES);
  const isStream = body.stream === undefined ? service.dialect === "studio" : body.stream === true;
  const isSaved = body.auto_save_history !== false;
  if (!isStream && !isSaved) throw needsSavedHistory();
  checkBot(botId);
  checkFiles(service, incoming, identity);
  const wire = agentWire(service.dialect);
  const turn = openTurn(service, {
    mode: "agent",
    conversation: conversationOf(service, query, { botId, identity, incoming }),
    wire,
    incoming,
    isSaved,
    botId,
    metaData: readMetaData(body),
    parameters,
    customVariables: readVariables(body),
  });
  if (isStream) return { kind: "stream", framing: wire.framing, play: turn.play };
  const status = service.dialect === "studio" ? "created" : "in_progress";
  const detail = chatDetail({ ...turn.chat, status }, service.dialect);
  void turn.play(unheard(new Promise(() => undefined)));
  return success(detail);
}

/** Coze docs chat_v3. */
const MOST_META_DATA = 16;
const LONGEST_META_DATA_KEY = 64;
const LONGEST_META_DATA_VALUE = 512;

function readMetaData({ meta_data = {} }: Fields): Fields {
  if (!isFields(meta_data)) throw invalidParameter("meta_data must be an object");
  const pairs = Object.entries(meta_data);
  const isWithin = (length: number, longest: number) => length >= 1 && length <= longest;
  const isGood = ([key, value]: [string, unknown]) =>
    isWithin([...key].length, LONGEST_META_DATA_KEY) && isWithin([...String(value)].length, LONGEST_META_DATA_VALUE);
  if (pairs.length > MOST_META_DATA || !pairs.every(isGood)) throw badMetaData();
  return meta_data;
}

function readVariables({ custom_variables = {} }: Fields): Record<string, string> {
  if (!isFields(custom_variables)) throw invalidParameter("custom_variables must be an object");
  const variables = Object.keys(custom_variables).map((name) => {
    if (!/^[A-Za-z_]+$/.test(name)) throw invalidParameter(`custom_variables can't hold ${name}`);
    const value = custom_variables[name];
    if (typeof value !== "string") throw invalidParameter("custom_variables must hold strings");
    return [name, value] as const;
  });
  return Object.fromEntries(variables);
}

interface Opening {
  readonly botId: string;
  readonly identity: Identity;
  readonly incoming: readonly IncomingMessage[];
}

/** The conversation is a matter of the query alone: an id in the body has no effect. */
function conversationOf(service: Service, query: Fields, { botId, identity, incoming }: Opening): Conversation {
  if (service.dialect === "studio" && query.conversation_id === "") throw invalidParameter("conversation_id is empty");
  const id = optionalText(query, "conversation_id");
  if (id === undefined) {
    if (incoming.length === 0) throw invalidParameter("additional_messages is required in a new conversation");
    return service.conversations.create(identity, { botId });
  }
  const conversation = service.conversations.find(identity, id);
  if (!conversation) throw invalidConversation(id);
  return conversation;
}

/** A bad token together with an unknown agent is reported as the latter (seen on the hosted service). */
function refuseChat({ headers, body }: ApiRequest): Refusal {
  const botId = body.bot_id;
  if (headers.authorization && typeof botId === "string" && !isKnownBot(botId)) return unknownBot(botId);
  return unauthorized("chat");
}

function isKnownBot(id: string): boolean {
  return id === catalog.botId || id === catalog.unpublishedBotId;
}
