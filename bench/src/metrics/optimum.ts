/** What a rate limit lets through in a stretch of time. */
export interface Capacity {
  /** How many useful updates fit into the first `seconds` of an answer, in a chat that was silent before. */
  readonly updatesIn: (seconds: number) => number;
  /** Updates a second that can be kept up for ever. */
  readonly sustainedRate: number;
}

/** One update a second, as Telegram asks for in private chats. */
export const oneASecond: Capacity = {
  updatesIn: (seconds) => Math.max(1, Math.floor(seconds)),
  sustainedRate: 1,
};

/** Discord's windows of five edits in five seconds begin with the first one. */
export const fiveInFiveSeconds: Capacity = {
  updatesIn: (seconds) => 5 * Math.ceil(seconds / 5),
  sustainedRate: 1,
};

/** Twenty a minute in a Telegram group, not closer than a second. */
export const twentyAMinute: Capacity = {
  updatesIn: (seconds) => Math.max(1, Math.floor(Math.min(20 * Math.ceil(seconds / 60), seconds))),
  sustainedRate: 20 / 60,
};

/** Telegram's drafts: 20 in any 5 s and 40 in any 30 s. */
export const drafts: Capacity = {
  updatesIn: (seconds) => Math.max(1, Math.floor(Math.min(4 * seconds, 40 * Math.ceil(seconds / 30)))),
  sustainedRate: 40 / 30,
};

/**
 * The smallest mean age that any engine can reach which knows beforehand how long the answer takes: equal gaps
 * between all the updates that fit, each seen one latency after it was made. `stretches` are the times in which text
 * arrives without a pause, in milliseconds; pauses in between count with age zero.
 */
export function bestMeanAgeMs(
  capacity: Capacity,
  latencyMs: number,
  answer: { readonly stretches: readonly number[]; readonly totalMs: number },
): number {
  if (answer.totalMs <= 0) return Number.NaN;
  const area = answer.stretches.map((ms) => ms * latencyMs + ms ** 2 / (2 * capacity.updatesIn(ms / 1000)));
  return area.reduce((total, part) => total + part, 0) / answer.totalMs;
}

/** The mean age of updates at the sustained rate. */
export function steadyMeanAgeMs({ sustainedRate }: Capacity, latencyMs: number): number {
  return latencyMs + 1000 / (2 * sustainedRate);
}
