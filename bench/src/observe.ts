import { createHash } from "node:crypto";
import type { ApiCall, ChatPlatform, Room } from "../../src/playground/chat-platform.ts";
import type { CallKind, Observation, ObservedCall, ObservedMessage } from "./metrics/observation.ts";
import { latencyMs } from "./rooms.ts";

/** What the emulator saw of the bot in one room. Texts are as the platform stores them. */
export function observe(emulator: ChatPlatform, room: Room): Observation {
  const calls = emulator.calls.filter(
    ({ parameters }) => String(parameters.chat_id ?? parameters.channel_id) === room.id,
  );
  const isMarkdown = emulator.name === "discord" ? () => true : isAmong(calls.map(richMarkdown));
  // Telegram's emulator applies a call half way between its arrival and its answer.
  const toAnswerMs = emulator.name === "telegram" ? latencyMs / 2 : 0;
  const messages = emulator.botMessages(room).map(
    ({ id, revisions }): ObservedMessage => ({
      id,
      versions: revisions.map(({ at, text }) => ({ at: at + toAnswerMs, text, isMarkdown: isMarkdown(text) })),
    }),
  );
  return { messages, calls: calls.flatMap(observedCall) };
}

/** The source of a rich message, which the emulator stores as its text. */
function richMarkdown({ parameters }: ApiCall): string | undefined {
  return (parameters.rich_message as { readonly markdown?: string } | undefined)?.markdown;
}

function isAmong(sources: readonly (string | undefined)[]): (text: string) => boolean {
  const known = new Set(sources);
  return (text) => known.has(text);
}

const kindOf: Readonly<Record<string, CallKind>> = {
  sendMessage: "post",
  sendRichMessage: "post",
  editMessageText: "edit",
  deleteMessage: "delete",
  sendMessageDraft: "draft",
  sendRichMessageDraft: "draft",
  sendChatAction: "typing",
  "POST /channels/:id/messages": "post",
  "PATCH /channels/:id/messages/:id": "edit",
  "DELETE /channels/:id/messages/:id": "delete",
  "POST /channels/:id/typing": "typing",
};

function observedCall(call: ApiCall): ObservedCall[] {
  const kind = kindOf[call.method];
  if (kind === undefined) return [];
  const { message_id, nonce: _, ...payload } = call.parameters;
  const retryAfterMs = call.status === 429 ? retryAfter(call.response) * 1000 : undefined;
  return [
    {
      kind,
      at: call.at,
      answeredAt: call.at + latencyMs,
      status: call.status,
      payload: createHash("sha1").update(JSON.stringify(payload)).digest("base64"),
      ...(retryAfterMs !== undefined && { retryAfterMs }),
      ...(message_id !== undefined && { message: String(message_id) }),
      ...(kind === "draft" && { draft: String(payload.text ?? richMarkdown(call) ?? "") }),
    },
  ];
}

function retryAfter(response: unknown): number {
  const { parameters, retry_after } = response as { parameters?: { retry_after: number }; retry_after?: number };
  return parameters?.retry_after ?? retry_after ?? 0;
}
