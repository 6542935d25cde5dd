import type { CellResult, LoadResult } from "../measure.ts";

/** One line for whoever watches. */
export function describeCell(result: CellResult): string {
  const { id, firstTextMs, meanAgeMs, maxAgeMs, timesOptimum, finalMs, calls, missing, doubled, disordered, rewrites } =
    result;
  const figures = [
    `first ${ms(firstTextMs)}`,
    `age ${ms(meanAgeMs)} max ${ms(maxAgeMs)} (${timesOptimum?.toFixed(2) ?? "–"}×)`,
    `final ${ms(finalMs)}`,
    `${calls.total} calls, ${calls.wasted} wasted, ${calls.tooMany}×429, ${calls.inPenalty} in penalty`,
    `missing ${missing} doubled ${doubled} disordered ${disordered}`,
    `rewrites ${rewrites.updates} (${rewrites.characters})`,
  ];
  return `${id.padEnd(44)} ${figures.join(" | ")}${result.failure ? ` | ${result.failure.slice(0, 80)}` : ""}`;
}

export function describeLoad(result: LoadResult): string {
  const { id, cpuMs, deltas, heapBytes, streams, loopP99Ms, loopMaxMs, stretch, meanAgeMs, calls, failures } = result;
  const figures = [
    `cpu ${((cpuMs / deltas) * 1000).toFixed(0)} ms/1000 deltas`,
    `heap ${(heapBytes / streams / 1024).toFixed(0)} kB/stream`,
    `loop p99 ${loopP99Ms.toFixed(1)} max ${loopMaxMs.toFixed(0)}`,
    `stretch ${(stretch * 100).toFixed(1)} %`,
    `age ${ms(meanAgeMs)}`,
    `${calls?.toFixed(1) ?? "–"} calls/stream, ${failures} failures`,
  ];
  return `${id.padEnd(44)} ${figures.join(" | ")}`;
}

function ms(value: number | null): string {
  return value === null ? "never" : `${Math.round(value)} ms`;
}
