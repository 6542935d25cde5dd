import { readableTextOfCard } from "./card-text.ts";
import { kindOf } from "./error-codes.ts";
import type { CozeError } from "./errors.ts";
import type { AnswerEvent, TokenUsage } from "./events.ts";
import { NO_REASON, type Origin, refusalError } from "./reply.ts";
import type { ServerSentEvent } from "./sse.ts";
import {
  readChat,
  readDebugUrl,
  readFailure,
  readFunctionName,
  readMessage,
  readVerboseType,
  type WireChat,
  type WireFailure,
  type WireMessage,
} from "./wire.ts";

/** The end of a stream: of the hosted service, and of coze-studio's /v3/chat. */
const END_MARKERS = ["done", "conversation.stream.done"];

/** Turns the events of one run, in the order of the wire, into the bridge's own. Unknown events and messages are passed over. */
export class RunTranslator {
  readonly #origin: Origin;
  readonly #reasoned = new Set<string>();
  #created = false;
  #ended = false;

  constructor(origin: Origin) {
    this.#origin = origin;
  }

  /** An event of the run arrived. */
  get received(): boolean {
    return this.#created;
  }

  /** The outcome is known; what can follow is the end marker with the debug address. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Throws a `CozeError` when the event says that the run failed. */
  *translate({ event, data }: ServerSentEvent): Generator<AnswerEvent, void> {
    if (END_MARKERS.includes(event)) return yield* this.#finish(data);
    if (this.#ended) return;
    if (event === "conversation.message.delta") return yield* this.#delta(this.#message(data));
    if (event === "conversation.message.completed") return yield* this.#completed(this.#message(data));
    if (event === "error") throw this.#failure(readFailure(data));
    if (event.startsWith("conversation.chat.")) yield* this.#chat(event, readChat(data), data);
  }

  *#chat(event: string, chat: WireChat | undefined, data: string): Generator<AnswerEvent, void> {
    if (chat) yield* this.#begin(chat.id, chat.conversation_id);
    switch (event) {
      case "conversation.chat.completed":
        return yield* this.#end({ type: "completed", ...usageOf(chat) });
      case "conversation.chat.failed":
        throw this.#failure(chat ? failureOf(chat) : readFailure(data));
      case "conversation.chat.requires_action":
      case "conversation.chat.required_action":
        return yield* this.#end({ type: "waiting", for: waitsForTools(chat) ? "tools" : "reply" });
      case "conversation.chat.canceled":
      case "conversation.chat.cancelled":
        return yield* this.#end({ type: "cancelled" });
    }
  }

  /** Whichever event names the run first; Coze's samples name it differently later (docs workflow_chat). */
  *#begin(chatId: string, conversationId: string): Generator<AnswerEvent, void> {
    if (this.#created || chatId === "" || conversationId === "") return;
    this.#created = true;
    yield { type: "created", chatId, conversationId };
  }

  *#delta(message: WireMessage): Generator<AnswerEvent, void> {
    yield* this.#begin(message.chat_id, message.conversation_id);
    if (!isAnswer(message)) return;
    yield* this.#reasoning(message);
    // A card comes in pieces of JSON; its text is known when it is whole.
    if (message.content === "" || message.content_type === "card") return;
    yield { type: "delta", messageId: message.id, text: message.content };
  }

  *#completed(message: WireMessage): Generator<AnswerEvent, void> {
    yield* this.#begin(message.chat_id, message.conversation_id);
    if (isAnswer(message)) return yield* this.#answer(message);
    if (isOfUser(message)) return;
    if (message.type === "follow_up" && message.content !== "") yield { type: "follow-up", text: message.content };
    if (message.type === "function_call") {
      const name = readFunctionName(message.content);
      if (name) yield { type: "tool", name };
    }
    // Some flows announce with this message alone that they ask the person (docs workflow_chat).
    if (message.type === "verbose" && readVerboseType(message.content) === "interrupt") {
      yield* this.#end({ type: "waiting", for: "reply" });
    }
  }

  *#answer(message: WireMessage): Generator<AnswerEvent, void> {
    if (!this.#reasoned.has(message.id)) yield* this.#reasoning(message);
    // A text that is empty now would take back what its deltas said.
    if (message.content === "") return;
    const text = message.content_type === "card" ? readableTextOfCard(message.content) : message.content;
    yield { type: "message", messageId: message.id, text };
  }

  *#reasoning({ id, reasoning_content: text }: WireMessage): Generator<AnswerEvent, void> {
    if (text === "") return;
    this.#reasoned.add(id);
    yield { type: "reasoning", messageId: id, text };
  }

  *#end(outcome: AnswerEvent): Generator<AnswerEvent, void> {
    this.#ended = true;
    yield outcome;
  }

  /** coze-studio forwards no outcome in some cases, and a run may have nothing to say: the marker alone means complete. */
  *#finish(data: string): Generator<AnswerEvent, void> {
    if (!this.#ended) yield* this.#end({ type: "completed" });
    const url = readDebugUrl(data);
    if (url) yield { type: "debug", url };
  }

  #message(data: string): WireMessage {
    const message = readMessage(data);
    if (message) return message;
    // To pass over it would be to leave out a part of the answer.
    throw refusalError(this.#origin, { code: 0, message: "A message is not JSON." }, { received: true });
  }

  /**
   * Some failures are told in the stream and yet before a run began: a refused token, a busy conversation. One of the
   * service itself means that something ran.
   */
  #failure({ code, msg }: WireFailure): CozeError {
    const message = msg || NO_REASON;
    const received = this.#created || kindOf({ code, message }) === "service";
    return refusalError(this.#origin, { code, message }, { received });
  }
}

function isOfUser({ role, type }: WireMessage): boolean {
  return role === "user" || type === "question";
}

function isAnswer(message: WireMessage): boolean {
  return message.type === "answer" && message.content_type !== "audio" && !isOfUser(message);
}

function failureOf({ code, msg, last_error }: WireChat): WireFailure {
  return { code: code || last_error.code, msg: msg || last_error.msg };
}

/** Tools of the client are of the type `function`; `reply_message` is a question to the person. */
function waitsForTools(chat: WireChat | undefined): boolean {
  return chat?.required_action?.submit_tool_outputs.tool_calls.some(({ type }) => type === "function") ?? false;
}

function usageOf(chat: WireChat | undefined): { readonly usage?: TokenUsage } {
  if (!chat?.usage) return {};
  const { token_count: total, output_count: output, input_count: input } = chat.usage;
  return { usage: { total, output, input } };
}
