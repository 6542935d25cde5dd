import type { Adapter, RateWindow } from "../../../src/adapter.ts";
import { type Budgeted, Budgets } from "../../../src/reply/budget.ts";
import type { ChatBudget, Claim, Permit, Urgency } from "../../../src/reply/chat-budget.ts";
import { createManualClock, type ManualClock } from "../../support/manual-clock.ts";

export type { Urgency } from "../../../src/reply/chat-budget.ts";

export const privateRate: readonly RateWindow[] = [
  { count: 3, perMs: 1000 },
  { count: 60, perMs: 60_000 },
];
export const groupRate: readonly RateWindow[] = [
  { count: 3, perMs: 1000 },
  { count: 20, perMs: 60_000 },
];
export const discordRate: readonly RateWindow[] = [{ count: 5, perMs: 5000 }];
export const rates = [
  ["a private chat on Telegram", privateRate],
  ["a group on Telegram", groupRate],
  ["a channel on Discord", discordRate],
] as const;

const never = new AbortController().signal;

type Wish = Partial<{ [Key in keyof Claim]: ReturnType<Claim[Key]> }>;

/** A bot as far as budgets are concerned. */
export function bot(botRate: readonly RateWindow[] = []): Pick<Adapter, "name" | "capabilities"> {
  const capabilities = {
    maxLength: 1,
    measure: () => 0,
    typingLastsMs: 1,
    botRate,
    finish: "edit" as const,
    maxUploadBytes: 0,
    mostInAlbum: 0,
    sharesAlbum: () => false,
  };
  return { name: "platform", capabilities };
}

/** Asks for calls, which are answered at once, and keeps the moments at which they were granted, from its start on. */
export class Caller {
  readonly grantedAt: number[] = [];
  readonly clock: ManualClock;
  readonly budgets: Budgets;
  readonly #platform: Pick<Adapter, "name" | "capabilities">;
  readonly #target: Budgeted;
  readonly #startMs: number;

  constructor(
    rate: readonly RateWindow[],
    clock = createManualClock(),
    { budgets = new Budgets(clock), name = "one", platform = bot() } = {},
  ) {
    this.clock = clock;
    this.budgets = budgets;
    this.#platform = platform;
    this.#target = { budget: name, rate };
    this.#startMs = clock.now();
  }

  get budget(): ChatBudget {
    return this.budgets.of(this.#platform, this.#target);
  }

  async ask(urgency: Urgency | (() => Urgency) = "step", signal = never, wish: Wish = {}): Promise<boolean> {
    const permit = await this.acquire(urgency, signal, wish);
    permit?.answered();
    return permit !== undefined;
  }

  async acquire(
    urgency: Urgency | (() => Urgency) = "step",
    signal = never,
    wish: Wish = {},
  ): Promise<Permit | undefined> {
    const now = this.clock.now();
    const claim: Claim = {
      call: () => wish.call ?? "edit",
      urgency: typeof urgency === "function" ? urgency : () => urgency,
      startedAt: () => wish.startedAt ?? this.#startMs,
      unseenSince: () => wish.unseenSince ?? now,
      // Text that keeps coming.
      writtenAt: () => wish.writtenAt ?? this.clock.now(),
    };
    const permit = await this.budget.acquire(claim, signal);
    if (permit) this.grantedAt.push(this.clock.now() - this.#startMs);
    return permit;
  }

  /** An answer that always has something new to show. */
  async keepAsking(count: number): Promise<void> {
    for (let n = 0; n < count; n += 1) await this.ask();
  }

  /** The same, for so long. */
  async keepAskingFor(ms: number): Promise<void> {
    const end = new AbortController();
    const asking = (async () => {
      while (await this.ask("step", end.signal));
    })();
    await this.clock.advance(ms);
    end.abort();
    await asking;
  }

  get gaps(): number[] {
    return this.grantedAt.slice(1).map((at, n) => at - (this.grantedAt[n] ?? 0));
  }
}
