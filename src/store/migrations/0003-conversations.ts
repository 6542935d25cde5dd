/**
 * What it takes to offer many conversations, buttons that work for days and to be forgotten: every conversation of a
 * person in a list of its own, what a turn's answer offers, and whose an event is. `offers`, `facts` and `files` are JSON.
 */
export const conversations = `
-- By person first: one who is to be forgotten is known by session names alone.
CREATE TABLE past_conversations (
  session_name    TEXT NOT NULL,
  agent           TEXT NOT NULL,
  place           TEXT NOT NULL,
  conversation_id TEXT NOT NULL,
  title           TEXT NOT NULL DEFAULT '',
  created_at      INTEGER NOT NULL,
  used_at         INTEGER NOT NULL,
  PRIMARY KEY (session_name, agent, place, conversation_id)
) STRICT, WITHOUT ROWID;
-- The turns know conversations that were left before there was a list.
INSERT INTO past_conversations (session_name, agent, place, conversation_id, created_at, used_at)
  SELECT session_name, agent, place, conversation_id, min(created_at), max(updated_at)
  FROM (SELECT session_name, agent, place, conversation_id, updated_at AS created_at, updated_at FROM conversations
        UNION ALL
        SELECT session_name, agent, place, conversation_id, created_at, updated_at FROM turns
        WHERE conversation_id IS NOT NULL)
  GROUP BY session_name, agent, place, conversation_id;

ALTER TABLE turns ADD COLUMN offers TEXT;
ALTER TABLE turns ADD COLUMN facts TEXT;
ALTER TABLE turns ADD COLUMN files TEXT;
CREATE INDEX turns_line ON turns (agent, session_name, place);
CREATE INDEX turns_files ON turns (conversation_id) WHERE files IS NOT NULL;

-- From the payload, like "chat_key". Empty for an event that only tells how far a chat was read.
ALTER TABLE events ADD COLUMN author_id TEXT NOT NULL DEFAULT '';
UPDATE events SET author_id = json_extract(payload, '$.author.id');
CREATE INDEX events_author ON events (platform, author_id);

-- By chat first: also tells whether an event is the last of its chat.
DROP INDEX events_recent;
CREATE INDEX events_recent ON events (platform, chat_key, sent_at);

-- Has a row while unused places of the file may hold copies of what was forgotten.
CREATE TABLE unswept (
  since INTEGER PRIMARY KEY
) STRICT;
`;
