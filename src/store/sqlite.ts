import type { CommandEvent, MessageEvent, Target } from "../adapter.ts";
import type { Clock } from "../clock.ts";
import { storeErrorFrom } from "./errors.ts";
import type { OpenDatabase } from "./open-database.ts";
import { openDatabase } from "./open-database.ts";
import type { Statements, TurnMessageRow, TurnRow } from "./statements.ts";
import { prepareStatements } from "./statements.ts";
import type { ConversationKey, NewTurn, Store, Turn, TurnMessage, TurnProgress } from "./store.ts";

export interface SqliteStore extends Store {
  /** `ok`, or what SQLite found to be wrong with the file, one problem a line. Reads the whole file; rejects when that is too damaged. */
  integrity(): Promise<string>;
}

/**
 * Opens the database file, which is created or migrated as needed and belongs to this process until `close`. Fails with
 * a StoreError, as every method does when the file can't be used.
 */
export function openSqliteStore(path: string, options: { readonly clock: Clock }): SqliteStore {
  const database = openDatabase(path);
  try {
    return new SqliteFile(database, options.clock);
  } catch (error) {
    database.close();
    throw storeErrorFrom(error, database.path);
  }
}

class SqliteFile implements SqliteStore {
  readonly #database: OpenDatabase;
  readonly #clock: Clock;
  readonly #statements: Statements;

  constructor(database: OpenDatabase, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
    this.#statements = prepareStatements(database.db);
  }

  acceptMessage(event: MessageEvent, turn: NewTurn): Promise<Turn | undefined> {
    const accept = this.#database.db.transaction(() => {
      if (!this.#insertEvent(event)) return undefined;
      this.#statements.insertTurn.run({
        id: turn.id,
        platform: event.platform,
        eventId: event.id,
        ...turn.conversation,
        locale: turn.locale,
        now: this.#clock.now(),
      });
      return this.#turn(turn.id);
    });
    // Immediate: a transaction that first reads and then writes fails at once when another program writes meanwhile.
    return this.#run(() => accept.immediate());
  }

  acceptCommand(event: CommandEvent): Promise<boolean> {
    return this.#run(() => this.#insertEvent(event));
  }

  conversation(key: ConversationKey): Promise<string | undefined> {
    return this.#run(() => this.#statements.conversation.get({ ...key }) as string | undefined);
  }

  saveConversation(key: ConversationKey, conversationId: string): Promise<void> {
    return this.#run(() => {
      this.#statements.saveConversation.run({ ...key, conversationId, now: this.#clock.now() });
    });
  }

  forgetConversation(key: ConversationKey): Promise<void> {
    return this.#run(() => {
      this.#statements.forgetConversation.run({ ...key });
    });
  }

  advanceTurn(id: string, progress: TurnProgress): Promise<void> {
    const { state, conversationId = null, chatId = null, answer = null, error = null } = progress;
    return this.#run(() => {
      const { changes } = this.#statements.advanceTurn.run({
        id,
        state,
        conversationId,
        chatId,
        answer,
        error,
        now: this.#clock.now(),
      });
      if (changes === 0) throw new Error(`There is no turn ${id}.`);
    });
  }

  saveTurnMessage(turnId: string, message: TurnMessage): Promise<void> {
    const { part, ref, textEnd, sealed } = message;
    return this.#run(() => {
      this.#statements.saveTurnMessage.run({
        turnId,
        part,
        textEnd,
        ref: JSON.stringify(ref),
        sealed: sealed ? 1 : 0,
      });
    });
  }

  turnMessages(turnId: string): Promise<TurnMessage[]> {
    return this.#run(() => this.#statements.turnMessages.all(turnId).map(turnMessageFrom));
  }

  turn(id: string): Promise<Turn | undefined> {
    return this.#run(() => this.#turn(id));
  }

  unfinishedTurns(): Promise<Turn[]> {
    return this.#run(() => this.#statements.unfinishedTurns.all().map(turnFrom));
  }

  integrity(): Promise<string> {
    return this.#run(() => {
      const rows = this.#database.db.pragma("integrity_check") as { readonly integrity_check: string }[];
      return rows.map((row) => row.integrity_check).join("\n");
    });
  }

  close(): Promise<void> {
    return this.#run(() => this.#database.close());
  }

  /** Turns the synchronous SQLite into the port's promises, and its failures into sentences for the operator. */
  async #run<T>(work: () => T): Promise<T> {
    try {
      return work();
    } catch (error) {
      throw storeErrorFrom(error, this.#database.path);
    }
  }

  #insertEvent({ platform, id, type, sentAt, ...payload }: MessageEvent | CommandEvent): boolean {
    const { changes } = this.#statements.insertEvent.run({
      platform,
      eventId: id,
      kind: type,
      sentAt,
      receivedAt: this.#clock.now(),
      payload: JSON.stringify(payload),
    });
    return changes > 0;
  }

  #turn(id: string): Turn | undefined {
    const row = this.#statements.turn.get(id);
    return row && turnFrom(row);
  }
}

function turnFrom(row: TurnRow): Turn {
  const { text, target } = JSON.parse(row.payload) as { text: string; target: Target };
  return {
    id: row.id,
    platform: row.platform,
    eventId: row.event_id,
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

function turnMessageFrom(row: TurnMessageRow): TurnMessage {
  return {
    part: row.part,
    ref: JSON.parse(row.ref) as TurnMessage["ref"],
    textEnd: row.text_end,
    sealed: row.sealed === 1,
  };
}
