/** What a limit leaves to a growing answer. */
export interface Room {
  /** Calls that the limit allows in a period, without what is reserved for ends. */
  readonly limit: number;
  readonly periodMs: number;
  /** How much of the limit is used up, from 0 to 1 and more. */
  readonly used: number;
  /** The wait that spreads what is left evenly, in milliseconds. */
  readonly evenMs: number;
  /** No step comes sooner after the one before. */
  readonly shortestMs: number;
}

/**
 * How long a growing answer waits from one step to the next, in milliseconds.
 *
 * The age of what people have not seen yet grows with the square of every wait, so an answer of known length is best cut
 * into equal waits. Nobody knows the length: short answers are frequent and long ones rare, and calls are best spent in
 * proportion to the square root of the chance that the answer is still running. Two levels come close to that: waits are
 * short while the first part of the limit lasts, and then what is left is spread over the time that an answer may take.
 * `isCautious` is for chats that met a limit lately: no short waits.
 */
export function stepGap({ limit, periodMs, used, evenMs, shortestMs }: Room, isCautious: boolean): number {
  const even = Math.max(evenMs, shortestMs);
  if (isCautious) return Math.round(Math.max(even, periodMs / limit));
  return Math.round(used < fastShare ? Math.min(even, shortestMs) : even);
}

/** The part of the limit that is spent with short waits. Found by simulation over answers of 1.5 s to 200 s. */
const fastShare = 0.3;
