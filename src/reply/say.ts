import type { Adapter, Buttons, MessageRef, Target } from "../adapter.ts";
import type { Clock } from "../clock.ts";
import type { TurnMessage } from "../store/store.ts";
import type { Budgets } from "./budget.ts";
import { Reply } from "./reply.ts";

export interface Saying {
  readonly adapter: Adapter;
  readonly target: Target;
  readonly text: string;
  readonly buttons?: Buttons;
  /** Distinguishes the message from all others, at most 16 characters. */
  readonly id: string;
  readonly budgets: Budgets;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Told of every message that was sent. */
  readonly onSent?: (ref: MessageRef) => void;
}

/** Says something of the bridge's own that no turn stands behind. Rejects when it can't be said. */
export async function say({ text, buttons = [], onSent, ...options }: Saying): Promise<void> {
  const record = async ({ ref }: TurnMessage) => void (ref && onSent?.(ref));
  const reply = new Reply({ ...options, record, onFailure: () => undefined });
  reply.offer(buttons);
  reply.annotate(text);
  await reply.finish();
}
