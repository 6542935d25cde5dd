import { initial } from "./0001-initial.ts";
import { recovery } from "./0002-recovery.ts";
import { conversations } from "./0003-conversations.ts";
import { preparedQuestions } from "./0004-prepared-questions.ts";

/**
 * Every step of the schema as SQL, in order: the n-th leads to schema version n. One that was released never changes;
 * a change of the schema is a new file at the end.
 */
export const migrations: readonly string[] = [initial, recovery, conversations, preparedQuestions];
