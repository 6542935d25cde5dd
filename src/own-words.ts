import type { ActionEvent, Adapter, Buttons, MessageRef, PersonEvent } from "./adapter.ts";
import type { Clock } from "./clock.ts";
import type { Said } from "./commands/command.ts";
import { newId } from "./new-id.ts";
import type { Budgets } from "./reply/budget.ts";
import { pacedCall } from "./reply/paced-call.ts";
import { say } from "./reply/say.ts";

export interface OwnWordsParts {
  readonly adapters: ReadonlyMap<string, Adapter>;
  readonly budgets: Budgets;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** What the bridge says by itself, without a turn: answers to commands and buttons. */
export class OwnWords {
  readonly #parts: OwnWordsParts;
  #latest: readonly { readonly budget: string; readonly ref: MessageRef }[] = [];

  constructor(parts: OwnWordsParts) {
    this.#parts = parts;
  }

  /** The messages that were sent last with this budget. */
  latest(budget: string): readonly MessageRef[] {
    return this.#latest.filter((sent) => sent.budget === budget).map(({ ref }) => ref);
  }

  async say({ platform, target }: PersonEvent, said: Said): Promise<void> {
    const { adapters, ...parts } = this.#parts;
    const adapter = adapters.get(platform);
    const onSent = (ref: MessageRef) => {
      this.#latest = [...this.#latest.slice(-mostRemembered), { budget: target.budget, ref }];
    };
    if (adapter) await say({ ...parts, adapter, target, ...spoken(said), id: newId(), onSent });
  }

  /** Replaces the buttons of the message that was pressed. */
  async showButtons({ platform, target, ref }: ActionEvent, buttons: Buttons): Promise<void> {
    const { adapters, ...parts } = this.#parts;
    const adapter = adapters.get(platform);
    if (adapter) await pacedCall({ ...parts, adapter, target }, () => adapter.showButtons(ref, buttons));
  }
}

/** As many as the moment has in which a lost message is looked for. */
const mostRemembered = 200;

function spoken(said: Said): { readonly text: string; readonly buttons?: Buttons } {
  return typeof said === "string" ? { text: said } : said;
}
