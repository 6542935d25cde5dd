import type { ActionEvent, Buttons, MessageEvent, PersonEvent } from "./adapter.ts";
import type { Said } from "./commands/command.ts";
import type { ConversationKey } from "./store/store.ts";

/** What commands and buttons can have the bridge do. */
export interface Floor {
  /** Puts a question in its conversation's line, once for each event id. */
  ask(event: MessageEvent, conversation: ConversationKey, locale: string): Promise<void>;
  /** Stops one turn, wherever in its line it stands. */
  stopTurn(turnId: string): void;
  /** Stops everything that runs or waits in a conversation. False when there was nothing. */
  stopLine(conversation: ConversationKey): boolean;
  /** Makes what is said from now on start afresh. False when the former conversation could not be left behind. */
  startOver(conversation: ConversationKey): Promise<boolean>;
  /** Tells a person something where the event came from. */
  say(event: PersonEvent, said: Said): Promise<void>;
  /** Replaces the buttons of the message that was pressed. */
  showButtons(event: ActionEvent, buttons: Buttons): Promise<void>;
}
