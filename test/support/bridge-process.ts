import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The bridge as people run it: `npm start`, in a process of its own. */
export interface BridgeProcess {
  /** Everything printed so far, both streams. */
  output(): string;
  /** Log lines so far, parsed; lines that are not JSON are left out. */
  logs(): readonly LogLine[];
  /** Resolves with the first log line of this message that `where` accepts; rejects when the process ends without it. */
  logged(message: string, where?: (line: LogLine) => boolean): Promise<LogLine>;
  /** Sends a signal and does not wait. */
  signal(name: NodeJS.Signals): void;
  /** Asks it to stop with SIGTERM and resolves with the exit code. */
  stop(): Promise<number | null>;
  /** Kills it as a power cut would. */
  kill(): Promise<void>;
  /** Resolves with the exit code when the process ends by itself. */
  readonly exited: Promise<number | null>;
}

export type LogLine = Readonly<Record<string, unknown>>;

/** An empty folder. */
export function freshFolder(): string {
  return mkdtempSync(join(tmpdir(), "coze-bridge-"));
}

/** A fresh folder for a database that outlives the process. */
export function freshDatabasePath(): string {
  return join(freshFolder(), "bridge.db");
}

/** Output of every process started in this test file, to be searched for secrets. */
export const allOutput: string[] = [];

/**
 * Starts `coze-bridge <command>` with exactly these variables. The folder, where a `.env` is read, is an empty one unless
 * another is given.
 */
export function runBridge(
  environment: Readonly<Record<string, string>>,
  command = "start",
  folder = freshFolder(),
): BridgeProcess {
  const cli = new URL("../../dist/src/cli.js", import.meta.url).pathname;
  const child = spawn(process.execPath, ["--enable-source-maps", cli, command], {
    cwd: folder,
    env: { PATH: "/usr/bin:/bin", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  return new Observed(child);
}

/** Starts the bridge and waits until every platform is connected. */
export async function startBridge(environment: Readonly<Record<string, string>>): Promise<BridgeProcess> {
  const bridge = runBridge({ LOG_LEVEL: "debug", ...environment });
  await bridge.logged("ready");
  return bridge;
}

class Observed implements BridgeProcess {
  readonly exited: Promise<number | null>;
  readonly #child: ChildProcess;
  readonly #place: number;
  #listeners: (() => void)[] = [];
  #isOver = false;

  constructor(child: ChildProcess) {
    this.#child = child;
    this.#place = allOutput.push("") - 1;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (chunk: string) => {
        allOutput[this.#place] += chunk;
        this.#notify();
      });
    }
    this.exited = once(child, "close").then(([code]) => {
      this.#isOver = true;
      this.#notify();
      return code as number | null;
    });
  }

  output(): string {
    return allOutput[this.#place] ?? "";
  }

  logs(): readonly LogLine[] {
    const lines = this.output().split("\n").slice(0, -1);
    return lines.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
  }

  logged(message: string, where: (line: LogLine) => boolean = () => true): Promise<LogLine> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const line = this.logs().find((candidate) => candidate.msg === message && where(candidate));
        if (line) resolve(line);
        else if (this.#isOver) reject(new Error(`the process ended without logging "${message}":\n${this.output()}`));
        else this.#listeners.push(look);
      };
      look();
    });
  }

  signal(name: NodeJS.Signals): void {
    if (!this.#isOver) this.#child.kill(name);
  }

  async stop(): Promise<number | null> {
    this.signal("SIGTERM");
    return await this.exited;
  }

  async kill(): Promise<void> {
    this.signal("SIGKILL");
    await this.exited;
  }

  #notify(): void {
    const listeners = this.#listeners;
    this.#listeners = [];
    for (const listener of listeners) listener();
  }
}
