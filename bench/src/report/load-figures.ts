import type { LoadResult } from "../measure.ts";

/** CPU milliseconds for 1,000 deltas, without what producing and measuring the same number of streams costs. */
export function netCpu(load: LoadResult, loads: readonly LoadResult[]): number {
  const idle = loads.find(({ contestant, streams }) => contestant === "idle" && streams === load.streams);
  return Math.max(0, cpuPerThousand(load) - (idle ? cpuPerThousand(idle) : 0));
}

export function cpuPerThousand({ cpuMs, deltas }: LoadResult): number {
  return (cpuMs / deltas) * 1000;
}
