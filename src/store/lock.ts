import Database from "better-sqlite3";
import { StoreError } from "./errors.ts";
import { createPrivateFile } from "./private-file.ts";

/**
 * Makes this process the only bridge on a database, until the returned function is called or the process ends, however
 * it ends: the operating system drops the lock with the process, so a kill leaves nothing to clean up.
 *
 * The lock is an open exclusive transaction on a second, empty SQLite file beside the database. On the database itself
 * (`locking_mode = EXCLUSIVE`) it would also keep out an operator who only reads with the sqlite3 shell. The file stays
 * behind on purpose: between finding it free and deleting it another bridge could have locked it.
 */
export function lockDatabase(path: string, waitMs: number): () => void {
  const file = `${path}.lock`;
  createPrivateFile(file);
  const lock = new Database(file, { timeout: waitMs });
  try {
    lock.pragma("journal_mode = MEMORY");
    // Without write permission SQLite quietly makes this a read transaction, which excludes nobody. The write shows it.
    lock.exec("BEGIN EXCLUSIVE; PRAGMA user_version = 1");
  } catch (cause) {
    lock.close();
    const busy = cause instanceof Database.SqliteError && cause.code.startsWith("SQLITE_BUSY");
    throw busy ? new StoreError("ERR_STORE_IN_USE", { path, cause }) : cause;
  }
  return () => lock.close();
}
