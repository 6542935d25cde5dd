import type { CommandEvent, MessageEvent, MessageRef, RecentChat } from "../adapter.ts";
import type { Clock } from "../clock.ts";
import type { QuestionFile } from "../coze/agent.ts";
import { DatabaseCalls } from "./database-calls.ts";
import { storeErrorFrom } from "./errors.ts";
import { forgetPerson } from "./forgetting.ts";
import type { OpenDatabase } from "./open-database.ts";
import { openDatabase } from "./open-database.ts";
import {
  eventRow,
  filesFrom,
  messageRow,
  progressRow,
  recentChatFrom,
  refFrom,
  turnFrom,
  turnMessageFrom,
} from "./rows.ts";
import type { Statements } from "./statements.ts";
import { prepareStatements } from "./statements.ts";
import type {
  ChatMove,
  ConversationKey,
  KnownPerson,
  NewTurn,
  PastConversation,
  PersonConversation,
  PreparedQuestion,
  Store,
  Turn,
  TurnMessage,
  TurnProgress,
} from "./store.ts";
import { Sweeper } from "./sweeper.ts";
import type { StoreObserver } from "./trouble-watch.ts";

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
  readonly #clock: Clock;
  readonly #statements: Statements;
  readonly #calls: DatabaseCalls;
  readonly #sweeper: Sweeper;

  constructor(database: OpenDatabase, { clock, observer }: SqliteStoreOptions) {
    this.#clock = clock;
    this.#statements = prepareStatements(database.db);
    this.#calls = new DatabaseCalls({ database, clock, observer });
    this.#sweeper = new Sweeper({ database, calls: this.#calls, statements: this.#statements, clock });
  }

  acceptMessage(event: MessageEvent, turn: NewTurn): Promise<Turn | undefined> {
    return this.#calls.write(() => {
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
    return this.#calls.write(() => this.#insertEvent(event));
  }

  conversation(key: ConversationKey): Promise<string | undefined> {
    return this.#calls.run(() => this.#statements.conversation.get({ ...key }));
  }

  saveConversation(key: ConversationKey, conversationId: string): Promise<void> {
    const row = { ...key, conversationId, now: this.#clock.now() };
    return this.#calls.write(() => {
      this.#statements.saveConversation.run(row);
      this.#statements.listConversation.run(row);
    });
  }

  forgetConversation(key: ConversationKey): Promise<void> {
    return this.#calls.write(() => void this.#statements.forgetConversation.run({ ...key }));
  }

  pastConversations(key: ConversationKey): Promise<PastConversation[]> {
    return this.#calls.run(() => this.#statements.pastConversations.all({ ...key }));
  }

  titleConversation(key: ConversationKey, conversationId: string, title: string): Promise<void> {
    return this.#calls.write(() => void this.#statements.titleConversation.run({ ...key, conversationId, title }));
  }

  dropConversation(key: ConversationKey, conversationId: string): Promise<void> {
    return this.#calls.write(() => {
      this.#statements.leaveConversation.run({ ...key, conversationId });
      this.#statements.unlistConversation.run({ ...key, conversationId });
    });
  }

  advanceTurn(id: string, progress: TurnProgress): Promise<void> {
    const row = { id, ...progressRow(progress), now: this.#clock.now() };
    return this.#calls.note(() => {
      if (this.#statements.advanceTurn.run(row).changes === 0) throw unknownTurn(id);
    });
  }

  saveTurnMessage(turnId: string, message: TurnMessage): Promise<void> {
    const row = { turnId, ...messageRow(message) };
    return this.#calls.note(() => void this.#statements.saveTurnMessage.run(row));
  }

  turnMessages(turnId: string): Promise<TurnMessage[]> {
    return this.#calls.run(() => this.#statements.turnMessages.all(turnId).map(turnMessageFrom));
  }

  turn(id: string): Promise<Turn | undefined> {
    return this.#calls.run(() => this.#turn(id));
  }

  turnOfEvent(platform: string, eventId: string): Promise<Turn | undefined> {
    return this.#calls.run(() => {
      const row = this.#statements.turnOfEvent.get(platform, eventId);
      return row && turnFrom(row);
    });
  }

  latestTurn(key: ConversationKey): Promise<Turn | undefined> {
    return this.#calls.run(() => {
      const row = this.#statements.latestTurn.get({ ...key });
      return row && turnFrom(row);
    });
  }

  latestTurnIn(key: ConversationKey, conversationId: string): Promise<Turn | undefined> {
    return this.#calls.run(() => {
      const row = this.#statements.latestTurnIn.get({ ...key, conversationId });
      return row && turnFrom(row);
    });
  }

  latestFiles(conversationId: string): Promise<QuestionFile[]> {
    return this.#calls.run(() => {
      const files = this.#statements.latestFiles.get(conversationId);
      return files === undefined ? [] : filesFrom(files);
    });
  }

  isChatKnown(chatId: string): Promise<boolean> {
    return this.#calls.run(() => this.#statements.isChatKnown.get(chatId) !== undefined);
  }

  prepareTurn(id: string, { text, files, notice }: PreparedQuestion): Promise<void> {
    return this.#calls.note(() => {
      this.#changeText(id, text);
      this.#statements.prepareTurn.run({ id, files: JSON.stringify(files), notice });
    });
  }

  forgetFiles(conversationId: string): Promise<void> {
    return this.#calls.write(() => void this.#statements.forgetFiles.run(conversationId));
  }

  changeQuestion(turnId: string, text: string): Promise<void> {
    return this.#calls.write(() => {
      const { state, files } = this.#statements.turn.get(turnId) ?? {};
      if (state === "accepted" && files === null) this.#changeText(turnId, text);
    });
  }

  messagesInChat(platform: string, budget: string, since: number): Promise<MessageRef[]> {
    return this.#calls.run(() => {
      const rows = this.#statements.messagesInChat.all({ platform, budget, since });
      return rows.flatMap(({ replaces, ref }) => [replaces, ref].filter((json) => json !== null).map(refFrom));
    });
  }

  unfinishedTurns(): Promise<Turn[]> {
    return this.#calls.run(() => this.#statements.unfinishedTurns.all().map(turnFrom));
  }

  recentChats(platform: string, since: number): Promise<RecentChat[]> {
    return this.#calls.run(() => this.#statements.recentChats.all({ platform, since }).map(recentChatFrom));
  }

  moveChat({ platform, from, to }: ChatMove): Promise<void> {
    return this.#calls.write(() => void this.#statements.moveChat.run({ platform, from, to }));
  }

  movedChats(): Promise<ChatMove[]> {
    return this.#calls.run(() => this.#statements.movedChats.all());
  }

  forgetPerson(person: KnownPerson): Promise<PersonConversation[]> {
    return forgetPerson(person, { calls: this.#calls, statements: this.#statements, sweeper: this.#sweeper });
  }

  conversationsOf(sessionNames: readonly string[]): Promise<PersonConversation[]> {
    const names = { sessionNames: JSON.stringify(sessionNames) };
    return this.#calls.run(() => this.#statements.conversationsOf.all(names));
  }

  async prune(before: number): Promise<number> {
    const bounds = { before, count: pruneCount };
    const { pruneTurnMessages, pruneTurns, pruneEvents } = this.#statements;
    await this.#calls.repeat(() => {
      pruneTurnMessages.run(bounds);
      return pruneTurns.run(bounds).changes;
    });
    const events = await this.#calls.repeat(() => pruneEvents.run(bounds).changes);
    await this.#sweeper.sweep();
    return events;
  }

  ping(): Promise<void> {
    return this.#calls.ping(() => void this.#statements.ping.get());
  }

  close(): Promise<void> {
    return this.#calls.close();
  }

  #insertEvent(event: MessageEvent | CommandEvent): boolean {
    return this.#statements.insertEvent.run({ ...eventRow(event), now: this.#clock.now() }).changes > 0;
  }

  #changeText(turnId: string, text: string): void {
    const row = this.#statements.turn.get(turnId);
    if (!row) throw unknownTurn(turnId);
    // Not by SQLite's json_set: a text may hold what SQLite's own text can't (NUL, half of a surrogate pair).
    const payload = JSON.stringify({ ...JSON.parse(row.payload), text });
    this.#statements.changePayload.run({ platform: row.platform, eventId: row.event_id, payload });
  }

  #turn(id: string): Turn | undefined {
    const row = this.#statements.turn.get(id);
    return row && turnFrom(row);
  }
}

function unknownTurn(id: string): Error {
  return new Error(`There is no turn ${id}.`);
}
