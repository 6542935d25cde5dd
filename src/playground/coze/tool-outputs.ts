import { agentWire, chatDetail } from "./agent-wire.ts";
import {
  type ApiRequest,
  authorized,
  type Endpoint,
  type Fields,
  isFields,
  type Reply,
  requiredText,
  success,
} from "./api.ts";
import { findChat } from "./chat-records.ts";
import type { Chat } from "./chats.ts";
import { invalidParameter, unauthorized, unsavedChat } from "./refusal.ts";
import type { ToolResult } from "./script.ts";
import type { Service } from "./service.ts";
import { unheard } from "./stream.ts";
import type { Identity } from "./tokens.ts";

/** The results of client-side tools, with which a chat goes on (Coze docs chat_submit_tool_outputs). */
export function toolOutputEndpoints(service: Service): readonly Endpoint[] {
  return [
    {
      name: "POST /v3/chat/submit_tool_outputs",
      answer: authorized(
        () => unauthorized("access-token"),
        (request, identity) => submit(service, request, identity),
      ),
    },
  ];
}

function submit(service: Service, { query, body }: ApiRequest, identity: Identity): Reply {
  const chat = findChat(service, query, identity);
  const results = readResults(chat, body.tool_outputs);
  const { goOn } = chat;
  if (!chat.isSaved || !goOn) throw unsavedChat();
  // A second submission of the same results finds nothing that waits.
  delete chat.goOn;
  chat.status = "in_progress";
  const { framing } = agentWire(service.dialect);
  if (body.stream === true) return { kind: "stream", framing, play: (channel) => goOn(results, channel) };
  const detail = chatDetail(chat, service.dialect);
  void goOn(results, unheard(new Promise(() => undefined)));
  return success(detail);
}

function readResults(chat: Chat, outputs: unknown): readonly ToolResult[] {
  const calls = chat.status === "requires_action" ? (chat.requiredAction?.submit_tool_outputs.tool_calls ?? []) : [];
  const tools = calls.filter(({ type }) => type === "function");
  if (tools.length === 0) throw invalidParameter("the chat does not wait for tool outputs");
  if (!Array.isArray(outputs) || !outputs.every(isFields)) throw invalidParameter("tool_outputs must be an array");
  const given = new Map(outputs.map((output) => [requiredText(output, "tool_call_id"), outputOf(output)]));
  const results = tools.map(({ id, function: tool }) => {
    const output = given.get(id);
    if (output === undefined) throw invalidParameter(`tool_outputs has no output of the call ${id}`);
    return { id, name: tool?.name ?? "", output };
  });
  if (given.size > results.length) throw invalidParameter("tool_outputs names a call that does not wait");
  return results;
}

function outputOf({ output }: Fields): string {
  if (typeof output !== "string") throw invalidParameter("output must be a string");
  return output;
}
