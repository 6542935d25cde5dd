import { timeLimit } from "../abort.ts";
import type { Adapter, Buttons, MediaItem, MessageRef } from "../adapter.ts";
import { actionValue } from "../buttons/actions.ts";
import { offerButtons, offersOf, stopButton } from "../buttons/offers.ts";
import { CozeError } from "../coze/errors.ts";
import type { Words } from "../locale/en.ts";
import { words } from "../locale/locale.ts";
import { withLimit } from "../preparation/size-limit.ts";
import { type Answer, answerText } from "../reply/accumulate.ts";
import { IllustratedReply } from "../reply/illustrated-reply.ts";
import { TypingIndicator } from "../reply/typing.ts";
import { shortened } from "../shortened.ts";
import type { Turn, TurnFacts, TurnMessage, TurnOffers, TurnProgress } from "../store/store.ts";
import { type FailureCode, failureOf, failureSentence, failures, isRetryable } from "./failures.ts";
import { Inquiry, type RunIds } from "./inquiry.ts";
import { PassingNote } from "./passing-note.ts";
import { Preface } from "./preface.ts";
import { failedWith, type Outcome, outcomeOf, runFacts } from "./turn-outcome.ts";
import { ShuttingDown, StoppedByPerson } from "./turn-queue.ts";
import type { TurnServices } from "./turn-services.ts";

/** One user message on its way to one finished reply. The one place where a turn's errors are caught. */
export class TurnRun {
  #turn: Turn;
  readonly #services: TurnServices;
  readonly #words: Words;
  readonly #adapter: Adapter;
  readonly #reply: IllustratedReply;
  readonly #preface: Preface;
  readonly #note: PassingNote;
  readonly #typing: TypingIndicator;
  /** Aborts when the person stops it. */
  #stop: AbortSignal = new AbortController().signal;
  /** Aborts the question when its answer can't be shown any more. */
  readonly #unreachable = new AbortController();
  readonly #startedAt: number;
  #inquiry: Inquiry | undefined;
  #cancelling: Promise<void> | undefined;
  #shown = "";
  #firstTextMs: number | undefined;
  #stopButton: Buttons | undefined;

  constructor(turn: Turn, adapter: Adapter, services: TurnServices, sent: readonly TurnMessage[] = []) {
    const { budgets, clock, logger, shutdown, observer, fetchMedia, slots, show } = services;
    this.#turn = turn;
    this.#adapter = adapter;
    this.#services = services;
    this.#words = words(turn.locale);
    this.#startedAt = clock.now();
    const { target, id, platform, notice } = turn;
    this.#preface = new Preface(show.reasoning, { notice, isSettled: sent.some(({ sealed }) => sealed) });
    this.#reply = new IllustratedReply({
      ...{ adapter, target, budgets, clock, sent, signal: shutdown, id, fetchMedia, slots },
      record: (message) => this.#record(message),
      known: () => this.#messagesInChat(),
      onShown: (ageMs) => observer.textShown(platform, ageMs),
      onFailure: (error) => this.#unreachable.abort(error),
      onLeftover: (error) => logger.warn({ turn: id, err: error }, "could not end with a fresh message"),
      onMediaFailure: (error) => logger.info({ turn: id, err: error }, "a link to a file stays a link"),
    });
    this.#note = new PassingNote(clock, (note) => this.#reply.annotate(note));
    const onError = (error: unknown) => logger.debug({ turn: id, err: error }, "typing indicator failed");
    this.#typing = new TypingIndicator({ adapter, target, budgets, clock, onError });
  }

  /** The turn was accepted but another one of its conversation comes first: it shows so when that takes long. */
  wait(): void {
    this.#typing.start();
    this.#note.showIn(longWaitMs, this.#words.queued);
  }

  /** Brings the turn to its end from wherever it stands. Never rejects for what went wrong with the turn itself. */
  async run(stop: AbortSignal): Promise<void> {
    this.#stop = stop;
    stop.addEventListener("abort", () => this.#reply.leaveLinks(), { once: true });
    this.#note.clear();
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
    return failure ? failedWith(failure) : { state: "delivered" };
  }

  async #outcome(stop: AbortSignal): Promise<Outcome> {
    if (this.#isEmpty) return failedWith("ERR_TURN_EMPTY_MESSAGE");
    const { clock, shutdown, turnTimeoutMs } = this.#services;
    const limit = timeLimit(clock, turnTimeoutMs, [stop, shutdown, this.#unreachable.signal]);
    const { signal } = limit;
    try {
      signal.throwIfAborted();
      if (this.#turn.state === "accepted") await this.#prepare(signal);
      if (this.#isEmpty) return failedWith("ERR_TURN_EMPTY_MESSAGE");
      return outcomeOf(await this.#inquire(signal));
    } catch (error) {
      const isStopped = signal.reason instanceof StoppedByPerson;
      return this.#outcomeOfFailure(error, { isStopped, isTimeout: !isStopped && limit.isExceeded() });
    } finally {
      limit.release();
    }
  }

  /** Whether there is nothing to ask, which a text file without text shows only once it is read. */
  get #isEmpty(): boolean {
    const { text, attachments, files = attachments } = this.#turn;
    return text.trim() === "" && files.length === 0;
  }

  /** Brings the question into the form in which it is asked, and the person to the conversation that it goes into. */
  async #prepare(signal: AbortSignal): Promise<void> {
    const { preparation, store } = this.#services;
    const turn = this.#turn;
    if (turn.files) return;
    await this.#startAfresh(signal);
    const question = await preparation.prepare(turn, this.#adapter, signal);
    this.#preface.add(question.notice);
    const { notice } = this.#preface;
    const prepared = { ...question, notice };
    // Also what is plain text: from here on, no edit makes the ledger differ from what Coze is asked.
    await this.#keep(() => store.prepareTurn(turn.id, prepared));
    this.#turn = { ...turn, ...prepared };
    // What was understood is to be seen before the answer begins.
    if (question.notice !== "") this.#reply.write(notice);
    this.#shown = notice;
  }

  /** The word about it is kept at once: whatever becomes of this question, the earlier conversation is left. */
  async #startAfresh(signal: AbortSignal): Promise<void> {
    const word = await this.#services.freshStart(this.#turn, signal);
    if (word === "") return;
    this.#preface.add(`${word}\n\n`);
    await this.#keep(() => this.#advance({ state: "accepted", notice: this.#preface.notice }));
  }

  async #inquire(signal: AbortSignal): Promise<Answer> {
    const inquiry = new Inquiry(this.#turn, this.#services, {
      asking: (conversationId) => this.#ask(conversationId),
      began: (run) => this.#begin(run),
      grew: () => this.#show(),
      usesTool: (name) => this.#showTool(name),
      lostStream: () => this.#note.showIn(longWaitMs, this.#words.streamLost),
      lostMemory: () => this.#preface.put(`${this.#words.memoryLost}\n\n`),
    });
    this.#inquiry = inquiry;
    await (this.#turn.state === "accepted" ? inquiry.ask(signal) : inquiry.resume(signal));
    return inquiry.answer;
  }

  async #ask(conversationId: string | undefined): Promise<void> {
    const { notice } = this.#preface;
    const known = { ...(notice !== "" && { notice }), ...(conversationId !== undefined && { conversationId }) };
    await this.#advance({ state: "asked", ...known });
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
    const text = this.#text();
    if (text === this.#shown) return;
    this.#shown = text;
    this.#note.clear();
    // An answer that is there at once needs no way to stop it, which would cost a call to take away.
    if (this.#firstTextMs !== undefined) this.#offerStop();
    this.#firstTextMs ??= clock.now() - this.#startedAt;
    this.#typing.textArrived();
    this.#reply.write(text);
  }

  #showTool(name: string): void {
    if (this.#services.show.toolStatus)
      this.#note.showIn(toolWaitMs, `${this.#words.usesTool} ${shortened(name, longestToolName)}`);
  }

  #offerStop(): void {
    if (!this.#services.show.buttons.has("stop")) return;
    this.#stopButton ??= stopButton(this.#turn.id, this.#words);
    this.#reply.offer(this.#stopButton);
  }

  /** The next process goes on behind the last full message: it must find the same words above the answer. */
  async #record(message: TurnMessage): Promise<void> {
    const settled = message.sealed && this.#settlePreface();
    if (settled) await this.#keep(() => this.#advance({ state: "answering", ...settled }));
    await this.#keep(() => this.#services.store.saveTurnMessage(this.#turn.id, message));
  }

  /** What there is to store of it, if anything. */
  #settlePreface(): Pick<TurnProgress, "notice"> | undefined {
    const isNews = this.#inquiry && this.#preface.settle(this.#inquiry.answer);
    return isNews ? { notice: this.#preface.notice } : undefined;
  }

  /** All that the answer's messages say; nothing when it adds nothing to what an earlier process has shown. */
  #text(): string {
    const { answer } = this.#inquiry ?? {};
    if (!answer && this.#turn.answer !== undefined) return this.#turn.answer;
    const said = answer ? this.#preface.reasoning(answer) + answerText(answer) : "";
    return said === "" && this.#turn.state === "answering" ? "" : this.#preface.notice + said;
  }

  #outcomeOfFailure(cause: unknown, { isStopped, isTimeout }: Ending): Outcome {
    const isUnwanted = isStopped || isTimeout || this.#unreachable.signal.aborted;
    if (isUnwanted) this.#cancelling = this.#inquiry?.cancel(this.#services.shutdown);
    const failure = isStopped ? "ERR_TURN_STOPPED" : isTimeout ? "ERR_TURN_TIMEOUT" : this.#failureOf(cause);
    return failedWith(failure, cause);
  }

  #failureOf(cause: unknown): FailureCode {
    const isUntold = cause instanceof CozeError && (cause.kind === "interrupted" || cause.kind === "network");
    return isUntold && this.#isOfEarlierProcess ? "ERR_TURN_RESTARTED" : failureOf(cause);
  }

  /** An earlier process has sent the question, or was sending it. */
  get #isOfEarlierProcess(): boolean {
    return this.#turn.state === "asked" || this.#turn.state === "answering";
  }

  /** Shows the end, with a sentence where it is not the whole answer, and closes the turn in the ledger. */
  async #end(outcome: Outcome): Promise<void> {
    this.#note.clear();
    await this.#typing.stop();
    if (outcome.cause instanceof ShuttingDown || this.#services.shutdown.aborted) return;
    const { failure } = outcome;
    const text = this.#text();
    // What an earlier process showed of an answer that can't be had is all that there is of it.
    if (this.#turn.state === "answering" && text === "") await this.#reply.leaveEarlierMessages();
    const known = failure ? { error: failure } : { offers: this.#offers };
    await this.#keep(() => this.#advance({ state: "answered", answer: text, ...this.#settlePreface(), ...known }));
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
      if (failure && !isStopWithoutText) this.#reply.annotate(this.#sentenceFor(failure));
      this.#reply.offer(this.#buttons(failure));
      if (!failure) this.#reply.append(await this.#spoken(text));
      await this.#reply.finish();
      return undefined;
    } catch (error) {
      if (error instanceof ShuttingDown) return "owed";
      return failedWith(failureOf(error), error);
    }
  }

  /** The answer as voice messages, where it is to be heard. Its text is shown meanwhile, and nobody waits long for more. */
  async #spoken(text: string): Promise<readonly MediaItem[]> {
    const { voiceAnswers, shutdown } = this.#services;
    if (!voiceAnswers?.isWanted(this.#turn)) return [];
    this.#reply.complete();
    const { sessionName } = this.#turn.conversation;
    const answer = this.#inquiry?.answer;
    const said = answer ? answerText(answer) : text.slice(this.#preface.notice.length);
    return await voiceAnswers.speak(said, { sessionName, sound: answer?.sound, stop: this.#stop }, shutdown);
  }

  #sentenceFor(failure: FailureCode): string {
    const sentence = failureSentence(failure, this.#words) ?? "";
    return withLimit(sentence, this.#services.preparation.sizeLimit(this.#turn, this.#adapter));
  }

  #buttons(failure: FailureCode | undefined): Buttons {
    const { id: turnId } = this.#turn;
    if (!failure) return offerButtons(turnId, this.#offers, this.#services.show.buttons);
    return isRetryable(failure) ? [[{ label: this.#words.retry, value: actionValue({ kind: "retry", turnId }) }]] : [];
  }

  get #offers(): TurnOffers {
    return this.#inquiry ? offersOf(this.#inquiry.answer) : (this.#turn.offers ?? {});
  }

  #facts({ cause }: Outcome): TurnFacts {
    return {
      ms: this.#services.clock.now() - this.#startedAt,
      ...(this.#firstTextMs !== undefined && { firstTextMs: this.#firstTextMs }),
      ...runFacts(this.#inquiry?.answer, cause),
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
    const { run = idsOf(this.#turn) } = this.#inquiry?.answer ?? {};
    logger[level]({ turn: id, platform, outcome, code, ...run, ...facts, err }, "turn ended");
  }
}

/** What ended a turn before its answer was whole. */
interface Ending {
  readonly isStopped: boolean;
  readonly isTimeout: boolean;
}

/** When a wait is explained, in milliseconds: long enough that a usual answer does not need it. */
const longWaitMs = 8000;

/** In characters. A model may make a name up. */
const longestToolName = 60;

/** How long a tool must be at work before that is said, in milliseconds. */
const toolWaitMs = 1500;

/** How far back messages are looked up to tell a lost one from them. */
const longestLostMs = 86_400_000;

/** What a turn that an earlier process began knows of its run. */
function idsOf({ chatId, conversationId }: Turn): Partial<RunIds> {
  return { ...(chatId !== undefined && { chatId }), ...(conversationId !== undefined && { conversationId }) };
}
