/**
 * What it takes to ask with files and by voice, and to answer with pictures: the words that stand above an answer, and
 * which segment of an answer a message belongs to. `files` of a turn are now `[]` where it is known that there are none.
 */
export const preparedQuestions = `
ALTER TABLE turns ADD COLUMN notice TEXT;
-- Without the many questions that had no files.
DROP INDEX turns_files;
CREATE INDEX turns_files ON turns (conversation_id) WHERE files <> '[]';

ALTER TABLE turn_messages ADD COLUMN segment INTEGER NOT NULL DEFAULT 0;
`;
