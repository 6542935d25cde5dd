import { readableTextOfCard } from "./card-text.ts";
import type { AnswerEvent } from "./events.ts";
import { readFunctionName, readVerboseType, type WireMessage } from "./wire.ts";

/** What a complete message of a run says. Messages of types that say nothing to a person, or are unknown, say nothing. */
export function* eventsOf(message: WireMessage): Generator<AnswerEvent, void> {
  if (isAnswer(message)) return yield* answer(message);
  if (isOfUser(message)) return;
  if (message.type === "follow_up" && message.content !== "") yield { type: "follow-up", text: message.content };
  if (message.type === "function_call") {
    const name = readFunctionName(message.content);
    if (name) yield { type: "tool", name };
  }
}

export function isOfUser({ role, type }: WireMessage): boolean {
  return role === "user" || type === "question";
}

export function isAnswer(message: WireMessage): boolean {
  return message.type === "answer" && message.content_type !== "audio" && !isOfUser(message);
}

/** Some flows announce with this message alone that they ask the person (docs workflow_chat). */
export function announcesInterrupt(message: WireMessage): boolean {
  return verboseTypeOf(message) === "interrupt";
}

/** Every answer of the run is complete. */
export function announcesLastAnswer(message: WireMessage): boolean {
  return verboseTypeOf(message) === "generate_answer_finish";
}

function* answer({ id, content, content_type, reasoning_content }: WireMessage): Generator<AnswerEvent, void> {
  if (reasoning_content !== "") yield { type: "reasoning", messageId: id, text: reasoning_content };
  // A text that is empty now would take back what its deltas said.
  if (content === "") return;
  yield { type: "message", messageId: id, text: content_type === "card" ? readableTextOfCard(content) : content };
}

function verboseTypeOf(message: WireMessage): string | undefined {
  return message.type === "verbose" && !isOfUser(message) ? readVerboseType(message.content) : undefined;
}
