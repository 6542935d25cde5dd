import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { aborted } from "../interruption.ts";

/** The real bridge, in a process of its own, as `npm start` runs it. */
export interface BridgeProcess {
  /** Where it logs. */
  readonly logPath: string;
  /** Aborted when the process has ended. */
  readonly ended: AbortSignal;
  /** The end of its log. */
  lastLines(count: number): readonly string[];
  /** Asks it to end, and makes it when it does not. */
  stop(): Promise<void>;
}

/** `folder` takes its database and its log. It sees these variables and nothing else of the environment. */
export function startBridgeProcess(environment: Readonly<Record<string, string>>, folder: string): BridgeProcess {
  const logPath = join(folder, "bridge.log");
  const log = openSync(logPath, "a", 0o600);
  const cli = fileURLToPath(new URL("../../cli.js", import.meta.url));
  const child = spawn(process.execPath, ["--enable-source-maps", cli, "start"], {
    // An empty folder, so that no .env interferes.
    cwd: folder,
    env: { ...environment, DATABASE_PATH: join(folder, "data", "bridge.db"), SHUTDOWN_GRACE_MS: "0" },
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  const ended = new AbortController();
  child.once("exit", () => ended.abort());
  child.once("error", () => ended.abort());
  return {
    logPath,
    ended: ended.signal,
    lastLines: (count) => readFileSync(logPath, "utf8").trimEnd().split("\n").slice(-count),
    stop: () => stop(child, ended.signal),
  };
}

const PATIENCE_MS = 5000;

async function stop(child: ChildProcess, ended: AbortSignal): Promise<void> {
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS);
  await aborted(ended);
  clearTimeout(timer);
}
