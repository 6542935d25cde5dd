import { existsSync } from "node:fs";
import { resolve } from "node:path";
import Database from "better-sqlite3";
import { StoreError, storeErrorFrom } from "./errors.ts";
import { checkSchema } from "./schema.ts";

/** How long a lock of another program is waited for, in milliseconds; the bridge's own never last that long. */
const waitMs = 5_000;

/**
 * Gives `look` the database as it is, also while a bridge runs on it, which is neither kept out nor held up. Creates,
 * migrates and changes nothing. Fails with a StoreError.
 */
export async function withDatabase<T>(path: string, look: (db: Database.Database) => T | Promise<T>): Promise<T> {
  const file = resolve(path);
  if (!existsSync(file)) throw new StoreError("ERR_STORE_MISSING", { path: file });
  let db: Database.Database | undefined;
  try {
    // A connection that is opened for reading alone would leave the files of the write-ahead log behind.
    db = new Database(file, { fileMustExist: true, timeout: waitMs });
    db.pragma("query_only = ON");
    checkSchema(db, file);
    return await look(db);
  } catch (error) {
    throw storeErrorFrom(error, file);
  } finally {
    db?.close();
  }
}
