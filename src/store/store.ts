import type { CommandEvent, MessageEvent, MessageRef, RecentChat, Target } from "../adapter.ts";

/**
 * What the bridge remembers, as a port: SQLite stands behind it (sqlite.ts), another database could. Every method is
 * durable when its promise resolves and is safe to call from many turns at once.
 */
export interface Store {
  /**
   * Stores a message and its turn in one transaction, in state `accepted`. Resolves with `undefined`, and changes
   * nothing, when this platform event was stored before.
   */
  acceptMessage(event: MessageEvent, turn: NewTurn): Promise<Turn | undefined>;
  /** Stores a command. Resolves with `false` when this platform event was stored before. */
  acceptCommand(event: CommandEvent): Promise<boolean>;

  /** The Coze conversation id kept for `key`, if any. */
  conversation(key: ConversationKey): Promise<string | undefined>;
  saveConversation(key: ConversationKey, conversationId: string): Promise<void>;
  forgetConversation(key: ConversationKey): Promise<void>;

  /** Moves a turn to its next state, with what became known. Fields that are absent keep their value. */
  advanceTurn(id: string, progress: TurnProgress): Promise<void>;
  /** Inserts or replaces the record of one message of an answer. */
  saveTurnMessage(turnId: string, message: TurnMessage): Promise<void>;
  /** The messages of a turn's answer, by `part`. */
  turnMessages(turnId: string): Promise<TurnMessage[]>;
  turn(id: string): Promise<Turn | undefined>;
  /** The turn that a platform's event began. */
  turnOfEvent(platform: string, eventId: string): Promise<Turn | undefined>;
  /** Whether a turn is known to have this run on Coze. */
  isChatKnown(chatId: string): Promise<boolean>;
  /** Replaces the text of a turn's question, as the person did. */
  changeQuestion(turnId: string, text: string): Promise<void>;
  /** The messages of all answers into the chat of `target` (by its `budget`) that changed since `since`. */
  messagesInChat(platform: string, budget: string, since: number): Promise<MessageRef[]>;
  /** Turns that are in none of the {@link endStates}, oldest first. */
  unfinishedTurns(): Promise<Turn[]>;

  /** Chats of a platform with a message since `since`, in milliseconds since the epoch, and the last message of each. */
  recentChats(platform: string, since: number): Promise<RecentChat[]>;
  /** Notes that a chat goes on under another key. What was kept under the old one stays there. */
  moveChat(move: ChatMove): Promise<void>;
  movedChats(): Promise<ChatMove[]>;

  /** Deletes ended turns and events that are older than `before`; conversations stay. Resolves with the number of events. */
  prune(before: number): Promise<number>;
  /** Resolves when the store answers. */
  ping(): Promise<void>;
  /** Flushes and closes. May be called twice. */
  close(): Promise<void>;
}

/** A chat that has a new key ({@link Chat.key} of adapter.ts). */
export interface ChatMove {
  readonly platform: string;
  readonly from: string;
  readonly to: string;
}

/** A conversation belongs to one identity and one agent: ids are not portable between either. */
export interface ConversationKey {
  /** Which agent or flow, on which Coze: `https://api.coze.cn/agent/7379462189365198898`. */
  readonly agent: string;
  readonly sessionName: string;
  /** Where the conversation takes place; empty when one conversation follows the person everywhere. */
  readonly place: string;
}

export type TurnState =
  /** Stored, nothing sent to Coze yet. */
  | "accepted"
  /** The question is being sent to Coze. */
  | "asked"
  /** Coze answers: its chat id and conversation id are known. */
  | "answering"
  /** The whole answer is known and stored, but not yet wholly shown. */
  | "answered"
  /** End: the answer is shown to its last character. */
  | "delivered"
  /** End: the flow asked the person something; the reply is a new turn. */
  | "waiting"
  /** End: the person stopped it. */
  | "stopped"
  /** End: it failed and the person was told. */
  | "failed";

export const endStates = ["delivered", "waiting", "stopped", "failed"] as const satisfies readonly TurnState[];

export interface NewTurn {
  readonly id: string;
  readonly conversation: ConversationKey;
  /** Language of the person, for the bridge's own words. */
  readonly locale: string;
}

/** One user message on its way to one finished reply. */
export interface Turn extends NewTurn {
  readonly platform: string;
  readonly eventId: string;
  /** Who asked: the platform's user id. */
  readonly authorId: string;
  readonly target: Target;
  readonly text: string;
  readonly state: TurnState;
  readonly conversationId?: string;
  readonly chatId?: string;
  /** The final text as markdown, from state `answered` on. */
  readonly answer?: string;
  /** Stable error code of a failed turn. */
  readonly error?: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface TurnProgress {
  readonly state: TurnState;
  readonly conversationId?: string;
  readonly chatId?: string;
  readonly answer?: string;
  readonly error?: string;
}

/** One message on the platform that holds a part of an answer. */
export interface TurnMessage {
  /** 0 for the first message of the answer. */
  readonly part: number;
  /** Absent as long as it is not known whether the message was sent: noted before the sending, completed after it. */
  readonly ref?: MessageRef;
  /** The message that this one stands in for, and that is to be removed once this one is there. */
  readonly replaces?: MessageRef;
  /** Where in the answer's shown text this message ends, in UTF-16 code units. */
  readonly textEnd: number;
  /** True when the message is full and never edited again. */
  readonly sealed: boolean;
}
