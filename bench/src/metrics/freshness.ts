/** From `at` on, the first `end` characters of the source exist. */
export interface Production {
  readonly at: number;
  readonly end: number;
}

/** From `at` on, the reader sees the source up to `upTo`, the offset of the first character that is not to be seen. */
export interface Visibility {
  readonly at: number;
  readonly upTo: number;
}

/** How old what the reader sees is while the answer is produced, in milliseconds. */
export interface Freshness {
  /** From the first delta to the first visible text; never: `Infinity`. */
  readonly firstTextMs: number;
  readonly meanAgeMs: number;
  readonly p95AgeMs: number;
  readonly maxAgeMs: number;
}

/** A stretch of time in which the age grows from `fromAge` with the clock, or is zero throughout. */
interface Stretch {
  readonly ms: number;
  readonly fromAge: number;
  readonly grows: boolean;
}

/**
 * The age at a moment is the time since the oldest character was produced that is not visible yet; zero when everything
 * produced is visible. Mean, 95th percentile and maximum are taken over the time from the first delta to the last.
 */
export function freshnessOf(produced: readonly Production[], seen: readonly Visibility[]): Freshness {
  const start = produced[0]?.at ?? 0;
  const end = produced.at(-1)?.at ?? 0;
  const stretches = stretchesOf(produced, seen, start, end);
  const total = end - start;
  const area = sum(stretches.map(({ ms, fromAge, grows }) => (grows ? ms * (fromAge + ms / 2) : 0)));
  const firstText = seen.find(({ upTo }) => upTo > 0);
  return {
    firstTextMs: firstText ? firstText.at - start : Number.POSITIVE_INFINITY,
    meanAgeMs: total > 0 ? area / total : Number.NaN,
    p95AgeMs: total > 0 ? percentile(stretches, 0.95 * total) : Number.NaN,
    maxAgeMs: total > 0 ? Math.max(0, ...stretches.map(highest)) : Number.NaN,
  };
}

/** The age at single moments, for a chart: `[milliseconds since the first delta, age]`. */
export function ageCurve(produced: readonly Production[], seen: readonly Visibility[]): readonly [number, number][] {
  const start = produced[0]?.at ?? 0;
  const end = produced.at(-1)?.at ?? 0;
  const points: [number, number][] = [];
  let at = 0;
  for (const { ms, fromAge, grows } of stretchesOf(produced, seen, start, end)) {
    points.push([at, grows ? fromAge : 0], [at + ms, grows ? fromAge + ms : 0]);
    at += ms;
  }
  return points;
}

function stretchesOf(
  produced: readonly Production[],
  seen: readonly Visibility[],
  start: number,
  end: number,
): readonly Stretch[] {
  const states = [{ at: Number.NEGATIVE_INFINITY, upTo: 0 }, ...seen];
  return states.flatMap((state, index) => {
    const from = clamp(state.at, start, end);
    const to = clamp(states[index + 1]?.at ?? end, start, end);
    const oldest = produced.find((delta) => delta.end > state.upTo)?.at ?? Number.POSITIVE_INFINITY;
    const turn = clamp(oldest, from, to);
    return [
      { ms: turn - from, fromAge: 0, grows: false },
      { ms: to - turn, fromAge: turn - oldest, grows: true },
    ].filter(({ ms }) => ms > 0);
  });
}

/** The age that is exceeded for all but `ms` of the time. */
function percentile(stretches: readonly Stretch[], ms: number): number {
  let [low, high] = [0, Math.max(0, ...stretches.map(highest))];
  while (high - low > 0.01) {
    const middle = (low + high) / 2;
    const below = sum(
      stretches.map((stretch) => (stretch.grows ? clamp(middle - stretch.fromAge, 0, stretch.ms) : stretch.ms)),
    );
    if (below < ms) low = middle;
    else high = middle;
  }
  return high;
}

function highest({ ms, fromAge, grows }: Stretch): number {
  return grows ? fromAge + ms : 0;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
