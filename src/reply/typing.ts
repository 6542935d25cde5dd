import type { Adapter, Target } from "../adapter.ts";
import type { Clock } from "../clock.ts";
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
  #inFlight: Promise<void> = Promise.resolve();
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

  /** Resolves when no indicator can appear any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelTimer?.();
    await this.#inFlight;
  }

  #beat(): void {
    const { adapter, target, budgets, clock, onError } = this.#options;
    const silentMs = clock.now() - this.#lastTextAt;
    if (silentMs >= longSilenceMs && !budgets.isPenalised(target)) {
      this.#inFlight = adapter.startTyping(target).catch(onError);
    }
    const period = Math.max(1000, adapter.capabilities.typingLastsMs - 1000);
    this.#cancelTimer = clock.after(silentMs < longSilenceMs ? longSilenceMs - silentMs : period, () => this.#beat());
  }
}

/** Above this the reader wonders whether anything still happens. */
const longSilenceMs = 4000;
