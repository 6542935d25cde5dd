import { askInPlaceOf } from "./buttons/ask-again.ts";
import type { CommandDesk } from "./commands/command.ts";
import type { Conversations } from "./conversations/conversations.ts";
import type { PastConversations } from "./conversations/past-conversations.ts";
import type { Floor } from "./floor.ts";
import { endStates, type Store } from "./store/store.ts";

export interface DeskParts {
  readonly floor: Floor;
  readonly store: Store;
  readonly conversations: Conversations;
  readonly past: PastConversations;
  readonly signal: AbortSignal;
}

/** What commands can do. */
export function createDesk({ floor, store, conversations, past, signal }: DeskParts): CommandDesk {
  return {
    past,
    latestTurn: (conversation) => store.latestTurn(conversation),
    async stop(conversation) {
      if (floor.stopLine(conversation)) return true;
      // Coze takes the next question for the reply that its flow waits for, so the conversation is left.
      const waiting = await conversations.waiting(conversation);
      return waiting !== undefined && (await floor.startOver(conversation));
    },
    async askAgain(conversation, event) {
      const turn = await store.latestTurn(conversation);
      if (!turn || !endStates.some((state) => state === turn.state)) return false;
      await askInPlaceOf(turn, { text: turn.text, occasion: `again:${turn.id}` }, event, floor);
      return true;
    },
    async startOver(conversation) {
      floor.stopLine(conversation);
      return await floor.startOver(conversation);
    },
    renameConversation: (conversation, id, title) => past.rename(conversation, id, title, signal),
    dropConversation: (conversation, id) => past.drop(conversation, id, signal),
  };
}
