import { z } from "zod";
import { parseJson } from "../json.ts";

/**
 * The parts of Coze's event data that the bridge reads (Coze docs chat_v3, workflow_chat). Both endpoints, their dialects
 * and versions leave out or add fields as they like, so nothing here is required, and what has another type than
 * documented counts as absent. Ids have 19 digits and stay strings.
 */
const text = z.string().catch("");
const number = z.coerce.number().catch(0);

const failure = {
  /** A number, or the same in a string. */
  code: number,
  msg: text,
};

const ToolCall = z.object({
  id: text,
  type: text,
  /** Absent from questions to the person. */
  function: z.object({ name: text, arguments: text }).catch({ name: "", arguments: "" }),
});

const Chat = z.object({
  id: text,
  conversation_id: text,
  status: text,
  ...failure,
  last_error: z.object(failure).catch({ code: 0, msg: "" }),
  usage: z.object({ token_count: number }).optional().catch(undefined),
  required_action: z
    .object({ submit_tool_outputs: z.object({ tool_calls: z.array(ToolCall) }) })
    .optional()
    .catch(undefined),
});

const Message = z.object({
  id: text,
  chat_id: text,
  conversation_id: text,
  role: text,
  type: text,
  content: text,
  content_type: text,
  reasoning_content: text,
  /** Unix seconds, also in a string. */
  created_at: number,
});

const Conversation = z.object({ id: text, created_at: number });
const Conversations = z.object({ conversations: z.array(Conversation) });

const Failure = z.object(failure);
const Debug = z.object({ debug_url: z.string().min(1) });
const Verbose = z.object({ msg_type: text });
const FunctionCall = z.object({ name: text });

const Item = z.object({ type: text, text, file_id: text });

export type WireChat = z.infer<typeof Chat>;
export type WireMessage = z.infer<typeof Message>;
export type WireItem = z.infer<typeof Item>;
export type WireConversation = z.infer<typeof Conversation>;
export type WireFailure = z.infer<typeof Failure>;

/** Undefined when the data is no JSON object. */
export function readChat(data: string): WireChat | undefined {
  return chatIn(parseJson(data));
}

/** The same of data that is parsed already. */
export function chatIn(data: unknown): WireChat | undefined {
  return Chat.safeParse(data).data;
}

/** Undefined when the data is no list of messages. A list without an entry may be left out altogether. */
export function messagesIn(data: unknown): readonly WireMessage[] | undefined {
  return z.array(Message).safeParse(data ?? []).data;
}

/** Undefined when the data holds no list of conversations. */
export function conversationsIn(data: unknown): readonly WireConversation[] | undefined {
  return Conversations.safeParse(data).data?.conversations;
}

/** Undefined when the data is no JSON object. */
export function readMessage(data: string): WireMessage | undefined {
  return Message.safeParse(parseJson(data)).data;
}

/** Of the event `error`: an object, an empty one, or (coze-studio) a bare sentence. */
export function readFailure(data: string): WireFailure {
  return Failure.safeParse(parseJson(data)).data ?? { code: 0, msg: data };
}

/** Of the event `done`, which may also hold `[DONE]`, the same in quotes, or nothing. */
export function readDebugUrl(data: string): string | undefined {
  return Debug.safeParse(parseJson(data)).data?.debug_url;
}

/** The `msg_type` of a `verbose` message. */
export function readVerboseType(content: string): string | undefined {
  return Verbose.safeParse(parseJson(content)).data?.msg_type;
}

/** The name of the plugin or flow in a `function_call` message. */
export function readFunctionName(content: string): string | undefined {
  return FunctionCall.safeParse(parseJson(content)).data?.name;
}

/** The parts of an `object_string`. Undefined when the content is none. */
export function readItems(content: string): readonly WireItem[] | undefined {
  return z.array(Item).safeParse(parseJson(content)).data;
}
