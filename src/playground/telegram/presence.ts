import type { InputRichMessage } from "grammy/types";
import type { FormattedText } from "./formatted-text.ts";
import type { ScopedClock } from "./scoped-clock.ts";

/** What a draft shows. Without text the apps show "Thinking…" instead. */
export interface DraftContent extends FormattedText {
  /** Of a rich draft, whose text is what people read in it. */
  readonly rich?: InputRichMessage;
}

/** A draft streamed by sendMessageDraft. It is no message: it has no id in the chat and is gone after a while. */
export interface Draft extends DraftContent {
  readonly draftId: number;
  readonly topicId: number | undefined;
  readonly canStop: boolean;
  readonly keepOnStop: boolean;
}

interface Shown<Value> {
  readonly value: Value;
  readonly until: number;
}

const TYPING_MS = 5000;
const DRAFT_MS = 30_000;

/** What is shown below the messages of a chat or topic for a short time: chat actions and drafts. */
export class Presence {
  readonly #clock: ScopedClock;
  readonly #announce: () => void;
  readonly #actions = new Map<string, Shown<string>>();
  readonly #drafts = new Map<string, Shown<Draft>>();
  readonly #stopped = new Set<string>();

  constructor(clock: ScopedClock, announce: () => void) {
    this.#clock = clock;
    this.#announce = announce;
  }

  /** Shows a chat action for five seconds; `cancel` ends it. */
  act(chatId: number, topicId: number | undefined, action: string): void {
    const key = keyOf(chatId, topicId);
    if (action === "cancel") this.#actions.delete(key);
    else this.#actions.set(key, { value: action, until: this.#clock.now() + TYPING_MS });
    this.#announceNowAndAfter(TYPING_MS);
  }

  isTyping(chatId: number, topicId: number | undefined): boolean {
    return this.#shown(this.#actions, keyOf(chatId, topicId)) === "typing";
  }

  /** Shows a draft for thirty seconds, in place of the one before. Drafts that the person stopped are not shown again. */
  draw(chatId: number, draft: Draft): void {
    if (this.#stopped.has(`${chatId}:${draft.draftId}`)) return;
    this.#drafts.set(keyOf(chatId, draft.topicId), { value: draft, until: this.#clock.now() + DRAFT_MS });
    this.#announceNowAndAfter(DRAFT_MS);
  }

  draft(chatId: number, topicId: number | undefined): Draft | undefined {
    return this.#shown(this.#drafts, keyOf(chatId, topicId));
  }

  /** The person presses the button of the draft that is shown. */
  stopDraft(chatId: number, topicId: number | undefined): Draft {
    const draft = this.draft(chatId, topicId);
    if (draft?.canStop !== true) throw new Error("No draft is shown that has a button to stop it.");
    this.#stopped.add(`${chatId}:${draft.draftId}`);
    if (!draft.keepOnStop) this.#drafts.delete(keyOf(chatId, topicId));
    this.#announce();
    return draft;
  }

  /** A message ends the drafts of its chat or topic; one of the bot ends its chat action too. */
  messageArrived(chatId: number, topicId: number | undefined, isFromBot: boolean): void {
    const key = keyOf(chatId, topicId);
    this.#drafts.delete(key);
    if (isFromBot) this.#actions.delete(key);
  }

  #shown<Value>(all: ReadonlyMap<string, Shown<Value>>, key: string): Value | undefined {
    const entry = all.get(key);
    return entry !== undefined && entry.until > this.#clock.now() ? entry.value : undefined;
  }

  #announceNowAndAfter(delayMs: number): void {
    this.#announce();
    this.#clock.after(delayMs, this.#announce);
  }
}

function keyOf(chatId: number, topicId: number | undefined): string {
  return `${chatId}:${topicId ?? 0}`;
}
