import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

const cli = fileURLToPath(new URL("../../dist/src/cli.js", import.meta.url));
const temporary = mkdtempSync(join(tmpdir(), "playground-test-"));
const playground = spawn(process.execPath, [cli, "playground"], {
  env: { TMPDIR: temporary },
  stdio: ["ignore", "pipe", "inherit"],
});
const exited = once(playground, "close");
let printed = "";

beforeAll(async () => {
  for await (const [text] of on(playground)) {
    printed += text;
    if (printed.includes("DATABASE_PATH=") && printed.endsWith("\n")) return;
  }
});
afterAll(() => playground.kill("SIGKILL"));

async function* on(child: typeof playground): AsyncGenerator<[string]> {
  child.stdout.setEncoding("utf8");
  for (;;) yield (await once(child.stdout, "data")) as [string];
}

/** Runs a shell line in a fresh folder that has the printed lines in a file; resolves with the first line that says ready. */
async function bridgeReady(file: string, line: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "playground-bridge-"));
  writeFileSync(join(folder, file), printed);
  const bridge = spawn("sh", ["-c", line], { cwd: folder, env: { NODE: process.execPath, CLI: cli } });
  let output = "";
  const ready = new Promise<string>((resolve, reject) => {
    for (const stream of [bridge.stdout, bridge.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => {
        output += text;
        const found = output.split("\n").find((one) => one.includes('"msg":"ready"'));
        if (found) resolve(found);
      });
    }
    bridge.once("close", () => reject(new Error(`The bridge ended:\n${output}`)));
  });
  const ended = once(bridge, "close");
  try {
    return await ready;
  } finally {
    bridge.kill("SIGTERM");
    await ended;
  }
}

const connected = expect.stringContaining('"platforms":["telegram","discord"]');

test("what it prints is a .env with which the bridge starts", async () => {
  expect(await bridgeReady(".env", 'exec "$NODE" "$CLI" start')).toEqual(connected);
});

test("what it prints can be read by a shell", async () => {
  expect(await bridgeReady("lines", 'set -a; . ./lines; exec "$NODE" "$CLI" start')).toEqual(connected);
});

test("at SIGTERM it ends with 0 and leaves nothing behind", async () => {
  playground.kill("SIGTERM");
  expect(await exited).toEqual([0, null]);
  expect(readdirSync(temporary)).toEqual([]);
});
