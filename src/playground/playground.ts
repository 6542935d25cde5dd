import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConversationPrompt, promptUsage } from "./conversation-prompt.ts";
import { type Emulators, startEmulators } from "./emulators.ts";
import { environmentLines } from "./environment-lines.ts";
import { aborted, listenForInterruption } from "./interruption.ts";
import { styled } from "./terminal/styled-text.ts";
import { openTerminal, type Terminal } from "./terminal/terminal.ts";

/** Where the emulators listen, unless another program does. */
const usualPorts = { coze: 18_080, telegram: 18_081, discord: 18_082, pictures: 18_083 };

/** Runs the emulators alone, until Ctrl-C, SIGTERM or /quit. Resolves with the exit code. */
export async function runPlayground(): Promise<number> {
  const interruption = listenForInterruption();
  // With new emulators everything begins anew, so the bridge's memory lives as long as they do.
  const folder = mkdtempSync(join(tmpdir(), "coze-bridge-playground-"));
  const emulators = await startEmulators(usualPorts);
  const environment = { ...emulators.environment, DATABASE_PATH: join(folder, "bridge.db") };
  process.stdout.write(`${[...instructions, ...environmentLines(environment), ""].join("\n")}\n`);
  const terminal = openTerminal(interruption.interrupt);
  try {
    await untilTheEnd(emulators, terminal, interruption.signal);
  } finally {
    terminal?.screen.close();
    terminal?.keyboard?.close();
    await emulators.close();
    rmSync(folder, { recursive: true, force: true });
    interruption.close();
  }
  return 0;
}

/** Comments, so that all of the output can be taken for a `.env` file. */
const instructions = [
  "# coze-bridge playground: Coze, Telegram and Discord, emulated on this machine.",
  "# Put these lines into a .env file and run the bridge in another terminal, in",
  "# the folder of that file: npm start. Or type set -a in a shell, paste them",
  "# there, and run it. They hold until the playground ends.",
  "",
];

async function untilTheEnd(emulators: Emulators, terminal: Terminal | undefined, signal: AbortSignal): Promise<void> {
  const { screen, keyboard } = terminal ?? {};
  if (!screen || !keyboard) return await aborted(signal);
  screen.print([...promptUsage.map((line) => [styled(line, "dim")]), []]);
  await new ConversationPrompt({ seats: emulators.seats, coze: emulators.coze, screen, keyboard }).run(signal);
}
