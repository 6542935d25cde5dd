import {
  type ApiRequest,
  authorized,
  type Endpoint,
  type Fields,
  isFields,
  optionalText,
  type Reply,
  requiredText,
} from "./api.ts";
import { catalog, checkApp, checkBot, checkWorkflow } from "./catalog.ts";
import { chatflowWire } from "./chatflow-wire.ts";
import { API_CONNECTOR, type Conversation } from "./conversations.ts";
import { checkFiles, checkParameterFiles } from "./message-files.ts";
import { readAdditionalMessages } from "./messages.ts";
import { invalidConversation, invalidParameter, unauthorized, workflowFailure } from "./refusal.ts";
import type { Service } from "./service.ts";
import type { Identity } from "./tokens.ts";
import { openTurn } from "./turn.ts";

const MOST_MESSAGES = 50;

/** The chats of flows (Coze docs workflow_chat): always a stream. */
export function chatflowEndpoints(service: Service): readonly Endpoint[] {
  return [
    {
      name: "POST /v1/workflows/chat",
      answer: authorized(
        () => unauthorized("workflow"),
        (request, identity) => chat(service, request, identity),
      ),
    },
  ];
}

/** What the flow runs for: exactly one of an app and an agent. */
type Host = { readonly kind: "app" | "bot"; readonly id: string };

function chat(service: Service, { body }: ApiRequest, identity: Identity): Reply {
  const workflowId = requiredText(body, "workflow_id");
  const host = readHost(body);
  const parameters = readParameters(service, body.parameters);
  const incoming = readAdditionalMessages(body, MOST_MESSAGES);
  if (incoming.length === 0) throw invalidParameter("additional_messages is required");
  checkWorkflow(workflowId);
  if (host.kind === "app") checkApp(host.id);
  else checkBot(host.id);
  checkFiles(service, incoming, identity);
  checkParameterFiles(service, parameters, identity);
  const wire = chatflowWire(service.dialect);
  const conversation = findConversation({ service, body, identity, host, parameters });
  if (!conversation) return undefinedName();
  const turn = openTurn(service, {
    mode: host.kind === "app" ? "chatflow-app" : "chatflow-bot",
    conversation,
    wire,
    incoming,
    isSaved: true,
    workflowId,
    parameters,
  });
  return { kind: "stream", framing: wire.framing, play: turn.play };
}

function readHost(body: Fields): Host {
  const appId = optionalText(body, "app_id");
  const botId = optionalText(body, "bot_id");
  if (appId !== undefined && botId === undefined) return { kind: "app", id: appId };
  if (botId !== undefined && appId === undefined) return { kind: "bot", id: botId };
  throw invalidParameter("exactly one of app_id and bot_id is required");
}

function readParameters(service: Service, value: unknown): Fields {
  if (isFields(value)) return value;
  if (service.dialect === "hosted") throw invalidParameter("parameters is required and must be an object");
  if (value === undefined) return {};
  try {
    const parsed: unknown = JSON.parse(String(value));
    if (isFields(parsed)) return parsed;
  } catch {
    // Reported below, as any other text that holds no object.
  }
  throw invalidParameter("parameters must be an object, or one in JSON");
}

interface Whereabouts {
  readonly service: Service;
  readonly body: Fields;
  readonly identity: Identity;
  readonly host: Host;
  readonly parameters: Fields;
}

/** The conversation of this call, or undefined when the app defines none of the name asked for. */
function findConversation(where: Whereabouts): Conversation | undefined {
  const { service, body, identity, host } = where;
  const id = optionalText(body, "conversation_id");
  if (id !== undefined) return existingConversation(where, id);
  const connectorId = optionalText(body, "connector_id") ?? API_CONNECTOR;
  const name = optionalText(where.parameters, "CONVERSATION_NAME");
  if (service.dialect === "studio") {
    if (name === undefined) throw workflowFailure("conversation name is requried");
    return service.conversations.bound(identity, { appId: host.id, connectorId, name });
  }
  if (host.kind === "bot") return service.conversations.create(identity, { botId: host.id, connectorId });
  const defined: readonly string[] = catalog.conversationNames;
  const wanted = name ?? catalog.conversationNames[0];
  if (!defined.includes(wanted)) return undefined;
  return service.conversations.bound(identity, { appId: host.id, connectorId, name: wanted });
}

function existingConversation({ service, identity, host }: Whereabouts, id: string): Conversation {
  const conversation = service.conversations.find(identity, id);
  if (!conversation) throw invalidConversation(id);
  const isForeignToApp = host.kind === "app" && !service.conversations.isBoundTo(conversation, host.id);
  if (service.dialect === "studio" && isForeignToApp) throw workflowFailure("conversation not found");
  return conversation;
}

/** This one failure is told within the stream, without a chat before it (Coze docs workflow_chat). */
function undefinedName(): Reply {
  const data = JSON.stringify({ code: "720702204", msg: "会话名不存在" });
  return {
    kind: "stream",
    framing: chatflowWire("hosted").framing,
    play: async (channel) => {
      await channel.event("conversation.chat.failed", data);
      channel.end();
    },
  };
}
