import type { Database } from "better-sqlite3";
import { withDatabase } from "./open-for-reading.ts";

/**
 * What is wrong with the file, in SQLite's words; nothing when it is sound. Reads all of it, also beside a running
 * bridge. Fails with a StoreError when it can't be read, as one that is too damaged.
 */
export function findDamage(path: string): Promise<string | undefined> {
  return withDatabase(path, damageIn);
}

/** {@link findDamage} of an open database. */
export function damageIn(db: Database): string | undefined {
  const problems = db.prepare(`PRAGMA integrity_check(${toldProblems})`).pluck().all();
  const orphans = db
    .prepare("SELECT DISTINCT \"table\" || ': refers to a missing row' FROM pragma_foreign_key_check")
    .pluck();
  const told = [...problems.filter((problem) => problem !== "ok"), ...orphans.all()];
  return told.length > 0 ? told.map(inOneLine).join("; ") : undefined;
}

function inOneLine(problem: unknown): string {
  return String(problem)
    .replace(/^\*\*\* in database main \*\*\*\n/, "")
    .replaceAll("\n", "; ");
}

/** One damaged page may bring hundreds; a few tell as much. */
const toldProblems = 5;
