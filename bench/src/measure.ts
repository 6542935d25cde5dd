import { setTimeout as sleep } from "node:timers/promises";
import type { AnswerEnd, ContestantService } from "./contestant-process.ts";
import { type LoadFigures, warmUpRooms } from "./load.ts";
import { type CallFigures, callFiguresOf } from "./metrics/calls.ts";
import { ageCurve, type Freshness, freshnessOf } from "./metrics/freshness.ts";
import type { Observation } from "./metrics/observation.ts";
import { bestMeanAgeMs } from "./metrics/optimum.ts";
import { type Rewrites, rewritesOf } from "./metrics/rewrites.ts";
import { finalText, screensOf } from "./metrics/screens.ts";
import { visibleText } from "./metrics/visible-text.ts";
import { type Exactness, exactnessOf, readSource, visibilityOf, visibleUpTo } from "./metrics/words.ts";
import { type Cell, idOf, type LoadCell, loadIdOf } from "./plan.ts";
import type { PlatformService } from "./platform-process.ts";
import type { Remote } from "./remote.ts";
import { draftCapacity, latencyMs, limitOf, rooms } from "./rooms.ts";
import { durationOf, productionOf, type Workload, workloads } from "./workloads.ts";

/** What one answer came to. Times in milliseconds; what never happened is `null`, as JSON knows no infinity. */
export interface CellResult extends Cell, Exactness {
  readonly id: string;
  readonly firstTextMs: number | null;
  readonly meanAgeMs: number | null;
  readonly p95AgeMs: number | null;
  readonly maxAgeMs: number | null;
  /** The mean age as a multiple of the best that the limit allows. */
  readonly timesOptimum: number | null;
  /** From the last delta until everything stood as it stays. */
  readonly finalMs: number | null;
  readonly messages: number;
  readonly calls: CallFigures;
  readonly rewrites: Rewrites;
  readonly failure?: string;
  /** For charts: `[milliseconds since the first delta, age]`. */
  readonly curve: readonly (readonly [number, number])[];
}

export interface LoadResult extends LoadCell, Omit<LoadFigures, "startedAt" | "streams"> {
  readonly id: string;
  /** Of a sample of the answers. */
  readonly meanAgeMs: number | null;
  readonly calls: number | null;
}

/** Where a cell runs: one process for the platform, one for the contestant. */
export interface Stage {
  readonly platforms: Remote<PlatformService>;
  readonly contestant: Remote<ContestantService>;
}

/** Longer than the longest penalty of a fault and the delivery after it. */
const patienceMs = 45_000;
/** Until the bot has what people wrote, and until late calls of one that has ended are there. */
const settleMs = 300;
/** Chats whose freshness is looked at when there are many. */
const sampleSize = 10;

export async function measureCell({ platforms, contestant }: Stage, cell: Cell): Promise<CellResult> {
  const workload = workloads[cell.workload];
  const lastWord = readSource(workload.source).words.at(-1) ?? "";
  const { room, profile, fault } = cell;
  const platform = await platforms.ask("open", {
    room,
    profile,
    count: 1,
    ...(fault && { fault: { name: fault, lastWord } }),
  });
  const bot = await contestant.ask("open", { name: cell.contestant, platform });
  await platforms.ask("greet", platform.platform);
  await sleep(settleMs);
  const place = platform.rooms[0] ?? "";
  const end = await contestant.ask("answer", { bot, room: place, workload: cell.workload, patienceMs });
  await sleep(settleMs);
  const observation = asRead(await platforms.ask("observe", { platform: platform.platform, room: place }));
  await contestant.ask("close", bot).catch(() => undefined);
  await platforms.ask("close", platform.platform);
  return resultOf(cell, workload, end, observation);
}

export async function measureLoadCell({ platforms, contestant }: Stage, cell: LoadCell): Promise<LoadResult> {
  const { room, streams } = cell;
  const platform = await platforms.ask("open", { room, profile: "off", count: warmUpRooms + streams });
  const bot = await contestant.ask("open", { name: cell.contestant, platform, isUnlimited: true });
  await platforms.ask("greet", platform.platform);
  await sleep(settleMs);
  const { startedAt, ...figures } = await contestant.ask("load", { bot, rooms: platform.rooms });
  const ages: number[] = [];
  let calls = 0;
  for (const [index, place] of platform.rooms.slice(warmUpRooms, warmUpRooms + sampleSize).entries()) {
    const observation = await platforms.ask("observe", { platform: platform.platform, room: place });
    ages.push(freshness(workloads.W9, startedAt[index] ?? 0, observation).meanAgeMs);
    calls += observation.calls.length;
  }
  const isIdle = cell.contestant === "idle";
  return {
    ...cell,
    ...figures,
    id: loadIdOf(cell),
    meanAgeMs: isIdle ? null : mean(ages),
    calls: isIdle ? null : calls / ages.length,
  };
}

function resultOf(cell: Cell, workload: Workload, end: AnswerEnd, observation: Observation): CellResult {
  const source = readSource(workload.source);
  const produced = productionOf(workload, end.startedAt);
  const seen = visibilityOf(source, screensOf(observation));
  const { firstTextMs, meanAgeMs, p95AgeMs, maxAgeMs } = freshnessOf(produced, seen);
  const isComplete = visibleUpTo(source, finalText(observation)) === source.length;
  const lastChange = Math.max(...observation.messages.flatMap(({ versions }) => versions.map(({ at }) => at)));
  return {
    ...cell,
    ...exactnessOf(source, finalText(observation)),
    id: idOf(cell),
    firstTextMs: finite(firstTextMs),
    meanAgeMs: finite(meanAgeMs),
    p95AgeMs: finite(p95AgeMs),
    maxAgeMs: finite(maxAgeMs),
    timesOptimum: finite(meanAgeMs / optimumOf(cell, workload)),
    finalMs: isComplete ? lastChange - end.startedAt - durationOf(workload) : null,
    messages: observation.messages.length,
    calls: callFiguresOf(observation.calls, limitOf(cell.room, cell.profile)),
    rewrites: rewritesOf(observation.messages),
    ...(end.failure !== undefined && { failure: end.failure }),
    curve: ageCurve(produced, seen).map(([at, age]) => [Math.round(at), Math.round(age)] as const),
  };
}

/** Without the markup, which the apps turn into looks. */
function asRead({ messages, calls }: Observation): Observation {
  const read = messages.map(({ id, versions }) => ({
    id,
    versions: versions.map((version) =>
      version.isMarkdown ? { ...version, text: visibleText(version.text) } : version,
    ),
  }));
  return { messages: read, calls };
}

function freshness(workload: Workload, startedAt: number, observation: Observation): Freshness {
  const seen = visibilityOf(readSource(workload.source), screensOf(observation));
  return freshnessOf(productionOf(workload, startedAt), seen);
}

function optimumOf({ contestant, room }: Cell, workload: Workload): number {
  const capacity = contestant.endsWith("-draft") ? draftCapacity : rooms[room].capacity;
  return bestMeanAgeMs(capacity, latencyMs, { stretches: workload.stretches, totalMs: durationOf(workload) });
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function mean(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0) / values.length;
}
