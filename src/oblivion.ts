import type { Logger } from "pino";
import type { PersonEvent } from "./adapter.ts";
import type { CozeAgent } from "./coze/agent.ts";
import { sessionName } from "./session-name.ts";
import type { Store } from "./store/store.ts";

export interface OblivionParts {
  readonly store: Store;
  readonly agent: CozeAgent;
  readonly logger: Logger;
  readonly sessionNameSecret?: string | undefined;
  /** Stops what runs in the person's name. */
  readonly stop: (platform: string, authorId: string) => Promise<void>;
}

/** Forgets a person: everything here, and the person's own conversations on Coze. */
export class Oblivion {
  readonly #parts: OblivionParts;

  constructor(parts: OblivionParts) {
    this.#parts = parts;
  }

  /** False when Coze keeps something that it was asked to delete. Then it is in the log, for the operator. */
  async forget({ platform, author }: PersonEvent, signal: AbortSignal): Promise<boolean> {
    const { store, agent, logger, sessionNameSecret, stop } = this.#parts;
    await stop(platform, author.id);
    const own = sessionName(platform, author.id, sessionNameSecret);
    const conversations = await store.forgetPerson({ platform, authorId: author.id, sessionNames: [own] });
    let isWhole = true;
    for (const { sessionName: identity, conversationId } of conversations) {
      try {
        await agent.deleteConversation(identity, conversationId, signal);
      } catch (error) {
        isWhole = false;
        logger.error({ conversationId, err: error }, "could not delete a conversation on Coze");
      }
    }
    return isWhole;
  }
}
