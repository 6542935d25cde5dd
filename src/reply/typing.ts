import type { Adapter, Target } from "../adapter.ts";
import { type Clock, pause } from "../clock.ts";
import { PlatformError } from "../errors.ts";
import type { Budgets } from "./budget.ts";

export interface TypingOptions {
  readonly adapter: Adapter;
  readonly target: Target;
  readonly budgets: Budgets;
  readonly clock: Clock;
  readonly onError: (error: unknown) => void;
}

/** Shows the bot as typing until text comes, and again whenever the text falls silent; never after {@link stop}. */
export class TypingIndicator {
  readonly #options: TypingOptions;
  #lastTextAt = Number.NEGATIVE_INFINITY;
  #refusedUntil = Number.NEGATIVE_INFINITY;
  #inFlight: Promise<void> | undefined;
  #cancelTimer: (() => void) | undefined;
  #stopped = true;

  constructor(options: TypingOptions) {
    this.#options = options;
  }

  start(): void {
    if (!this.#stopped) return;
    this.#stopped = false;
    this.#beat();
  }

  /** Text is arriving: it says by itself that the bot is at work. */
  textArrived(): void {
    this.#lastTextAt = this.#options.clock.now();
  }

  /** Resolves when no indicator can appear any more. A platform that does not answer is not waited for long. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelTimer?.();
    const waited = new AbortController();
    await Promise.race([this.#inFlight, pause(this.#options.clock, longestWaitMs, waited.signal)]);
    waited.abort();
  }

  #beat(): void {
    const { adapter, clock } = this.#options;
    const silentMs = clock.now() - this.#lastTextAt;
    if (silentMs >= longSilenceMs && clock.now() >= this.#refusedUntil && this.#isAffordable()) {
      this.#inFlight ??= this.#show();
    }
    const period = Math.max(1000, adapter.capabilities.typingLastsMs - 1000);
    this.#cancelTimer = clock.after(silentMs < longSilenceMs ? longSilenceMs - silentMs : period, () => this.#beat());
  }

  #isAffordable(): boolean {
    const { adapter, target, budgets } = this.#options;
    const budget = budgets.of(adapter, target);
    return adapter.capabilities.typingIsCounted ? budget.spare() : !budget.isPenalised();
  }

  async #show(): Promise<void> {
    const { adapter, target, clock, onError } = this.#options;
    try {
      await adapter.startTyping(target);
    } catch (error) {
      if (error instanceof PlatformError) this.#refusedUntil = clock.now() + (error.retryAfterMs ?? 0);
      onError(error);
    }
    this.#inFlight = undefined;
  }
}

/** Above this the reader wonders whether anything still happens. */
const longSilenceMs = 4000;

/** The answer's end waits for the indicator, so that none appears after it, but not for longer than this. */
const longestWaitMs = 1000;
