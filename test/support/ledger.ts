import Database from "better-sqlite3";
import { endStates, type TurnState } from "../../src/store/store.ts";

/** How a turn stands in the database of a bridge. */
export interface LedgerTurn {
  readonly sessionName: string;
  readonly state: TurnState;
  readonly error: string | null;
}

/** All turns, oldest first. The bridge may run meanwhile. */
export function readLedger(path: string): readonly LedgerTurn[] {
  const db = new Database(path, { readonly: true });
  try {
    return db
      .prepare<[], LedgerTurn>("SELECT session_name AS sessionName, state, error FROM turns ORDER BY sequence")
      .all();
  } finally {
    db.close();
  }
}

export function unfinishedTurns(path: string): readonly LedgerTurn[] {
  const ended: readonly TurnState[] = endStates;
  return readLedger(path).filter(({ state }) => !ended.includes(state));
}

/** Resolves when the last turn of a session has reached this state; the bridge tells nobody, so it is looked for. */
export async function turnReaches(path: string, sessionName: string, state: TurnState): Promise<void> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const last = readLedger(path).findLast((turn) => turn.sessionName === sessionName);
    if (last?.state === state) return;
    if (Date.now() > deadline) throw new Error(`the turn of ${sessionName} is ${last?.state}, and never ${state}`);
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
}

const patienceMs = 15_000;
const lookEveryMs = 5;

/** Keeps every writer waiting until the returned function is called: what the bridge learns meanwhile stays unrecorded. */
export function holdLedger(path: string): () => void {
  const db = new Database(path);
  db.exec("BEGIN IMMEDIATE");
  return () => db.close();
}
