import { mkdirSync, realpathSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import Database from "better-sqlite3";
import { StoreError, storeErrorFrom } from "./errors.ts";
import { lockDatabase } from "./lock.ts";
import { createPrivateFile } from "./private-file.ts";
import { checkSchema, migrate } from "./schema.ts";

export interface OpenDatabase {
  readonly db: Database.Database;
  /** Absolute, for messages. */
  readonly path: string;
  /**
   * Moves everything into the database file and cuts the write-ahead log to nothing. False while that is kept from
   * happening by somebody who reads (an operator's shell, a backup).
   */
  emptyLog(): boolean;
  /** Closes the database and lets another process have it. May be called twice. */
  close(): void;
}

/**
 * How long the opening waits for another program's lock, in milliseconds. SQLite's waits block the whole process, so
 * later calls have none: they are tried again (call-line.ts).
 */
const openingWaitMs = 1_000;

/**
 * Pages in the write-ahead log (4 KiB each) at which a commit moves them into the database file, SQLite's default: that
 * commit takes some milliseconds longer, and the log stays in memory's reach. A reader may hold the log back and let it
 * grow; afterwards its file is cut to {@link longestLog} again instead of keeping the space for ever.
 */
const checkpointPages = 1_000;
const longestLog = 16 * 1024 * 1024;

/** Opens the file for this process alone, makes it and its folder when missing, and migrates it. Fails with a StoreError. */
export function openDatabase(path: string): OpenDatabase {
  const file = resolve(path);
  try {
    createDatabaseFile(file);
    // A link and its goal are one database and must have one lock.
    const unlock = lockDatabase(realpathSync(file), openingWaitMs);
    try {
      const db = connect(file);
      return {
        db,
        path: file,
        emptyLog: () => emptyLog(db),
        close() {
          if (db.open) leaveLogEmpty(db);
          db.close();
          unlock();
        },
      };
    } catch (error) {
      unlock();
      throw error;
    }
  } catch (error) {
    throw storeErrorFrom(error, file);
  }
}

function createDatabaseFile(file: string): void {
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) {
    throw new StoreError("ERR_STORE_IS_DIRECTORY", { path: file });
  }
  mkdirSync(dirname(file), { recursive: true });
  createPrivateFile(file);
}

function connect(file: string): Database.Database {
  const db = new Database(file, { timeout: openingWaitMs });
  try {
    checkSchema(db, file);
    db.pragma("journal_mode = WAL");
    // WAL's usual NORMAL may lose the last commits when the power fails. A step of the ledger is relied on as soon as it
    // is stored (a question must not be asked twice), and one flush a step is little beside an answer of seconds.
    db.pragma("synchronous = FULL");
    db.pragma(`wal_autocheckpoint = ${checkpointPages}`);
    db.pragma(`journal_size_limit = ${longestLog}`);
    // What is deleted is overwritten, too.
    db.pragma("secure_delete = ON");
    migrate(db);
    db.pragma("foreign_keys = ON");
    db.pragma("busy_timeout = 0");
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/**
 * SQLite does so when the last connection closes; while somebody reads this one is not the last, and the file alone
 * should be whole all the same.
 */
function leaveLogEmpty(db: Database.Database): void {
  try {
    emptyLog(db);
  } catch {
    // On a full disk, say. Nothing is lost: what the log holds is read from there at the next opening.
  }
}

function emptyLog(db: Database.Database): boolean {
  return db.pragma("wal_checkpoint(TRUNCATE)", { simple: true }) === 0;
}
