import type { RateWindow } from "../adapter.ts";
import type { Clock } from "../clock.ts";
import { CallLog, type LoggedCall } from "./call-log.ts";

/** A chat that could call if the bot as a whole could. */
export interface ReadyChat {
  /** Comes before another one when it is smaller: the time since which its people wait; ends come before all steps. */
  priority(): number;
  serve(): void;
}

/** The limit of a bot over all its chats. When it is reached, the chat whose people have waited longest goes first. */
export class BotBudget {
  readonly #clock: Clock;
  readonly #log: CallLog;
  readonly #ready = new Set<ReadyChat>();
  #blockedUntil = Number.NEGATIVE_INFINITY;
  #cancelTimer: (() => void) | undefined;

  constructor(clock: Clock, windows: readonly RateWindow[]) {
    this.#clock = clock;
    this.#log = new CallLog(windows);
  }

  hasRoom(): boolean {
    return this.#freeAt() <= this.#clock.now();
  }

  get isPenalised(): boolean {
    return this.#clock.now() < this.#blockedUntil;
  }

  take(): LoggedCall {
    return this.#log.add(this.#clock.now());
  }

  giveBack(call: LoggedCall): void {
    this.#log.remove(call);
    this.#serve();
  }

  /** Calls `chat.serve()` when there is room and it is this chat's turn. */
  wait(chat: ReadyChat): void {
    this.#ready.add(chat);
    this.#setTimer();
  }

  leave(chat: ReadyChat): void {
    this.#ready.delete(chat);
    if (this.#ready.size === 0) this.#clearTimer();
  }

  penalise(retryAfterMs: number): void {
    this.#blockedUntil = Math.max(this.#blockedUntil, this.#clock.now() + retryAfterMs);
    this.#setTimer();
  }

  /** The clock was set back. */
  shift(byMs: number): void {
    this.#log.shift(byMs);
    this.#blockedUntil -= byMs;
  }

  #freeAt(): number {
    return Math.max(this.#blockedUntil, this.#log.freeAt(this.#clock.now(), 0));
  }

  #serve(): void {
    this.#clearTimer();
    while (this.#ready.size > 0 && this.hasRoom()) {
      const [next] = [...this.#ready].sort((a, b) => a.priority() - b.priority());
      if (!next) break;
      this.#ready.delete(next);
      next.serve();
    }
    this.#setTimer();
  }

  #setTimer(): void {
    this.#clearTimer();
    if (this.#ready.size === 0) return;
    this.#cancelTimer = this.#clock.after(Math.max(0, this.#freeAt() - this.#clock.now()), () => this.#serve());
  }

  #clearTimer(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }
}
