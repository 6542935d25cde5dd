import type { Clock } from "../clock.ts";

export interface SilenceOptions {
  readonly clock: Clock;
  readonly idleTimeoutMs: number;
  readonly signal: AbortSignal;
}

/** Aborts its signal when what is waited for takes too long, or when the caller's signal aborts. */
export class SilenceLimit {
  readonly #options: SilenceOptions;
  readonly #controller = new AbortController();
  readonly #abort = () => this.#controller.abort(this.#options.signal.reason);
  #stopTimer: (() => void) | undefined;
  #isExceeded = false;
  #isReleased = false;

  constructor(options: SilenceOptions) {
    this.#options = options;
    options.signal.addEventListener("abort", this.#abort, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get isExceeded(): boolean {
    return this.#isExceeded;
  }

  /** The wait begins, or begins anew. */
  begin(): void {
    this.end();
    if (this.#isReleased) return;
    this.#stopTimer = this.#options.clock.after(this.#options.idleTimeoutMs, () => {
      this.#isExceeded = true;
      this.#controller.abort();
    });
  }

  /** Nothing is waited for. */
  end(): void {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
  }

  /** Nothing will be waited for any more. */
  release(): void {
    this.#isReleased = true;
    this.end();
    this.#options.signal.removeEventListener("abort", this.#abort);
  }

  abort(): void {
    this.#controller.abort();
  }
}
