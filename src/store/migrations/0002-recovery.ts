/**
 * What it takes to run for months: a message is noted before it is sent, a run on Coze and the last event of a chat are
 * found again, what is old can be deleted, and a chat may go on under another key. `replaces` is JSON, like `ref`.
 */
export const recovery = `
CREATE TABLE new_turn_messages (
  turn_id  TEXT NOT NULL REFERENCES turns (id),
  part     INTEGER NOT NULL,
  ref      TEXT,
  replaces TEXT,
  text_end INTEGER NOT NULL,
  sealed   INTEGER NOT NULL CHECK (sealed IN (0, 1)),
  PRIMARY KEY (turn_id, part)
) STRICT, WITHOUT ROWID;
INSERT INTO new_turn_messages (turn_id, part, ref, text_end, sealed)
  SELECT turn_id, part, ref, text_end, sealed FROM turn_messages;
DROP TABLE turn_messages;
ALTER TABLE new_turn_messages RENAME TO turn_messages;

-- Of messages alone, from the payload; a column of its own, so that an index alone tells the last message of each chat.
ALTER TABLE events ADD COLUMN chat_key TEXT NOT NULL DEFAULT '';
UPDATE events SET chat_key = json_extract(payload, '$.chat.key') WHERE kind = 'message';
CREATE INDEX events_recent ON events (platform, sent_at, chat_key);
CREATE INDEX events_received ON events (received_at);

CREATE INDEX turns_updated ON turns (updated_at);
CREATE INDEX turns_chat ON turns (chat_id) WHERE chat_id IS NOT NULL;

CREATE TABLE chat_moves (
  platform TEXT NOT NULL,
  from_key TEXT NOT NULL,
  to_key   TEXT NOT NULL,
  PRIMARY KEY (platform, from_key)
) STRICT, WITHOUT ROWID;
`;
