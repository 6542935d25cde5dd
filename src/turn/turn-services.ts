import type { Logger } from "pino";
import type { MessageRef } from "../adapter.ts";
import type { Clock } from "../clock.ts";
import type { ShowConfig } from "../config/show.ts";
import type { PastConversations } from "../conversations/past-conversations.ts";
import type { Observer } from "../operation/observer.ts";
import type { Preparation } from "../preparation/preparation.ts";
import type { Budgets } from "../reply/budget.ts";
import type { IllustratedReplyOptions } from "../reply/illustrated-reply.ts";
import type { Slots } from "../reply/slots.ts";
import type { VoiceAnswers } from "../speech/voice-answers.ts";
import type { FreshStart } from "./fresh-start.ts";
import type { InquiryServices } from "./inquiry.ts";

/** What every turn needs. */
export interface TurnServices extends InquiryServices {
  readonly past: PastConversations;
  readonly budgets: Budgets;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly observer: Observer;
  /** Told of what ended a turn badly, or kept it from being recorded; the operator may have to act. */
  readonly onTrouble: (cause: unknown, details: object) => void;
  readonly freshStart: FreshStart;
  readonly preparation: Preparation;
  readonly fetchMedia: IllustratedReplyOptions["fetchMedia"];
  /** For files of answers that are fetched ahead of their turn. */
  readonly slots: Slots;
  /** Absent when nobody is answered by voice. */
  readonly voiceAnswers?: VoiceAnswers;
  readonly show: ShowConfig;
  /** Messages in a chat that no turn accounts for, such as answers to commands; the latest. */
  readonly ownWords: (budget: string) => readonly MessageRef[];
  /** The longest time that Coze may take for one answer, in milliseconds. */
  readonly turnTimeoutMs: number;
  /** Aborts with `ShuttingDown` when the process can't wait any longer; the ledger then keeps what is owed. */
  readonly shutdown: AbortSignal;
}
