import type { CommandEvent, MessageEvent, MessageRef, RecentChat } from "../adapter.ts";
import type { QuestionFile } from "../coze/agent.ts";
import type { Turn, TurnFacts, TurnMessage, TurnOffers, TurnProgress, TurnState } from "./store.ts";

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
  readonly offers: string | null;
  readonly facts: string | null;
  readonly files: string | null;
  readonly notice: string | null;
  readonly created_at: number;
  readonly updated_at: number;
  readonly payload: string;
}

export interface TurnMessageRow {
  readonly part: number;
  readonly segment: number;
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

/** The parameters that store an event; what has no column of its own is in the payload. */
export function eventRow({ platform, id, type, sentAt, ...payload }: MessageEvent | CommandEvent) {
  return {
    platform,
    eventId: id,
    kind: type,
    authorId: payload.author.id,
    // A command says nothing about which messages were read.
    chatKey: type === "message" ? payload.chat.key : "",
    sentAt,
    payload: JSON.stringify(payload),
  };
}

/** The parameters that store a turn's progress; null for what stays as it is. */
export function progressRow({ state, offers, facts, ...progress }: TurnProgress) {
  const { conversationId = null, chatId = null, answer = null, error = null, notice = null } = progress;
  return {
    state,
    conversationId,
    chatId,
    answer,
    error,
    notice,
    offers: jsonOrNull(offers),
    facts: jsonOrNull(facts),
  };
}

export function messageRow({ part, segment, ref, replaces, textEnd, sealed }: TurnMessage) {
  return { part, segment, ref: jsonOrNull(ref), replaces: jsonOrNull(replaces), textEnd, sealed: sealed ? 1 : 0 };
}

export function turnFrom(row: TurnRow): Turn {
  const { text, target, author, chat, attachments } = JSON.parse(row.payload) as MessageEvent;
  return {
    id: row.id,
    platform: row.platform,
    eventId: row.event_id,
    authorId: author.id,
    author,
    chat,
    conversation: { agent: row.agent, sessionName: row.session_name, place: row.place },
    locale: row.locale,
    target,
    text,
    attachments,
    state: row.state,
    ...(row.conversation_id !== null && { conversationId: row.conversation_id }),
    ...(row.chat_id !== null && { chatId: row.chat_id }),
    ...(row.answer !== null && { answer: row.answer }),
    ...(row.error !== null && { error: row.error }),
    ...(row.offers !== null && { offers: JSON.parse(row.offers) as TurnOffers }),
    ...(row.facts !== null && { facts: JSON.parse(row.facts) as TurnFacts }),
    ...(row.files !== null && { files: filesFrom(row.files) }),
    ...(row.notice !== null && { notice: row.notice }),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

export function turnMessageFrom({ part, segment, ref, replaces, text_end, sealed }: TurnMessageRow): TurnMessage {
  return {
    part,
    segment,
    ...(ref !== null && { ref: refFrom(ref) }),
    ...(replaces !== null && { replaces: refFrom(replaces) }),
    textEnd: text_end,
    sealed: sealed === 1,
  };
}

export function refFrom(json: string): MessageRef {
  return JSON.parse(json) as MessageRef;
}

export function filesFrom(json: string): QuestionFile[] {
  return JSON.parse(json) as QuestionFile[];
}

export function recentChatFrom({ event_id, sent_at, payload }: RecentChatRow): RecentChat {
  const { chat } = JSON.parse(payload) as Pick<RecentChat, "chat">;
  return { chat, lastId: event_id, lastSentAt: sent_at };
}

function jsonOrNull(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value);
}
