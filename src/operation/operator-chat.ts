import type { Adapter } from "../adapter.ts";
import type { AdminChat } from "../config/admin-chat.ts";
import { newId } from "../new-id.ts";
import { type Saying, say } from "../reply/say.ts";

/** Writes into the chat that the operator reads. Rejects when that can't be done. */
export function operatorChat(
  { platform, chatId }: AdminChat,
  adapters: readonly Adapter[],
  rest: Pick<Saying, "budgets" | "clock" | "signal">,
): (text: string) => Promise<void> {
  return async (text) => {
    const adapter = adapters.find(({ name }) => name === platform);
    if (adapter) await say({ adapter, target: adapter.chatTarget(chatId), text, id: newId(), ...rest });
  };
}
