import type { AnswerEvent } from "./events.ts";
import type { WireChat, WireFailure } from "./wire.ts";

/** The last event of a run, but for `audio` and `debug`. */
export type RunEnd = Extract<AnswerEvent, { readonly type: "completed" | "waiting" | "cancelled" }>;

/** How a run ended, by the status of its chat (Coze docs retrieve_chat; coze-studio spells two of them differently). */
export function endOf(chat: WireChat): RunEnd | undefined {
  switch (chat.status) {
    case "completed":
      return completionOf(chat);
    case "requires_action":
    case "required_action":
      return waitingOf(chat);
    case "canceled":
    case "cancelled":
      return { type: "cancelled" };
    default:
      return undefined;
  }
}

export function isRunning({ status }: WireChat): boolean {
  return status === "created" || status === "in_progress";
}

/** `expired` is coze-studio's. */
export function hasFailed({ status }: WireChat): boolean {
  return status === "failed" || status === "expired";
}

export function completionOf(chat: WireChat | undefined): RunEnd {
  return { type: "completed", ...(chat?.usage && { tokens: chat.usage.token_count }) };
}

/** Tools of the client are of the type `function`; `reply_message` is a question to the person. */
export function waitingOf(chat: WireChat | undefined): RunEnd {
  const calls = chat?.required_action?.submit_tool_outputs.tool_calls ?? [];
  const tools = calls.filter(({ type }) => type === "function").map(({ id, function: tool }) => ({ id, ...tool }));
  return tools.length > 0 ? { type: "waiting", for: "tools", calls: tools } : { type: "waiting", for: "reply" };
}

export function failureOf({ code, msg, last_error }: WireChat): WireFailure {
  return { code: code || last_error.code, msg: msg || last_error.msg };
}
