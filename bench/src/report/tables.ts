import { faults } from "../faults.ts";
import type { CellResult, LoadResult } from "../measure.ts";
import { workloads } from "../workloads.ts";
import { cpuPerThousand, netCpu } from "./load-figures.ts";
import type { Target } from "./targets.ts";

export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), `|${"---|".repeat(head.length)}`, ...rows.map(line)].join("\n");
}

export function targetTable(targets: readonly Target[]): string {
  const rows = targets.map(({ title, looked, worst, missed }) => {
    const reached = looked === 0 ? "not measured" : missed.length === 0 ? "yes" : `no (${missed.length} of ${looked})`;
    return [title, worst, reached];
  });
  return markdownTable(["target", "worst figure", "reached"], rows);
}

/** Every place where a target was missed. */
export function missedList(targets: readonly Target[]): string {
  const missed = targets.filter((target) => target.missed.length > 0);
  return missed.map(({ title, missed: places }) => `- ${title}: ${places.join("; ")}`).join("\n");
}

export function cellTable(cells: readonly CellResult[]): string {
  const head = [
    "",
    "",
    "first text",
    "mean age",
    "× S*",
    "p95",
    "max",
    "final",
    "calls",
    "wasted",
    "429",
    "in penalty",
  ];
  const names = cells.map(nameOf);
  const rows = cells.map((cell, index) => [
    names[index] === names[index - 1] ? "" : (names[index] ?? ""),
    cell.contestant,
    ...figuresOf(cell),
  ]);
  return markdownTable([...head, "missing", "doubled", "rewrites"], rows);
}

function nameOf({ workload, fault }: CellResult): string {
  return fault ? faults[fault].title : `${workload} ${workloads[workload].title}`;
}

function figuresOf(cell: CellResult): readonly string[] {
  const { calls, rewrites } = cell;
  const times = [cell.meanAgeMs, cell.p95AgeMs, cell.maxAgeMs].map((age) =>
    cell.workload === "W6" ? "–" : milliseconds(age),
  );
  const [mean = "", p95 = "", max = ""] = times;
  return [
    milliseconds(cell.firstTextMs),
    mean,
    cell.timesOptimum?.toFixed(2) ?? "–",
    p95,
    max,
    milliseconds(cell.finalMs),
    ...[calls.total, calls.wasted, calls.tooMany, calls.inPenalty].map(String),
    isTrouble(cell.missing),
    isTrouble(cell.doubled),
    rewrites.updates === 0 ? "0" : `${rewrites.updates} (${rewrites.characters} characters)`,
  ];
}

export function loadTable(loads: readonly LoadResult[]): string {
  const head = [
    "answers",
    "",
    "CPU ms",
    "net CPU ms",
    "heap kB",
    "loop p50",
    "loop p99",
    "loop max",
    "longer by",
    "mean age",
    "calls",
  ];
  const rows = loads.map((load) => [
    String(load.streams),
    load.contestant,
    cpuPerThousand(load).toFixed(0),
    load.contestant === "idle" ? "–" : netCpu(load, loads).toFixed(0),
    (load.heapBytes / load.streams / 1000).toFixed(0),
    `${load.loopP50Ms.toFixed(1)} ms`,
    `${load.loopP99Ms.toFixed(1)} ms`,
    milliseconds(load.loopMaxMs),
    `${(load.stretch * 100).toFixed(1)} %`,
    load.contestant === "idle" ? "–" : milliseconds(load.meanAgeMs),
    load.calls?.toFixed(1) ?? "–",
  ]);
  return markdownTable(head, rows);
}

function milliseconds(value: number | null): string {
  return value === null ? "never" : `${Math.round(value).toLocaleString("en")} ms`;
}

function isTrouble(count: number): string {
  return count === 0 ? "0" : `**${count.toLocaleString("en")}**`;
}
