import { execFile, execFileSync } from "node:child_process";
import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { gate, say } from "../../src/playground/coze/script.ts";
import { openSqliteStore } from "../../src/store/sqlite.ts";
import { freshDatabasePath, freshFolder, runBridge } from "../support/bridge-process.ts";
import { closedGate } from "../support/gate.ts";
import { unfinishedTurns } from "../support/ledger.ts";
import { describeEachPlatform } from "../support/world.ts";

/** In the file's header (sqlite.org/fileformat2.html). */
const offsetOfFreelistSize = 36;

const cli = new URL("../../dist/src/cli.js", import.meta.url).pathname;

/** `coze-bridge backup …` with no other setting than the database. */
async function backup(databasePath: string, ...operands: readonly string[]) {
  const env = { PATH: "/usr/bin:/bin", DATABASE_PATH: databasePath };
  const done = promisify(execFile)(process.execPath, [cli, "backup", ...operands], { cwd: freshFolder(), env });
  return await done.then(
    ({ stdout }) => ({ code: 0, output: stdout }),
    ({ code, stderr }: { code: number; stderr: string }) => ({ code, output: stderr }),
  );
}

/** The process that was started with this database. */
function processOn(databasePath: string): string {
  const isIt = (pid: string) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").includes(`DATABASE_PATH=${databasePath}`);
    } catch {
      return false;
    }
  };
  const found = readdirSync("/proc").find((name) => /^\d+$/.test(name) && isIt(name));
  if (!found) throw new Error(`no process runs on ${databasePath}`);
  return found;
}

/** Keeps a process from writing to any file, as a full disk would, or lets it again. */
function limitFiles(pid: string, bytes: "1" | "unlimited"): void {
  execFileSync("prlimit", ["--pid", pid, `--fsize=${bytes}:`]);
}

describeEachPlatform("a database in use", {}, (world) => {
  const path = () => world().environment.DATABASE_PATH ?? "";

  it("refuses a second bridge, which says whose it is and what to do", async () => {
    const second = runBridge(world().environment);
    expect(await second.exited).toBe(2);
    expect(second.output()).toBe(
      `Another coze-bridge is running on the database ${path()}. Stop it first, or give this one its own file with DATABASE_PATH.\n`,
    );
    const { person, room } = world().someone();
    await world().ask(person, room, "Still there?", "You said: Still there?");
  });

  it("is looked through by coze-bridge check all the same, and its damage is found", async () => {
    const damaged = freshDatabasePath();
    await openSqliteStore(damaged, { clock: systemClock }).close();
    const file = openSync(damaged, "r+");
    writeSync(file, Buffer.from([0, 0, 0, 5]), 0, 4, offsetOfFreelistSize);
    closeSync(file);
    const user = openSqliteStore(damaged, { clock: systemClock });
    const check = runBridge({ ...world().environment, DATABASE_PATH: damaged }, "check");
    expect(await check.exited).toBe(2);
    expect(check.output()).toMatch(/^database: FAILED\n.*bridge\.db is damaged .*reelist.*Restore it from a backup/m);
    await user.close();
  });

  it("is copied by coze-bridge backup while the bridge goes on", async () => {
    const { person, room } = world().someone();
    await world().ask(person, room, "Before", "You said: Before");
    const file = join(freshFolder(), "backup.db");
    const { code, output } = await backup(path(), file);
    expect(output).toMatch(/^\S+backup\.db: whole and checked, \d+\.\d KiB, a copy of \S+bridge\.db\n$/);
    expect(code).toBe(0);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await world().ask(person, room, "After", "You said: After");
  });
});

describe("coze-bridge backup", () => {
  it("overwrites nothing, and says so", async () => {
    const path = freshDatabasePath();
    await openSqliteStore(path, { clock: systemClock }).close();
    const file = join(freshFolder(), "backup.db");
    writeFileSync(file, "precious");
    const { code, output } = await backup(path, file);
    expect(output).toBe(`${file} exists already, and a backup overwrites nothing. Name another file.\n`);
    expect(code).toBe(2);
    expect(readFileSync(file, "utf8")).toBe("precious");
  });

  it.each([[[]], [["a.db", "b.db"]]])("wants one file, not %j", async (files) => {
    const { code, output } = await backup(freshDatabasePath(), ...files);
    expect(output).toBe("Name one file: coze-bridge backup FILE\n");
    expect(code).toBe(2);
  });

  it("makes no database where there is none", async () => {
    const path = freshDatabasePath();
    const { code, output } = await backup(path, join(freshFolder(), "backup.db"));
    expect(output).toBe(
      `There is no database ${path}. Start the bridge once, which creates it, or set DATABASE_PATH to the file that the bridge uses.\n`,
    );
    expect(code).toBe(2);
    expect(existsSync(path)).toBe(false);
  });

  it("refuses a database path that is none", async () => {
    const { code, output } = await backup("postgres://host/db", join(freshFolder(), "backup.db"));
    expect(output).toMatch(/DATABASE_PATH\n.*Expected the path of a file/);
    expect(code).toBe(2);
  });
});

const canLimit = existsSync("/usr/bin/prlimit");

describe.runIf(canLimit)("while nothing can be written to the disk", () => {
  describeEachPlatform("the bridge", {}, (world) => {
    it("shows the answers that it has, and answers what is said meanwhile once, when it can write again", async () => {
      const { coze, chat, bridge, environment } = world();
      const path = environment.DATABASE_PATH ?? "";
      const pid = processOn(path);
      const rest = closedGate();
      coze.answer = ({ text }) =>
        text === "Tell me" ? [...say("One half. "), gate(rest.opened), ...say("The other.")] : say(`Yes, ${text}`);
      const [first, second] = [world().someone(), world().someone()];
      chat.say(first.person, first.room, "Tell me");
      await world().shown(first.room, (text) => text.includes("One half"));

      limitFiles(pid, "1");
      rest.open();
      await world().hears(first.room, "One half. The other.");
      chat.say(second.person, second.room, "hello");
      const told = await bridge.logged("the operator must act");
      limitFiles(pid, "unlimited");
      expect(told).toMatchObject({ err: { code: "ERR_STORE_IO", message: expect.stringContaining(path) } });
      await world().hears(second.room, "Yes, hello");
      await world().ended(second.person);

      // The ledger has caught up: nothing is unfinished, so the next process has nothing to say again.
      expect(unfinishedTurns(path)).toEqual([]);
      await bridge.kill();
      await world().restart();
      await world().ask(first.person, first.room, "there", "Yes, there");
      expect(chat.botMessages(first.room).map((message) => world().reads(message))).toEqual([
        "One half. The other.",
        "Yes, there",
      ]);
      expect(chat.botMessages(second.room)).toHaveLength(1);
    });
  });
});
