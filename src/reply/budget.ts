import type { Adapter, RateReport, Target } from "../adapter.ts";
import type { Clock } from "../clock.ts";
import { BotBudget } from "./bot-budget.ts";
import { ChatBudget } from "./chat-budget.ts";

/** What a budget is for: a chat, or the drafts in one. */
export type Budgeted = Pick<Target, "budget" | "rate" | "isOutsideBotRate">;

/** The budgets of all chats on all platforms. */
export class Budgets {
  readonly #clock: Clock;
  readonly #chats = new Map<string, ChatBudget>();
  readonly #bots = new Map<string, BotBudget>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The budget that calls to `target` count against. To be asked for anew at every call: idle ones are forgotten. */
  of(adapter: Pick<Adapter, "name" | "capabilities">, target: Budgeted): ChatBudget {
    const known = this.#chats.get(target.budget);
    if (known) return known;
    this.#forgetIdle();
    const bot = target.isOutsideBotRate ? undefined : this.bot(adapter);
    const budget = new ChatBudget(this.#clock, target.rate, bot);
    this.#chats.set(target.budget, budget);
    return budget;
  }

  /** The budget of the whole bot. */
  bot({ name, capabilities }: Pick<Adapter, "name" | "capabilities">): BotBudget {
    const known = this.#bots.get(name);
    if (known) return known;
    const budget = new BotBudget(this.#clock, capabilities.botRate);
    this.#bots.set(name, budget);
    return budget;
  }

  /** Takes over what a platform's answer told about its limits. */
  report(report: RateReport): void {
    this.#chats.get(report.budget)?.report(report);
  }

  #forgetIdle(): void {
    if (this.#chats.size < manyChats) return;
    for (const [key, budget] of this.#chats) {
      if (budget.isIdle()) this.#chats.delete(key);
    }
  }
}

const manyChats = 1000;
