import { type Conversation, runningChat } from "./conversations.ts";
import { textOf } from "./messages.ts";

/** A conversation as a test looks at it. */
export interface ConversationView {
  readonly id: string;
  /** The `session_name` of its owner; absent when the account itself owns it. */
  readonly sessionName?: string;
  readonly name: string;
  /** Questions and answers, oldest first, those out of context included. */
  readonly messages: readonly ShownText[];
  readonly isRunning: boolean;
}

export interface ShownText {
  readonly role: "user" | "assistant";
  readonly text: string;
  readonly chatId?: string;
}

export function viewOf(conversation: Conversation): ConversationView {
  const { id, name, owner } = conversation;
  return {
    id,
    name,
    ...(owner.sessionName === undefined ? {} : { sessionName: owner.sessionName }),
    messages: conversation.messages.map((message) => ({
      role: message.role,
      text: textOf(message),
      ...(message.chatId === undefined ? {} : { chatId: message.chatId }),
    })),
    isRunning: runningChat(conversation) !== undefined,
  };
}
