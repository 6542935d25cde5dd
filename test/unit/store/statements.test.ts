import Database from "better-sqlite3";
import { expect, test } from "vitest";
import { migrations } from "../../../src/store/migrations/index.ts";
import { prepareStatements } from "../../../src/store/statements.ts";

const db = new Database(":memory:");
for (const migration of migrations) db.exec(migration);

/** How SQLite goes about a statement (sqlite.org/eqp.html). */
function planOf(source: string): string[] {
  const plan = db.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${source}`);
  const names = [...source.matchAll(/@(\w+)/g)].map(([, name]) => [name, "1"]);
  const values = [...source.matchAll(/\?/g)].map(() => "1");
  return (names.length > 0 ? plan.all(Object.fromEntries(names)) : plan.all(...values)).map(({ detail }) => detail);
}

test.each(Object.entries(prepareStatements(db)).map(([name, { source }]) => [name, source] as const))(
  "%s reads no table from end to end that grows with every message or person",
  (_, source) => {
    const scans = planOf(source).filter((step) => /^SCAN (?!turns USING INDEX turns_unfinished)\w+/.test(step));
    expect(scans.filter((step) => /turns|turn_messages|events|conversations/.test(step))).toEqual([]);
  },
);
