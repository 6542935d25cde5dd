import type { Inbox } from "../../src/adapter.ts";

/** An inbox that hands every event on, and knows no chats from before. */
export function inboxOf(accept: Inbox["accept"]): Inbox {
  return { accept, complete: async () => [], recentChats: async () => [], oldestWanted: () => 0 };
}
