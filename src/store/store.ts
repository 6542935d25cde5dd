import type {
  Attachment,
  Author,
  Chat,
  CommandEvent,
  MessageEvent,
  MessageRef,
  RecentChat,
  Target,
} from "../adapter.ts";
import type { QuestionFile } from "../coze/agent.ts";

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
  /** Leaves the conversation; it stays among the {@link pastConversations}. */
  forgetConversation(key: ConversationKey): Promise<void>;
  /** All conversations that were ever saved under `key` and not dropped, the current one too, latest used first. */
  pastConversations(key: ConversationKey): Promise<PastConversation[]>;
  titleConversation(key: ConversationKey, conversationId: string, title: string): Promise<void>;
  /** Removes a conversation from the list, and leaves it if it is the current one. */
  dropConversation(key: ConversationKey, conversationId: string): Promise<void>;

  /** Moves a turn to its next state, with what became known. Fields that are absent keep their value. */
  advanceTurn(id: string, progress: TurnProgress): Promise<void>;
  /** Stores what a turn's question turned out to be, before it is asked. */
  prepareTurn(id: string, question: PreparedQuestion): Promise<void>;
  /** Inserts or replaces the record of one message of an answer. */
  saveTurnMessage(turnId: string, message: TurnMessage): Promise<void>;
  /** The messages of a turn's answer, by `part`. */
  turnMessages(turnId: string): Promise<TurnMessage[]>;
  turn(id: string): Promise<Turn | undefined>;
  /** The turn that a platform's event began. */
  turnOfEvent(platform: string, eventId: string): Promise<Turn | undefined>;
  /** The latest turn of a conversation's line, whatever its state. */
  latestTurn(key: ConversationKey): Promise<Turn | undefined>;
  /** The latest turn that is known to have run in a conversation on Coze, whatever its state. */
  latestTurnIn(key: ConversationKey, conversationId: string): Promise<Turn | undefined>;
  /** The files that were last sent into a conversation on Coze, so that later questions can mean them. */
  latestFiles(conversationId: string): Promise<QuestionFile[]>;
  /** Makes {@link latestFiles} tell none of a conversation any more: Coze has forgotten what was said in it. */
  forgetFiles(conversationId: string): Promise<void>;
  /** Whether a turn is known to have this run on Coze. */
  isChatKnown(chatId: string): Promise<boolean>;
  /** Replaces the text of a turn's question, as the person did; only as long as it is neither prepared nor asked. */
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

  /**
   * Deletes everything that is kept of a person on a platform: events, turns (also unfinished ones), messages, and the
   * conversations under the `sessionName`s that are the person's own. Resolves with the conversations, which Coze still
   * has. When it fails it can be repeated, and tells all of them. What remains: that a group was read up to a message,
   * and a shared conversation, without its title.
   */
  forgetPerson(person: KnownPerson): Promise<PersonConversation[]>;
  /** The conversations of these identities, current and past. */
  conversationsOf(sessionNames: readonly string[]): Promise<PersonConversation[]>;
  /**
   * Deletes ended turns and events that are older than `before`; conversations stay. Also removes what traces of forgotten
   * people could not be removed at once. Resolves with the number of events.
   */
  prune(before: number): Promise<number>;
  /** Resolves when the store answers. */
  ping(): Promise<void>;
  /** Flushes and closes. May be called twice. */
  close(): Promise<void>;
}

export interface PastConversation {
  readonly conversationId: string;
  /** Empty until it is known. */
  readonly title: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly usedAt: number;
}

export interface KnownPerson {
  readonly platform: string;
  readonly authorId: string;
  /** The identities on Coze that are this person's alone. */
  readonly sessionNames: readonly string[];
}

export interface PersonConversation {
  readonly agent: string;
  readonly sessionName: string;
  readonly conversationId: string;
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
  readonly author: Author;
  readonly chat: Chat;
  readonly target: Target;
  readonly text: string;
  readonly state: TurnState;
  readonly conversationId?: string;
  readonly chatId?: string;
  /** The final text as markdown, from state `answered` on. */
  readonly answer?: string;
  /** Stable error code of a failed turn. */
  readonly error?: string;
  /** Of the question: what was attached to the message. */
  readonly attachments: readonly Attachment[];
  /** The attachments as Coze knows them; absent as long as the question was not prepared. */
  readonly files?: readonly QuestionFile[];
  /** What stands above the answer, as markdown: a new conversation, what was understood, reasoning that is settled. */
  readonly notice?: string;
  readonly offers?: TurnOffers;
  readonly facts?: TurnFacts;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** What the answer offers to the person besides its text. */
export interface TurnOffers {
  /** Replies to choose from, of a flow that asks. */
  readonly options?: readonly string[];
  /** Suggested next questions. */
  readonly followUps?: readonly string[];
  /** The last answer message on Coze, which a person can rate. */
  readonly messageId?: string;
}

/** What `/debug` tells of a turn. */
export interface TurnFacts {
  readonly logid?: string;
  readonly debugUrl?: string;
  readonly tokens?: number;
  readonly ms: number;
  readonly firstTextMs?: number;
}

export interface TurnProgress {
  readonly state: TurnState;
  readonly offers?: TurnOffers;
  readonly facts?: TurnFacts;
  readonly notice?: string;
  readonly conversationId?: string;
  readonly chatId?: string;
  readonly answer?: string;
  readonly error?: string;
}

/** What there is to ask once attachments are uploaded and voice messages are understood. */
export interface PreparedQuestion {
  /** With what was said in voice messages. */
  readonly text: string;
  readonly files: readonly QuestionFile[];
  readonly notice: string;
}

/** One message of an answer, or a file that was given up. */
export interface TurnMessage {
  /** 0 for the first message of the answer. */
  readonly part: number;
  /** Which segment of the answer it belongs to: 0 for the text up to the first files, 1 for those files, and so on. */
  readonly segment: number;
  /**
   * Absent as long as it is not known whether the message was sent (noted before the sending, completed after it), and for
   * good, with `sealed`, where none ever will be.
   */
  readonly ref?: MessageRef;
  /** The message that this one stands in for, and that is to be removed once this one is there. */
  readonly replaces?: MessageRef;
  /** Where in its segment the message ends: of a text in UTF-16 code units of what is shown, of files by their count. */
  readonly textEnd: number;
  /** True when the message is full and never edited again. */
  readonly sealed: boolean;
}
