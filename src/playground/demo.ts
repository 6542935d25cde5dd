import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConversationPrompt, promptUsage } from "./conversation-prompt.ts";
import { type BridgeProcess, startBridgeProcess } from "./demo/bridge-process.ts";
import { LiveColumns } from "./demo/live-columns.ts";
import { isConnected, performScenes } from "./demo/performance.ts";
import type { Result } from "./demo/result.ts";
import { summary } from "./demo/summary.ts";
import { TimedLines } from "./demo/timed-lines.ts";
import type { View } from "./demo/view.ts";
import { type Emulators, LATENCY_MS, startEmulators } from "./emulators.ts";
import { aborted, type Interruption, listenForInterruption } from "./interruption.ts";
import { type StyledText, styled } from "./terminal/styled-text.ts";
import { openTerminal, type Terminal } from "./terminal/terminal.ts";

/** Everything that the demo is made of. */
interface Demo {
  readonly interruption: Interruption;
  readonly emulators: Emulators;
  readonly bridge: BridgeProcess;
  readonly view: View;
  readonly terminal: Terminal | undefined;
}

/**
 * Shows the real bridge at work between emulators. Resolves with the exit code: 0 when every promise was kept, 1 when
 * one was not, 130 when the demo was interrupted.
 */
export async function runDemo(): Promise<number> {
  const interruption = listenForInterruption();
  const folder = mkdtempSync(join(tmpdir(), "coze-bridge-demo-"));
  const terminal = openTerminal(interruption.interrupt);
  const view = terminal ? new LiveColumns(terminal.screen) : new TimedLines((text) => process.stdout.write(text));
  let exitCode = 1;
  try {
    exitCode = await withBridge(folder, (parts) => perform({ ...parts, interruption, view, terminal }));
  } finally {
    view.close();
    terminal?.keyboard?.close();
    // The log of a bridge that failed is what the reader looks at next.
    rmSync(exitCode === 1 ? join(folder, "data") : folder, { recursive: true, force: true });
    interruption.close();
  }
  return exitCode;
}

async function withBridge<T>(
  folder: string,
  act: (parts: { readonly emulators: Emulators; readonly bridge: BridgeProcess }) => Promise<T>,
): Promise<T> {
  const emulators = await startEmulators();
  const bridge = startBridgeProcess(emulators.environment, folder);
  try {
    return await act({ emulators, bridge });
  } finally {
    await bridge.stop();
    await emulators.close();
  }
}

/** 128 and the number of SIGINT, as shells have it. */
const INTERRUPTED = 130;

async function perform(demo: Demo): Promise<number> {
  const { interruption, emulators, bridge, view } = demo;
  view.print(introduction);
  const signal = AbortSignal.any([interruption.signal, bridge.ended]);
  const results = await Promise.race([played(emulators, view, signal), aborted(signal)]);
  if (interruption.signal.aborted) return INTERRUPTED;
  if (!results) return fail(demo, "The bridge did not come up, or it ended by itself.");
  const exitCode = results.every(isFine) ? 0 : fail(demo, "Something went wrong.");
  await converse(demo, signal);
  return exitCode;
}

/** Undefined when the bridge does not connect. */
async function played(emulators: Emulators, view: View, signal: AbortSignal): Promise<Result[] | undefined> {
  if (!(await isConnected(emulators))) return undefined;
  const startedAt = Date.now();
  const results = await performScenes(emulators, view, signal);
  if (!signal.aborted) view.print(summary(results, Date.now() - startedAt));
  return results;
}

const introduction: readonly StyledText[] = [
  [],
  [styled("coze-bridge demo", "bold")],
  [styled("The real bridge, in a process of its own, answers Ann on Telegram and Discord.", "dim")],
  [styled("Coze and both platforms are emulated on this machine, with the limits of the", "dim")],
  [styled(`real ones and ${LATENCY_MS} ms of latency. It needs no account and no network.`, "dim")],
  [],
];

function isFine({ problems }: Result): boolean {
  return problems.length === 0;
}

function fail({ bridge, view }: Demo, what: string): 1 {
  const log = bridge.lastLines(20).map((line): StyledText => [styled(`  ${line}`, "dim")]);
  view.print([[], [styled(what, "bold", "bad")], [styled(`Its log is ${bridge.logPath} and ends with:`)], ...log]);
  return 1;
}

/** Where there is somebody to type, the conversation goes on for as long as they like. */
async function converse({ emulators, terminal }: Demo, signal: AbortSignal): Promise<void> {
  const { screen, keyboard } = terminal ?? {};
  if (!screen || !keyboard) return;
  screen.print([[], [styled("Now you.", "bold")], ...promptUsage.map((line) => [styled(line, "dim")]), []]);
  const prompt = new ConversationPrompt({ seats: emulators.seats, coze: emulators.coze, screen, keyboard });
  await prompt.run(signal);
}
