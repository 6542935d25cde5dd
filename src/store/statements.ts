import type { Database } from "better-sqlite3";
import type { RecentChatRow, TurnMessageRow, TurnRow } from "./rows.ts";
import type { ChatMove, ConversationKey, KnownPerson, PastConversation, PersonConversation } from "./store.ts";
import { endStates } from "./store.ts";

export type Statements = ReturnType<typeof prepareStatements>;

type KnownConversation = ConversationKey & { readonly conversationId: string };

/** Every statement of the store, prepared once and kept. */
export function prepareStatements(db: Database) {
  return {
    ...eventStatements(db),
    ...turnStatements(db),
    ...turnMessageStatements(db),
    ...conversationStatements(db),
    ...chatStatements(db),
    ...pruneStatements(db),
    ...forgetStatements(db),
    ...sweepStatements(db),
    /** Reads a page of the file. */
    ping: db.prepare("SELECT count(*) FROM sqlite_schema"),
  };
}

const byKey = "WHERE agent = @agent AND session_name = @sessionName AND place = @place";
const ended = `(${endStates.map((state) => `'${state}'`).join(", ")})`;

/** What the bridge made up itself (a question that is asked again) has an id that no platform knows: `button:…`. */
const isOfPlatform = "event_id NOT GLOB '[a-z]*:*'";

function eventStatements(db: Database) {
  return {
    insertEvent: db.prepare(
      `INSERT INTO events (platform, event_id, kind, author_id, chat_key, sent_at, received_at, payload)
       VALUES (@platform, @eventId, @kind, @authorId, @chatKey, @sentAt, @now, @payload)
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
    latestTurn: db.prepare<ConversationKey, TurnRow>(`${select} ${byKey} ORDER BY sequence DESC LIMIT 1`),
    latestTurnIn: db.prepare<KnownConversation, TurnRow>(
      `${select} ${byKey} AND conversation_id = @conversationId AND chat_id IS NOT NULL ORDER BY sequence DESC LIMIT 1`,
    ),
    latestFiles: db
      .prepare<[string], string>(
        `SELECT files FROM turns WHERE conversation_id = ? AND files <> '[]' ORDER BY sequence DESC LIMIT 1`,
      )
      .pluck(),
    unfinishedTurns: db.prepare<[], TurnRow>(`${select} WHERE state NOT IN ${ended} ORDER BY sequence`),
    advanceTurn: db.prepare(
      `UPDATE turns SET state = @state, conversation_id = coalesce(@conversationId, conversation_id),
         chat_id = coalesce(@chatId, chat_id), answer = coalesce(@answer, answer), error = coalesce(@error, error),
         offers = coalesce(@offers, offers), facts = coalesce(@facts, facts), notice = coalesce(@notice, notice),
         updated_at = @now
       WHERE id = @id`,
    ),
    prepareTurn: db.prepare<{ id: string; files: string; notice: string }>(
      "UPDATE turns SET files = @files, notice = @notice WHERE id = @id",
    ),
    forgetFiles: db.prepare<[string]>("UPDATE turns SET files = '[]' WHERE conversation_id = ? AND files <> '[]'"),
    isChatKnown: db.prepare<[string]>("SELECT 1 FROM turns WHERE chat_id = ? LIMIT 1").pluck(),
  };
}

function turnMessageStatements(db: Database) {
  return {
    saveTurnMessage: db.prepare(
      `INSERT INTO turn_messages (turn_id, part, segment, ref, replaces, text_end, sealed)
       VALUES (@turnId, @part, @segment, @ref, @replaces, @textEnd, @sealed)
       ON CONFLICT (turn_id, part) DO UPDATE SET segment = excluded.segment, ref = excluded.ref,
         replaces = excluded.replaces, text_end = excluded.text_end, sealed = excluded.sealed`,
    ),
    turnMessages: db.prepare<[string], TurnMessageRow>(
      "SELECT part, segment, ref, replaces, text_end, sealed FROM turn_messages WHERE turn_id = ? ORDER BY part",
    ),
    // A turn ends after the last change of its messages, so one that ended before has none that changed since.
    messagesInChat: db.prepare<{ platform: string; budget: string; since: number }, TurnMessageRow>(
      `SELECT part, segment, ref, replaces, text_end, sealed
       FROM turns JOIN turn_messages ON turn_id = id JOIN events USING (platform, event_id)
       WHERE sequence IN (SELECT sequence FROM turns WHERE updated_at >= @since
                          UNION ALL SELECT sequence FROM turns WHERE state NOT IN ${ended})
         AND platform = @platform AND json_extract(payload, '$.target.budget') = @budget
       ORDER BY sequence, part`,
    ),
  };
}

function conversationStatements(db: Database) {
  const thatOne = `${byKey} AND conversation_id = @conversationId`;
  return {
    conversation: db.prepare<ConversationKey, string>(`SELECT conversation_id FROM conversations ${byKey}`).pluck(),
    saveConversation: db.prepare<KnownConversation & { readonly now: number }>(
      `INSERT INTO conversations (agent, session_name, place, conversation_id, updated_at)
       VALUES (@agent, @sessionName, @place, @conversationId, @now)
       ON CONFLICT (agent, session_name, place)
       DO UPDATE SET conversation_id = excluded.conversation_id, updated_at = excluded.updated_at`,
    ),
    listConversation: db.prepare<KnownConversation & { readonly now: number }>(
      `INSERT INTO past_conversations (session_name, agent, place, conversation_id, created_at, used_at)
       VALUES (@sessionName, @agent, @place, @conversationId, @now, @now)
       ON CONFLICT (session_name, agent, place, conversation_id) DO UPDATE SET used_at = excluded.used_at`,
    ),
    pastConversations: db.prepare<ConversationKey, PastConversation>(
      `SELECT conversation_id AS conversationId, title, created_at AS createdAt, used_at AS usedAt
       FROM past_conversations ${byKey} ORDER BY used_at DESC, created_at DESC, conversation_id`,
    ),
    titleConversation: db.prepare<KnownConversation & { readonly title: string }>(
      `UPDATE past_conversations SET title = @title ${thatOne}`,
    ),
    forgetConversation: db.prepare<ConversationKey>(`DELETE FROM conversations ${byKey}`),
    leaveConversation: db.prepare<KnownConversation>(`DELETE FROM conversations ${thatOne}`),
    unlistConversation: db.prepare<KnownConversation>(`DELETE FROM past_conversations ${thatOne}`),
  };
}

function chatStatements(db: Database) {
  return {
    // CROSS JOIN: the index finds the few that are wanted, before any payload is read.
    recentChats: db.prepare<{ platform: string; since: number }, RecentChatRow>(
      `SELECT event_id, last.sent_at, payload
       FROM (SELECT event_id, max(sent_at) AS sent_at FROM events
             WHERE platform = @platform AND sent_at >= @since AND chat_key <> '' AND ${isOfPlatform} GROUP BY chat_key) AS last
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

/** `@events` is a JSON array of event ids of a platform, `@sessionNames` one of session names. */
function forgetStatements(db: Database) {
  type Person = Pick<KnownPerson, "platform" | "authorId">;
  type Events = { readonly platform: string; readonly events: string };
  type Names = { readonly sessionNames: string };
  const theirs = "WHERE platform = @platform AND event_id IN (SELECT value FROM json_each(@events))";
  const own = "WHERE session_name IN (SELECT value FROM json_each(@sessionNames))";
  return {
    eventsOf: db
      .prepare<Person & { readonly count: number }, string>(
        "SELECT event_id FROM events WHERE platform = @platform AND author_id = @authorId LIMIT @count",
      )
      .pluck(),
    // A title may be what the person said, also of a conversation that others share.
    forgetTitles: db.prepare<Events>(
      `UPDATE past_conversations SET title = '' WHERE (session_name, agent, place, conversation_id) IN
         (SELECT session_name, agent, place, conversation_id FROM turns ${theirs})`,
    ),
    forgetTurnMessages: db.prepare<Events>(
      `DELETE FROM turn_messages WHERE turn_id IN (SELECT id FROM turns ${theirs})`,
    ),
    forgetTurns: db.prepare<Events>(`DELETE FROM turns ${theirs}`),
    // Without the last message that was taken in from a group, earlier ones would be read, and answered, once more.
    anonymiseLastOfGroups: db.prepare<Events>(
      `UPDATE events AS last SET author_id = '',
         payload = json_object('chat', json_remove(json_extract(payload, '$.chat'), '$.title'))
       ${theirs} AND chat_key <> '' AND ${isOfPlatform} AND json_extract(payload, '$.chat.kind') = 'group'
         AND NOT EXISTS (SELECT 1 FROM events AS newer
                         WHERE newer.platform = last.platform AND newer.chat_key = last.chat_key
                           AND newer.sent_at > last.sent_at AND newer.${isOfPlatform})`,
    ),
    forgetEvents: db.prepare<Events>(`DELETE FROM events ${theirs} AND author_id <> ''`),
    conversationsOf: db.prepare<Names, PersonConversation>(
      `SELECT DISTINCT agent, session_name AS sessionName, conversation_id AS conversationId
       FROM past_conversations ${own}`,
    ),
    leaveConversationsOf: db.prepare<Names>(
      `DELETE FROM conversations WHERE (agent, session_name, place) IN
         (SELECT agent, session_name, place FROM past_conversations ${own})`,
    ),
    unlistConversationsOf: db.prepare<Names>(`DELETE FROM past_conversations ${own}`),
  };
}

function sweepStatements(db: Database) {
  return {
    isUnswept: db.prepare<[], number>("SELECT EXISTS (SELECT 1 FROM unswept)").pluck(),
    noteUnswept: db.prepare<[number]>("INSERT INTO unswept (since) VALUES (?) ON CONFLICT DO NOTHING"),
    noteSwept: db.prepare("DELETE FROM unswept"),
  };
}
