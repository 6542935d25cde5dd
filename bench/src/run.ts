import { setTimeout as sleep } from "node:timers/promises";
import type { ContestantService } from "./contestant-process.ts";
import type { ContestantName } from "./contestants/index.ts";
import { type CellResult, type LoadResult, measureCell, measureLoadCell, type Stage } from "./measure.ts";
import type { Cell, LoadCell, Plan } from "./plan.ts";
import type { PlatformService } from "./platform-process.ts";
import { Remote } from "./remote.ts";
import { durationOf, workloads } from "./workloads.ts";

export interface Results {
  readonly cells: readonly CellResult[];
  readonly loads: readonly LoadResult[];
}

export interface Listener {
  cellEnded(result: CellResult): void;
  loadEnded(result: LoadResult): void;
}

/** A contestant, and how many of its answers grow at the same time. */
interface Part {
  readonly contestant: ContestantName;
  readonly atOnce: number;
}

/** One after the other; what runs in the same act shares nothing but the machine. `chat` would disturb itself soonest. */
const acts: readonly (readonly Part[])[] = [
  [
    { contestant: "ours", atOnce: 20 },
    { contestant: "ours-draft", atOnce: 6 },
  ],
  [
    { contestant: "naive", atOnce: 20 },
    { contestant: "chat", atOnce: 6 },
    { contestant: "chat-draft", atOnce: 2 },
  ],
];

/** Loads of at most so many streams are measured two at a time. */
const smallLoad = 5;
/** So that answers that begin together don't all connect in the same moment. */
const staggerMs = 250;

export async function run(plan: Plan, listener: Listener): Promise<Results> {
  const cells: CellResult[] = [];
  for (const act of acts) {
    const parts = act.map((part) => perform(part, plan.cells, listener));
    cells.push(...(await Promise.all(parts)).flat());
  }
  return { cells, loads: await measureLoads(plan.loads, listener) };
}

async function perform(
  { contestant, atOnce }: Part,
  cells: readonly Cell[],
  listener: Listener,
): Promise<CellResult[]> {
  const own = cells.filter((cell) => cell.contestant === contestant);
  if (own.length === 0) return [];
  return await onStage([], async (stage) => {
    for (const room of new Set(own.map((cell) => cell.room))) {
      await measureCell(stage, { contestant, room, workload: "W0", profile: "A" });
    }
    return await inParallel(longestFirst(own), atOnce, async (cell) => {
      const result = await measureCell(stage, cell);
      listener.cellEnded(result);
      return result;
    });
  });
}

async function measureLoads(loads: readonly LoadCell[], listener: Listener): Promise<LoadResult[]> {
  const measure = async (load: LoadCell) => {
    const result = await onStage(["--expose-gc"], (stage) => measureLoadCell(stage, load));
    listener.loadEnded(result);
    return result;
  };
  const small = loads.filter(({ streams }) => streams <= smallLoad);
  const large = loads.filter(({ streams }) => streams > smallLoad);
  return [...(await inParallel(small, 2, measure)), ...(await inParallel(large, 1, measure))];
}

async function onStage<Result>(
  nodeOptions: readonly string[],
  act: (stage: Stage) => Promise<Result>,
): Promise<Result> {
  const platforms = new Remote<PlatformService>(new URL("./platform-process.js", import.meta.url));
  const contestant = new Remote<ContestantService>(new URL("./contestant-process.js", import.meta.url), nodeOptions);
  try {
    return await act({ platforms, contestant });
  } finally {
    platforms.end();
    contestant.end();
  }
}

/** The longest one decides when the act is over. */
function longestFirst(cells: readonly Cell[]): readonly Cell[] {
  return cells.toSorted((a, b) => durationOf(workloads[b.workload]) - durationOf(workloads[a.workload]));
}

async function inParallel<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const left = items.values();
  const worker = async (_: unknown, index: number) => {
    await sleep(index * staggerMs);
    for (const item of left) results.push(await work(item));
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}
