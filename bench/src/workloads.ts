import type { Production } from "./metrics/freshness.ts";
import { corpus } from "./texts/corpus.ts";
import { markdownAnswer } from "./texts/markdown-answer.ts";
import { prose } from "./texts/prose.ts";

/** An answer and the rhythm in which its deltas arrive. */
export interface Workload {
  readonly title: string;
  readonly source: string;
  readonly deltas: readonly Delta[];
  /** Lengths of the times in which text arrives without a pause, in milliseconds. */
  readonly stretches: readonly number[];
}

export interface Delta {
  /** Milliseconds after the first delta. */
  readonly after: number;
  /** The source's length with this delta. */
  readonly end: number;
}

interface Rhythm {
  readonly charactersPerSecond: number;
  /** A tool call: nothing arrives for `ms` once `at` characters have arrived. */
  readonly pause?: { readonly at: number; readonly ms: number };
}

const deltaLength = 4;

export const workloads = {
  W0: paced("short answer, 300 characters, 200/s", prose(300), { charactersPerSecond: 200 }),
  W1: paced("1.5k characters, 200/s", prose(1500), { charactersPerSecond: 200 }),
  W2: paced("9k characters, 200/s", prose(9000), { charactersPerSecond: 200 }),
  W3: paced("W1 with a pause of 5 s after 700 characters", prose(1500), {
    charactersPerSecond: 200,
    pause: { at: 700, ms: 5000 },
  }),
  W4: paced("W1 at 30/s", prose(1500), { charactersPerSecond: 30 }),
  W5: paced("W1 at 1,000/s", prose(1500), { charactersPerSecond: 1000 }),
  W6: atOnce("6k characters in one delta", prose(6000)),
  W7: paced("markdown of every kind, 200/s", corpus, { charactersPerSecond: 200 }),
  W8: paced("40k characters, 200/s", prose(40_000), { charactersPerSecond: 200 }),
  W9: paced("ordinary markdown, 200/s, many at once", markdownAnswer, { charactersPerSecond: 200 }),
} as const satisfies Readonly<Record<string, Workload>>;

/** What W9 is, in a hurry: to have the contestant's code compiled before anything is measured. */
export const warmUp = paced("W9 at 1,000/s", markdownAnswer, { charactersPerSecond: 1000 });

export type WorkloadName = keyof typeof workloads;

/** When each part of the source was produced, for an answer that began at `startedAt`. */
export function productionOf(workload: Workload, startedAt: number): readonly Production[] {
  return workload.deltas.map(({ after, end }) => ({ at: startedAt + after, end }));
}

export function durationOf({ deltas }: Workload): number {
  return deltas.at(-1)?.after ?? 0;
}

function paced(title: string, source: string, { charactersPerSecond, pause }: Rhythm): Workload {
  const deltas: Delta[] = [];
  for (let end = deltaLength; end < source.length + deltaLength; end += deltaLength) {
    const paused = pause && end > pause.at ? pause.ms : 0;
    const after = (deltas.length * deltaLength * 1000) / charactersPerSecond + paused;
    deltas.push({ after, end: Math.min(end, source.length) });
  }
  const total = deltas.at(-1)?.after ?? 0;
  if (!pause) return { title, source, deltas, stretches: [total] };
  const first = deltas.findLast(({ end }) => end <= pause.at)?.after ?? 0;
  return { title, source, deltas, stretches: [first, total - first - pause.ms] };
}

function atOnce(title: string, source: string): Workload {
  return { title, source, deltas: [{ after: 0, end: source.length }], stretches: [0] };
}
