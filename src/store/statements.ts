import type { Database } from "better-sqlite3";
import type { RecentChatRow, TurnMessageRow, TurnRow } from "./rows.ts";
import type { ChatMove, ConversationKey } from "./store.ts";
import { endStates } from "./store.ts";

export type Statements = ReturnType<typeof prepareStatements>;

/** Every statement of the store, prepared once and kept. */
export function prepareStatements(db: Database) {
  return {
    ...eventStatements(db),
    ...turnStatements(db),
    ...turnMessageStatements(db),
    ...conversationStatements(db),
    ...chatStatements(db),
    ...pruneStatements(db),
    /** Reads a page of the file. */
    ping: db.prepare("SELECT count(*) FROM sqlite_schema"),
  };
}

const ended = `(${endStates.map((state) => `'${state}'`).join(", ")})`;

function eventStatements(db: Database) {
  return {
    insertEvent: db.prepare(
      `INSERT INTO events (platform, event_id, kind, chat_key, sent_at, received_at, payload)
       VALUES (@platform, @eventId, @kind, @chatKey, @sentAt, @receivedAt, @payload)
       ON CONFLICT (platform, event_id) DO NOTHING`,
    ),
    changePayload: db.prepare<{ platform: string; eventId: string; payload: string }>(
      "UPDATE events SET payload = @payload WHERE platform = @platform AND event_id = @eventId",
    ),
  };
}

function turnStatements(db: Database) {
  const select = "SELECT turns.*, payload FROM turns JOIN events USING (platform, event_id)";
  return {
    insertTurn: db.prepare(
      `INSERT INTO turns (id, platform, event_id, agent, session_name, place, locale, state, created_at, updated_at)
       VALUES (@id, @platform, @eventId, @agent, @sessionName, @place, @locale, 'accepted', @now, @now)`,
    ),
    turn: db.prepare<[string], TurnRow>(`${select} WHERE id = ?`),
    turnOfEvent: db.prepare<[string, string], TurnRow>(`${select} WHERE platform = ? AND event_id = ?`),
    unfinishedTurns: db.prepare<[], TurnRow>(`${select} WHERE state NOT IN ${ended} ORDER BY sequence`),
    advanceTurn: db.prepare(
      `UPDATE turns SET state = @state, conversation_id = coalesce(@conversationId, conversation_id),
         chat_id = coalesce(@chatId, chat_id), answer = coalesce(@answer, answer), error = coalesce(@error, error),
         updated_at = @now
       WHERE id = @id`,
    ),
    isChatKnown: db.prepare<[string]>("SELECT 1 FROM turns WHERE chat_id = ? LIMIT 1").pluck(),
  };
}

function turnMessageStatements(db: Database) {
  return {
    saveTurnMessage: db.prepare(
      `INSERT INTO turn_messages (turn_id, part, ref, replaces, text_end, sealed)
       VALUES (@turnId, @part, @ref, @replaces, @textEnd, @sealed)
       ON CONFLICT (turn_id, part) DO UPDATE SET ref = excluded.ref, replaces = excluded.replaces,
         text_end = excluded.text_end, sealed = excluded.sealed`,
    ),
    turnMessages: db.prepare<[string], TurnMessageRow>(
      "SELECT part, ref, replaces, text_end, sealed FROM turn_messages WHERE turn_id = ? ORDER BY part",
    ),
    // A turn ends after the last change of its messages, so one that ended before has none that changed since.
    messagesInChat: db.prepare<{ platform: string; budget: string; since: number }, TurnMessageRow>(
      `SELECT part, ref, replaces, text_end, sealed
       FROM turns JOIN turn_messages ON turn_id = id JOIN events USING (platform, event_id)
       WHERE sequence IN (SELECT sequence FROM turns WHERE updated_at >= @since
                          UNION ALL SELECT sequence FROM turns WHERE state NOT IN ${ended})
         AND platform = @platform AND json_extract(payload, '$.target.budget') = @budget
       ORDER BY sequence, part`,
    ),
  };
}

function conversationStatements(db: Database) {
  const byKey = "WHERE agent = @agent AND session_name = @sessionName AND place = @place";
  return {
    conversation: db.prepare<ConversationKey>(`SELECT conversation_id FROM conversations ${byKey}`).pluck(),
    saveConversation: db.prepare(
      `INSERT INTO conversations (agent, session_name, place, conversation_id, updated_at)
       VALUES (@agent, @sessionName, @place, @conversationId, @now)
       ON CONFLICT (agent, session_name, place)
       DO UPDATE SET conversation_id = excluded.conversation_id, updated_at = excluded.updated_at`,
    ),
    forgetConversation: db.prepare(`DELETE FROM conversations ${byKey}`),
  };
}

function chatStatements(db: Database) {
  return {
    // An event that the bridge made up itself (a question that is asked again) has an id that no platform knows.
    // CROSS JOIN: the index finds the few that are wanted, before any payload is read.
    recentChats: db.prepare<{ platform: string; since: number }, RecentChatRow>(
      `SELECT event_id, last.sent_at, payload
       FROM (SELECT event_id, max(sent_at) AS sent_at FROM events
             WHERE platform = @platform AND sent_at >= @since AND chat_key <> '' AND event_id NOT GLOB 'retry:*' GROUP BY chat_key) AS last
       CROSS JOIN events USING (event_id)
       WHERE platform = @platform
       ORDER BY last.sent_at DESC`,
    ),
    moveChat: db.prepare<ChatMove>(
      `INSERT INTO chat_moves (platform, from_key, to_key) VALUES (@platform, @from, @to)
       ON CONFLICT (platform, from_key) DO UPDATE SET to_key = excluded.to_key`,
    ),
    movedChats: db.prepare<[], ChatMove>('SELECT platform, from_key AS "from", to_key AS "to" FROM chat_moves'),
  };
}

/** Each deletes at most `count` rows, oldest first. */
function pruneStatements(db: Database) {
  type Bounds = { readonly before: number; readonly count: number };
  const oldTurns = `SELECT id FROM turns WHERE updated_at < @before AND state IN ${ended} ORDER BY updated_at, sequence LIMIT @count`;
  return {
    pruneTurnMessages: db.prepare<Bounds>(`DELETE FROM turn_messages WHERE turn_id IN (${oldTurns})`),
    pruneTurns: db.prepare<Bounds>(`DELETE FROM turns WHERE id IN (${oldTurns})`),
    pruneEvents: db.prepare<Bounds>(
      `DELETE FROM events WHERE (platform, event_id) IN (
         SELECT platform, event_id FROM events AS old
         WHERE received_at < @before AND NOT EXISTS (
           SELECT 1 FROM turns WHERE turns.platform = old.platform AND turns.event_id = old.event_id)
         ORDER BY received_at LIMIT @count)`,
    ),
  };
}
