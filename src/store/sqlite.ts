import { setImmediate } from "node:timers/promises";
import type { CommandEvent, MessageEvent, MessageRef, RecentChat } from "../adapter.ts";
import type { Clock } from "../clock.ts";
import { CallLine } from "./call-line.ts";
import { StoreError, storeErrorFrom } from "./errors.ts";
import type { OpenDatabase } from "./open-database.ts";
import { openDatabase } from "./open-database.ts";
import { OwedNotes } from "./owed-notes.ts";
import { recentChatFrom, refFrom, turnFrom, turnMessageFrom } from "./rows.ts";
import { migrate } from "./schema.ts";
import type { Statements } from "./statements.ts";
import { prepareStatements } from "./statements.ts";
import type { ChatMove, ConversationKey, NewTurn, Store, Turn, TurnMessage, TurnProgress } from "./store.ts";
import { type StoreObserver, TroubleWatch } from "./trouble-watch.ts";

export interface SqliteStoreOptions {
  readonly clock: Clock;
  readonly observer?: StoreObserver;
}

/**
 * Opens the database file, which is created or migrated as needed and belongs to this process until `close`. Fails with
 * a StoreError, as every method does when the file can't be used. After a failure the next call tries anew, since a disk
 * that was full may have room again; the progress of turns that could not be stored is then made up for.
 */
export function openSqliteStore(path: string, options: SqliteStoreOptions): Store {
  const database = openDatabase(path);
  try {
    return new SqliteFile(database, options);
  } catch (error) {
    database.close();
    throw storeErrorFrom(error, database.path);
  }
}

/** Rows that one transaction of `prune` deletes at most, so that nothing else waits long for its turn. */
const pruneCount = 200;

class SqliteFile implements Store {
  readonly #database: OpenDatabase;
  readonly #clock: Clock;
  readonly #statements: Statements;
  readonly #line: CallLine;
  readonly #watch: TroubleWatch;
  readonly #owed = new OwedNotes();
  #isClosing = false;

  constructor(database: OpenDatabase, { clock, observer }: SqliteStoreOptions) {
    this.#database = database;
    this.#clock = clock;
    this.#statements = prepareStatements(database.db);
    this.#line = new CallLine(clock);
    this.#watch = new TroubleWatch({ clock, observer, probe: () => void this.#probe().catch(() => undefined) });
  }

  acceptMessage(event: MessageEvent, turn: NewTurn): Promise<Turn | undefined> {
    return this.#write(() => {
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
  }

  acceptCommand(event: CommandEvent): Promise<boolean> {
    return this.#write(() => this.#insertEvent(event));
  }

  conversation(key: ConversationKey): Promise<string | undefined> {
    return this.#read(() => this.#statements.conversation.get({ ...key }) as string | undefined);
  }

  saveConversation(key: ConversationKey, conversationId: string): Promise<void> {
    return this.#write(() => {
      this.#statements.saveConversation.run({ ...key, conversationId, now: this.#clock.now() });
    });
  }

  forgetConversation(key: ConversationKey): Promise<void> {
    return this.#write(() => {
      this.#statements.forgetConversation.run({ ...key });
    });
  }

  advanceTurn(id: string, progress: TurnProgress): Promise<void> {
    const { state, conversationId = null, chatId = null, answer = null, error = null } = progress;
    const row = { id, state, conversationId, chatId, answer, error, now: this.#clock.now() };
    return this.#note(() => {
      if (this.#statements.advanceTurn.run(row).changes === 0) throw unknownTurn(id);
    });
  }

  saveTurnMessage(turnId: string, { part, ref, replaces, textEnd, sealed }: TurnMessage): Promise<void> {
    const row = {
      turnId,
      part,
      ref: ref ? JSON.stringify(ref) : null,
      replaces: replaces ? JSON.stringify(replaces) : null,
      textEnd,
      sealed: sealed ? 1 : 0,
    };
    return this.#note(() => void this.#statements.saveTurnMessage.run(row));
  }

  turnMessages(turnId: string): Promise<TurnMessage[]> {
    return this.#read(() => this.#statements.turnMessages.all(turnId).map(turnMessageFrom));
  }

  turn(id: string): Promise<Turn | undefined> {
    return this.#read(() => this.#turn(id));
  }

  turnOfEvent(platform: string, eventId: string): Promise<Turn | undefined> {
    return this.#read(() => {
      const row = this.#statements.turnOfEvent.get(platform, eventId);
      return row && turnFrom(row);
    });
  }

  isChatKnown(chatId: string): Promise<boolean> {
    return this.#read(() => this.#statements.isChatKnown.get(chatId) !== undefined);
  }

  changeQuestion(turnId: string, text: string): Promise<void> {
    return this.#write(() => {
      const row = this.#statements.turn.get(turnId);
      if (!row) throw unknownTurn(turnId);
      // Not by SQLite's json_set: a text may hold what SQLite's own text can't (NUL, half of a surrogate pair).
      const payload = JSON.stringify({ ...JSON.parse(row.payload), text });
      this.#statements.changePayload.run({ platform: row.platform, eventId: row.event_id, payload });
    });
  }

  messagesInChat(platform: string, budget: string, since: number): Promise<MessageRef[]> {
    return this.#read(() => {
      const rows = this.#statements.messagesInChat.all({ platform, budget, since });
      return rows.flatMap(({ replaces, ref }) => [replaces, ref].filter((json) => json !== null).map(refFrom));
    });
  }

  unfinishedTurns(): Promise<Turn[]> {
    return this.#read(() => this.#statements.unfinishedTurns.all().map(turnFrom));
  }

  recentChats(platform: string, since: number): Promise<RecentChat[]> {
    return this.#read(() => this.#statements.recentChats.all({ platform, since }).map(recentChatFrom));
  }

  moveChat({ platform, from, to }: ChatMove): Promise<void> {
    return this.#write(() => {
      this.#statements.moveChat.run({ platform, from, to });
    });
  }

  movedChats(): Promise<ChatMove[]> {
    return this.#read(() => this.#statements.movedChats.all());
  }

  async prune(before: number): Promise<number> {
    const bounds = { before, count: pruneCount };
    const { pruneTurnMessages, pruneTurns, pruneEvents } = this.#statements;
    await this.#repeat(() => {
      pruneTurnMessages.run(bounds);
      return pruneTurns.run(bounds).changes;
    });
    return await this.#repeat(() => pruneEvents.run(bounds).changes);
  }

  ping(): Promise<void> {
    return this.#watch.isTroubled ? this.#probe() : this.#read(() => void this.#statements.ping.get());
  }

  async close(): Promise<void> {
    if (this.#watch.isTroubled && !this.#isClosing) await this.#probe().catch(() => undefined);
    this.#isClosing = true;
    this.#watch.stop();
    await this.#read(() => this.#database.close());
  }

  /** Writes, though nothing new. */
  #probe(): Promise<void> {
    return this.#write(() => migrate(this.#database.db));
  }

  /** Deletes batch by batch, each in its own transaction, until nothing is left or the store is to be closed. */
  async #repeat(deleteBatch: () => number): Promise<number> {
    let total = 0;
    for (let deleted = 1; deleted > 0 && !this.#isClosing; total += deleted) {
      deleted = await this.#write(deleteBatch);
      await setImmediate();
    }
    return total;
  }

  /** A write of a turn's progress: when it fails, it is also made up for later. */
  #note(work: () => void): Promise<void> {
    return this.#write(work, () => this.#owed.add(work));
  }

  /** In one transaction, immediate: one that first reads and then writes fails at once when another program writes meanwhile. */
  #write<T>(work: () => T, onTrouble?: () => void): Promise<T> {
    const commit = () => {
      const transaction = this.#database.db.transaction(() => ({ settle: this.#owed.write(), result: work() }));
      const { settle, result } = transaction.immediate();
      settle();
      this.#watch.wrote();
      return result;
    };
    return this.#run(commit, (error) => {
      if (!(error instanceof StoreError)) return;
      onTrouble?.();
      this.#watch.failed(error);
    });
  }

  #read<T>(work: () => T): Promise<T> {
    return this.#run(work);
  }

  /** Turns the synchronous SQLite into the port's promises, and its failures into sentences for the operator. */
  #run<T>(work: () => T, onFailure?: (error: unknown) => void): Promise<T> {
    return this.#line.run(() => {
      try {
        return work();
      } catch (error) {
        throw storeErrorFrom(error, this.#database.path);
      }
    }, onFailure);
  }

  #insertEvent({ platform, id, type, sentAt, ...payload }: MessageEvent | CommandEvent): boolean {
    const { changes } = this.#statements.insertEvent.run({
      platform,
      eventId: id,
      kind: type,
      // A command says nothing about which messages were read.
      chatKey: type === "message" ? payload.chat.key : "",
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

function unknownTurn(id: string): Error {
  return new Error(`There is no turn ${id}.`);
}
