import type { Workload } from "./workloads.ts";

export interface Stream {
  readonly deltas: AsyncIterable<string>;
  /** When the consumer took the last delta, in epoch milliseconds. */
  readonly consumedAt: Promise<number>;
}

/**
 * The deltas of a workload as they come in from a model: at their time, whether or not anybody takes them. Who is late
 * finds them waiting. `release` keeps the stream open after the last delta until it resolves.
 */
export function produce(workload: Workload, startedAt: number, release?: Promise<void>): Stream {
  let consumed: (at: number) => void = () => undefined;
  const consumedAt = new Promise<number>((resolve) => {
    consumed = resolve;
  });
  async function* deltas() {
    let start = 0;
    for (const { after, end } of workload.deltas) {
      const waitMs = startedAt + after - Date.now();
      if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
      yield workload.source.slice(start, end);
      start = end;
    }
    consumed(Date.now());
    await release;
  }
  return { deltas: deltas(), consumedAt };
}
