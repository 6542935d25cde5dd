import type { PersonEvent } from "../adapter.ts";
import type { CozeAgent, CozeMode } from "../coze/agent.ts";
import { type ConversationKey, endStates, type Store, type Turn } from "../store/store.ts";
import { sessionName } from "./session-name.ts";

export interface ConversationRules {
  readonly base: string;
  readonly mode: CozeMode;
  readonly scope: "chat-user" | "user" | "chat";
  readonly sessionNameSecret?: string;
}

/** Which conversation an event belongs to. The private chat of a person is that person's own place, whatever the scope. */
export function conversationOf(event: PersonEvent, rules: ConversationRules): ConversationKey {
  const { platform, chat, author } = event;
  const isOwnPlace = rules.scope === "user" || (chat.kind === "private" && !chat.isThread);
  // A conversation belongs to the identity that made it, so those who share one must share the identity as well.
  const identity = rules.scope === "chat" && !isOwnPlace ? `chat:${chat.key}` : author.id;
  return {
    agent: `${rules.base}${agentPath(rules.mode)}`,
    sessionName: sessionName(platform, identity, rules.sessionNameSecret),
    place: isOwnPlace ? "" : chat.key,
  };
}

/** Finds, keeps and resets the Coze conversations of people. */
export class Conversations {
  readonly #agent: CozeAgent;
  readonly #store: Store;
  readonly #mode: CozeMode;
  readonly #isIdentityShared: boolean;

  /** `isIdentityShared`: one fixed token stands for all people, so Coze can't tell them apart. */
  constructor(agent: CozeAgent, store: Store, rules: { readonly mode: CozeMode; readonly isIdentityShared: boolean }) {
    this.#agent = agent;
    this.#store = store;
    this.#mode = rules.mode;
    this.#isIdentityShared = rules.isIdentityShared;
  }

  /**
   * The conversation id to ask in, or `undefined` to let Coze make or find one. An app has one conversation for each
   * identity when none is named, so every place but the person's own needs one made for it, and with a shared identity
   * every person.
   */
  async find(key: ConversationKey, signal: AbortSignal): Promise<string | undefined> {
    const known = await this.#store.conversation(key);
    const isBound = this.#mode.kind === "chatflow-app";
    if (known !== undefined || !isBound || (key.place === "" && !this.#isIdentityShared)) return known;
    const made = await this.#agent.createConversation(key.sessionName, signal);
    if (made !== undefined) await this.save(key, made);
    return made;
  }

  /** The conversation id that is kept, if any. */
  async known(key: ConversationKey): Promise<string | undefined> {
    return await this.#store.conversation(key);
  }

  /** The turn whose question, of a flow, waits for the person's reply; nothing while a reply is on its way. */
  async waiting(key: ConversationKey): Promise<Turn | undefined> {
    const latest = await this.#store.latestTurn(key);
    const isReplying = latest !== undefined && !endStates.some((state) => state === latest.state);
    return isReplying ? undefined : await this.unanswered(key);
  }

  /** The turn whose question, of a flow, has got no reply on Coze yet. */
  async unanswered(key: ConversationKey): Promise<Turn | undefined> {
    const known = await this.#store.conversation(key);
    const asked = known === undefined ? undefined : await this.#store.latestTurnIn(key, known);
    return asked?.state === "waiting" ? asked : undefined;
  }

  async save(key: ConversationKey, conversationId: string): Promise<void> {
    await this.#store.saveConversation(key, conversationId);
  }

  /** Coze no longer knows the conversation. */
  async drop(key: ConversationKey, conversationId: string): Promise<void> {
    await this.#store.dropConversation(key, conversationId);
  }

  /** The next question starts a new conversation; this one stays in the person's list. */
  async leave(key: ConversationKey): Promise<void> {
    await this.#store.forgetConversation(key);
  }

  /**
   * Makes the next turn start with no memory. With an agent, or a flow run for one, a call without a conversation id
   * opens a new conversation; an app finds the old one again, so its context must be cleared, or another conversation
   * put in its place. Rejects when neither worked: then nothing has changed.
   */
  async reset(key: ConversationKey, signal: AbortSignal): Promise<void> {
    if (this.#mode.kind !== "chatflow-app") return await this.leave(key);
    const known = await this.#store.conversation(key);
    if (known !== undefined && (await this.#clear(key, known, signal))) return;
    await this.#replace(key, signal);
  }

  /**
   * Makes the next turn start a new conversation. `left`: the former one stays as it is in the person's list; `cleared`:
   * its context is gone, because an app had no other to put in its place. Rejects when neither worked: then nothing has
   * changed.
   */
  async renew(key: ConversationKey, signal: AbortSignal): Promise<"left" | "cleared"> {
    try {
      await (this.#mode.kind === "chatflow-app" ? this.#replace(key, signal) : this.leave(key));
      return "left";
    } catch (error) {
      const known = this.#mode.kind === "chatflow-app" ? await this.#store.conversation(key) : undefined;
      if (known === undefined || !(await this.#clear(key, known, signal))) throw error;
      // Its silence is over: it is not to be cleared again before a question gets through.
      await this.save(key, known);
      return "cleared";
    }
  }

  async #replace(key: ConversationKey, signal: AbortSignal): Promise<void> {
    const made = await this.#agent.createConversation(key.sessionName, signal);
    await (made === undefined ? this.leave(key) : this.save(key, made));
  }

  async #clear(key: ConversationKey, conversationId: string, signal: AbortSignal): Promise<boolean> {
    try {
      await this.#agent.clearConversation(key.sessionName, conversationId, signal);
    } catch {
      return false;
    }
    await this.#store.forgetFiles(conversationId);
    return true;
  }
}

function agentPath(mode: CozeMode): string {
  switch (mode.kind) {
    case "agent":
      return `/agent/${mode.botId}`;
    case "chatflow-app":
      return `/chatflow/${mode.workflowId}/app/${mode.appId}`;
    case "chatflow-bot":
      return `/chatflow/${mode.workflowId}/agent/${mode.botId}`;
  }
}
