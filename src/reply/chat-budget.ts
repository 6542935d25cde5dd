import type { RateReport, RateWindow } from "../adapter.ts";
import type { Clock } from "../clock.ts";
import type { BotBudget, ReadyChat } from "./bot-budget.ts";
import { CallLog, type LoggedCall } from "./call-log.ts";
import { type Room, stepGap } from "./pace.ts";
import { type MessageCall, ToldLimits, type ToldWindow } from "./told-limits.ts";

/**
 * A `step` of a growing answer keeps its distance to the call before and leaves a reserve in the window, so that an
 * `edge` (an answer's first text, a new message, its last text) can go out at once.
 */
export type Urgency = "step" | "edge";

/** An answer's wish to make a call. What it tells is asked for again whenever it matters. */
export interface Claim {
  readonly call: () => MessageCall;
  readonly urgency: () => Urgency;
  /** When the answer began to be shown. */
  readonly startedAt: () => number;
  /** Since when there has been text that nobody has seen. */
  readonly unseenSince: () => number;
  /** When its text last grew. */
  readonly writtenAt: () => number;
}

/** The wish to make a call that is no part of a growing text, at once. */
export function claimNow(call: MessageCall, now: number): Claim {
  const time = () => now;
  return { call: () => call, urgency: () => "edge", startedAt: time, unseenSince: time, writtenAt: time };
}

/** The leave to make one call, which counts already. */
export interface Permit {
  /** The call came to its end, well or badly. */
  answered(): void;
  /** The call was not made after all. */
  giveBack(): void;
}

interface Waiting extends Claim {
  readonly settle: (permit: Permit | undefined) => void;
}

/** How often one chat may be written to. Sends and edits of all its answers share it, as platforms count them together. */
export class ChatBudget implements ReadyChat {
  readonly #clock: Clock;
  readonly #log: CallLog;
  readonly #window: RateWindow;
  readonly #told = new ToldLimits();
  readonly #bot: BotBudget | undefined;
  readonly #waiting = new Set<Waiting>();
  #blockedUntil = Number.NEGATIVE_INFINITY;
  #cancelTimer: (() => void) | undefined;
  #latest = Number.NEGATIVE_INFINITY;

  /** `bot` is left out where calls don't count against the limit of the whole bot. */
  constructor(clock: Clock, windows: readonly RateWindow[], bot?: BotBudget) {
    this.#clock = clock;
    this.#log = new CallLog(windows);
    this.#window = windows.reduce((longest, window) => (window.perMs > longest.perMs ? window : longest));
    this.#bot = bot;
  }

  /** Resolves with the leave for one call as soon as it may be made; with nothing as soon as `signal` aborts. */
  acquire(claim: Claim, signal: AbortSignal): Promise<Permit | undefined> {
    return new Promise((resolve) => {
      if (signal.aborted) return resolve(undefined);
      const withdraw = () => {
        waiting.settle(undefined);
        // Without anyone waiting the timer must not keep the process alive, which can be for minutes after a penalty.
        this.serve();
      };
      const waiting: Waiting = {
        ...claim,
        settle: (permit) => {
          signal.removeEventListener("abort", withdraw);
          this.#waiting.delete(waiting);
          resolve(permit);
        },
      };
      signal.addEventListener("abort", withdraw, { once: true });
      this.#waiting.add(waiting);
      this.serve();
    });
  }

  /** Lets go whoever may go now, and sets the timer for the next. Asks everyone who waits for their urgency again. */
  serve(): void {
    this.#followClock();
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#bot?.leave(this);
    let soonest = Number.POSITIVE_INFINITY;
    for (const waiting of [...this.#waiting].sort((a, b) => priorityOf(a) - priorityOf(b))) {
      const freeAt = this.#freeAt(waiting);
      if (freeAt > this.#clock.now()) soonest = Math.min(soonest, freeAt);
      else if (this.#bot?.hasRoom() === false) return this.#bot.wait(this);
      else waiting.settle(this.#permit(waiting.call()));
    }
    if (this.#waiting.size > 0) this.#cancelTimer = this.#clock.after(soonest - this.#clock.now(), () => this.serve());
  }

  priority(): number {
    return Math.min(...[...this.#waiting].map(priorityOf));
  }

  /**
   * Counts a call that is less important than text, such as showing the bot as typing. False, and not counted, when it
   * would take what text may need.
   */
  spare(): boolean {
    const now = this.#clock.now();
    const { count, perMs } = this.#window;
    if (this.isPenalised() || this.#log.heldAt(now, perMs) > count / 4 || this.#log.freeAt(now, 1) > now) return false;
    this.#log.add(now).answeredAt = now;
    return true;
  }

  /** What an answer of the platform told. */
  report(report: RateReport): void {
    this.#told.report(report, this.#clock.now());
    this.serve();
  }

  /** Nothing is called in this chat for `retryAfterMs`, and the chat comes back slower. */
  penalise(retryAfterMs: number): void {
    this.#blockedUntil = Math.max(this.#blockedUntil, this.#clock.now() + retryAfterMs);
    this.serve();
  }

  /** True while a penalty runs, for this chat or for the whole bot. */
  isPenalised(): boolean {
    return this.#clock.now() < this.#blockedUntil || this.#bot?.isPenalised === true;
  }

  isIdle(): boolean {
    const lastCall = this.#log.lastSentAt ?? Number.NEGATIVE_INFINITY;
    const quietSince = Math.max(lastCall + this.#log.longestMs, this.#blockedUntil + cautiousAfterPenaltyMs);
    return this.#waiting.size === 0 && this.#clock.now() > quietSince;
  }

  #permit(call: MessageCall): Permit {
    const now = this.#clock.now();
    const logged: LoggedCall = this.#log.add(now);
    const inBot = this.#bot?.take();
    this.#told.count(call, now);
    return {
      answered: () => {
        logged.answeredAt ??= this.#clock.now();
        if (inBot) inBot.answeredAt ??= logged.answeredAt;
      },
      giveBack: () => {
        this.#log.remove(logged);
        if (inBot) this.#bot?.giveBack(inBot);
        this.serve();
      },
    };
  }

  #freeAt(claim: Claim): number {
    const isStep = claim.urgency() === "step";
    const allowedAt = Math.max(this.#blockedUntil, this.#limitFreeAt(claim.call(), isStep ? 1 : 0));
    return isStep ? Math.max(allowedAt, this.#stepAt(claim)) : allowedAt;
  }

  /** When the limit has room; what the platform told counts more than what is known of it in general. */
  #limitFreeAt(call: MessageCall, reserve: number): number {
    const now = this.#clock.now();
    const told = this.#told.window(call, now);
    if (!told) return this.#log.freeAt(now, reserve);
    return told.left > 0 ? Number.NEGATIVE_INFINITY : told.endsAt;
  }

  #stepAt(claim: Claim): number {
    const last = this.#log.lastSentAt;
    if (last === undefined) return Number.NEGATIVE_INFINITY;
    const told = this.#told.window(claim.call(), last);
    const room = told ? this.#toldRoom(told, claim, last) : this.#knownRoom(claim, last);
    const sincePenaltyMs = this.#clock.now() - this.#blockedUntil;
    if (last < this.#blockedUntil) return this.#blockedUntil;
    if (sincePenaltyMs < cautiousAfterPenaltyMs) {
      return last + stepGap(room, true) * (sincePenaltyMs < slowAfterPenaltyMs ? 2 : 1);
    }
    const stepAt = last + stepGap(room, false);
    // Text that has fallen silent is shown soon, as long as that does not take what later text will need.
    const flushAt = Math.max(claim.writtenAt() + silenceMs, last + room.shortestMs);
    return room.used < 2 / 3 ? Math.min(stepAt, flushAt) : stepAt;
  }

  /** By the windows that are known of the platform in general, which count any stretch of their length. */
  #knownRoom(claim: Claim, last: number): Room {
    const { count, perMs } = this.#window;
    const limit = Math.max(1, count - 1);
    const held = this.#log.heldAt(last, perMs);
    const horizonMs = Math.max(Math.min(perMs, longAnswerMs) - (last - claim.startedAt()), perMs / 8);
    const freed = held - this.#log.heldAt(last + horizonMs, perMs);
    const left = Math.max(limit - held, 0) + freed;
    const evenMs = left > 0 ? horizonMs / left : horizonMs;
    const shortestMs = Math.max(shortestStepMs, (perMs / limit) * 0.39);
    return { limit, periodMs: perMs, used: held / limit, evenMs, shortestMs };
  }

  /**
   * By what the platform told, which counts in stretches that begin anew when the last one has ended. They are so short
   * that an answer begins fast only once, and not in each of them.
   */
  #toldRoom({ limit, left, endsAt }: ToldWindow, claim: Claim, last: number): Room {
    const used = Math.max(limit - left, this.#log.sentSince(claim.startedAt()) - 1) / limit;
    const { perMs } = this.#window;
    const shortestMs = Math.max(shortestStepMs, perMs / limit / 2);
    return { limit, periodMs: perMs, used, evenMs: (endsAt - last) / (left + 1), shortestMs };
  }

  /** A clock that was set back must not hold calls until it has caught up. */
  #followClock(): void {
    const now = this.#clock.now();
    const backMs = this.#latest - now;
    this.#latest = now;
    if (backMs <= 0) return;
    this.#log.shift(backMs);
    this.#told.shift(backMs);
    this.#blockedUntil -= backMs;
  }
}

/** Ends go before steps; among equals whoever's text has waited longest. */
function priorityOf(claim: Claim): number {
  return claim.unseenSince() - (claim.urgency() === "edge" ? edgeAdvantageMs : 0);
}

const edgeAdvantageMs = 1e12;

/** Telegram tolerates three calls in a second. */
const shortestStepMs = 400;

/** Few answers last longer than this. */
const longAnswerMs = 50_000;

/** Text that has not grown for this long is taken to pause: a tool is at work, or the model thinks. */
const silenceMs = 700;

/** Who comes back from a penalty at the former pace is the next to be punished. */
const slowAfterPenaltyMs = 60_000;
const cautiousAfterPenaltyMs = 600_000;
