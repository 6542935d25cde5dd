import type { Update } from "grammy/types";
import { conflict, type Refusal, reasons } from "./refusal.ts";
import type { ScopedClock } from "./scoped-clock.ts";
import type { UpdateQueue } from "./update-queue.ts";

export interface Poll {
  readonly offset: number;
  readonly limit: number;
  readonly timeoutSeconds: number;
}

interface HeldPoll {
  readonly limit: number;
  readonly answer: (updates: readonly Update[]) => void;
  readonly refuse: (refusal: Refusal) => void;
}

/** A conflict that follows another one within this time is told this much later. */
const CONFLICT_INTERVAL_MS = 3000;

/** getUpdates as tdlib/telegram-bot-api 10.0 has it: one poll is held, and a newer one that must wait ends it. */
export class LongPolling {
  readonly #queue: UpdateQueue;
  readonly #clock: ScopedClock;
  #held: HeldPoll | undefined;
  #previous: { readonly offset: number; readonly at: number } | undefined;
  #nextConflictAt = 0;
  #isWaking = false;
  readonly #announce: () => void;

  constructor(queue: UpdateQueue, clock: ScopedClock, announce: () => void) {
    this.#queue = queue;
    this.#clock = clock;
    this.#announce = announce;
    queue.onChange(() => this.#wake());
  }

  get isHeld(): boolean {
    return this.#held !== undefined;
  }

  /** Resolves with updates, or with none at the timeout; `hungUp` is aborted when the client is gone. */
  async poll(poll: Poll, hungUp: AbortSignal): Promise<readonly Update[]> {
    const { limit, timeoutSeconds } = this.#slowedDown(poll);
    this.#queue.confirm(poll.offset);
    const updates = this.#queue.take(limit);
    if (updates.length > 0 || timeoutSeconds === 0) return updates;
    this.endByConflict(reasons.polledElsewhere);
    return this.#hold(limit, timeoutSeconds * 1000, hungUp);
  }

  /** Ends the held poll, if there is one, with a 409. */
  endByConflict(reason: string): void {
    const held = this.#held;
    this.#held = undefined;
    if (held !== undefined) void this.conflict(reason).then(held.refuse);
  }

  /** The 409 itself; in a quick succession each but the first one is told late, to slow a restarting bot down. */
  async conflict(reason: string): Promise<Refusal> {
    const now = this.#clock.now();
    if (now < this.#nextConflictAt) await this.#clock.pause(CONFLICT_INTERVAL_MS);
    else this.#nextConflictAt = now + CONFLICT_INTERVAL_MS;
    return conflict(reason);
  }

  /** Ends the held poll, if there is one, at once. */
  end(refusal: Refusal): void {
    this.#held?.refuse(refusal);
  }

  /** A bot that asks again without having got further is slowed down: it is probably in a crash loop. */
  #slowedDown({ offset, limit, timeoutSeconds }: Poll): Poll {
    const now = this.#clock.now();
    const sinceSame = this.#previous?.offset === offset ? now - this.#previous.at : Infinity;
    this.#previous = { offset, at: now };
    return {
      offset,
      limit: sinceSame < 500 ? 1 : limit,
      timeoutSeconds: sinceSame < 3000 ? Math.max(timeoutSeconds, 3) : timeoutSeconds,
    };
  }

  #hold(limit: number, timeoutMs: number, hungUp: AbortSignal): Promise<readonly Update[]> {
    return new Promise((resolve, reject) => {
      if (hungUp.aborted) return resolve([]);
      const finish = () => {
        if (this.#held === held) this.#held = undefined;
        cancelTimeout();
        hungUp.removeEventListener("abort", onHungUp);
        this.#announce();
      };
      const answer = (updates: readonly Update[]) => {
        finish();
        resolve(updates);
      };
      const refuse = (refusal: Refusal) => {
        finish();
        reject(refusal);
      };
      const onHungUp = () => answer([]);
      const held = { limit, answer, refuse };
      const cancelTimeout = this.#clock.after(timeoutMs, () => answer([]));
      hungUp.addEventListener("abort", onHungUp, { once: true });
      this.#held = held;
      this.#announce();
    });
  }

  /** The real server waits a moment for more; here updates that come in one step travel in one answer. */
  #wake(): void {
    if (this.#isWaking) return;
    this.#isWaking = true;
    queueMicrotask(() => {
      this.#isWaking = false;
      const held = this.#held;
      const updates = held === undefined ? [] : this.#queue.take(held.limit);
      if (updates.length > 0) held?.answer(updates);
    });
  }
}
