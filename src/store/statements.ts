import type { Database } from "better-sqlite3";
import type { TurnState } from "./store.ts";
import { endStates } from "./store.ts";

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
  readonly ref: string;
  readonly text_end: number;
  readonly sealed: 0 | 1;
}

export type Statements = ReturnType<typeof prepareStatements>;

/** Every statement of the store, prepared once and kept. */
export function prepareStatements(db: Database) {
  const selectTurns = "SELECT turns.*, payload FROM turns JOIN events USING (platform, event_id)";
  const ended = endStates.map((state) => `'${state}'`).join(", ");
  return {
    insertEvent: db.prepare(
      `INSERT INTO events (platform, event_id, kind, sent_at, received_at, payload)
       VALUES (@platform, @eventId, @kind, @sentAt, @receivedAt, @payload) ON CONFLICT (platform, event_id) DO NOTHING`,
    ),
    insertTurn: db.prepare(
      `INSERT INTO turns (id, platform, event_id, agent, session_name, place, locale, state, created_at, updated_at)
       VALUES (@id, @platform, @eventId, @agent, @sessionName, @place, @locale, 'accepted', @now, @now)`,
    ),
    turn: db.prepare<[string], TurnRow>(`${selectTurns} WHERE id = ?`),
    unfinishedTurns: db.prepare<[], TurnRow>(`${selectTurns} WHERE state NOT IN (${ended}) ORDER BY sequence`),
    advanceTurn: db.prepare(
      `UPDATE turns SET state = @state, conversation_id = coalesce(@conversationId, conversation_id),
         chat_id = coalesce(@chatId, chat_id), answer = coalesce(@answer, answer), error = coalesce(@error, error),
         updated_at = @now
       WHERE id = @id`,
    ),
    saveTurnMessage: db.prepare(
      `INSERT INTO turn_messages (turn_id, part, ref, text_end, sealed) VALUES (@turnId, @part, @ref, @textEnd, @sealed)
       ON CONFLICT (turn_id, part) DO UPDATE SET ref = excluded.ref, text_end = excluded.text_end, sealed = excluded.sealed`,
    ),
    turnMessages: db.prepare<[string], TurnMessageRow>(
      "SELECT part, ref, text_end, sealed FROM turn_messages WHERE turn_id = ? ORDER BY part",
    ),
    conversation: db
      .prepare<{ agent: string; sessionName: string; place: string }>(
        `SELECT conversation_id FROM conversations WHERE agent = @agent AND session_name = @sessionName AND place = @place`,
      )
      .pluck(),
    saveConversation: db.prepare(
      `INSERT INTO conversations (agent, session_name, place, conversation_id, updated_at)
       VALUES (@agent, @sessionName, @place, @conversationId, @now)
       ON CONFLICT (agent, session_name, place)
       DO UPDATE SET conversation_id = excluded.conversation_id, updated_at = excluded.updated_at`,
    ),
    forgetConversation: db.prepare(
      "DELETE FROM conversations WHERE agent = @agent AND session_name = @sessionName AND place = @place",
    ),
  };
}
