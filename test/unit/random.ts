/** Chance that repeats itself: the same seed makes the same choices, so that a failure can be seen again. */
export interface Chance {
  /** A whole number from 0 to below `limit`. */
  below(limit: number): number;
  /** One of the items. */
  pick<T>(items: readonly T[]): T;
}

/** A linear congruential generator with the constants of Numerical Recipes. */
export function createChance(seed: number): Chance {
  let state = seed >>> 0;
  const below = (limit: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  return {
    below,
    pick<T>(items: readonly T[]) {
      if (items.length === 0) throw new Error("There is nothing to pick from.");
      return items[below(items.length)] as T;
    },
  };
}
