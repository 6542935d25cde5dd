/** Times are milliseconds since the epoch, `payload` and `ref` are JSON. */
export const initial = `
CREATE TABLE events (
  platform    TEXT NOT NULL,
  event_id    TEXT NOT NULL,
  kind        TEXT NOT NULL CHECK (kind IN ('message', 'command')),
  sent_at     INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  payload     TEXT NOT NULL,
  PRIMARY KEY (platform, event_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE conversations (
  agent           TEXT NOT NULL,
  session_name    TEXT NOT NULL,
  place           TEXT NOT NULL,
  conversation_id TEXT NOT NULL,
  updated_at      INTEGER NOT NULL,
  PRIMARY KEY (agent, session_name, place)
) STRICT, WITHOUT ROWID;

-- "sequence" is the order of arrival: "created_at" is not unique, and a rowid that isn't declared changes with VACUUM.
CREATE TABLE turns (
  sequence        INTEGER PRIMARY KEY,
  id              TEXT NOT NULL UNIQUE,
  platform        TEXT NOT NULL,
  event_id        TEXT NOT NULL,
  agent           TEXT NOT NULL,
  session_name    TEXT NOT NULL,
  place           TEXT NOT NULL,
  locale          TEXT NOT NULL,
  state           TEXT NOT NULL,
  conversation_id TEXT,
  chat_id         TEXT,
  answer          TEXT,
  error           TEXT,
  created_at      INTEGER NOT NULL,
  updated_at      INTEGER NOT NULL,
  FOREIGN KEY (platform, event_id) REFERENCES events (platform, event_id),
  UNIQUE (platform, event_id)
) STRICT;

CREATE INDEX turns_unfinished ON turns (sequence)
  WHERE state NOT IN ('delivered', 'waiting', 'stopped', 'failed');

CREATE TABLE turn_messages (
  turn_id  TEXT NOT NULL REFERENCES turns (id),
  part     INTEGER NOT NULL,
  ref      TEXT NOT NULL,
  text_end INTEGER NOT NULL,
  sealed   INTEGER NOT NULL CHECK (sealed IN (0, 1)),
  PRIMARY KEY (turn_id, part)
) STRICT, WITHOUT ROWID;
`;
