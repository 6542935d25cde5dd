import type { Database } from "better-sqlite3";
import { StoreError } from "./errors.ts";
import { migrations } from "./migrations/index.ts";

/** Marks a file as the bridge's (PRAGMA application_id): "CozB" in ASCII. */
const applicationId = 0x436f7a42;

/** Fails when the file is another program's or a later version's. Changes nothing. */
export function checkSchema(db: Database, path: string): void {
  const tables = Number(db.prepare("SELECT count(*) FROM sqlite_schema").pluck().get());
  if (tables > 0 && pragmaNumber(db, "application_id") !== applicationId) {
    throw new StoreError("ERR_STORE_FOREIGN", { path });
  }
  const version = pragmaNumber(db, "user_version");
  if (version > migrations.length) {
    const seen = `its schema has version ${version}, this program knows versions up to ${migrations.length}`;
    throw new StoreError("ERR_STORE_NEWER", { path, seen });
  }
}

/**
 * Brings the schema to the newest version; all steps take effect together or not at all. It writes even when there is
 * nothing to migrate, so it also shows whether the file can be written: SQLite opens one without write permission for
 * reading and fails at the first write.
 */
export function migrate(db: Database): void {
  const apply = db.transaction(() => {
    for (const migration of migrations.slice(pragmaNumber(db, "user_version"))) db.exec(migration);
    db.pragma(`application_id = ${applicationId}`);
    db.pragma(`user_version = ${migrations.length}`);
  });
  apply.immediate();
}

function pragmaNumber(db: Database, name: string): number {
  return Number(db.pragma(name, { simple: true }));
}
