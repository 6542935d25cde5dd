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
  /** Closes the database and lets another process have it. May be called twice. */
  close(): void;
}

/**
 * How long a call waits for another program's lock, in milliseconds. The wait blocks the whole process, so it is short
 * beside the seconds that platforms allow for an acknowledgement.
 */
const lockWaitMs = 1_000;

/** Opens the file for this process alone, makes it and its folder when missing, and migrates it. Fails with a StoreError. */
export function openDatabase(path: string): OpenDatabase {
  const file = resolve(path);
  try {
    createDatabaseFile(file);
    // A link and its goal are one database and must have one lock.
    const unlock = lockDatabase(realpathSync(file), lockWaitMs);
    try {
      const db = connect(file);
      return {
        db,
        path: file,
        close() {
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
  const db = new Database(file, { timeout: lockWaitMs });
  try {
    checkSchema(db, file);
    db.pragma("journal_mode = WAL");
    // WAL's usual NORMAL may lose the last commits when the power fails. A step of the ledger is relied on as soon as it
    // is stored (a question must not be asked twice), and one flush a step is little beside an answer of seconds.
    db.pragma("synchronous = FULL");
    migrate(db);
    db.pragma("foreign_keys = ON");
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}
