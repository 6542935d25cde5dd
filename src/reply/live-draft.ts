import type { Adapter, Draft, Target } from "../adapter.ts";
import type { Clock } from "../clock.ts";
import { PlatformError } from "../errors.ts";
import { concat, type FormattedText, plainText, sameText } from "../markdown/formatted-text.ts";
import type { Budgets } from "./budget.ts";
import type { Claim } from "./chat-budget.ts";

export interface LiveDraftOptions {
  readonly adapter: Adapter;
  readonly target: Target;
  readonly budgets: Budgets;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * The preview that a platform shows while an answer is written. It lasts for some seconds only, disappears with the next
 * message of the chat, and is given up for good as soon as the platform refuses it; messages do without it.
 */
export class LiveDraft {
  readonly #options: LiveDraftOptions;
  #draft: Draft | undefined;
  #shown: FormattedText | undefined;
  #beganAt: number;
  #changedAt: number;

  constructor(options: LiveDraftOptions) {
    this.#options = options;
    this.#beganAt = options.clock.now();
    this.#changedAt = this.#beganAt;
    const { adapter, target } = options;
    this.#draft = adapter.capabilities.drafts ? adapter.openDraft?.(target) : undefined;
  }

  /** False once the platform has refused it, or where there is none. */
  get isOpen(): boolean {
    return this.#draft !== undefined;
  }

  /** True once it shows something. */
  get isShown(): boolean {
    return this.#shown !== undefined;
  }

  /** When a draft that does not change has to be refreshed, or it would disappear. */
  get refreshAt(): number {
    return this.#shown && this.#draft ? this.#changedAt + (this.#draft.lastsMs * 2) / 3 : Number.POSITIVE_INFINITY;
  }

  /** Shows what `look` returns as soon as the limits allow it; nothing when that is shown already. */
  async show(claim: Claim, look: () => FormattedText): Promise<void> {
    const { clock, signal } = this.#options;
    const permit = await this.#budget()?.acquire(claim, signal);
    if (!permit) return;
    const text = look();
    const isStale = clock.now() >= this.refreshAt;
    if (text.text.trim() === "" || (!isStale && this.#shown && sameText(text, this.#shown))) return permit.giveBack();
    await this.#update(isStale ? withElapsed(text, clock.now() - this.#beganAt) : text);
    permit.answered();
  }

  /** Asks for the urgency of the claim that waits again. */
  serve(): void {
    this.#budget()?.serve();
  }

  /** Brings the draft level with the message that takes its place, for people's apps to see that they are the same. */
  async level(text: FormattedText, claim: Claim): Promise<void> {
    if (this.#shown === undefined || sameText(text, this.#shown)) return;
    const permit = await this.#budget()?.acquire(claim, this.#options.signal);
    if (!permit) return;
    await this.#update(text);
    permit.answered();
  }

  /** A message has taken its place; what follows is shown in a new one. */
  renew(): void {
    if (!this.#draft) return;
    const { adapter, target, clock } = this.#options;
    this.#draft = adapter.openDraft?.(target);
    this.#shown = undefined;
    this.#beganAt = clock.now();
  }

  #budget() {
    const { budgets, adapter } = this.#options;
    return this.#draft && budgets.of(adapter, { ...this.#draft, isOutsideBotRate: true });
  }

  async #update(text: FormattedText): Promise<void> {
    try {
      await this.#draft?.show(text);
      this.#shown = text;
      this.#changedAt = this.#options.clock.now();
    } catch (error) {
      if (!(error instanceof PlatformError)) throw error;
      if (error.code === "rate-limited") this.#budget()?.penalise(error.retryAfterMs ?? 0);
      this.#draft = undefined;
    }
  }
}

/** A draft is only kept by a change, and what has changed is how long it took. */
function withElapsed(text: FormattedText, ms: number): FormattedText {
  return concat(text, plainText(`\n\n⏳ ${Math.round(ms / 1000)} s`));
}
