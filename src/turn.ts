import type { Logger } from "pino";
import { anySignal } from "./abort.ts";
import type { Adapter } from "./adapter.ts";
import type { Clock } from "./clock.ts";
import type { Conversations } from "./conversations.ts";
import type { CozeAgent } from "./coze/agent.ts";
import { CozeError } from "./coze/errors.ts";
import { type FailureCode, failureOf, failureSentence, failures } from "./failures.ts";
import type { Words } from "./locale/en.ts";
import { words } from "./locale/locale.ts";
import { type Answer, accumulate, answerText, emptyAnswer } from "./reply/accumulate.ts";
import type { Budgets } from "./reply/budget.ts";
import { Reply } from "./reply/reply.ts";
import { TypingIndicator } from "./reply/typing.ts";
import type { Store, Turn, TurnMessage, TurnProgress } from "./store/store.ts";
import { ShuttingDown, StoppedByPerson } from "./turn-queue.ts";

/** What every turn needs. */
export interface TurnServices {
  readonly agent: CozeAgent;
  readonly conversations: Conversations;
  readonly store: Store;
  readonly budgets: Budgets;
  readonly clock: Clock;
  readonly logger: Logger;
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
  readonly #turn: Turn;
  readonly #services: TurnServices;
  readonly #words: Words;
  readonly #reply: Reply;
  readonly #typing: TypingIndicator;
  /** Aborts the question when its answer can't be shown any more. */
  readonly #unreachable = new AbortController();
  readonly #startedAt: number;
  #answer: Answer = emptyAnswer;
  #cancelling: Promise<void> | undefined;
  #notice = "";
  /** Whether the question went into a conversation that was there before. */
  #hasMemory = false;
  #firstTextMs: number | undefined;
  #cancelNotice: () => void = () => undefined;

  constructor(turn: Turn, adapter: Adapter, services: TurnServices, sent: readonly TurnMessage[] = []) {
    const { store, budgets, clock, logger, shutdown } = services;
    this.#turn = turn;
    this.#services = services;
    this.#words = words(turn.locale);
    this.#startedAt = clock.now();
    const { target } = turn;
    // A word after a broken answer must not pass for a repetition of a message whose sending was not recorded.
    const id = turn.state === "answering" ? `${turn.id}+` : turn.id;
    this.#reply = new Reply({
      ...{ adapter, target, budgets, clock, sent, signal: shutdown, id },
      record: (message) => this.#keep(() => store.saveTurnMessage(turn.id, message)),
      onFailure: (error) => this.#unreachable.abort(error),
      onLeftover: (error) => logger.warn({ turn: turn.id, err: error }, "could not end with a fresh message"),
    });
    const onError = (error: unknown) => logger.debug({ turn: turn.id, err: error }, "typing indicator failed");
    this.#typing = new TypingIndicator({ adapter, target, budgets, clock, onError });
  }

  /** The turn was accepted but another one of its conversation comes first: it shows so when that takes long. */
  wait(): void {
    this.#typing.start();
    this.#cancelNotice = this.#services.clock.after(queueNoticeMs, () => this.#reply.annotate(this.#words.queued));
  }

  /** Asks Coze and shows the answer. Never rejects for what went wrong with the turn itself. */
  async run(stop: AbortSignal): Promise<void> {
    this.#begin();
    const { signal, release } = anySignal([stop, this.#services.shutdown, this.#unreachable.signal]);
    const outcome = await this.#outcome(signal);
    release();
    await this.#end(outcome);
    await this.#cancelling;
  }

  /** Shows what is missing of an answer that is known already. */
  async deliver(): Promise<void> {
    this.#begin();
    const failure = this.#turn.error as FailureCode | undefined;
    this.#reply.write(this.#turn.answer ?? "");
    await this.#end(failure ? { state: endStateOf(failure), failure } : { state: "delivered" });
  }

  /** Ends the turn with a word instead of an answer. */
  async close(failure: FailureCode): Promise<void> {
    await this.#end({ state: "failed", failure });
  }

  #begin(): void {
    this.#cancelNotice();
    this.#reply.annotate("");
    this.#typing.start();
  }

  async #outcome(signal: AbortSignal): Promise<Outcome> {
    if (this.#turn.text.trim() === "") return { state: "failed", failure: "ERR_TURN_EMPTY_MESSAGE" };
    try {
      signal.throwIfAborted();
      await this.#askWithMemory(signal);
      return this.#outcomeOfAnswer();
    } catch (error) {
      const failure = signal.reason instanceof StoppedByPerson ? "ERR_TURN_STOPPED" : failureOf(error);
      const isUnwanted = failure === "ERR_TURN_STOPPED" || this.#unreachable.signal.aborted;
      if (isUnwanted) this.#cancelling = this.#cancelOnCoze();
      return { state: endStateOf(failure), failure, cause: error };
    }
  }

  /** A conversation that Coze lost is replaced once, and the person is told. */
  async #askWithMemory(signal: AbortSignal): Promise<void> {
    const { conversations, logger } = this.#services;
    try {
      await this.#ask(signal);
    } catch (error) {
      const isLost = error instanceof CozeError && error.kind === "conversation-lost" && !error.received;
      if (!isLost || !this.#hasMemory) throw error;
      logger.warn({ turn: this.#turn.id, err: error }, "conversation lost on Coze, starting a new one");
      await conversations.forget(this.#turn.conversation);
      this.#notice = `${this.#words.memoryLost}\n\n`;
      await this.#ask(signal);
    }
  }

  async #ask(signal: AbortSignal): Promise<void> {
    const { agent, conversations } = this.#services;
    const { conversation, text } = this.#turn;
    const conversationId = await conversations.find(conversation, signal);
    this.#hasMemory = conversationId !== undefined;
    await this.#advance({ state: "asked" });
    const { sessionName } = conversation;
    const question = { sessionName, text, ...(conversationId !== undefined && { conversationId }) };
    for await (const event of agent.ask(question, signal)) {
      this.#answer = accumulate(this.#answer, event);
      if (event.type === "created") await this.#remember(event.conversationId, event.chatId);
      if (event.type === "delta" || event.type === "message") this.#show();
    }
  }

  async #remember(conversationId: string, chatId: string): Promise<void> {
    await this.#services.conversations.save(this.#turn.conversation, conversationId);
    await this.#advance({ state: "answering", conversationId, chatId });
  }

  #show(): void {
    const { clock } = this.#services;
    this.#firstTextMs ??= clock.now() - this.#startedAt;
    this.#typing.textArrived();
    this.#reply.write(this.#text());
  }

  #text(): string {
    return this.#notice + answerText(this.#answer);
  }

  #outcomeOfAnswer(): Outcome {
    const isEmpty = answerText(this.#answer) === "";
    switch (this.#answer.outcome) {
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

  /** The next turn of the conversation waits for this, as Coze takes one run at a time; the person does not. */
  async #cancelOnCoze(): Promise<void> {
    const { agent, logger, shutdown } = this.#services;
    const { run, outcome } = this.#answer;
    if (!run || outcome) return;
    try {
      await agent.cancel({ sessionName: this.#turn.conversation.sessionName, ...run }, shutdown);
    } catch (error) {
      logger.warn({ turn: this.#turn.id, err: error }, "could not cancel the run on Coze");
    }
  }

  /** Shows the end, with a sentence where it is not the whole answer, and closes the turn in the ledger. */
  async #end(outcome: Outcome): Promise<void> {
    this.#cancelNotice();
    await this.#typing.stop();
    if (outcome.cause instanceof ShuttingDown || this.#services.shutdown.aborted) return;
    const { failure } = outcome;
    const text = this.#text() || (this.#turn.answer ?? "");
    await this.#keep(() => this.#advance({ state: "answered", answer: text, ...(failure && { error: failure }) }));
    const undelivered = await this.#deliverEnd(text, failure);
    if (undelivered === "owed") return;
    const final = undelivered ?? outcome;
    await this.#keep(() => this.#advance({ state: final.state, ...(final.failure && { error: final.failure }) }));
    this.#log(final);
  }

  /** Nothing: all is shown. `owed`: the process ends before the platform took everything, and the next one goes on. */
  async #deliverEnd(text: string, failure?: FailureCode): Promise<undefined | "owed" | Outcome> {
    try {
      this.#unreachable.signal.throwIfAborted();
      this.#reply.write(text);
      const isStopWithoutText = failure === "ERR_TURN_STOPPED" && !this.#reply.isVisible && text === "";
      if (failure && !isStopWithoutText) this.#reply.annotate(failureSentence(failure, this.#words) ?? "");
      await this.#reply.finish();
      return undefined;
    } catch (error) {
      if (error instanceof ShuttingDown) return "owed";
      return { state: "failed", failure: failureOf(error), cause: error };
    }
  }

  async #advance(progress: TurnProgress): Promise<void> {
    await this.#services.store.advanceTurn(this.#turn.id, progress);
  }

  /** An answer that is there is shown, also when the store can't take a note of it. */
  async #keep(write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch (error) {
      this.#services.logger.error({ turn: this.#turn.id, err: error }, "could not store the progress of a turn");
    }
  }

  #log({ state, failure, cause }: Outcome): void {
    const { id, platform } = this.#turn;
    const { run, usage, debugUrl } = this.#answer;
    const ms = this.#services.clock.now() - this.#startedAt;
    const timing = { ms, firstTextMs: this.#firstTextMs, tokens: usage?.total };
    const level = failure ? failures[failure].level : "info";
    const err = failure === "ERR_TURN_STOPPED" ? undefined : cause;
    const logid = cause instanceof CozeError ? cause.logid : undefined;
    this.#services.logger[level](
      { turn: id, platform, outcome: state, code: failure, ...run, ...timing, logid, debugUrl, err },
      "turn ended",
    );
  }
}

/** When a queued message is told so: long enough that a usual answer does not need it. */
const queueNoticeMs = 8000;

function endStateOf(failure: FailureCode): "stopped" | "failed" {
  return failure === "ERR_TURN_STOPPED" ? "stopped" : "failed";
}
