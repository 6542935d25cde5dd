import { SoundReader } from "./answer-sound.ts";
import { completionOf, failureOf, type RunEnd, waitingOf } from "./chat-outcome.ts";
import { kindOf } from "./error-codes.ts";
import type { CozeError } from "./errors.ts";
import type { AnswerEvent } from "./events.ts";
import { announcesInterrupt, eventsOf, isAnswer } from "./message-events.ts";
import { NO_REASON, type Origin, refusalError } from "./reply.ts";
import type { ServerSentEvent } from "./sse.ts";
import {
  readChat,
  readDebugUrl,
  readFailure,
  readMessage,
  type WireChat,
  type WireFailure,
  type WireMessage,
} from "./wire.ts";

/** The end of a stream: of the hosted service, and of coze-studio's /v3/chat. */
const END_MARKERS = ["done", "conversation.stream.done"];

/** Turns the events of one run, in the order of the wire, into the bridge's own. Unknown events and messages are passed over. */
export class RunTranslator {
  /** Where the events come from. */
  readonly origin: Origin;
  readonly #reasoned = new Set<string>();
  readonly #sound = new SoundReader();
  readonly #isKnown: boolean;
  #received = false;
  #ended = false;

  /** `isKnown` for a run that goes on: it is not announced again. */
  constructor(origin: Origin, isKnown = false) {
    this.origin = origin;
    this.#isKnown = isKnown;
  }

  /** An event of the run arrived. */
  get received(): boolean {
    return this.#received;
  }

  /** The outcome is known; what can follow is sound, and the end marker with the debug address. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Throws a `CozeError` when the event says that the run failed. */
  *translate({ event, data }: ServerSentEvent): Generator<AnswerEvent, void> {
    if (END_MARKERS.includes(event)) return yield* this.#finish(data);
    if (event === "conversation.audio.delta") return yield* this.#sound.read(data);
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
        return yield* this.#end(completionOf(chat));
      case "conversation.chat.failed":
        throw this.#failure(chat ? failureOf(chat) : readFailure(data));
      case "conversation.chat.requires_action":
      case "conversation.chat.required_action":
        return yield* this.#end(waitingOf(chat));
      case "conversation.chat.canceled":
      case "conversation.chat.cancelled":
        return yield* this.#end({ type: "cancelled" });
    }
  }

  /** Whichever event names the run first; Coze's samples name it differently later (docs workflow_chat). */
  *#begin(chatId: string, conversationId: string): Generator<AnswerEvent, void> {
    if (this.#received || chatId === "" || conversationId === "") return;
    this.#received = true;
    if (this.#isKnown) return;
    const { logid } = this.origin;
    yield { type: "created", chatId, conversationId, ...(logid !== undefined && { logid }) };
  }

  *#delta(message: WireMessage): Generator<AnswerEvent, void> {
    yield* this.#begin(message.chat_id, message.conversation_id);
    if (!isAnswer(message)) return;
    if (message.reasoning_content !== "") {
      this.#reasoned.add(message.id);
      yield { type: "reasoning", messageId: message.id, text: message.reasoning_content };
    }
    // A card comes in pieces of JSON; its text is known when it is whole.
    if (message.content === "" || message.content_type === "card") return;
    yield { type: "delta", messageId: message.id, text: message.content };
  }

  *#completed(message: WireMessage): Generator<AnswerEvent, void> {
    yield* this.#begin(message.chat_id, message.conversation_id);
    for (const event of eventsOf(message)) {
      if (event.type !== "reasoning" || !this.#reasoned.has(message.id)) yield event;
    }
    if (announcesInterrupt(message)) yield* this.#end({ type: "waiting", for: "reply" });
  }

  *#end(outcome: RunEnd): Generator<AnswerEvent, void> {
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
    throw refusalError(this.origin, { code: 0, message: "A message is not JSON." }, { received: true });
  }

  /**
   * Some failures are told in the stream and yet before a run began: a refused token, a busy conversation. One of the
   * service itself means that something ran.
   */
  #failure({ code, msg }: WireFailure): CozeError {
    const message = msg || NO_REASON;
    const received = this.#received || kindOf({ code, message }) === "service";
    return refusalError(this.origin, { code, message }, { received });
  }
}
