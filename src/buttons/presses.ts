import type { ActionEvent } from "../adapter.ts";
import type { ShowConfig } from "../config/show.ts";
import type { Conversations } from "../conversations/conversations.ts";
import type { Oblivion } from "../conversations/oblivion.ts";
import type { PastConversations } from "../conversations/past-conversations.ts";
import type { CozeAgent } from "../coze/agent.ts";
import type { Floor } from "../floor.ts";
import type { Words } from "../locale/en.ts";
import type { ConversationKey, Store, Turn } from "../store/store.ts";
import { type Action, actionValue, readAction, type TurnAction } from "./actions.ts";
import { askInPlaceOf } from "./ask-again.ts";
import { offerButtons } from "./offers.ts";

export interface PressesParts {
  readonly floor: Floor;
  readonly store: Store;
  readonly agent: CozeAgent;
  readonly conversations: Conversations;
  readonly past: PastConversations;
  readonly oblivion: Oblivion;
  readonly show: Pick<ShowConfig, "buttons">;
  readonly signal: AbortSignal;
}

/** A press, and in whose name it is. */
export interface Press {
  readonly event: ActionEvent;
  readonly conversation: ConversationKey;
  readonly words: Words;
}

/** What the buttons below the bridge's messages do. */
export class Presses {
  readonly #parts: PressesParts;

  constructor(parts: PressesParts) {
    this.#parts = parts;
  }

  async take(press: Press): Promise<void> {
    const action = readAction(press.event.value);
    if (!action) return await this.#expired(press);
    if ("turnId" in action) return await this.#takeForTurn(action, press);
    if ("personId" in action) return await this.#forget(action.personId, press);
    await this.#takeForConversation(action, press);
  }

  async #takeForTurn(action: TurnAction, press: Press): Promise<void> {
    const turn = await this.#parts.store.turn(action.turnId);
    if (!turn) return await this.#expired(press);
    // In a group the buttons below an answer are its asker's.
    const { platform, author } = press.event;
    if (turn.platform !== platform || turn.authorId !== author.id) return;
    switch (action.kind) {
      case "stop":
        return this.#parts.floor.stopTurn(turn.id);
      case "retry":
      case "again":
        return await this.#ask(turn, turn.text, press);
      case "ask":
      case "pick": {
        const text = await this.#offered(turn, action);
        return await (text === undefined ? this.#expired(press) : this.#ask(turn, text, press));
      }
      case "like":
      case "unlike":
        return await this.#rate(turn, action.kind, press);
    }
  }

  /** The text behind a button. An option is one only as long as its question waits. */
  async #offered(turn: Turn, { kind, index }: Extract<Action, { index: number }>): Promise<string | undefined> {
    if (kind === "ask") return turn.offers?.followUps?.[index];
    const waiting = await this.#parts.conversations.waiting(turn.conversation);
    return waiting?.id === turn.id ? turn.offers?.options?.[index] : undefined;
  }

  async #ask(turn: Turn, text: string, { event }: Press): Promise<void> {
    await askInPlaceOf(turn, { text, occasion: event.value }, event, this.#parts.floor);
    await this.#parts.floor.showButtons(event, []);
  }

  async #rate(turn: Turn, feedback: "like" | "unlike", press: Press): Promise<void> {
    const { agent, floor, show, signal } = this.#parts;
    const { conversationId, offers, conversation } = turn;
    if (conversationId === undefined || offers?.messageId === undefined) return await this.#expired(press);
    const { messageId, ...rest } = offers;
    try {
      await agent.rate({ sessionName: conversation.sessionName, conversationId, messageId }, feedback, signal);
    } catch (error) {
      await floor.say(press.event, press.words.notRated);
      throw error;
    }
    await floor.showButtons(press.event, offerButtons(turn.id, rest, show.buttons));
  }

  async #takeForConversation(action: Extract<Action, { conversationId: string }>, press: Press): Promise<void> {
    const { past, floor, signal } = this.#parts;
    const { event, conversation, words } = press;
    const { kind, conversationId } = action;
    if (kind === "switch") {
      const isDone = await past.use(conversation, conversationId);
      return await floor.say(event, isDone ? words.conversationUsed : words.buttonExpired);
    }
    if (kind === "drop") {
      const value = actionValue({ kind: "drop-sure", conversationId });
      return await floor.say(event, {
        text: words.conversationDrop,
        buttons: [[{ label: words.conversationDropYes, value }]],
      });
    }
    await floor.showButtons(event, []);
    const told = {
      deleted: words.conversationDeleted,
      unknown: words.buttonExpired,
      kept: words.conversationNotDeleted,
    };
    await floor.say(event, told[await past.drop(conversation, conversationId, signal)]);
  }

  async #forget(personId: string, { event, words }: Press): Promise<void> {
    if (personId !== event.author.id) return;
    const { floor, oblivion, signal } = this.#parts;
    const isWhole = await oblivion.forget(event, signal);
    await floor.showButtons(event, []);
    await floor.say(event, isWhole ? words.forgetDone : words.forgetPartly);
  }

  async #expired({ event, words }: Press): Promise<void> {
    await this.#parts.floor.say(event, words.buttonExpired);
  }
}
