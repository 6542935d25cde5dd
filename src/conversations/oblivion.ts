import type { Logger } from "pino";
import type { PersonEvent } from "../adapter.ts";
import type { CozeAgent } from "../coze/agent.ts";
import type { PersonConversation, Store } from "../store/store.ts";
import { sessionName } from "./session-name.ts";

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
    const { store, sessionNameSecret, stop } = this.#parts;
    await stop(platform, author.id);
    const sessionNames = [sessionName(platform, author.id, sessionNameSecret)];
    // On Coze first: what is no longer known here could not be deleted there any more, should the process end in between.
    const known = await store.conversationsOf(sessionNames);
    const isWhole = await this.#deleteOnCoze(known, signal);
    const kept = await store.forgetPerson({ platform, authorId: author.id, sessionNames });
    const ids = new Set(known.map(({ conversationId }) => conversationId));
    const begunMeanwhile = kept.filter(({ conversationId }) => !ids.has(conversationId));
    return (await this.#deleteOnCoze(begunMeanwhile, signal)) && isWhole;
  }

  async #deleteOnCoze(conversations: readonly PersonConversation[], signal: AbortSignal): Promise<boolean> {
    const { agent, logger } = this.#parts;
    let isWhole = true;
    for (const { sessionName: identity, conversationId } of conversations) {
      try {
        await agent.deleteConversation(identity, conversationId, signal);
      } catch (error) {
        // Also at the end of the process: then everything is still known here, and can be forgotten again.
        signal.throwIfAborted();
        isWhole = false;
        logger.error({ conversationId, err: error }, "could not delete a conversation on Coze");
      }
    }
    return isWhole;
  }
}
