import type { Clock } from "../clock.ts";
import type { CozeAgent, Question } from "./agent.ts";
import { CozeError } from "./errors.ts";
import type { AnswerEvent } from "./events.ts";

/** The part of pino that is used here. */
export interface BreakerLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export interface BreakerOptions {
  readonly clock: Clock;
  readonly logger: BreakerLogger;
}

export interface GuardedAgent extends CozeAgent {
  /** Whether a question asked now would fail at once. */
  readonly isOpen: boolean;
}

/**
 * Fails questions at once while Coze can't be reached or hangs, instead of letting each of them wait: after five failures
 * in a row for half a minute. Then one question is let through; with its first event all are again, and when it fails as
 * well the next wait is twice as long, five minutes at most. All calls but `ask` go through.
 */
export function withBreaker(agent: CozeAgent, options: BreakerOptions): GuardedAgent {
  const breaker = new Breaker(options);
  return {
    get isOpen() {
      return breaker.isOpen;
    },
    ask: (question, signal) => guard(breaker, agent, question, signal),
    follow: (run, signal) => agent.follow(run, signal),
    findRun: (question, signal) => agent.findRun(question, signal),
    submitToolOutputs: (run, outputs, signal) => agent.submitToolOutputs(run, outputs, signal),
    upload: (sessionName, file, signal) => agent.upload(sessionName, file, signal),
    transcribe: (sessionName, file, signal) => agent.transcribe(sessionName, file, signal),
    speak: (sessionName, text, voiceId, signal) => agent.speak(sessionName, text, voiceId, signal),
    rate: (message, feedback, signal) => agent.rate(message, feedback, signal),
    renameConversation: (sessionName, id, title, signal) => agent.renameConversation(sessionName, id, title, signal),
    deleteConversation: (sessionName, id, signal) => agent.deleteConversation(sessionName, id, signal),
    cancel: (run, signal) => agent.cancel(run, signal),
    clearConversation: (sessionName, id, signal) => agent.clearConversation(sessionName, id, signal),
    createConversation: (sessionName, signal) => agent.createConversation(sessionName, signal),
  };
}

async function* guard(
  breaker: Breaker,
  agent: CozeAgent,
  question: Question,
  signal: AbortSignal,
): AsyncGenerator<AnswerEvent, void> {
  signal.throwIfAborted();
  const attempt = breaker.admit();
  try {
    for await (const event of agent.ask(question, signal)) {
      attempt.succeeded();
      yield event;
    }
  } catch (error) {
    if (error instanceof CozeError && !signal.aborted) attempt.failed(error);
    throw error;
  } finally {
    attempt.left();
  }
}

const MOST_FAILURES = 5;
const FIRST_PAUSE_MS = 30_000;
const LONGEST_PAUSE_MS = 300_000;

/** One question, from when it is let through until its outcome is known. What is told later has no effect. */
interface Attempt {
  succeeded(): void;
  failed(error: CozeError): void;
  /** Nobody waits for the outcome any longer. */
  left(): void;
}

/** The failures in a row, since the first of them. */
interface Failures {
  readonly since: number;
  readonly count: number;
  readonly last: CozeError;
}

class Breaker {
  readonly #clock: Clock;
  readonly #logger: BreakerLogger;
  #failures: Failures | undefined;
  /** Only while open. */
  #pause: { readonly until: number; readonly ms: number } | undefined;
  #isProbing = false;

  constructor({ clock, logger }: BreakerOptions) {
    this.#clock = clock;
    this.#logger = logger;
  }

  get isOpen(): boolean {
    return this.#pause !== undefined && (this.#isProbing || this.#clock.now() < this.#pause.until);
  }

  /** Throws a `CozeError` when the question must not be asked now. */
  admit(): Attempt {
    if (this.isOpen && this.#failures) throw refusal(this.#failures);
    const isProbe = this.#pause !== undefined;
    if (isProbe) this.#isProbing = true;
    let isOver = false;
    const once = (act: () => void) => {
      if (isOver) return;
      isOver = true;
      if (isProbe) this.#isProbing = false;
      act();
    };
    return {
      succeeded: () => once(() => this.#close()),
      failed: (error) => once(() => (isUnreachable(error) ? this.#count(error, isProbe) : this.#close())),
      left: () => once(() => undefined),
    };
  }

  /** Coze answered, if only to refuse. */
  #close(): void {
    if (this.#pause) this.#logger.info({ failures: this.#failures?.count }, "Coze answers again");
    this.#failures = undefined;
    this.#pause = undefined;
  }

  #count(last: CozeError, isProbe: boolean): void {
    // A question that was asked before the breaker opened tells nothing new.
    if (this.#pause && !isProbe) return;
    const { since = this.#clock.now(), count = 0 } = this.#failures ?? {};
    this.#failures = { since, count: count + 1, last };
    if (this.#pause) this.#open(Math.min(this.#pause.ms * 2, LONGEST_PAUSE_MS));
    else if (count + 1 >= MOST_FAILURES) {
      this.#open(FIRST_PAUSE_MS);
      this.#logger.warn({ err: last, failures: count + 1 }, "Coze can't be reached: questions fail at once for now");
    }
  }

  #open(ms: number): void {
    this.#pause = { ms, until: this.#clock.now() + ms };
  }
}

/** Coze did not answer, or something before it did in its place. */
function isUnreachable({ kind, status = 0 }: CozeError): boolean {
  return kind === "network" || kind === "interrupted" || (kind === "service" && status >= 500);
}

function refusal({ since, count, last }: Failures): CozeError {
  const { kind, code, status, endpoint } = last;
  const times = `failed ${count} times in a row since ${new Date(since).toISOString()}`;
  return new CozeError(`Not asked, because Coze has ${times}: ${last.message}`, {
    kind,
    code,
    endpoint,
    cause: last,
    ...(status !== undefined && { status }),
  });
}
