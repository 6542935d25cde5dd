import { dirname } from "node:path";

/**
 * Why the database can't be used. Each has one sentence for the operator: what, why, next step.
 *
 * | code | meaning |
 * |---|---|
 * | `ERR_STORE_CORRUPT` | damaged, or not a SQLite file at all |
 * | `ERR_STORE_FOREIGN` | the SQLite database of some other program |
 * | `ERR_STORE_NEWER` | written by a later version of the bridge |
 * | `ERR_STORE_MISSING` | there is no such file, and it is not to be made |
 * | `ERR_STORE_IN_USE` | another bridge runs on this file |
 * | `ERR_STORE_BUSY` | another program holds a lock for too long |
 * | `ERR_STORE_READ_ONLY` | the file or its folder can't be written |
 * | `ERR_STORE_NO_FOLDER` | the folder is missing and can't be made |
 * | `ERR_STORE_IS_DIRECTORY` | the path is a folder |
 * | `ERR_STORE_FULL` | no space left |
 * | `ERR_STORE_IO` | the disk or the file system refused to read or write: an error, a quota, read-only by now |
 */
export type StoreErrorCode =
  | "ERR_STORE_CORRUPT"
  | "ERR_STORE_FOREIGN"
  | "ERR_STORE_NEWER"
  | "ERR_STORE_MISSING"
  | "ERR_STORE_IN_USE"
  | "ERR_STORE_BUSY"
  | "ERR_STORE_READ_ONLY"
  | "ERR_STORE_NO_FOLDER"
  | "ERR_STORE_IS_DIRECTORY"
  | "ERR_STORE_FULL"
  | "ERR_STORE_IO";

export interface StoreErrorDetails {
  /** The database file, absolute. */
  readonly path: string;
  /** What exactly was seen, when it helps: `schema version 7, known are 1 to 3`. */
  readonly seen?: string;
  readonly cause?: unknown;
}

export class StoreError extends Error {
  override readonly name = "StoreError";
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, details: StoreErrorDetails) {
    super(explain(code, details), { cause: details.cause });
    this.code = code;
  }
}

/** The StoreError for a failure of SQLite or of the file system; any other value is returned as it is. */
export function storeErrorFrom(cause: unknown, path: string): unknown {
  if (!(cause instanceof Error) || cause instanceof StoreError) return cause;
  const reason = "code" in cause ? String(cause.code) : "";
  const code = reasons.find(([pattern]) => pattern.test(reason))?.[1];
  return code ? new StoreError(code, { path, seen: `${reason}: ${cause.message}`, cause }) : cause;
}

/** Result codes of SQLite (sqlite.org/rescode.html) and of the operating system. */
const reasons: readonly (readonly [RegExp, StoreErrorCode])[] = [
  [/^SQLITE_(NOTADB|CORRUPT)/, "ERR_STORE_CORRUPT"],
  [/^SQLITE_(BUSY|LOCKED)/, "ERR_STORE_BUSY"],
  [/^(SQLITE_(READONLY|CANTOPEN|PERM)|EACCES$|EPERM$|EROFS$)/, "ERR_STORE_READ_ONLY"],
  [/^(ENOENT|ENOTDIR|EEXIST)$/, "ERR_STORE_NO_FOLDER"],
  [/^EISDIR$/, "ERR_STORE_IS_DIRECTORY"],
  [/^(SQLITE_FULL|SQLITE_IOERR_SHMSIZE|ENOSPC$|EDQUOT$)/, "ERR_STORE_FULL"],
  [/^(SQLITE_IOERR|EIO$)/, "ERR_STORE_IO"],
];

function explain(code: StoreErrorCode, { path, seen }: StoreErrorDetails): string {
  const [what, next] = sentences[code](path);
  return `${what}${seen ? ` (${seen})` : ""}. ${next}.`;
}

const sentences: Readonly<Record<StoreErrorCode, (path: string) => readonly [what: string, next: string]>> = {
  ERR_STORE_CORRUPT: (path) => [
    `The database ${path} is damaged or is not a SQLite database`,
    `Restore it from a backup, or move it away with its -wal and -shm files to begin with an empty one, or set DATABASE_PATH to another file`,
  ],
  ERR_STORE_FOREIGN: (path) => [
    `The database ${path} belongs to another program`,
    "Set DATABASE_PATH to a file of the bridge's own; a missing one is created",
  ],
  ERR_STORE_NEWER: (path) => [
    `The database ${path} was written by a newer version of coze-bridge`,
    "Install that version or a later one, or set DATABASE_PATH to another file",
  ],
  ERR_STORE_MISSING: (path) => [
    `There is no database ${path}`,
    "Start the bridge once, which creates it, or set DATABASE_PATH to the file that the bridge uses",
  ],
  ERR_STORE_IN_USE: (path) => [
    `Another coze-bridge is running on the database ${path}`,
    "Stop it first, or give this one its own file with DATABASE_PATH",
  ],
  ERR_STORE_BUSY: (path) => [
    `Another program keeps the database ${path} locked`,
    "Close it (a sqlite3 shell with an open transaction, a backup tool), or set DATABASE_PATH to another file",
  ],
  ERR_STORE_READ_ONLY: (path) => [
    `The database ${path} or its folder can't be written by the user who runs the bridge`,
    `Give that user write permission on the file, its .lock, -wal and -shm files and the folder ${dirname(path)}, or set DATABASE_PATH to a place that it may write`,
  ],
  ERR_STORE_NO_FOLDER: (path) => [
    `The folder ${dirname(path)} for the database doesn't exist and can't be created`,
    "Create it, or set DATABASE_PATH to a file in a folder that exists",
  ],
  ERR_STORE_IS_DIRECTORY: (path) => [
    `${path} is a folder, not a database file`,
    `Set DATABASE_PATH to a file, for example ${path}/bridge.db`,
  ],
  ERR_STORE_FULL: (path) => [
    `There is no space left to write the database ${path}`,
    "Free some disk space, or move the file to a larger disk and point DATABASE_PATH there",
  ],
  ERR_STORE_IO: (path) => [
    `The disk or the file system failed under the database ${path}`,
    "Look at the system's log: the disk may fail, a quota be used up, the file system have become read-only. DATABASE_PATH should name a file on a local disk",
  ],
};
