#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { runDemo } from "./playground/demo.ts";
import { runPlayground } from "./playground/playground.ts";
import { backup } from "./program/backup.ts";
import { check } from "./program/check.ts";
import { serve } from "./program/serve.ts";
import { describeTrouble } from "./program/trouble.ts";

const usage = `Usage: coze-bridge <command>

  start        run the bridge, configured by the environment and the .env file of this folder
  check        try the configuration: keys, agent, platforms, database; say what to fix
  backup FILE  copy the database into a new file, also while the bridge runs
  demo         a scripted conversation on emulated platforms: no account, no network
  playground   emulated Coze, Discord and Telegram to run the bridge against
  version      print the version
`;

/** Exit codes: 0 fine, 1 something failed, 2 the operator must change something. */
async function main(): Promise<number> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { help: { type: "boolean", short: "h" }, version: { type: "boolean", short: "v" } },
  });
  const [first, ...operands] = positionals;
  const command = values.version ? "version" : values.help ? "help" : first;
  switch (command) {
    case "start":
      return await serve();
    case "check":
      return await check();
    case "backup":
      return await backup(operands);
    case "demo":
      return await runDemo();
    case "playground":
      return await runPlayground();
    case "version":
      return print(version());
    case "help":
      return print(usage);
    default:
      process.stderr.write(command ? `Unknown command: ${command}\n\n${usage}` : usage);
      return 2;
  }
}

function print(text: string): number {
  process.stdout.write(`${text.trimEnd()}\n`);
  return 0;
}

function version(): string {
  const description = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  return String(description.version);
}

const lingerMs = 5_000;

try {
  process.exitCode = await main();
  // A connection that a library forgot to close must not keep a program that has ended.
  setTimeout(() => process.exit(), lingerMs).unref();
} catch (error) {
  const trouble = describeTrouble(error);
  process.stderr.write(trouble.text);
  process.exitCode = trouble.exitCode;
}
