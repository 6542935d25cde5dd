import type { CellResult, LoadResult } from "../measure.ts";
import { steadyMeanAgeMs } from "../metrics/optimum.ts";
import { draftCapacity, latencyMs, type RoomName, rooms } from "../rooms.ts";
import type { Results } from "../run.ts";
import { netCpu } from "./load-figures.ts";

/** One thing that the engine is to reach, and what came of it. */
export interface Target {
  readonly title: string;
  /** How many figures were looked at; without any, nothing is known. */
  readonly looked: number;
  /** The worst of the figures. */
  readonly worst: string;
  /** Where it was missed. */
  readonly missed: readonly string[];
}

/** A figure that must not be greater than its limit. */
interface Check {
  readonly id: string;
  readonly value: number;
  readonly limit: number;
}

type Show = (value: number, limit: number) => string;

/** Differences that a second run can show as well. */
const noiseMs = 10;

export function targetsOf(results: Results): readonly Target[] {
  const own = results.cells.filter(({ contestant }) => contestant.startsWith("ours"));
  const quiet = own.filter(({ fault }) => fault === undefined);
  return [
    ...exactnessTargets(own, quiet),
    ...ageTargets(quiet),
    target("Mean age never behind `chat` where its text is complete", against("chat", own, results.cells), inMs),
    target(
      "Mean age never behind the naive loop where its text is complete",
      against("naive", own, results.cells),
      inMs,
    ),
    target("Final latency: at most one edit interval and two round trips", finals(quiet), inMs),
    target(
      "First text within 150 ms",
      quiet.map((cell) => check(cell, cell.firstTextMs, 150)),
      inMs,
    ),
    ...loadTargets(results.loads),
  ];
}

function exactnessTargets(own: readonly CellResult[], quiet: readonly CellResult[]): readonly Target[] {
  const lenient = quiet.filter(({ profile }) => profile !== "B");
  return [
    target(
      "No missing and no doubled word",
      own.map((cell) => check(cell, cell.missing + cell.doubled, 0)),
      plain,
    ),
    target(
      "No call inside a penalty",
      own.map((cell) => check(cell, cell.calls.inPenalty, 0)),
      plain,
    ),
    target(
      "No 429 provoked in profiles A and C",
      lenient.map((cell) => check(cell, cell.calls.tooMany, 0)),
      plain,
    ),
  ];
}

function ageTargets(quiet: readonly CellResult[]): readonly Target[] {
  const edits = quiet.filter(({ contestant }) => contestant === "ours");
  const of = (...workloads: readonly string[]) => edits.filter(({ workload }) => workloads.includes(workload));
  const isFreshGroup = ({ room, workload }: CellResult) => room === "telegram-group" && workload === "W1";
  const drafts = quiet.filter(({ contestant, meanAgeMs }) => contestant === "ours-draft" && meanAgeMs !== null);
  const steady = (room: RoomName) => steadyMeanAgeMs(rooms[room].capacity, latencyMs);
  const age = (factor: number, limit: (room: RoomName) => number) => (cell: CellResult) =>
    check(cell, cell.meanAgeMs, factor * limit(cell.room));
  const oneASecond = () => steady("telegram-private");
  return [
    target(
      "Mean age for W1, W3, W4: at most 1.05 × (L + 1/2r)",
      of("W1", "W3", "W4")
        .filter((cell) => !isFreshGroup(cell))
        .map(age(1.05, steady)),
      inMs,
    ),
    target("Mean age for W2: at most 1.2 × (L + 1/2r)", of("W2").map(age(1.2, steady)), inMs),
    target(
      "Mean age for W1 in a fresh group: at most 1.2 × 560 ms",
      edits.filter(isFreshGroup).map(age(1.2, oneASecond)),
      inMs,
    ),
    target("Mean age for short answers (W0) and W5: below L + 1/2r", of("W0", "W5").map(age(1, steady)), inMs),
    target(
      "Mean age of drafts: at most 1.1 × that of 40 calls in 30 s",
      drafts.map(age(1.1, () => steadyMeanAgeMs(draftCapacity, latencyMs))),
      inMs,
    ),
  ];
}

/** Where the deltas come at once there is no age; the time to the complete text stands for it. */
function against(name: "chat" | "naive", own: readonly CellResult[], all: readonly CellResult[]): readonly Check[] {
  return own.flatMap((cell) => {
    const draws = cell.contestant.endsWith("-draft");
    const peer = all.find((other) => other.contestant === (draws ? `${name}-draft` : name) && isSameCell(other, cell));
    const figure = ({ workload, finalMs, meanAgeMs }: CellResult) => (workload === "W6" ? finalMs : meanAgeMs);
    if (!peer || peer.missing + peer.doubled > 0) return [];
    return [check(cell, figure(cell), (figure(peer) ?? Number.POSITIVE_INFINITY) + noiseMs)];
  });
}

function isSameCell(one: CellResult, other: CellResult): boolean {
  const key = ({ room, workload, profile, fault }: CellResult) => [room, workload, profile, fault].join();
  return key(one) === key(other);
}

function finals(quiet: readonly CellResult[]): readonly Check[] {
  return quiet
    .filter(({ calls }) => calls.tooMany === 0)
    .map((cell) => check(cell, cell.finalMs, 1000 / rooms[cell.room].capacity.sustainedRate + 2 * latencyMs));
}

function loadTargets(loads: readonly LoadResult[]): readonly Target[] {
  const own = loads.filter(({ contestant }) => contestant === "ours");
  const at = (streams: number) => own.filter((load) => load.streams === streams);
  const ratios = at(20).flatMap((load) => {
    const chat = loads.find(
      ({ contestant, room, streams }) => contestant === "chat" && room === load.room && streams === 20,
    );
    // As "at least" turned into "at most".
    return chat ? [{ id: load.id, value: netCpu(load, loads) / netCpu(chat, loads), limit: 1 / 20 }] : [];
  });
  const share: Show = (value) => `1/${(1 / value).toFixed(1)}`;
  const crowd = at(200);
  return [
    target("CPU of 20 answers: at most 1/20 of what `chat` takes", ratios, share),
    target(
      "Event loop p99 with 200 answers below 50 ms",
      crowd.map(({ id, loopP99Ms }) => ({ id, value: loopP99Ms, limit: 50 })),
      inMs,
    ),
    target(
      "200 answers take less than 2 % longer",
      crowd.map(({ id, stretch }) => ({ id, value: stretch, limit: 0.02 })),
      inPercent,
    ),
    target(
      "Heap below 100 kB for an open answer of 4,000 characters (20 answers or more)",
      own
        .filter(({ streams }) => streams >= 20)
        .map(({ id, heapBytes, streams }) => ({ id, value: heapBytes / streams / 1000, limit: 100 })),
      (value) => `${value.toFixed(0)} kB`,
    ),
  ];
}

function check({ id }: CellResult, value: number | null, limit: number): Check {
  return { id, value: value ?? Number.POSITIVE_INFINITY, limit };
}

function target(title: string, checks: readonly Check[], show: Show): Target {
  const excess = ({ value, limit }: Check) => (limit === 0 ? value : value / limit);
  const worst = checks.toSorted((a, b) => excess(b) - excess(a))[0];
  const missed = checks.filter(({ value, limit }) => value > limit).toSorted((a, b) => excess(b) - excess(a));
  return {
    title,
    looked: checks.length,
    worst: worst ? `${show(worst.value, worst.limit)} (${worst.id})` : "–",
    missed: missed.map(({ id, value, limit }) => `${id}: ${show(value, limit)}`),
  };
}

const plain: Show = (value) => String(value);
const inMs: Show = (value, limit) =>
  Number.isFinite(value) ? `${Math.round(value)} of ${Math.round(limit)} ms` : `never, of ${Math.round(limit)} ms`;
const inPercent: Show = (value) => `${(value * 100).toFixed(1)} %`;
