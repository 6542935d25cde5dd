import { closeSync, openSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import Database from "better-sqlite3";
import { StoreError } from "./errors.ts";
import { damageIn } from "./integrity.ts";
import { withDatabase } from "./open-for-reading.ts";

/** The copy can't be written; the database is not at fault. One sentence for the operator: what, why, next step. */
export class CopyError extends Error {
  override readonly name = "CopyError";
}

/**
 * Copies the database into a new file, its owner's alone (mode 0600), also while a bridge writes to it: the copy is the
 * database of one moment, in one file. It gets its name once it is whole and has passed its check. Resolves with its
 * size in bytes. Fails with a StoreError for the database and with a CopyError for the copy.
 */
export async function copyDatabase(path: string, target: string): Promise<number> {
  const file = resolve(target);
  return await withDatabase(path, async (db) => {
    const partial = `${file}.partial`;
    claim(file, partial);
    try {
      await copy(db, partial);
      const damage = damageInCopy(partial);
      if (damage) throw new StoreError("ERR_STORE_CORRUPT", { path: resolve(path), seen: damage });
      renameSync(partial, file);
    } catch (cause) {
      for (const leftover of [partial, `${partial}-journal`]) rmSync(leftover, { force: true });
      throw isOfDatabase(cause) ? cause : unwritable(file, cause);
    }
    return statSync(file).size;
  });
}

/** Makes sure of both names, and makes the partial file. */
function claim(file: string, partial: string): void {
  try {
    const existing = statSync(file, { throwIfNoEntry: false });
    if (existing?.isDirectory()) {
      throw new CopyError(`${file} is a folder. Name a file in it, for example ${join(file, "bridge-backup.db")}.`);
    }
    if (existing) throw new CopyError(`${file} exists already, and a backup overwrites nothing. Name another file.`);
    closeSync(openSync(partial, "wx", 0o600));
  } catch (cause) {
    if (cause instanceof CopyError) throw cause;
    throw unclaimed[codeOf(cause)]?.(file, partial, cause) ?? unwritable(file, cause);
  }
}

/** By the system's code. */
const unclaimed: Readonly<Record<string, (file: string, partial: string, cause: unknown) => CopyError>> = {
  ENOENT: (file, _partial, cause) =>
    new CopyError(`The folder ${dirname(file)} doesn't exist. Create it, or name a file elsewhere.`, { cause }),
  EEXIST: (_file, partial, cause) => {
    const next = "Delete it unless a backup to this name is running, or name another file.";
    return new CopyError(`${partial} is there, as an interrupted backup leaves it. ${next}`, { cause });
  },
};

/** In a single step: with several, every change by the bridge in between would begin the copy anew. */
async function copy(db: Database.Database, partial: string): Promise<void> {
  const allPages = 0x7fff_ffff;
  await db.backup(partial, { progress: () => allPages });
}

/** The copy is then a single file, which needs no write permission to be read. */
function damageInCopy(partial: string): string | undefined {
  const db = new Database(partial);
  try {
    db.pragma("journal_mode = DELETE");
    return damageIn(db);
  } finally {
    db.close();
  }
}

function isOfDatabase(cause: unknown): boolean {
  return cause instanceof StoreError || /^SQLITE_(CORRUPT|NOTADB)/.test(codeOf(cause));
}

function unwritable(file: string, cause: unknown): CopyError {
  const why = cause instanceof Error ? `${codeOf(cause)}: ${cause.message}` : String(cause);
  const next = "Name a file on a disk with enough space, in a folder that you may write.";
  return new CopyError(`The backup ${file} can't be written (${why}). ${next}`, { cause });
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && "code" in cause ? String(cause.code) : "";
}
