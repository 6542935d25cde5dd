import type { ChildProcessByStdio } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../../src/clock.ts";
import { findDamage } from "../../../src/store/integrity.ts";
import { openSqliteStore } from "../../../src/store/sqlite.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const writer = fileURLToPath(new URL("endless-writer.mjs", import.meta.url));
const built = fileURLToPath(new URL("../../../dist/src/store/sqlite.js", import.meta.url));

function startWriter(path: string): ChildProcessByStdio<null, Readable, null> {
  if (!existsSync(built)) throw new Error("The other process runs the built program: npm run build");
  const child = spawn(process.execPath, [writer, path], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

/** Kills the writer without warning once it has stored `count` turns; returns how many it told to be stored. */
async function killAfter(child: ChildProcessByStdio<null, Readable, null>, count: number): Promise<number> {
  let stored = 0;
  const closed = once(child, "close");
  for await (const _line of createInterface(child.stdout)) {
    stored += 1;
    if (stored === count) child.kill("SIGKILL");
  }
  await closed;
  return stored;
}

test("a killed bridge leaves a sound file with every stored step, and the next one starts at once", async () => {
  const path = join(temporaryFolder(), "bridge.db");
  let stored = 0;
  for (const count of [1, 20, 50]) {
    const child = startWriter(path);
    stored = await killAfter(child, count);
    expect(child.signalCode).toBe("SIGKILL");
    const store = openSqliteStore(path, { clock: systemClock });
    expect(await findDamage(path)).toBeUndefined();
    const turns = await store.unfinishedTurns();
    expect(turns.slice(0, stored).map((turn) => [turn.id, turn.state])).toEqual(
      Array.from({ length: stored }, (_, id) => [String(id), "answered"]),
    );
    // The kill may have hit the step after the last one that was told.
    expect(turns.length - stored).toBeLessThanOrEqual(1);
    expect(await store.turnMessages(String(stored - 1))).toHaveLength(1);
    await store.close();
  }
});

test("a second bridge on the same file is refused while the first one runs", async () => {
  const path = join(temporaryFolder(), "bridge.db");
  const child = startWriter(path);
  await once(child.stdout, "data");
  expect(() => openSqliteStore(path, { clock: systemClock })).toThrow(
    expect.objectContaining({
      code: "ERR_STORE_IN_USE",
      message: `Another coze-bridge is running on the database ${path}. Stop it first, or give this one its own file with DATABASE_PATH.`,
    }),
  );
  const closed = once(child, "close");
  child.stdout.resume();
  child.kill("SIGKILL");
  await closed;
  await openSqliteStore(path, { clock: systemClock }).close();
});
