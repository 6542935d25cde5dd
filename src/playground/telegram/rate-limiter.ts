import { lengthOf } from "./formatted-text.ts";
import type { BucketMeter, Budget, LimitedCall, LimitProfile, Penalty, WindowMeter } from "./limit-profiles.ts";
import { flood } from "./refusal.ts";
import type { ScopedClock } from "./scoped-clock.ts";

/** A call that may be limited. */
export interface Charge {
  readonly call: LimitedCall;
  readonly chatId: number;
  readonly isPrivate: boolean;
  readonly text?: string;
  /** As how many messages it counts. Default 1. */
  readonly messages?: number;
}

interface Meter {
  /** How long until `cost` more fits, in milliseconds. */
  wait(cost: number, now: number): number;
  spend(cost: number, now: number): void;
}

/** One budget of one chat, or of the bot. */
interface Account {
  readonly meters: readonly Meter[];
  blockedUntil: number;
  /** Calls since the current penalty began. */
  callsInPenalty: number;
  breaches: number;
  lastBreachAt: number;
}

/** Refuses calls with 429 by a profile. A refused call costs nothing; one that is allowed is counted in all its budgets. */
export class RateLimiter {
  readonly #profile: LimitProfile;
  readonly #clock: ScopedClock;
  readonly #accounts = new Map<string, Account>();

  constructor(profile: LimitProfile, clock: ScopedClock) {
    this.#profile = profile;
    this.#clock = clock;
  }

  /** Throws the 429 when the call is one too many. */
  charge(charge: Charge): void {
    const now = this.#clock.now();
    const accounts = this.#profile.budgets.flatMap((budget, index) =>
      applies(budget, charge) ? [{ budget, account: this.#account(budget, index, charge) }] : [],
    );
    const waits = accounts.map(({ budget, account }) => waitOf(budget, account, costOf(budget, charge), now));
    const waitMs = Math.max(0, ...waits);
    if (waitMs > 0) throw flood(Math.ceil(waitMs / 1000));
    for (const { budget, account } of accounts) {
      for (const meter of account.meters) meter.spend(costOf(budget, charge), now);
    }
  }

  #account(budget: Budget, index: number, charge: Charge): Account {
    const key = budget.scope === "bot" ? `${index}` : `${index}:${charge.chatId}`;
    const known = this.#accounts.get(key);
    if (known !== undefined) return known;
    const meters = budget.meters.map((meter) => (meter.kind === "window" ? windowOf(meter) : bucketOf(meter)));
    const account = { meters, blockedUntil: 0, callsInPenalty: 0, breaches: 0, lastBreachAt: -Infinity };
    this.#accounts.set(key, account);
    return account;
  }
}

function applies(budget: Budget, charge: Charge): boolean {
  const isInScope = budget.scope === "bot" || (budget.scope === "private") === charge.isPrivate;
  return isInScope && budget.calls.includes(charge.call);
}

function costOf(budget: Budget, charge: Charge): number {
  const long = budget.longText;
  const isLong = long !== undefined && lengthOf(charge.text ?? "") > long.over;
  return (charge.messages ?? 1) * (isLong ? long.cost : 1);
}

function waitOf(budget: Budget, account: Account, cost: number, now: number): number {
  if (account.blockedUntil > now) {
    account.callsInPenalty += 1;
    const tolerated = budget.penalty?.toleratedCalls ?? Infinity;
    if (budget.penalty !== undefined && account.callsInPenalty > tolerated) punish(account, budget.penalty, now);
    return account.blockedUntil - now;
  }
  const waitMs = Math.max(...account.meters.map((meter) => meter.wait(cost, now)));
  if (waitMs <= 0 || budget.penalty === undefined) return waitMs;
  punish(account, budget.penalty, now);
  return account.blockedUntil - now;
}

function punish(account: Account, penalty: Penalty, now: number): void {
  if (now - account.lastBreachAt > penalty.forgottenAfterMs) account.breaches = 0;
  const step = penalty.stepsMs[Math.min(account.breaches, penalty.stepsMs.length - 1)] ?? 0;
  account.breaches += 1;
  account.lastBreachAt = now;
  account.blockedUntil = now + step;
  account.callsInPenalty = 0;
}

function windowOf({ count, perMs }: WindowMeter): Meter {
  let spent: number[] = [];
  return {
    wait(cost, now) {
      spent = spent.filter((at) => now - at < perMs);
      const mustLeave = spent[spent.length + cost - count - 1];
      return mustLeave === undefined ? 0 : mustLeave + perMs - now;
    },
    spend(cost, now) {
      for (let i = 0; i < cost; i += 1) spent.push(now);
    },
  };
}

function bucketOf({ burst, refillMs }: BucketMeter): Meter {
  /** In milliseconds of refilling: one call is worth `refillMs`. */
  let credit = burst * refillMs;
  let countedAt = -Infinity;
  const refill = (now: number) => {
    credit = Math.min(burst * refillMs, credit + now - countedAt);
    countedAt = now;
  };
  return {
    wait(cost, now) {
      refill(now);
      return Math.max(0, cost * refillMs - credit);
    },
    spend(cost, now) {
      refill(now);
      credit -= cost * refillMs;
    },
  };
}
