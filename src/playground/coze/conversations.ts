import type { Clock } from "../../clock.ts";
import { type Fields, requiredText } from "./api.ts";
import { type Chat, isRunning } from "./chats.ts";
import type { Message } from "./messages.ts";
import { unknownConversation } from "./refusal.ts";
import { type Identity, isSameIdentity } from "./tokens.ts";

/** A conversation (会话): chats one after the other, and the messages that they left. */
export interface Conversation {
  readonly id: string;
  readonly owner: Identity;
  name: string;
  readonly metaData: Readonly<Record<string, unknown>>;
  readonly connectorId: string;
  readonly botId?: string;
  /** Unix seconds. */
  readonly createdAt: number;
  updatedAt: number;
  /** The context in use. Messages of earlier sections are kept and not remembered. */
  sectionId: string;
  readonly messages: Message[];
  readonly chats: Chat[];
  /** What people think of answers, by message id. */
  readonly feedback: Map<string, Feedback>;
}

export type Feedback = "like" | "unlike";

export interface ConversationSeed {
  readonly name?: string;
  readonly metaData?: Readonly<Record<string, unknown>>;
  readonly connectorId?: string;
  readonly botId?: string;
}

/** What an app's conversation is found by, besides its owner. */
export interface Binding {
  readonly appId: string;
  readonly connectorId: string;
  readonly name: string;
}

/** The channel that calls without `connector_id` belong to: the API. */
export const API_CONNECTOR = "1024";

/** Every conversation of the account, each reachable by its owner alone. */
export class Conversations {
  readonly #clock: Clock;
  readonly #newId: () => string;
  readonly #byId = new Map<string, Conversation>();
  readonly #bound: { readonly binding: Binding; readonly conversation: Conversation }[] = [];

  constructor(clock: Clock, newId: () => string) {
    this.#clock = clock;
    this.#newId = newId;
  }

  all(): readonly Conversation[] {
    return [...this.#byId.values()];
  }

  create(owner: Identity, seed: ConversationSeed = {}): Conversation {
    const id = this.#newId();
    const now = Math.floor(this.#clock.now() / 1000);
    const conversation: Conversation = {
      id,
      owner,
      name: seed.name ?? "",
      metaData: seed.metaData ?? {},
      connectorId: seed.connectorId ?? API_CONNECTOR,
      ...(seed.botId === undefined ? {} : { botId: seed.botId }),
      createdAt: now,
      updatedAt: now,
      // The first section has the conversation's own id, as recorded.
      sectionId: id,
      messages: [],
      chats: [],
      feedback: new Map(),
    };
    this.#byId.set(id, conversation);
    return conversation;
  }

  find(owner: Identity, id: string): Conversation | undefined {
    const conversation = this.#byId.get(id);
    return conversation && isSameIdentity(conversation.owner, owner) ? conversation : undefined;
  }

  /** The one conversation of this name that the owner has in the app, made on first use. */
  bound(owner: Identity, binding: Binding): Conversation {
    return this.#findBound(owner, binding)?.conversation ?? this.rebind(owner, binding);
  }

  hasBound(owner: Identity, binding: Binding): boolean {
    return this.#findBound(owner, binding) !== undefined;
  }

  /** Binds a new conversation to the name. The one that had it belongs to the app no longer. */
  rebind(owner: Identity, binding: Binding): Conversation {
    const former = this.#findBound(owner, binding);
    const conversation = this.create(owner, { name: binding.name, connectorId: binding.connectorId });
    if (former) this.#bound.splice(this.#bound.indexOf(former), 1);
    this.#bound.push({ binding, conversation });
    return conversation;
  }

  isBoundTo(conversation: Conversation, appId: string): boolean {
    return this.#bound.some((entry) => entry.conversation === conversation && entry.binding.appId === appId);
  }

  delete(conversation: Conversation): void {
    this.#byId.delete(conversation.id);
    const index = this.#bound.findIndex((entry) => entry.conversation === conversation);
    if (index >= 0) this.#bound.splice(index, 1);
  }

  /** Drops the context: a new section begins, in which nothing was said. */
  clear(conversation: Conversation): void {
    conversation.sectionId = this.#newId();
    conversation.updatedAt = Math.floor(this.#clock.now() / 1000);
  }

  #findBound(owner: Identity, binding: Binding) {
    return this.#bound.find(
      (entry) => isSameIdentity(entry.conversation.owner, owner) && isSameBinding(entry.binding, binding),
    );
  }
}

/** The conversation that `conversation_id` names, for the endpoints that manage conversations. */
export function findOwned(conversations: Conversations, fields: Fields, identity: Identity): Conversation {
  const id = requiredText(fields, "conversation_id");
  const conversation = conversations.find(identity, id);
  if (!conversation) throw unknownConversation(id);
  return conversation;
}

/** What the model sees: questions and answers of the current section, without those of cancelled chats. */
export function contextOf(conversation: Conversation): readonly Message[] {
  const cancelled = new Set(conversation.chats.filter((chat) => chat.status === "canceled").map((chat) => chat.id));
  return conversation.messages.filter(
    (message) =>
      message.sectionId === conversation.sectionId &&
      (message.type === "question" || message.type === "answer") &&
      !(message.chatId !== undefined && cancelled.has(message.chatId)),
  );
}

export function runningChat(conversation: Conversation): Chat | undefined {
  return conversation.chats.find(isRunning);
}

function isSameBinding(a: Binding, b: Binding): boolean {
  return a.appId === b.appId && a.connectorId === b.connectorId && a.name === b.name;
}
