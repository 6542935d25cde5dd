import type { Author, MessageRef, RecentChat, Target } from "../adapter.ts";
import type { Turn, TurnMessage, TurnState } from "./store.ts";

/** A row of `turns` with the payload of its event. */
export interface TurnRow {
  readonly id: string;
  readonly platform: string;
  readonly event_id: string;
  readonly agent: string;
  readonly session_name: string;
  readonly place: string;
  readonly locale: string;
  readonly state: TurnState;
  readonly conversation_id: string | null;
  readonly chat_id: string | null;
  readonly answer: string | null;
  readonly error: string | null;
  readonly created_at: number;
  readonly updated_at: number;
  readonly payload: string;
}

export interface TurnMessageRow {
  readonly part: number;
  readonly ref: string | null;
  readonly replaces: string | null;
  readonly text_end: number;
  readonly sealed: 0 | 1;
}

export interface RecentChatRow {
  readonly event_id: string;
  readonly sent_at: number;
  readonly payload: string;
}

export function turnFrom(row: TurnRow): Turn {
  const { text, target, author } = JSON.parse(row.payload) as { text: string; target: Target; author: Author };
  return {
    id: row.id,
    platform: row.platform,
    eventId: row.event_id,
    authorId: author.id,
    conversation: { agent: row.agent, sessionName: row.session_name, place: row.place },
    locale: row.locale,
    target,
    text,
    state: row.state,
    ...(row.conversation_id !== null && { conversationId: row.conversation_id }),
    ...(row.chat_id !== null && { chatId: row.chat_id }),
    ...(row.answer !== null && { answer: row.answer }),
    ...(row.error !== null && { error: row.error }),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

export function turnMessageFrom({ part, ref, replaces, text_end, sealed }: TurnMessageRow): TurnMessage {
  return {
    part,
    ...(ref !== null && { ref: refFrom(ref) }),
    ...(replaces !== null && { replaces: refFrom(replaces) }),
    textEnd: text_end,
    sealed: sealed === 1,
  };
}

export function refFrom(json: string): MessageRef {
  return JSON.parse(json) as MessageRef;
}

export function recentChatFrom({ event_id, sent_at, payload }: RecentChatRow): RecentChat {
  const { chat } = JSON.parse(payload) as Pick<RecentChat, "chat">;
  return { chat, lastId: event_id, lastSentAt: sent_at };
}
