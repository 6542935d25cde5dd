import type { Logger } from "pino";
import { anySignal } from "./abort.ts";
import { actionValue } from "./actions.ts";
import type { Adapter, Buttons, MessageRef } from "./adapter.ts";
import type { Clock } from "./clock.ts";
import type { Conversations } from "./conversations.ts";
import type { CozeAgent } from "./coze/agent.ts";
import { CozeError } from "./coze/errors.ts";
import { endStateOf, type FailureCode, failureOf, failureSentence, failures, isRetryable } from "./failures.ts";
import { Inquiry, type RunIds } from "./inquiry.ts";
import type { Words } from "./locale/en.ts";
import { words } from "./locale/locale.ts";
import type { Observer } from "./observer.ts";
import { type ButtonKind, offerButtons, offersOf, stopButton } from "./offers.ts";
import type { PastConversations } from "./past-conversations.ts";
import { answerText } from "./reply/accumulate.ts";
import type { Budgets } from "./reply/budget.ts";
import { Reply } from "./reply/reply.ts";
import { TypingIndicator } from "./reply/typing.ts";
import type { Store, Turn, TurnFacts, TurnMessage, TurnOffers, TurnProgress } from "./store/store.ts";
import { ShuttingDown, StoppedByPerson } from "./turn-queue.ts";

/** What every turn needs. */
export interface TurnServices {
  readonly agent: CozeAgent;
  readonly conversations: Conversations;
  readonly past: PastConversations;
  readonly store: Store;
  readonly budgets: Budgets;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly observer: Observer;
  /** Told of what ended a turn badly, or kept it from being recorded; the operator may have to act. */
  readonly onTrouble: (cause: unknown, details: object) => void;
  /** The kinds of buttons that people get. */
  readonly buttons: ReadonlySet<ButtonKind>;
  /** Messages in a chat that no turn accounts for, such as answers to commands; the latest. */
  readonly ownWords: (budget: string) => readonly MessageRef[];
  /** See {@link Inquiry}. */
  readonly foundRuns: Set<string>;
  /** The longest time that Coze may take for one answer, in milliseconds. */
  readonly turnTimeoutMs: number;
  /** Aborts with `ShuttingDown` when the process can't wait any longer; the ledger then keeps what is owed. */
  readonly shutdown: AbortSignal;
}

/** How a turn ended: with the answer that stands in its ledger, or without. */
interface Outcome {
  readonly state: "delivered" | "waiting" | "stopped" | "failed";
  readonly failure?: FailureCode;
  readonly cause?: unknown;
}

/** One user message on its way to one finished reply. The one place where a turn's errors are caught. */
export class TurnRun {
  #turn: Turn;
  readonly #services: TurnServices;
  readonly #words: Words;
  readonly #reply: Reply;
  readonly #typing: TypingIndicator;
  /** Aborts the question when its answer can't be shown any more. */
  readonly #unreachable = new AbortController();
  readonly #startedAt: number;
  #inquiry: Inquiry | undefined;
  #cancelling: Promise<void> | undefined;
  #notice = "";
  #firstTextMs: number | undefined;
  #stopButton: Buttons | undefined;
  #cancelNotice: () => void = () => undefined;

  constructor(turn: Turn, adapter: Adapter, services: TurnServices, sent: readonly TurnMessage[] = []) {
    const { store, budgets, clock, logger, shutdown, observer } = services;
    this.#turn = turn;
    this.#services = services;
    this.#words = words(turn.locale);
    this.#startedAt = clock.now();
    const { target, id, platform } = turn;
    this.#reply = new Reply({
      ...{ adapter, target, budgets, clock, sent, signal: shutdown, id },
      record: (message) => this.#keep(() => store.saveTurnMessage(id, message)),
      known: () => this.#messagesInChat(),
      onShown: (ageMs) => observer.textShown(platform, ageMs),
      onFailure: (error) => this.#unreachable.abort(error),
      onLeftover: (error) => logger.warn({ turn: id, err: error }, "could not end with a fresh message"),
    });
    const onError = (error: unknown) => logger.debug({ turn: id, err: error }, "typing indicator failed");
    this.#typing = new TypingIndicator({ adapter, target, budgets, clock, onError });
  }

  /** The turn was accepted but another one of its conversation comes first: it shows so when that takes long. */
  wait(): void {
    this.#typing.start();
    this.#noticeIn(queueNoticeMs, this.#words.queued);
  }

  /** Brings the turn to its end from wherever it stands. Never rejects for what went wrong with the turn itself. */
  async run(stop: AbortSignal): Promise<void> {
    this.#clearNotice();
    this.#typing.start();
    await this.#readAgain();
    await this.#end(this.#turn.state === "answered" ? this.#storedOutcome() : await this.#outcome(stop));
    await this.#cancelling;
  }

  /** Ends the turn with a word instead of an answer. */
  async close(failure: FailureCode): Promise<void> {
    const { answer: _unsaid, ...turn } = this.#turn;
    this.#turn = turn;
    await this.#end({ state: "failed", failure });
  }

  /** All messages of the bot in this chat that it knows of. */
  async #messagesInChat(): Promise<MessageRef[]> {
    const { store, clock, ownWords } = this.#services;
    const { platform, target } = this.#turn;
    const ofTurns = await store.messagesInChat(platform, target.budget, clock.now() - longestLostMs);
    return [...ofTurns, ...ownWords(target.budget)];
  }

  /** While it waited, the person may have changed the question. */
  async #readAgain(): Promise<void> {
    await this.#keep(async () => {
      this.#turn = (await this.#services.store.turn(this.#turn.id)) ?? this.#turn;
    });
  }

  #storedOutcome(): Outcome {
    const failure = this.#turn.error as FailureCode | undefined;
    return failure ? { state: endStateOf(failure), failure } : { state: "delivered" };
  }

  async #outcome(stop: AbortSignal): Promise<Outcome> {
    if (this.#turn.text.trim() === "") return { state: "failed", failure: "ERR_TURN_EMPTY_MESSAGE" };
    const { clock, shutdown, turnTimeoutMs } = this.#services;
    const timeout = new AbortController();
    const cancelTimeout = clock.after(turnTimeoutMs, () => timeout.abort());
    const { signal, release } = anySignal([stop, shutdown, this.#unreachable.signal, timeout.signal]);
    try {
      signal.throwIfAborted();
      await this.#inquire(signal);
      return this.#outcomeOfAnswer();
    } catch (error) {
      return this.#outcomeOfFailure(error, { isStopped: signal.reason instanceof StoppedByPerson, timeout });
    } finally {
      cancelTimeout();
      release();
    }
  }

  async #inquire(signal: AbortSignal): Promise<void> {
    this.#inquiry = new Inquiry(this.#turn, this.#services, {
      asking: (conversationId) =>
        this.#advance({ state: "asked", ...(conversationId !== undefined && { conversationId }) }),
      began: (run) => this.#begin(run),
      grew: () => this.#show(),
      lostStream: () => this.#noticeIn(lostStreamNoticeMs, this.#words.streamLost),
      lostMemory: () => {
        this.#notice = `${this.#words.memoryLost}\n\n`;
      },
    });
    await (this.#turn.state === "accepted" ? this.#inquiry.ask(signal) : this.#inquiry.resume(signal));
  }

  async #begin(run: RunIds): Promise<void> {
    const { conversations, past } = this.#services;
    const { conversation, text } = this.#turn;
    await this.#keep(() => conversations.save(conversation, run.conversationId));
    await this.#keep(() => past.entitle(conversation, run.conversationId, text));
    await this.#keep(() => this.#advance({ state: "answering", ...run }));
  }

  #show(): void {
    const { clock } = this.#services;
    this.#clearNotice();
    // An answer that is there at once needs no way to stop it, which would cost a call to take away.
    if (this.#firstTextMs !== undefined) this.#offerStop();
    this.#firstTextMs ??= clock.now() - this.#startedAt;
    this.#typing.textArrived();
    this.#reply.write(this.#text());
  }

  #offerStop(): void {
    if (!this.#services.buttons.has("stop")) return;
    this.#stopButton ??= stopButton(this.#turn.id, this.#words);
    this.#reply.offer(this.#stopButton);
  }

  #text(): string {
    return this.#inquiry ? this.#notice + answerText(this.#inquiry.answer) : (this.#turn.answer ?? "");
  }

  #outcomeOfAnswer(): Outcome {
    const answer = this.#inquiry?.answer;
    const isEmpty = !answer || answerText(answer) === "";
    switch (answer?.outcome) {
      case "waiting-for-reply":
        return isEmpty ? { state: "failed", failure: "ERR_COZE_EMPTY_ANSWER" } : { state: "waiting" };
      case "waiting-for-tools":
        return { state: "failed", failure: "ERR_COZE_NEEDS_TOOLS" };
      case "cancelled":
        return { state: "failed", failure: "ERR_COZE_CANCELLED" };
      default:
        return isEmpty ? { state: "failed", failure: "ERR_COZE_EMPTY_ANSWER" } : { state: "delivered" };
    }
  }

  #outcomeOfFailure(cause: unknown, why: { readonly isStopped: boolean; readonly timeout: AbortController }): Outcome {
    const isTimeout = !why.isStopped && why.timeout.signal.aborted;
    const isUnwanted = why.isStopped || isTimeout || this.#unreachable.signal.aborted;
    if (isUnwanted) this.#cancelling = this.#inquiry?.cancel(this.#services.shutdown);
    const failure = why.isStopped ? "ERR_TURN_STOPPED" : isTimeout ? "ERR_TURN_TIMEOUT" : this.#failureOf(cause);
    return { state: endStateOf(failure), failure, cause };
  }

  #failureOf(cause: unknown): FailureCode {
    const isUntold = cause instanceof CozeError && (cause.kind === "interrupted" || cause.kind === "network");
    return isUntold && this.#isOfEarlierProcess ? "ERR_TURN_RESTARTED" : failureOf(cause);
  }

  /** An earlier process has sent the question, or was sending it. */
  get #isOfEarlierProcess(): boolean {
    return this.#turn.state === "asked" || this.#turn.state === "answering";
  }

  #noticeIn(ms: number, notice: string): void {
    this.#cancelNotice();
    this.#cancelNotice = this.#services.clock.after(ms, () => this.#reply.annotate(notice));
  }

  #clearNotice(): void {
    this.#cancelNotice();
    this.#reply.annotate("");
  }

  /** Shows the end, with a sentence where it is not the whole answer, and closes the turn in the ledger. */
  async #end(outcome: Outcome): Promise<void> {
    this.#clearNotice();
    await this.#typing.stop();
    if (outcome.cause instanceof ShuttingDown || this.#services.shutdown.aborted) return;
    const { failure } = outcome;
    const text = this.#text();
    // What an earlier process showed of an answer that can't be had is all that there is of it.
    if (this.#turn.state === "answering" && text === "") await this.#reply.leaveEarlierMessages();
    const known = failure ? { error: failure } : { offers: this.#offers };
    await this.#keep(() => this.#advance({ state: "answered", answer: text, ...known }));
    const undelivered = await this.#deliverEnd(text, failure);
    if (undelivered === "owed") return;
    const final = undelivered ?? outcome;
    const facts = this.#facts(final);
    const ended = { state: final.state, facts, ...(final.failure && { error: final.failure }) };
    await this.#keep(() => this.#advance(ended));
    this.#report(final, facts);
  }

  /** Nothing: all is shown. `owed`: the process ends before the platform took everything, and the next one goes on. */
  async #deliverEnd(text: string, failure?: FailureCode): Promise<undefined | "owed" | Outcome> {
    try {
      this.#unreachable.signal.throwIfAborted();
      this.#reply.write(text);
      const isStopWithoutText = failure === "ERR_TURN_STOPPED" && !this.#reply.isVisible && text === "";
      if (failure && !isStopWithoutText) this.#reply.annotate(failureSentence(failure, this.#words) ?? "");
      this.#reply.offer(this.#buttons(failure));
      await this.#reply.finish();
      return undefined;
    } catch (error) {
      if (error instanceof ShuttingDown) return "owed";
      return { state: "failed", failure: failureOf(error), cause: error };
    }
  }

  #buttons(failure: FailureCode | undefined): Buttons {
    const { id: turnId } = this.#turn;
    if (!failure) return offerButtons(turnId, this.#offers, this.#services.buttons);
    return isRetryable(failure) ? [[{ label: this.#words.retry, value: actionValue({ kind: "retry", turnId }) }]] : [];
  }

  get #offers(): TurnOffers {
    return this.#inquiry ? offersOf(this.#inquiry.answer) : (this.#turn.offers ?? {});
  }

  #facts({ cause }: Outcome): TurnFacts {
    const { usage, debugUrl, logid: heard } = this.#inquiry?.answer ?? {};
    const logid = cause instanceof CozeError ? (cause.logid ?? heard) : heard;
    return {
      ms: this.#services.clock.now() - this.#startedAt,
      ...(this.#firstTextMs !== undefined && { firstTextMs: this.#firstTextMs }),
      ...(usage && { tokens: usage.total }),
      ...(logid !== undefined && { logid }),
      ...(debugUrl !== undefined && { debugUrl }),
    };
  }

  async #advance(progress: TurnProgress): Promise<void> {
    await this.#services.store.advanceTurn(this.#turn.id, progress);
  }

  /** An answer that is there is shown, also when the store can't take a note of it. */
  async #keep(write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch (error) {
      this.#services.onTrouble(error, { turn: this.#turn.id });
      this.#services.logger.debug({ turn: this.#turn.id, err: error }, "could not store the progress of a turn yet");
    }
  }

  #report({ state: outcome, failure: code, cause }: Outcome, facts: TurnFacts): void {
    const { observer, logger, onTrouble } = this.#services;
    const { id, platform } = this.#turn;
    observer.turnEnded({ platform, outcome, code, ...facts });
    if (code) onTrouble(cause, { turn: id, platform, code });
    const err = code === "ERR_TURN_STOPPED" ? undefined : cause;
    const level = code ? failures[code].level : "info";
    const { run } = this.#inquiry?.answer ?? {};
    logger[level]({ turn: id, platform, outcome, code, ...run, ...facts, err }, "turn ended");
  }
}

/** When a queued message is told so: long enough that a usual answer does not need it. */
const queueNoticeMs = 8000;

/** When an answer that is waited for without its stream says so. */
const lostStreamNoticeMs = 8000;

/** How far back messages are looked up to tell a lost one from them. */
const longestLostMs = 86_400_000;
