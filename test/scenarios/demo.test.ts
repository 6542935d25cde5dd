import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

interface RunningDemo {
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  /** Its temporary files go here. */
  readonly folder: string;
  output(): string;
  /** Resolves when the output holds this. */
  printed(text: string): Promise<void>;
  readonly exited: Promise<number | null>;
}

/** `npm run demo`, without a terminal and with an empty environment. */
function runDemo(): RunningDemo {
  const cli = fileURLToPath(new URL("../../dist/src/cli.js", import.meta.url));
  const folder = mkdtempSync(join(tmpdir(), "demo-test-"));
  const child = spawn(process.execPath, [cli, "demo"], { env: { TMPDIR: folder }, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (output += text));
  return {
    ...{ child, folder, output: () => output },
    printed: (text) =>
      new Promise((resolve, reject) => {
        const look = () => output.includes(text) && resolve();
        child.stdout.on("data", look);
        child.once("close", () => reject(new Error(`It ended without "${text}":\n${output}`)));
        look();
      }),
    exited: once(child, "close").then(([code]) => code as number | null),
  };
}

const turns = ["First words", "Memory", "A long answer", "A picture", "A new start", "Nothing remembered", "A stop"];

describe("the demo without a terminal", () => {
  test("plays every turn on both platforms, each exactly, and exits with 0", { timeout: 120_000 }, async () => {
    const demo = runDemo();
    expect([await demo.exited, demo.output()]).toEqual([0, expect.stringContaining("Everything went as promised")]);
    const output = demo.output();
    for (const platform of ["Telegram", "Discord"]) {
      for (const turn of turns) {
        // First text, complete, messages, edits, rate-limit answers, exact.
        const row = new RegExp(`^  ${platform} +${turn} +[\\d.]+ s +[\\d.]+ s +\\d+ +\\d+ +0 +yes$`, "m");
        expect(output).toMatch(row);
      }
      const growth = new RegExp(`^  ${platform} +Bot +\\+[\\d.]+s  message 1  rev 2  +[\\d,]+ characters  …`, "m");
      expect(output).toMatch(growth);
      expect(output).toMatch(new RegExp(`^  ${platform} +Bot +\\+[\\d.]+s  message 2  rev 1 `, "m"));
    }
    for (const platform of ["Telegram", "Discord"]) {
      const told = (by: string, what: string) =>
        expect(output).toMatch(new RegExp(`^  ${platform} +${by} +\\+[\\d.]+s  ${what}`, "m"));
      told("Ann", "\\[picture teapot\\.png, \\d kB\\] What is this\\?$");
      told("Bot", "message 1  buttons  \\[ By moonlight \\] \\[ At noon \\] \\[ In the mist \\]$");
      told("Ann", "presses \\[ By moonlight \\]$");
      told("Bot", "message \\d  rev 1 +\\[picture teapot-by-moonlight\\.png, \\d kB\\]");
      told("Ann", "presses \\[ How did the picture get here\\? \\]$");
    }
    // Which piece of the Chinese part a revision ends with is a matter of timing.
    expect(output).toMatch(/characters {2}….*\p{Script=Han}{5}/u);
    expect(output).toContain("⏹ Stopped.");
    expect(output).not.toContain("\x1b");
    expect(output).not.toMatch(/PRIVATE KEY|czs_|AAEmulated/);
    expect(readdirSync(demo.folder)).toEqual([]);
  });

  test("an interruption takes the bridge and all files with it", { timeout: 60_000 }, async () => {
    const demo = runDemo();
    await demo.printed("rev 1");
    const [bridge] = childrenOf(demo.child.pid);
    demo.child.kill("SIGINT");
    expect(await demo.exited).toBe(130);
    expect(readdirSync(demo.folder)).toEqual([]);
    if (bridge) expect(() => process.kill(bridge, 0)).toThrow("ESRCH");
  });

  test.runIf(process.platform === "linux")(
    "a bridge that dies makes it exit with 1, and its log is shown and kept",
    { timeout: 60_000 },
    async () => {
      const demo = runDemo();
      await demo.printed("rev 1");
      for (const bridge of childrenOf(demo.child.pid)) process.kill(bridge, "SIGKILL");
      expect(await demo.exited).toBe(1);
      const [folder = ""] = readdirSync(demo.folder);
      const log = join(demo.folder, folder, "bridge.log");
      expect(demo.output()).toContain(log);
      expect(readFileSync(log, "utf8")).toContain('"msg":"ready"');
      expect(demo.output()).toContain('"msg":"ready"');
      expect(readdirSync(join(demo.folder, folder))).toEqual(["bridge.log"]);
    },
  );
});

/** Where the system tells, which is on Linux. */
function childrenOf(pid: number | undefined): number[] {
  if (process.platform !== "linux") return [];
  const ids = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
  return ids === "" ? [] : ids.split(" ").map(Number);
}
