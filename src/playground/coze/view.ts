import { type Conversation, type Feedback, runningChat } from "./conversations.ts";
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
  readonly id: string;
  readonly role: "user" | "assistant";
  readonly text: string;
  readonly chatId?: string;
  /** What its reader thinks of it. */
  readonly feedback?: Feedback;
}

export function viewOf(conversation: Conversation): ConversationView {
  const { id, name, owner } = conversation;
  return {
    id,
    name,
    ...(owner.sessionName === undefined ? {} : { sessionName: owner.sessionName }),
    messages: conversation.messages.map((message) => ({
      id: message.id,
      role: message.role,
      text: textOf(message),
      ...(message.chatId === undefined ? {} : { chatId: message.chatId }),
      ...feedbackOn(conversation, message.id),
    })),
    isRunning: runningChat(conversation) !== undefined,
  };
}

function feedbackOn({ feedback }: Conversation, messageId: string): Pick<ShownText, "feedback"> {
  const given = feedback.get(messageId);
  return given === undefined ? {} : { feedback: given };
}
