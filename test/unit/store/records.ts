import type { CommandEvent, MessageEvent } from "../../../src/adapter.ts";
import type { ConversationKey, NewTurn } from "../../../src/store/store.ts";

export const key: ConversationKey = { agent: "https://api.coze.cn/agent/7", sessionName: "telegram:42", place: "42" };

const origin = {
  platform: "telegram",
  sentAt: 500,
  author: { id: "42", name: "Li 李 🙂", locale: "zh-hans", automated: false },
  chat: { key: "42", kind: "private" },
  target: { budget: "42", rate: [{ count: 1, perMs: 1000 }], address: { chat: 42, topic: null } },
} as const;

export function message(id: string, text = "你好 👋"): MessageEvent {
  return { ...origin, type: "message", id, text, attachments: [], addressed: true };
}

export function command(id: string): CommandEvent {
  return { ...origin, type: "command", id, name: "new", argument: "" };
}

export function newTurn(id: string): NewTurn {
  return { id, conversation: key, locale: "zh" };
}
