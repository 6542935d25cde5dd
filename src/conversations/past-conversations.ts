import type { Logger } from "pino";
import type { CozeAgent } from "../coze/agent.ts";
import { shortened } from "../shortened.ts";
import type { ConversationKey, PastConversation, Store } from "../store/store.ts";
import type { ConversationRules } from "./conversations.ts";

/** `kept`: Coze did not delete it, so it is kept here too. */
export type Dropped = "deleted" | "unknown" | "kept";

/** The conversations that a person has had in a place: found again, named, left and deleted. */
export class PastConversations {
  readonly #store: Store;
  readonly #agent: CozeAgent;
  readonly #logger: Logger;
  readonly #scope: ConversationRules["scope"];

  constructor(store: Store, agent: CozeAgent, logger: Logger, scope: ConversationRules["scope"]) {
    this.#store = store;
    this.#agent = agent;
    this.#logger = logger;
    this.#scope = scope;
  }

  /** The latest used first; at most as many as a person can look through. */
  async list(key: ConversationKey): Promise<readonly PastConversation[]> {
    return (await this.#store.pastConversations(key)).slice(0, mostListed);
  }

  async current(key: ConversationKey): Promise<string | undefined> {
    return await this.#store.conversation(key);
  }

  /** Makes the next question go on in a former conversation. False when it is none of this person's. */
  async use(key: ConversationKey, conversationId: string): Promise<boolean> {
    if (!(await this.#find(key, conversationId))) return false;
    await this.#store.saveConversation(key, conversationId);
    return true;
  }

  /** The title is kept here, and told Coze where that can be done. */
  async rename(key: ConversationKey, conversationId: string, title: string, signal: AbortSignal): Promise<boolean> {
    if (!(await this.#find(key, conversationId))) return false;
    await this.#store.titleConversation(key, conversationId, shortened(title, longestTitle));
    await this.#tryOnCoze("rename", () =>
      this.#agent.renameConversation(key.sessionName, conversationId, shortened(title, longestTitle), signal),
    );
    return true;
  }

  /** Deletes it on Coze, and here only when that is done: what can't be found any more can't be deleted. */
  async drop(key: ConversationKey, conversationId: string, signal: AbortSignal): Promise<Dropped> {
    if (!(await this.#find(key, conversationId))) return "unknown";
    const isDeleted = await this.#tryOnCoze("delete", () =>
      this.#agent.deleteConversation(key.sessionName, conversationId, signal),
    );
    if (!isDeleted) return "kept";
    await this.#store.dropConversation(key, conversationId);
    return "deleted";
  }

  /** A conversation is called after its first question, unless it is shared: nobody's words are to name it then. */
  async entitle(key: ConversationKey, conversationId: string, question: string): Promise<void> {
    if (this.#scope === "chat" && key.place !== "") return;
    const known = await this.#find(key, conversationId);
    if (known?.title === "")
      await this.#store.titleConversation(key, conversationId, shortened(question, longestTitle));
  }

  async #find(key: ConversationKey, conversationId: string): Promise<PastConversation | undefined> {
    const all = await this.#store.pastConversations(key);
    return all.find((past) => past.conversationId === conversationId);
  }

  async #tryOnCoze(what: "rename" | "delete", call: () => Promise<void>): Promise<boolean> {
    try {
      await call();
      return true;
    } catch (error) {
      this.#logger.warn({ err: error }, `could not ${what} a conversation on Coze`);
      return false;
    }
  }
}

/** As many as a person looks through. */
const mostListed = 20;

/** Short enough for a button and a choice. */
const longestTitle = 60;
